"""The numbers of an array written into cells of one size, in as many digits as there is room for. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any

import numpy as np

from filterlab.text.numbers import MINUS, exact

NEGLIGIBLE = 1e-7  # of the largest magnitude: the round-off of float32, which is shown as 0
_MOST_DIGITS = 6  # of rounded numbers; more look like the round-off of float32
_NO_ZERO = 3  # significant digits below which .123 is better than 0.12
_MOST_WHOLE = 3  # digits before the point that a common power of ten leaves the largest number
_MOST_AT_ONCE = 500  # different numbers; those of more are written when they are asked for
_WIDEST = "−8.8", "e−88"  # no number needs more room than that

Lines = tuple[str, ...]  # of one cell: a number, or its mantissa above its power of ten
Width = Callable[[str], float]


@dataclass(frozen=True)
class Letters:
    """A size of letters. pixels: of the font. height: of a line. width: of a text. All in logical pixels."""

    pixels: int
    height: float
    width: Width


@dataclass(frozen=True)
class Lettering:
    """How all numbers of an array are written: cell = text * 10**power.

    pixels: of the font. lines: what stands in a cell, by its number.
    """

    power: int
    pixels: int
    lines: dict[float, Lines]


def lettered(array: Any, width: float, height: float, sizes: Sequence[Letters]) -> Lettering | None:
    """The first of some sizes of letters in which every number of an array fits into cells of `width` and `height`.

    Each has at least two significant digits and its sign. None where the cells are too small for that: then no cell
    shows a number, since a few numbers among empty cells would be taken for the only ones.
    """
    numbers = np.unique(array)
    largest = float(np.abs(numbers).max())
    if numbers.size > _MOST_AT_ONCE:
        roomy = (s for s in sizes if 2 * s.height <= height and max(map(s.width, _WIDEST)) <= width)
        letters = next(roomy, None)
        if letters is None:
            return None
        return Lettering(0, letters.pixels, _Written(numbers.dtype.type, largest, width, letters))
    shown = {float(n): n if abs(n) > NEGLIGIBLE * largest else n * 0 for n in numbers}
    for split in (False, True):
        for letters in sizes:
            if letters.height * (1 + split) > height:
                continue
            for power in _powers(largest):
                lines = _fitted(shown, power, width, letters.width, split)
                if lines is not None:
                    return Lettering(power, letters.pixels, lines)
    return None


class _Written(dict[float, Lines]):
    """The lines of each number, written when they are first asked for, where every number has room."""

    def __init__(self, kind: Callable[[float], Any], largest: float, width: float, letters: Letters) -> None:
        super().__init__()
        self._kind, self._largest, self._width, self._letters = kind, largest, width, letters

    def __missing__(self, number: float) -> Lines:
        value = self._kind(number if abs(number) > NEGLIGIBLE * self._largest else 0.0)
        lines = number_lines(value, 0, self._width, self._letters.width, split=True)
        assert lines is not None, "every number has room"
        self[number] = lines
        return lines


def _powers(largest: float) -> Iterator[int]:
    """Powers of ten that may be common to all cells: none, then those that leave the largest 1 to 3 whole digits."""
    yield 0
    exponent = floor(log10(largest)) if largest else 0
    yield from (power for power in range(exponent, exponent - _MOST_WHOLE, -1) if power)


def _fitted(
    shown: dict[float, Any], power: int, room: float, width: Width, split: bool
) -> dict[float, Lines] | None:
    """The lines of every number; None as soon as one has no room. split: whether they may have two lines."""
    found: dict[float, Lines] = {}
    for number, value in shown.items():
        lines = number_lines(value, power, room, width, split=split)
        if lines is None:
            return None
        found[number] = lines
    return found


def number_lines(value: Any, power: int, room: float, width: Width, *, split: bool) -> Lines | None:
    """A number divided by 10**power, in as many digits as fit, at least two; None where they do not.

    value: a number of NumPy, whose dtype says how many digits it has. split: the mantissa may stand above the power.
    """
    line = next((text for text in _plain(value, power) if width(text) <= room), None)
    if line is not None:
        return (line,)
    if not split:
        return None
    mantissa, exponent = f"{float(value) / 10**power:.1e}".split("e")
    lines = _signed(mantissa), f"e{_signed(str(int(exponent)))}"
    return lines if max(map(width, lines)) <= room else None


def _plain(value: Any, power: int) -> Iterator[str]:
    """The number without an exponent, from all of its digits to two, at last without the zero before the point."""
    number = float(value) / 10.0**power
    if number == 0:
        yield "0"
        return
    if power == 0 and sum(map(str.isdigit, exact(value))) <= _MOST_DIGITS + 1:
        yield exact(value)
    whole = max(floor(log10(abs(number))) + 1, 0)
    for digits in range(max(_MOST_DIGITS, whole), max(2, whole) - 1, -1):
        text = np.format_float_positional(number, digits, unique=False, fractional=False).rstrip(".")
        yield _signed(text)
        if abs(number) < 1 and digits <= _NO_ZERO:
            yield _signed(text.replace("0.", ".", 1))


def _signed(text: str) -> str:
    return text.replace("-", MINUS, 1)
