"""The kinds of parameter that a layer may declare.

A kind knows how to read a value (and says what is wrong with it), how to write it into a file, its JSON
Schema, its legal range, the range of its slider and its unit. The inspector chooses the editor by `editor`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field
from pydantic_core import core_schema

from filterlab.errors import ParameterError, shown
from filterlab.functional.arrays import Array, shape_text
from filterlab.functional.geometry import LARGEST, PADDING_MODES, PADDING_NAMES, Pads, Pair, is_int
from filterlab.layers.base.weights import Weights, parse_weights
from filterlab.text.messages import say

PaddingValue = str | tuple[tuple[int, int], tuple[int, int]]

# Of recipes: a kernel reaches no farther over photographs; some lists, one a channel, are looked at at once.
LONGEST_SIDE, MOST_LISTED = 4096, 1 << 20
_FLOATS = sys.float_info.max


@dataclass(frozen=True)
class Kind:
    """Base of all kinds. `unit` is "" only where the number has none (a factor, a choice).

    start: what a required parameter of a newly added layer begins with.
    """

    editor: ClassVar[str] = ""
    largest: ClassVar[float | None] = None  # beyond which a value is out of all reason, on both sides of 0
    minimum: float | None = None
    maximum: float | None = None
    slider: tuple[float, float] | None = None
    unit: str = ""
    optional: bool = False
    start: Any = 1

    def starting(self, channels: int) -> Any:
        """What a required parameter of a new layer begins with, for an input of so many channels."""
        return self.start

    def parse(self, value: Any, name: str) -> Any:
        """The value in its one normal form. Raises ParameterError naming the legal values."""
        raise NotImplementedError(type(self).__name__)

    def to_json(self, value: Any) -> Any:
        """The value as a file holds it, in its shortest spelling."""
        return value

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value in a file."""
        raise NotImplementedError(type(self).__name__)

    def legal(self) -> str:
        """The legal values in words, for error messages and help."""
        return _range_words(self.minimum, self.maximum)

    def _refuse(self, value: Any, name: str) -> ParameterError:
        hint = say("it must be {}", self.legal())
        if self.largest is not None and _reaches_beyond(value, self.largest):
            hint = say("it must be {}, and no number larger than {}", self.legal(), self.largest)
        return ParameterError(say("{} is {}", name, shown(value)), hint=hint, parameter=name)

    def _in_range(self, value: float) -> bool:
        above = self.minimum is None or value >= self.minimum
        below = self.maximum is None or value <= self.maximum
        return above and below and (self.largest is None or abs(value) <= self.largest)

    def _bounds(self) -> dict[str, float]:
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        if self.largest is not None:
            below = -self.largest if self.minimum is None else self.minimum
            bounds = {"minimum": below, "maximum": self.largest if self.maximum is None else self.maximum}
        return {key: value for key, value in bounds.items() if value is not None}

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        def read(value: Any, info: Any) -> Any:
            if value is None and self.optional:
                return None
            return self.parse(value, info.field_name)

        return core_schema.with_info_plain_validator_function(read)


def _reaches_beyond(value: Any, largest: float, depth: int = 2) -> bool:
    """Whether a number is too large, or one of those in lists as deep as those of paddings are."""
    if isinstance(value, (list, tuple)):
        return depth > 0 and any(_reaches_beyond(item, largest, depth - 1) for item in value)
    return isinstance(value, (int, float)) and abs(value) > largest


def _is_number(value: Any) -> bool:
    """Whether it is a finite number; no whole one beyond what a float holds, and not True or False."""
    known = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    return known and bool(-_FLOATS <= value <= _FLOATS)


def _range_words(minimum: float | None, maximum: float | None) -> str:
    if minimum is not None and maximum is not None:
        return say("{:g} to {:g}", minimum, maximum)
    if minimum is not None:
        return say("at least {:g}", minimum)
    return say("any finite value") if maximum is None else say("at most {:g}", maximum)


