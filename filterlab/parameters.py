"""Parameters, declared once: the fields of layers, the parameters of named kernels, the options of learning.

A `Parameter` is a name, a kind, a default and a sentence of documentation. Its kind knows the legal values, the range
of a slider, the unit, how a value is read (and what is wrong with one that is not legal), how a file holds it, and its
JSON Schema. The inspector, the learning panel, the command line and the schema are made from these declarations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from numbers import Integral, Real
from typing import Any, ClassVar

from filterlab.errors import ParameterError, nearest, shown
from filterlab.text.messages import say

# Neither NumPy nor pydantic is imported at the top: whoever declares a parameter need not wait for either. NumPy
# registers its scalars with `numbers`, and its arrays are recognised by their method `tolist`.

LARGEST = 2**31 - 1  # the bound of integers without a maximum: products of two of them still fit into 64 bits


@dataclass(frozen=True)
class Kind:
    """Base of all kinds.

    minimum, maximum: the legal range, ends included. slider: the range that is useful, within the legal one.
    unit: "" only where the number has none (a factor, a choice). optional: None is legal, and means "left out".
    start: the value of a required parameter in a newly added layer.
    editor: the name under which the inspector registers its editor; largest: the bound in both directions where no
    other is declared.
    """

    editor: ClassVar[str] = ""
    largest: ClassVar[float | None] = None
    minimum: float | None = None
    maximum: float | None = None
    slider: tuple[float, float] | None = None
    unit: str = ""
    optional: bool = False
    start: Any = 1

    def starting(self, channels: int) -> Any:
        """The value of a required parameter in a new layer whose input has so many channels."""
        return self.start

    def read(self, value: Any, name: str) -> Any:
        """The value in its one normal form. Raises ParameterError naming the legal values."""
        return None if value is None and self.optional else self.parse(value, name)

    def parse(self, value: Any, name: str) -> Any:
        """As `read`, for a value that is given. Subclasses override this one."""
        raise NotImplementedError(type(self).__name__)

    def to_json(self, value: Any) -> Any:
        """A value in normal form as a file holds it, in its shortest spelling."""
        return value

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value in a file, where it is not left out."""
        raise NotImplementedError(type(self).__name__)

    def legal(self) -> str:
        """The legal values in words, for error messages and help."""
        low, high = self.minimum, None if self.maximum == inf else self.maximum
        if low is not None and high is not None:
            return say("{} to {}", _digits(low), _digits(high))
        if low is not None:
            return say("at least {}", _digits(low))
        return say("any finite value") if high is None else say("at most {}", _digits(high))

    def refusal(self, value: Any, name: str) -> ParameterError:
        """The error to raise for a value that is not legal."""
        hint = say("it must be {}", self.legal())
        # The bound is a matter of course, and mentioned only to those who go beyond it.
        if self.largest is not None and self.maximum is None and _reaches_beyond(value, self.largest):
            hint = say("it must be {}, and no number larger than {}", self.legal(), self.largest)
        return ParameterError(say("{} is {}", name, shown(value)), hint=hint, parameter=name)

    def in_range(self, value: float) -> bool:
        """Whether a number lies within the declared bounds."""
        low, high = self._ends()
        return (low is None or value >= low) and (high is None or value <= high)

    def _ends(self) -> tuple[float | None, float | None]:
        low, high = self.minimum, self.maximum
        if self.largest is not None:
            low, high = -self.largest if low is None else low, self.largest if high is None else high
        return low, high

    def bounds(self) -> dict[str, float]:
        """The range as keywords of JSON Schema."""
        ends = zip(("minimum", "maximum"), self._ends(), strict=True)
        return {key: value for key, value in ends if value is not None and value != inf}

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        # pydantic asks this of every annotation of a field; a layer's values are read by the kind alone.
        from pydantic_core import core_schema

        return core_schema.with_info_plain_validator_function(
            lambda value, info: self.read(value, info.field_name or "")
        )


def is_whole(value: Any) -> bool:
    """Whether it is an integer, Python's or NumPy's. True and False are not."""
    return isinstance(value, (int, Integral)) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Whether it is a finite real number that a float can hold. True and False are not."""
    try:
        return isinstance(value, (float, int, Real)) and not isinstance(value, bool) and isfinite(value)
    except OverflowError:  # an integer of more than 308 digits
        return False


def items_of(value: Any) -> tuple[Any, ...] | None:
    """The items of a list, tuple or array; None for anything else."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return tuple(value) if isinstance(value, (list, tuple)) else None


def _digits(value: float) -> str:
    # Integers in full: "{:g}" would round the limit of a seed to six digits.
    return f"{value:g}" if isinstance(value, float) else str(value)


def _reaches_beyond(value: Any, largest: float, depth: int = 2) -> bool:
    """Whether a number is too large, or one of those in nested lists as deep as a padding's."""
    if isinstance(value, (list, tuple)):
        return depth > 0 and any(_reaches_beyond(item, largest, depth - 1) for item in value)
    return isinstance(value, (int, float)) and abs(value) > largest


