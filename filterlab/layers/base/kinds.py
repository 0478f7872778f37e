"""The kinds of parameter that only layers have: padding, arrays, scale factors, names of classes.

The other kinds, and what a kind is, are in `filterlab.parameters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array, shape_text
from filterlab.functional.geometry import PADDING_NAMES, Pads
from filterlab.layers.base.weights import Weights, parse_weights
from filterlab.parameters import LARGEST, Kind, Pairs, is_number, is_whole
from filterlab.text.messages import say

PaddingValue = str | tuple[tuple[int, int], tuple[int, int]]

# Limits of what a recipe may ask for in a few letters. No kernel is larger than the photographs that it is laid on,
# and no list of one number for each channel is as long as an array of weights.
LONGEST_SIDE, MOST_LISTED = 4096, 1 << 20


@dataclass(frozen=True)
class Factors(Pairs):
    """Like `Pairs`, with fractions: scale factors."""

    editor: ClassVar[str] = "factors"

    def legal_axis(self, value: Any) -> bool:
        return is_number(value) and value > 0 and self.in_range(value)

    @staticmethod
    def clean(value: Any) -> Any:
        # A factor of 2.0 is saved and shown as 2, however it was typed.
        return int(value) if float(value).is_integer() else float(value)

    def axis_schema(self) -> dict[str, Any]:
        return {"type": "number", "exclusiveMinimum": 0, "maximum": self.largest}

    def legal(self) -> str:
        return say("a number above 0, or (height, width)")


@dataclass(frozen=True)
class Padding(Kind):
    """Padding in any spelling; its normal form is a name or ((top, bottom), (left, right)).

    named: whether "valid", "same" and "full" are legal, which only a layer with a window can resolve.
    """

    editor: ClassVar[str] = "padding"
    largest: ClassVar[float | None] = LARGEST
    named: bool = True

    def parse(self, value: Any, name: str) -> PaddingValue:
        if isinstance(value, str) and self.named and value in PADDING_NAMES:
            return value
        sides = self._sides(value)
        if sides is None or not all(is_whole(p) and self.in_range(p) for p in sides):
            raise self.refusal(value, name)
        top, bottom, left, right = map(int, sides)
        return (top, bottom), (left, right)

    @staticmethod
    def _sides(value: Any) -> tuple[Any, ...] | None:
        if is_whole(value):
            return (value,) * 4
        if not isinstance(value, (list, tuple, np.ndarray)) or len(value) != 2:
            return None
        # Each axis by itself, so that (1, (0, 2)) is legal as well.
        rows, cols = (tuple(v) if isinstance(v, (list, tuple, np.ndarray)) else (v, v) for v in value)
        return (*rows, *cols) if len(rows) == len(cols) == 2 else None

    def to_json(self, value: Any) -> Any:
        if isinstance(value, str):
            return value
        (top, bottom), (left, right) = value
        # The shortest spelling that reads back as the same value keeps files easy to read.
        if top == bottom and left == right:
            return top if top == left else [top, left]
        return [[top, bottom], [left, right]]

    def schema(self) -> dict[str, Any]:
        number: dict[str, Any] = {"type": "integer", **self.bounds()}
        two = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
        four = {"type": "array", "items": two, "minItems": 2, "maxItems": 2}
        names = [{"enum": list(PADDING_NAMES)}] if self.named else []
        return {"anyOf": [*names, number, two, four]}

    def legal(self) -> str:
        span = super().legal()
        if not self.named:
            return say("a whole number, (h, w) or ((top, bottom), (left, right)); {}", span)
        return say(
            'a whole number, (h, w), ((top, bottom), (left, right)), "valid", "same" or "full"; {}', span
        )


def numbered_pads(padding: PaddingValue | None) -> Pads:
    """The sides of a padding whose kind allows neither names nor None."""
    assert padding is not None, "padding is required here"
    assert not isinstance(padding, str), "the kind allows no names"
    (top, bottom), (left, right) = padding
    return Pads(top, bottom, left, right)


@dataclass(frozen=True)
class Tensor(Kind):
    """A weight, kernel or per-channel list. `axes` names its axes, which decide how it is edited.

    A last axis of a few columns that differ in meaning names them all, as "low, high, gain".
    trainable: learning may change it; otherwise it is a statistic or a constant. absent: the number that stands for
    each one of an array that is left out.
    """

    axes: tuple[str, ...] = ()
    trainable: bool = True
    absent: float = 0.0

    @property
    def editor(self) -> str:  # type: ignore[override]
        """Planes (height, width) have the editor "kernel", a number for each channel "list", other arrays "matrix"."""
        if self.axes[-2:] == ("height", "width"):
            return "kernel"
        return "list" if len(self.axes) == 1 else "matrix"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, where each has one; else ()."""
        names = tuple(self.axes[-1].split(", "))
        return names if len(names) > 1 else ()

    def starting(self, channels: int) -> Any:
        return [self.start] * channels

    def parse(self, value: Any, name: str) -> Weights:
        # A single number is read as a list of one: nobody should have to write [0.25].
        scalar = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
        # Only where the list has one axis: a single number for a kernel is more likely a mistake, and the shape check
        # says so.
        weights = parse_weights([value] if scalar and len(self.axes) == 1 else value, name)
        if len(weights.shape) != len(self.axes) or 0 in weights.shape:
            raise ParameterError(
                say("{} has shape {}", name, shape_text(weights.shape)),
                hint=say("it needs {}", self.legal()),
                parameter=name,
            )
        if weights.recipe is not None:
            self._check_recipe(weights.shape, name)
        # The range can only be checked on the numbers themselves, so that a recipe is made now. Only short lists, one
        # number for each channel, have a range; large weights have none and are made when they are needed.
        # Least and greatest suffice for a range: NaN was refused when the numbers were read.
        if self._limited and not self._values_legal(weights.array):
            raise ParameterError(
                say("{} holds {:g}", name, weights.array.min()),
                hint=say("each must be {}", super().legal()),
                parameter=name,
            )
        return weights

    def _check_recipe(self, shape: tuple[int, ...], name: str) -> None:
        """Raise ParameterError where a recipe of a few letters asks for more numbers than any pipeline could use."""
        sides = [n for n, axis in zip(shape, self.axes, strict=True) if axis in ("height", "width")]
        if max(sides, default=0) > LONGEST_SIDE:
            what = say("{} has shape {}", name, shape_text(shape))
            hint = say("a kernel that a recipe makes has at most {} cells a side", LONGEST_SIDE)
            raise ParameterError(what, hint=hint, parameter=name)
        if len(shape) == 1 and shape[0] > MOST_LISTED:
            what = say("{} has {} number(s)", name, shape[0])
            hint = say("a list that a recipe makes has at most {}", MOST_LISTED)
            raise ParameterError(what, hint=hint, parameter=name)

    @property
    def _limited(self) -> bool:
        return self.minimum is not None or self.maximum is not None

    def _values_legal(self, array: Array) -> bool:
        return self.in_range(float(array.min())) and self.in_range(float(array.max()))

    def to_json(self, value: Any) -> Any:
        return value.to_json()

    def schema(self) -> dict[str, Any]:
        numbers: dict[str, Any] = {"type": "number"}
        # A kernel preset may take the place of a complete (height, width) plane of numbers.
        plane: dict[str, Any] = {"$ref": "#/$defs/kernel_recipe"}
        for depth in range(len(self.axes)):
            numbers = {"type": "array", "items": numbers}
            if depth >= 2:
                plane = {"type": "array", "items": plane}
        forms = [numbers, {"$ref": "#/$defs/init_recipe"}, {"$ref": "#/$defs/typed_values"}]
        return {"anyOf": [*forms, plane] if len(self.axes) >= 2 else forms}

    def legal(self) -> str:
        return say("{} axes ({}), none empty", len(self.axes), ", ".join(self.axes))


@dataclass(frozen=True)
class Labels(Kind):
    """The names of classes, in the order of their numbers."""

    editor: ClassVar[str] = "labels"

    def parse(self, value: Any, name: str) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
            raise self.refusal(value, name)
        return tuple(value)

    def to_json(self, value: Any) -> Any:
        return list(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}}

    def legal(self) -> str:
        return say("a list of names")