@dataclass(frozen=True)
class Integer(Kind):
    """A whole number."""

    editor: ClassVar[str] = "integer"
    largest: ClassVar[float | None] = LARGEST

    def parse(self, value: Any, name: str) -> int:
        if not is_int(value) or not self._in_range(value):
            raise self._refuse(value, name)
        return int(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", **self._bounds()}

    def legal(self) -> str:
        return say("a whole number, {}", super().legal())


@dataclass(frozen=True)
class Number(Kind):
    """A finite number. `open_minimum`: the minimum itself is not legal."""

    editor: ClassVar[str] = "number"
    open_minimum: bool = False

    def parse(self, value: Any, name: str) -> float:
        if not _is_number(value) or not self._in_range(value):
            raise self._refuse(value, name)
        if self.open_minimum and value == self.minimum:
            raise self._refuse(value, name)
        return float(value)

    def schema(self) -> dict[str, Any]:
        bounds = self._bounds()
        if self.open_minimum:
            bounds["exclusiveMinimum"] = bounds.pop("minimum")
        return {"type": "number", **bounds}

    def legal(self) -> str:
        if self.open_minimum and self.maximum is None:
            return say("a number above {:g}", self.minimum)
        return say("a number, {}", super().legal())


@dataclass(frozen=True)
class Flag(Kind):
    """True or false."""

    editor: ClassVar[str] = "flag"

    def parse(self, value: Any, name: str) -> bool:
        if not isinstance(value, (bool, np.bool_)):
            raise self._refuse(value, name)
        return bool(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def legal(self) -> str:
        return say("true or false")


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words."""

    editor: ClassVar[str] = "choice"
    options: tuple[str, ...] = ()

    def parse(self, value: Any, name: str) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise self._refuse(value, name)
        return value

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.options)}

    def legal(self) -> str:
        return say("one of {}", ", ".join(self.options))


@dataclass(frozen=True)
class Switch(Choice):
    """A choice between two ways of working. sentences: what each does."""

    editor: ClassVar[str] = "switch"
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pairs(Kind):
    """A size or step: a whole number for both axes, or (height, width). `gaps`: an axis may be None."""

    editor: ClassVar[str] = "pair"
    largest: ClassVar[float | None] = LARGEST
    gaps: bool = False

    def parse(self, value: Any, name: str) -> tuple[Any, Any]:
        values = tuple(value) if isinstance(value, (list, tuple, np.ndarray)) else (value, value)
        if len(values) != 2 or not all(self._legal_axis(v) for v in values):
            raise self._refuse(value, name)
        return self._clean(values[0]), self._clean(values[1])

    def _legal_axis(self, value: Any) -> bool:
        return (is_int(value) and self._in_range(value)) or (self.gaps and value is None)

    @staticmethod
    def _clean(value: Any) -> int | None:
        return None if value is None else int(value)

    def to_json(self, value: Any) -> Any:
        return value[0] if value[0] == value[1] and value[0] is not None else list(value)

    def schema(self) -> dict[str, Any]:
        axis: dict[str, Any] = {"type": "integer", **self._bounds()}
        each = {"anyOf": [axis, {"type": "null"}]} if self.gaps else axis
        return {"anyOf": [axis, {"type": "array", "items": each, "minItems": 2, "maxItems": 2}]}

    def legal(self) -> str:
        return say("a whole number or (height, width), {}", super().legal())


@dataclass(frozen=True)
class Factors(Pairs):
    """Like `Pairs`, with fractions: scale factors."""

    editor: ClassVar[str] = "factors"

    def _legal_axis(self, value: Any) -> bool:
        return _is_number(value) and value > 0 and self._in_range(value)

    @staticmethod
    def _clean(value: Any) -> Any:
        return int(value) if float(value).is_integer() else float(value)

    def schema(self) -> dict[str, Any]:
        axis: dict[str, Any] = {"type": "number", "exclusiveMinimum": 0, "maximum": self.largest}
        return {"anyOf": [axis, {"type": "array", "items": axis, "minItems": 2, "maxItems": 2}]}

    def legal(self) -> str:
        return say("a number above 0, or (height, width)")


@dataclass(frozen=True)
class Padding(Kind):
    """Padding in any spelling; kept as a name or ((top, bottom), (left, right)).

    named: whether "valid", "same" and "full" make sense (there is a window to take them from).
    """

    editor: ClassVar[str] = "padding"
    largest: ClassVar[float | None] = LARGEST
    named: bool = True

    def parse(self, value: Any, name: str) -> PaddingValue:
        if isinstance(value, str) and self.named and value in PADDING_NAMES:
            return value
        sides = self._sides(value)
        if sides is None or not all(is_int(p) and self._in_range(p) for p in sides):
            raise self._refuse(value, name)
        top, bottom, left, right = map(int, sides)
        return (top, bottom), (left, right)

    @staticmethod
    def _sides(value: Any) -> tuple[Any, ...] | None:
        if is_int(value):
            return (value,) * 4
        if not isinstance(value, (list, tuple, np.ndarray)) or len(value) != 2:
            return None
        rows, cols = (tuple(v) if isinstance(v, (list, tuple, np.ndarray)) else (v, v) for v in value)
        return (*rows, *cols) if len(rows) == len(cols) == 2 else None

    def to_json(self, value: Any) -> Any:
        if isinstance(value, str):
            return value
        (top, bottom), (left, right) = value
        if top == bottom and left == right:
            return top if top == left else [top, left]
        return [[top, bottom], [left, right]]

    def schema(self) -> dict[str, Any]:
        number: dict[str, Any] = {"type": "integer", **self._bounds()}
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
    """A padding that is known to be given, and in numbers, by its sides."""
    assert padding is not None, "padding is required here"
    assert not isinstance(padding, str), "the kind allows no names"
    (top, bottom), (left, right) = padding
    return Pads(top, bottom, left, right)


@dataclass(frozen=True)
class Tensor(Kind):
    """A weight, kernel or per-channel list. `axes` names its axes; a 2-D kernel gets the grid editor.

    trainable: learning may change it; otherwise it is a statistic or a constant. absent: what each number that
    is left out stands for.
    """

    editor: ClassVar[str] = "tensor"
    axes: tuple[str, ...] = ()
    trainable: bool = True
    absent: float = 0.0

    def starting(self, channels: int) -> Any:
        return [self.start] * channels

    def parse(self, value: Any, name: str) -> Weights:
        # A single number stands for a list of one: an awkward [0.25] is no help to anyone.
        scalar = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
        weights = parse_weights([value] if scalar and len(self.axes) == 1 else value, name)
        if len(weights.shape) != len(self.axes) or 0 in weights.shape:
            raise ParameterError(
                say("{} has shape {}", name, shape_text(weights.shape)),
                hint=say("it needs {}", self.legal()),
                parameter=name,
            )
        if weights.recipe is not None:
            self._check_recipe(weights.shape, name)
        # A list of few legal values is looked at now, recipe or not; a weight of any value may wait.
        if self._limited and not self._values_legal(weights.array):
            raise ParameterError(
                say("{} holds {:g}", name, weights.array.min()),
                hint=say("each must be {}", super().legal()),
                parameter=name,
            )
        return weights

    def _check_recipe(self, shape: tuple[int, ...], name: str) -> None:
        """Raise ParameterError where a few letters ask for more than any pipeline has a use for."""
        sides = [n for n, axis in zip(shape, self.axes, strict=True) if axis in ("height", "width")]
        if max(sides, default=0) > LONGEST_SIDE:
            what = say("{} has shape {}", name, shape_text(shape))
            hint = say("a kernel that a recipe makes has at most {} cells a side", LONGEST_SIDE)
            raise ParameterError(what, hint=hint, parameter=name)
        if len(shape) == 1 and shape[0] > MOST_LISTED:
            what = say("{} has {} numbers", name, shape[0])
            hint = say("a list that a recipe makes has at most {}", MOST_LISTED)
            raise ParameterError(what, hint=hint, parameter=name)

    @property
    def _limited(self) -> bool:
        return self.minimum is not None or self.maximum is not None

    def _values_legal(self, array: Array) -> bool:
        return self._in_range(float(array.min())) and self._in_range(float(array.max()))

    def to_json(self, value: Any) -> Any:
        return value.to_json()

    def schema(self) -> dict[str, Any]:
        numbers: dict[str, Any] = {"type": "number"}
        # Kernel presets may stand where a whole (height, width) plane of numbers would.
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
    """Names of classes."""

    editor: ClassVar[str] = "labels"

    def parse(self, value: Any, name: str) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
            raise self._refuse(value, name)
        return tuple(value)

    def to_json(self, value: Any) -> Any:
        return list(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}}

    def legal(self) -> str:
        return say("a list of names")


# Parameters that many layers share, with their words.
KernelSize = Annotated[
    Pair,
    Pairs(minimum=1, slider=(1, 31), unit="cells", start=2),
    Field(description="Height and width of the window."),
]
Stride = Annotated[
    Pair,
    Pairs(minimum=1, slider=(1, 8), unit="cells"),
    Field(
        default=(1, 1),
        description=(
            "Distance from one window to the next, in cells; the rows and columns between are skipped."
        ),
    ),
]
PoolStride = Annotated[
    Pair | None,
    Pairs(minimum=1, slider=(1, 8), unit="cells", optional=True),
    Field(
        default=None,
        description=("Distance from one window to the next, in cells; by default the kernel size."),
    ),
]
Dilation = Annotated[
    Pair,
    Pairs(minimum=1, slider=(1, 8), unit="cells"),
    Field(
        default=(1, 1),
        description=("Distance between neighbouring cells of the kernel, in cells of the input."),
    ),
]
WindowPadding = Annotated[
    PaddingValue,
    Padding(minimum=0, slider=(0, 16), unit="cells"),
    Field(default=((0, 0), (0, 0)), description="Cells added around the input before the windows are laid."),
]
PaddingMode = Annotated[
    str,
    Choice(options=PADDING_MODES),
    Field(default="zeros", description="Which values the padding holds."),
]
PaddingFill = Annotated[
    float,
    Number(slider=(-1, 1)),
    Field(default=0.0, description='The value that the padding mode "constant" fills in.'),
]
CeilMode = Annotated[
    bool,
    Flag(),
    Field(default=False, description="Keep a last window that reaches beyond the end of the input."),
]
ChannelScale = Annotated[
    Array | None,
    Tensor(axes=("channels",), optional=True, absent=1.0),
    Field(default=None, description="Factor of each channel; 1 by default."),
]
ChannelBias = Annotated[
    Array | None,
    Tensor(axes=("channels",), optional=True),
    Field(default=None, description="Number added to each channel; 0 by default."),
]
Epsilon = Annotated[
    float,
    Number(minimum=0, slider=(0, 1e-2)),
    Field(
        default=1e-5,
        description=("Added to the variance, so that constant maps do not cause a division by 0."),
    ),
]
OutputSize = Annotated[
    tuple[int | None, int | None],
    Pairs(minimum=1, slider=(1, 64), unit="cells", gaps=True, start=7),
    Field(description="Height and width of the output; none keeps those of the input."),
]
Operation = Annotated[
    str,
    Switch(
        options=("cross-correlation", "convolution"),
        sentences=(
            "The kernel is applied as it is printed.",
            "The kernel is rotated by 180 degrees before it is applied.",
        ),
    ),
    Field(
        default="cross-correlation",
        description=(
            "Cross-correlation applies the kernel as it is; convolution rotates it by 180 degrees first."
        ),
    ),
]
Groups = Annotated[
    int,
    Integer(minimum=1, slider=(1, 16), unit="groups"),
    Field(
        default=1,
        description=("Number of groups that the channels are split into; groups do not see each other."),
    ),
]
BlockSize = Annotated[
    int,
    Integer(minimum=1, slider=(1, 8), unit="cells"),
    Field(description="Side of the block of cells that r * r channels make."),
]
