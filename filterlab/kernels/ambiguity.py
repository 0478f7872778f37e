"""Texts that can be read in several ways: the readings, and the error that shows them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from numpy.typing import NDArray

from filterlab.errors import ParameterError
from filterlab.kernels.spelling import number_text
from filterlab.text.messages import say

_MOST_SHOWN = 30  # letters of a kernel in an error, which is to stay within a line
_MOST_OF_ROW = 18


# eq=False: the equality of two arrays is an array, of which a dataclass would ask whether it is true.
@dataclass(frozen=True, eq=False)
class KernelReading:
    """One way to read a text.

    kernel: (height, width), in the dtype that was asked for. decimal: the decimal mark, "." or ",". semicolon: what
    it separates, "row" or "cell". wraps: whether a row in brackets goes on after a comma at the end of a line.
    grouped: whether fixed blanks or commas group the digits of thousands.
    """

    kernel: NDArray[Any]
    decimal: str
    semicolon: str
    wraps: bool
    grouped: bool


class AmbiguousKernelError(ParameterError):
    """A text that spells several kernels, by what its commas, semicolons or blanks are meant to be: `readings`."""

    readings: tuple[KernelReading, ...] = ()

    @classmethod
    def between(cls, readings: tuple[KernelReading, ...], where: str = "kernel text") -> AmbiguousKernelError:
        """The error that shows two or three readings, and how to write the first two without a doubt."""
        shown = [_shown(reading.kernel) for reading in readings]
        if len(shown) == 2:
            what = say("it can be read as {} or as {}", *shown)
        else:
            what = say("it can be read as {}, as {} or as {}", *shown)
        hint = _hint(readings[0].kernel, readings[1].kernel)
        found = AmbiguousKernelError(what, where, hint, parameter="text")
        found.readings = readings
        return found

    def __reduce__(self) -> tuple[object, ...]:
        # What was raised in a worker is chosen from in its parent.
        return *super().__reduce__(), {"readings": self.readings}


def _hint(one: NDArray[Any], other: NDArray[Any]) -> str:
    """How to write one kernel or the other without a doubt."""
    row, first, second = _first_difference(one, other)
    if first != second or one.shape == other.shape:
        return say("write a row on each line, row {} as {!r} or {!r}", row, first, second)
    # Both rows begin alike and were cut before they differ: only their sizes tell such readings apart.
    sizes = (_size(one), _size(other))
    return say("write a row on each line, as {} or as {}", *sizes)


def _size(kernel: NDArray[Any]) -> str:
    height, width = kernel.shape
    return say("one row of {}", width) if height == 1 else say("{} rows of {}", height, width)


def _shown(kernel: NDArray[Any]) -> str:
    """Its size and its numbers, or the first of them, as 2x3 [1 0 1; 2 0 2]."""
    height, width = kernel.shape
    cells = "; ".join(_row_text(row) for row in kernel[:_MOST_SHOWN])
    return f"{height}x{width} [{_cut(cells, _MOST_SHOWN)}]"


def _first_difference(one: NDArray[Any], other: NDArray[Any]) -> tuple[int, str, str]:
    """The number of the first row in which two kernels differ, from 1, and that row of each."""
    pairs = zip_longest(map(_row_text, one), map(_row_text, other), fillvalue="")
    row, texts = next((row, texts) for row, texts in enumerate(pairs, 1) if texts[0] != texts[1])
    return row, _cut(texts[0], _MOST_OF_ROW), _cut(texts[1], _MOST_OF_ROW)


def _row_text(row: NDArray[Any]) -> str:
    return " ".join(number_text(cell) for cell in row)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