@dataclass(frozen=True)
class Integer(Kind):
    """An integer. odd: even ones are not legal."""

    editor: ClassVar[str] = "integer"
    largest: ClassVar[float | None] = LARGEST
    odd: bool = False

    def legal_axis(self, value: Any) -> bool:
        """Whether a value is a legal integer."""
        return is_whole(value) and self.in_range(value) and not (self.odd and value % 2 == 0)

    def parse(self, value: Any, name: str) -> Any:
        if not self.legal_axis(value):
            raise self.refusal(value, name)
        return int(value)

    def axis_schema(self) -> dict[str, Any]:
        """JSON Schema of a legal integer."""
        odd = {"not": {"multipleOf": 2}} if self.odd else {}
        return {"type": "integer", **self.bounds(), **odd}

    def schema(self) -> dict[str, Any]:
        return self.axis_schema()

    def legal(self) -> str:
        span = super().legal()
        return say("an odd whole number, {}", span) if self.odd else say("a whole number, {}", span)


@dataclass(frozen=True)
class Number(Kind):
    """A finite number. open_minimum, open_maximum: that end of the range is not legal itself."""

    editor: ClassVar[str] = "number"
    open_minimum: bool = False
    open_maximum: bool = False

    def in_range(self, value: float) -> bool:
        at_end = (self.open_minimum and value == self.minimum) or (
            self.open_maximum and value == self.maximum
        )
        return super().in_range(value) and not at_end

    def parse(self, value: Any, name: str) -> Any:
        if not is_number(value) or not self.in_range(value):
            raise self.refusal(value, name)
        # Never a scalar of NumPy: a float64 one would turn float32 maps into float64.
        return float(value)

    def schema(self) -> dict[str, Any]:
        bounds = self.bounds()
        if self.open_minimum:
            bounds["exclusiveMinimum"] = bounds.pop("minimum")
        if self.open_maximum:
            bounds["exclusiveMaximum"] = bounds.pop("maximum")
        return {"type": "number", **bounds}

    def legal(self) -> str:
        return say("a number, {}", self.span())

    def span(self) -> str:
        """The range in words."""
        low, high = (None if end is None or end == inf else end for end in (self.minimum, self.maximum))
        below, above = self.open_maximum and high is not None, self.open_minimum and low is not None
        if not above and not below:
            return super().legal()
        ends = [_digits(end) for end in (low, high) if end is not None]
        if low is None:
            return say("below {}", *ends)
        if high is None:
            return say("above {}", *ends)
        if not below:
            return say("above {}, at most {}", *ends)
        return say("above {} and below {}", *ends) if above else say("at least {} and below {}", *ends)

    def refusal(self, value: Any, name: str) -> ParameterError:
        error = super().refusal(value, name)
        # Infinity is above 0: a rule with one end does not say by itself what is wrong with it.
        one_end = (self.minimum is None) != (self.maximum is None or self.maximum == inf)
        if one_end and any(isinstance(v, float) and not isfinite(v) for v in items_of(value) or (value,)):
            error.hint = say("it must be {}", self._finite())
        return error

    def _finite(self) -> str:
        """The legal values in words for those who gave infinity or NaN."""
        return say("a finite number, {}", self.span())


