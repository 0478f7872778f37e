"""The facts that lessons state, checked against the engine. Each kind of fact is one function here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np

from filterlab.errors import FileError, FilterLabError
from filterlab.explain.explainer import Explainer
from filterlab.functional.arrays import Array
from filterlab.lessons import learned
from filterlab.lessons.lesson import Learning, Lesson
from filterlab.lessons.scenes import Scene, scene, through_onnx
from filterlab.run.ledger import Row, ledger
from filterlab.text.messages import say

TOLERANCE = 1e-5  # relative and absolute: float32 round-off of the sums in lessons


class _Case:
    """One scene, computed as far as its facts need it."""

    def __init__(self, shown: Scene, learning: Learning | None) -> None:
        self.scene, self.learning = shown, learning
        self.pipeline = shown.pipeline
        self.size = shown.pixels.shape[1:]
        # One for all facts of a step: it keeps the maps that it has computed.
        self.explainer = Explainer(shown.pipeline, shown.pixels)
        self.made: learned.Made = {}

    @cached_property
    def rows(self) -> list[Row]:
        """The ledger."""
        return ledger(self.pipeline, self.scene.pixels.shape)

    def total(self, figure: str, claimed: Any) -> tuple[Any, Any]:
        """(real, claimed) of a figure: of all nodes, or for [name or prefix ending in "/", figure] of some."""
        name, want = claimed if isinstance(claimed, list) else ("", claimed)
        # `"" in "/"` is true, too: the empty name stands for all nodes, and a name ending in "/" for a prefix.
        rows = [
            row for row in self.rows if row.name == name or (name[-1:] in "/" and row.name.startswith(name))
        ]
        return sum(getattr(row, figure) for row in rows), want


Fact = Callable[[_Case, Any], tuple[Any, Any]]  # returns (real, claimed)


def _map(case: _Case, claimed: Any) -> tuple[Any, Any]:
    """[node, numbers]: all values of the map; a list of rows for a map of one channel."""
    name, want = claimed
    real = case.explainer.map(name)
    return real if real.ndim == np.ndim(want) else real[0], want


def _value(case: _Case, claimed: Any) -> tuple[Any, Any]:
    """[node, channel, row, column, number]."""
    name, channel, row, col, want = claimed
    return case.explainer.map(name)[channel, row, col], want


def _parts(case: _Case, claimed: Any) -> tuple[Any, Any]:
    """[node, channel, row, column, numbers]: the sum of products of each input channel."""
    *place, want = claimed
    return [part.value for part in case.explainer.explain(*place).parts], want


def _winner(case: _Case, claimed: Any) -> tuple[Any, Any]:
    """[node, channel, row, column, [row, column]]: the cell of the input that was chosen."""
    *place, want = claimed
    return [[term.where.row, term.where.col] for term in case.explainer.explain(*place).winners], [want]


def _field(case: _Case, claimed: Any) -> tuple[Any, Any]:
    """[node, size, stride]: the receptive field, equal in height and width; the stride may be left out."""
    name, *want = claimed
    field = case.pipeline.receptive_field(name, size=case.size)
    return list((field.size, field.stride)[: len(want)]), [(n, n) for n in want]


def _region(case: _Case, claimed: Any) -> tuple[Any, Any]:
    """[node, row, column, [top, left, bottom, right]]: the region of the picture."""
    name, row, col, want = claimed
    region = case.pipeline.input_region(name, row, col, size=case.size)
    return [region.top, region.left, region.bottom, region.right], want


def _pull(case: _Case, claimed: Any) -> tuple[Any, Any]:
    """[node, channel, row, column, [row, column], [lowest, highest]]: the derivative with respect to a grey pixel."""
    *place, (row, col), figures = claimed
    return learned.within(case.pipeline.provenance(case.scene.pixels, *place).effective[0, row, col], figures)


def _near(case: _Case, claimed: Any) -> tuple[Any, Any]:
    """[node, channel, row, column, [lowest, highest]]: a value; row and column of a vector are 0."""
    name, *place, figures = claimed
    real = case.explainer.map(name)
    return learned.within(real[tuple(place[: real.ndim])], figures)


def _said(case: _Case, claimed: Any) -> tuple[Any, Any]:
    """[node, label, [lowest, highest]]: the class of the largest score, and that score."""
    step = case.pipeline.step(claimed[0])
    return learned.said(step, case.explainer.map(step.name), claimed)


def _exported(case: _Case, claimed: Any) -> tuple[Any, Any]:
    """[lowest, highest]: the largest difference of the last map once the pipeline is written as ONNX and read again."""
    again = through_onnx(case.pipeline, case.scene.pixels.shape)
    real, other = (p.run(case.scene.pixels)[p.steps[-1].name] for p in (case.pipeline, again))
    return learned.within(np.abs(real - other).max(), claimed)


FACTS: dict[str, Fact] = {
    "map": _map,
    "value": _value,
    "parts": _parts,
    "winner": _winner,
    "field": _field,
    "region": _region,
    "learned": lambda case, claimed: learned.learned(case.scene, case.learning, claimed, case.made),
    "loss": lambda case, claimed: learned.loss(case.scene, case.learning, claimed),
    "gradient": lambda case, claimed: learned.gradient(case.scene, case.learning, claimed),
    "fitted": lambda case, claimed: learned.fitted(case.scene, claimed),
    "restored": lambda case, claimed: learned.restored(case.scene, claimed),
    "told_apart": lambda case, claimed: learned.told_apart(case.pipeline, claimed),
    "deviation": lambda case, claimed: learned.within(case.explainer.map(claimed[0]).std(), claimed[1]),
    "near": _near,
    "said": _said,
    "pull": _pull,
    "exported": _exported,
    "psnr": lambda case, claimed: learned.within(
        learned.psnr(case.explainer.map(claimed[0]), case.scene.clean), claimed[1]
    ),
    "shape": lambda case, claimed: (case.explainer.map(claimed[0]).shape, claimed[1]),
    "same": lambda case, claimed: (case.explainer.map(claimed[0]), case.explainer.map(claimed[1])),
    "sum": lambda case, claimed: (case.explainer.map(claimed[0]).sum(), claimed[1]),
    "range": lambda case, claimed: (
        [case.explainer.map(claimed[0]).min(), case.explainer.map(claimed[0]).max()],
        claimed[1:],
    ),
    "layers": lambda case, claimed: (len(case.pipeline), claimed),
    "parameters": lambda case, claimed: case.total("parameters", claimed),
    "macs": lambda case, claimed: case.total("macs", claimed),
}


def false_facts(lesson: Lesson) -> list[str]:
    """The statements of a lesson that are not true, in words; empty for a true lesson.

    Raises FilterLabError for a step that does not open, and FileError for a fact of an unknown kind or form.
    """
    return [words for index in range(len(lesson.steps)) for words in _false_in_step(lesson, index)]


def _false_in_step(lesson: Lesson, index: int) -> Iterator[str]:
    step = lesson.steps[index]
    case = _Case(scene(lesson, index), step.learn)
    where = f"lesson '{lesson.name}', step {index + 1}"
    for fact in step.claims:
        yield from _false(fact, case, where)
    for fact in step.untrue:
        if not list(_false(fact, case, where)):
            ((kind, claimed),) = fact.items()
            yield f"{where}: {kind} {claimed!r:.200} is true, and stands for a wrong answer"


def _false(fact: dict[str, Any], case: _Case, where: str) -> Iterator[str]:
    # The model of the file allows exactly one key, so that unpacking cannot fail.
    ((kind, claimed),) = fact.items()
    real, want = _compared(kind, claimed, case, where)
    # Counts and positions must be exact.
    slack = 0 if real.dtype.kind in "iu" else TOLERANCE
    if real.shape != want.shape or not np.allclose(real, want, rtol=slack, atol=slack):
        yield f"{where}: {kind} {claimed!r:.200} is really {real.tolist()!r:.200}"


def _compared(kind: str, claimed: Any, case: _Case, where: str) -> tuple[Array, Array]:
    if kind not in FACTS:
        raise FileError(say("there is no kind of fact {!r}", kind), where, say("one of {}", ", ".join(FACTS)))
    try:
        real, want = FACTS[kind](case, claimed)
        # Integers stay integers, because only they are compared without tolerance.
        found = np.array(real)
        return found if found.dtype.kind in "iu" else found.astype(np.float64), np.array(want, np.float64)
    # A wrong form shows in many ways; all of them are a mistake in the lesson, not in the program.
    except (FilterLabError, TypeError, ValueError, KeyError, IndexError) as error:
        what = say("the fact {} {!r:.100} cannot be checked: {}", kind, claimed, error)
        raise FileError(what, where, "compare it with another lesson") from None
