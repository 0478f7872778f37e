"""The constraints that a learned kernel may be asked to satisfy, and the words for them.

"symmetric": each plane (height, width) of the kernel equals its mirror images, left to right and top to bottom;
"symmetric_x": only left to right; "symmetric_y": only top to bottom; "radial": cells at one distance from the centre
hold one weight. "zero_sum", "unit_sum": the weights of each plane add up to 0, as those of an edge detector, or to 1,
as those of a blur. "nonnegative": no weight is below 0. Least squares alone knows three more: "sum=0.5" (or another
number), "separable" (each plane is a column times a row) and "sparse" (as few weights as the target allows), or
"sparse=9" (so many weights for each output).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.parameters import Choice, Parameter
from filterlab.text.messages import say

SYMMETRIES = ("symmetric", "symmetric_x", "symmetric_y", "radial")
CONSTRAINTS = (*SYMMETRIES, "zero_sum", "unit_sum", "nonnegative")
SOLVED = ("separable", "sparse")  # by least squares only: no projection after each step leads there reliably
_NUMBERED = re.compile(r"(sum|sparse)=(.+)")

CONSTRAINT = Parameter(
    "constraint",
    Choice(
        options=(*CONSTRAINTS, *SOLVED),
        titles=(
            "symmetric",
            "left = right",
            "top = bottom",
            "radial",
            "sum is 0",
            "sum is 1",
            "none below 0",
            "separable",
            "few weights",
        ),
    ),
    "What each kernel must satisfy",
    title="Constraints",
)


@dataclass(frozen=True)
class KernelWish:
    """What a kernel that least squares finds must satisfy.

    symmetries: of SYMMETRIES. total: the sum of each plane. sparse: few weights; most: how many for each output, None
    where a rule decides.
    """

    symmetries: tuple[str, ...] = ()
    total: float | None = None
    nonnegative: bool = False
    separable: bool = False
    sparse: bool = False
    most: int | None = None

    @property
    def curved(self) -> bool:
        """Whether the kernels that satisfy it are no linear space, so that each output is solved by itself."""
        return self.nonnegative or self.separable or self.sparse

    def __bool__(self) -> bool:
        return self != KernelWish()


def read_wish(words: Any, operation: str = "fit_kernel") -> KernelWish:
    """The wish that a word, or a list of words, stands for; None and "none" are no wish.

    Raises ParameterError for unknown words, and for words that cannot be met together.
    """
    chosen = [words] if isinstance(words, str) else words
    if not isinstance(chosen, Iterable | None):
        raise _unknown(words, operation)
    wish: dict[str, Any] = {}
    names = [word for word in chosen or () if word not in (None, "none")]
    for word in names:
        found = _meaning(word, operation)
        if "total" in found and "total" in wish and found["total"] != wish["total"]:
            raise _conflict(names, operation)
        found["symmetries"] = (*wish.get("symmetries", ()), *found.get("symmetries", ()))
        wish |= found
    made = KernelWish(**wish)
    alone = (made.separable or made.sparse) and (made.total is not None or made.nonnegative)
    # Of kernels without negative weights, only the one of zeros adds up to 0, and none to less.
    empty = made.nonnegative and made.total is not None and made.total <= 0
    if alone or empty or (made.separable and (made.sparse or made.symmetries)):
        raise _conflict(names, operation)
    return made


def _meaning(word: Any, operation: str) -> dict[str, Any]:
    fixed: dict[str, dict[str, Any]] = {name: {"symmetries": (name,)} for name in SYMMETRIES}
    fixed |= {"zero_sum": {"total": 0.0}, "unit_sum": {"total": 1.0}}
    fixed |= {name: {name: True} for name in ("nonnegative", *SOLVED)}
    if isinstance(word, str) and word in fixed:
        return dict(fixed[word])
    found = _NUMBERED.fullmatch(word) if isinstance(word, str) else None
    if found is None:
        raise _unknown(word, operation)
    try:
        if found[1] == "sum":
            total = float(found[2])
            return {"total": total} if np.isfinite(total) else _refuse(word, operation)
        most = int(found[2])
    except ValueError:
        raise _unknown(word, operation) from None
    return {"sparse": True, "most": most} if most >= 1 else _refuse(word, operation)


def _refuse(word: Any, operation: str) -> dict[str, Any]:
    raise _unknown(word, operation)


def _unknown(word: Any, operation: str) -> ParameterError:
    hint = say("allowed: {}", ", ".join((*CONSTRAINTS, "sum=0.5", *SOLVED, "sparse=9")))
    return ParameterError(say("there is no constraint {!r}", word), operation, hint, parameter="constraint")


def _conflict(names: list[Any], operation: str) -> ParameterError:
    what = say("{} do not go together", " and ".join(map(str, names)))
    return ParameterError(what, operation, "choose one of them", parameter="constraint")


# -- symmetry -----------------------------------------------------------------------------------------


def orbits(names: Iterable[str], size: tuple[int, int]) -> Array:
    """The number of the set of equal weights that each cell of a plane belongs to, (height * width,), from 0 up."""
    labels = np.arange(size[0] * size[1]).reshape(size)
    for name in names:
        # Twice the distances from the centre are whole, in kernels of even sides as well.
        rows, cols = (np.abs(2 * np.arange(n) - (n - 1)) for n in size)
        if name == "radial":
            kind = np.add.outer(rows**2, cols**2)
        else:
            vertical = rows if name in ("symmetric", "symmetric_y") else np.arange(size[0]) + size[0]
            across = cols if name in ("symmetric", "symmetric_x") else np.arange(size[1]) + size[1]
            kind = np.add.outer(vertical * 4 * size[1], across)
        labels = _joined(labels, kind)
    return np.unique(labels, return_inverse=True)[1].reshape(-1)


def _joined(labels: Array, kind: Array) -> Array:
    """The finest labels that are equal wherever either of two is."""
    before = np.full(labels.shape, -1)
    while (labels != before).any():
        before = labels
        for other in (labels, kind):
            place = np.unique(other, return_inverse=True)[1].reshape(labels.shape)
            least = np.full(place.max() + 1, labels.size)
            np.minimum.at(least, place.reshape(-1), labels.reshape(-1))
            labels = least[place]
    return labels


def equalised(kernel: Array, name: str) -> Array:
    """The nearest kernel (..., height, width) with a symmetry: the mean of each set of weights that must be equal."""
    labels = orbits([name], (kernel.shape[-2], kernel.shape[-1]))
    members = np.equal.outer(labels, np.arange(labels.max() + 1)).astype(kernel.dtype)
    means = kernel.reshape(*kernel.shape[:-2], -1) @ (members / members.sum(axis=0))
    equal: Array = (means @ members.T).reshape(kernel.shape)
    return equal


def pairs_of_cells(size: tuple[int, int]) -> Array:
    """A column (height * width,) for each pair of cells that a rotation by 180 degrees exchanges, orthonormal."""
    cells = np.arange(size[0] * size[1])
    labels = np.minimum(cells, cells[::-1])
    members = np.equal.outer(labels, np.unique(labels)).astype(np.float64)
    return members / np.sqrt(members.sum(axis=0))