@dataclass(frozen=True)
class NumberPair(Number):
    """Two finite numbers, each within the declared range."""

    editor: ClassVar[str] = "number pair"

    def parse(self, value: Any, name: str) -> tuple[float, float]:
        numbers = items_of(value)
        if (
            numbers is None
            or len(numbers) != 2
            or not all(is_number(n) and self.in_range(n) for n in numbers)
        ):
            raise self.refusal(value, name)
        return float(numbers[0]), float(numbers[1])

    def to_json(self, value: Any) -> Any:
        return list(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": super().schema(), "minItems": 2, "maxItems": 2}

    def legal(self) -> str:
        return say("two numbers, each {}", self.span())

    def _finite(self) -> str:
        return say("two finite numbers, each {}", self.span())


@dataclass(frozen=True)
class Flag(Kind):
    """True or false."""

    editor: ClassVar[str] = "flag"

    def parse(self, value: Any, name: str) -> bool:
        # NumPy's booleans are no subclass of bool, and are registered nowhere.
        numpys = getattr(value, "dtype", None) == "bool" and value.shape == ()
        if not isinstance(value, bool) and not numpys:
            raise self.refusal(value, name)
        return bool(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def legal(self) -> str:
        return say("true or false")


_LARGEST_OPTION = 1000  # beyond all options that are numbers


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words.

    titles: what the window calls each option, where that is not the option itself. sentences: what each does.
    """

    editor: ClassVar[str] = "choice"
    options: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()

    def parse(self, value: Any, name: str) -> str:
        # Some options are digits, such as orders, which are written as numbers in Python and in files. Python spells no
        # number of thousands of digits.
        word = str(value) if type(value) is int and abs(value) < _LARGEST_OPTION else value
        if not isinstance(word, str) or word not in self.options:
            raise self.refusal(value, name)
        return word

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.options)}

    def legal(self) -> str:
        return say("one of {}", ", ".join(self.options))


@dataclass(frozen=True)
class Switch(Choice):
    """A choice between two ways of working, both of which deserve their sentence."""

    editor: ClassVar[str] = "switch"


@dataclass(frozen=True)
class Pairs(Integer):
    """A size or step: an integer for both axes, or (height, width). gaps: an axis may be None."""

    editor: ClassVar[str] = "pair"
    gaps: bool = False

    def legal_axis(self, value: Any) -> bool:
        return super().legal_axis(value) or (self.gaps and value is None)

    def parse(self, value: Any, name: str) -> tuple[Any, Any]:
        values = items_of(value) or (value, value)
        if len(values) != 2 or not all(self.legal_axis(v) for v in values):
            raise self.refusal(value, name)
        return self.clean(values[0]), self.clean(values[1])

    @staticmethod
    def clean(value: Any) -> Any:
        """A legal axis as a plain int; None stays."""
        return None if value is None else int(value)

    def to_json(self, value: Any) -> Any:
        return value[0] if value[0] == value[1] and value[0] is not None else list(value)

    def schema(self) -> dict[str, Any]:
        axis = self.axis_schema()
        each = {"anyOf": [axis, {"type": "null"}]} if self.gaps else axis
        return {"anyOf": [axis, {"type": "array", "items": each, "minItems": 2, "maxItems": 2}]}

    def legal(self) -> str:
        span = Kind.legal(self)
        if self.odd:
            return say("an odd whole number or (height, width), {}", span)
        return say("a whole number or (height, width), {}", span)


@dataclass(frozen=True)
class Parameter:
    """One declared parameter.

    default: in the kind's normal form; without a meaning where the parameter is required. A default of None means
    "left out": `doc` says what holds then. title: what the window calls it, where that is not its name.
    advanced: for those who write Python; neither the window nor the command line asks for it.
    """

    name: str
    kind: Kind
    doc: str
    default: Any = None
    required: bool = False
    title: str = ""
    advanced: bool = False

    def read(self, value: Any, where: str) -> Any:
        """A value in its normal form. Raises ParameterError, which happened at `where`, naming the legal values."""
        try:
            return self.kind.read(value, self.name)
        except ParameterError as error:
            error.where = error.where or where
            raise

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value in a file, with unit, documentation and default."""
        kind = self.kind
        schema = kind.schema()
        if kind.optional:
            schema = {"anyOf": [schema, {"type": "null"}]}
        schema["description"] = self.doc
        if kind.unit:
            schema["x-unit"] = kind.unit
        if self.default_json() is not None:
            schema["default"] = self.default_json()
        return schema

    def default_json(self) -> Any:
        """The default as a file holds it; None where there is none, or it is "left out"."""
        return None if self.required or self.default is None else self.kind.to_json(self.default)


def bind(
    parameters: Sequence[Parameter],
    args: Sequence[Any],
    given: Mapping[str, Any],
    where: str,
    unknown: str = "there is no parameter {}",
) -> dict[str, Any]:
    """Positional and named arguments by name, values as they are; what is not given is left out.

    Raises ParameterError for too many arguments, one given twice, an unknown name (naming the nearest; `unknown` is
    the template of that message) and a required parameter that is missing.
    """
    names = [p.name for p in parameters]
    legal = say("allowed: {}", ", ".join(names)) if names else say("it has no parameters")
    if len(args) > len(names):
        raise ParameterError(say("{} parameter(s) given", len(args)), where, legal)
    bound = dict(zip(names, args, strict=False))
    for name, value in given.items():
        if name not in names:
            close = nearest(name, names)
            meant = say("did you mean {!r}? ", close[0]) if close else ""
            raise ParameterError(say(unknown, shown(name)), where, meant + legal, parameter=name)
        if name in bound:
            raise ParameterError(say("{} is given twice", name), where, say("give it once"), parameter=name)
        bound[name] = value
    for parameter in parameters:
        if parameter.required and parameter.name not in bound:
            hint = say("{} Give {}", parameter.doc, parameter.kind.legal())
            raise ParameterError(say("{} is missing", parameter.name), where, hint, parameter=parameter.name)
    return bound


def settings(parameters: Iterable[Parameter], bound: Mapping[str, Any], where: str) -> dict[str, Any]:
    """All parameters by name: those in `bound` read, the others at their default. Raises ParameterError."""
    return {p.name: p.read(bound[p.name], where) if p.name in bound else p.default for p in parameters}
