"""Predictions: what an answer to one has to look like, and whether it is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from filterlab.errors import FileError
from filterlab.functional.arrays import Array
from filterlab.graph.editing import descendants, remove
from filterlab.lessons.lesson import Prediction
from filterlab.lessons.scenes import Scene
from filterlab.text.messages import say
from filterlab.text.numbers import brief, exact

# Facts that claim [lowest, highest] of one figure. Every number between the two is a right answer.
_RANGES = {"near", "psnr", "deviation", "pull", "exported", "fitted"}
_NAMES = {  # of figures that are not rows and columns of a map
    "shape": (say("channels"), say("rows"), say("columns")),
    "region": (say("top"), say("left"), say("bottom"), say("right")),
    "winner": (say("row"), say("column")),
}
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_FAR_EXPONENT = re.compile(r"[eE][-+]?[\d_]{4}")


@dataclass(frozen=True)
class RightAnswer:
    """The right answer, float64 (rows, columns): numbers from `low` - `slack` to `high` + `slack` are right.

    names: one for each column, where the columns are figures of different kinds.
    """

    low: Array
    high: Array
    slack: float
    names: tuple[str, ...] = ()

    def accepts(self, given: Sequence[Sequence[float]]) -> bool:
        """Whether numbers of the same shape are right."""
        numbers = np.array(given, np.float64)
        return bool(((self.low - self.slack <= numbers) & (numbers <= self.high + self.slack)).all())

    @property
    def text(self) -> str:
        """The numbers as lessons write them, "19 25 / 37 43", in a few digits; of a range, its middle."""
        return " / ".join(" ".join(map(_written, row)) for row in (self.low + self.high) / 2)


def _written(number: float) -> str:
    return min(exact(number), brief(number), key=len)


def answer(prediction: Prediction) -> RightAnswer:
    """The answer to a prediction that asks for numbers. Raises FileError if its fact has no figures to ask for.

    They are the last item of the fact.
    """
    ((kind, claimed),) = (prediction.fact or {"": ""}).items()
    parts = list(claimed.values()) if isinstance(claimed, dict) else claimed
    try:
        figures = np.array(parts[-1] if isinstance(parts, list) else parts)
    except ValueError:  # rows of different lengths
        figures = np.array("")
    if figures.dtype.kind not in "iuf" or figures.ndim > 2 or not figures.size:
        raise FileError(say("the fact {} {!r:.100} has no figures to ask for", kind, claimed))
    if kind == "shape" and len(figures) == 3 and figures[0] == 1:
        figures = figures[1:]  # the one channel of a map goes without saying
    ends = figures if kind in _RANGES else (figures, figures)
    low, high = (np.atleast_2d(np.asarray(end, np.float64)) for end in ends)
    names = _NAMES.get(kind, ()) if low.shape[1] > 1 else ()
    return RightAnswer(low, high, prediction.tolerance, names[-low.shape[1] :])


def read_number(text: str) -> float:
    """A number as people type it: −1, 2,058, 2 058, 0,5 or 4/9. Raises ValueError for anything else."""
    plain = re.sub(r"\s", "", text).replace("−", "-")
    # A comma before three digits groups them, as in English and Chinese; before others it is a point.
    plain = _THOUSANDS.sub("", plain) if not plain.lstrip("-").startswith("0,") else plain
    # A fraction is exact: 1e99999999 would be computed digit by digit, for minutes.
    if _FAR_EXPONENT.search(plain):
        raise ValueError(f"{text} is no number")
    try:
        return float(Fraction(plain.replace(",", ".")))
    except (ZeroDivisionError, OverflowError):
        raise ValueError(f"{text} is no number") from None


def covered(shown: Scene, prediction: Prediction) -> Scene:
    """The scene without the nodes that the prediction covers, and without all that read them."""
    gone = {name for cover in prediction.cover for name in (cover, *descendants(shown.pipeline, cover))}
    return replace(shown, pipeline=remove(shown.pipeline, gone))
