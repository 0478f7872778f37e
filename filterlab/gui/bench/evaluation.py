"""Evaluating a pipeline for the wall: what is on the screen first, within the memory that maps may take."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from filterlab.errors import Cancelled, FilterLabError, shown
from filterlab.fields.maps import FieldMap
from filterlab.graph import IMAGE
from filterlab.gui.bench.computations import PendingQuestion
from filterlab.gui.bench.work import Picture
from filterlab.images.views import MapView
from filterlab.pipeline import Pipeline
from filterlab.run import Evaluator
from filterlab.run.ledger import Problem, Row, bytes_text, computable, survey
from filterlab.text.messages import say

if TYPE_CHECKING:
    from numpy.typing import NDArray


# Bytes of maps that are remembered for undo, besides those of the present pipeline.
SPARE = 256 << 20


@dataclass(frozen=True)
class EvaluationJob:
    """A pipeline to evaluate. first: nodes whose maps are on the screen. rest: other nodes that the wall holds.

    origin: the same for all edits of one pipeline. budget: bytes that all these maps may take.
    """

    origin: object
    pipeline: Pipeline
    picture: Picture
    first: tuple[str, ...]
    rest: tuple[str, ...]
    budget: int


@dataclass(frozen=True)
class Survey:
    """The ledger before anything is computed: a row or a problem for each node, and where maps lie."""

    rows: dict[str, Row | Problem]
    fields: FieldMap


class Evaluation(QObject):
    """The evaluator with the maps that it remembers from job to job; `run` and `forget` are called in its thread.

    The signals come in the window's thread. surveyed(Survey): before anything is computed. ready(name, MapView): a
    map is there. failed(name, error): this node cannot be computed. progressed(done, total): layers computed.
    """

    surveyed = Signal(object)
    ready = Signal(str, object)
    failed = Signal(str, object)
    progressed = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._evaluator = Evaluator()
        self._views: dict[str, MapView] = {}
        # The one that the remembered maps belong to.
        self._document: tuple[object, Picture] | None = None

    def forget(self, names: Iterable[str]) -> None:
        """Give the memory of the maps of these nodes back."""
        gone = [self._views.pop(name) for name in names if name in self._views]
        self._evaluator.forget(view.array for view in gone)

    def run(self, job: EvaluationJob, question: PendingQuestion) -> float | None:
        """Evaluate a job and return the seconds that it took; None where a node failed and ended it early.

        Raises Cancelled once the question is no longer the newest.
        """
        start = time.perf_counter()
        try:
            self._evaluate(job, question)
        except FilterLabError as error:
            # An error that names a node is shown in its column; any other goes to the list of messages.
            if isinstance(error, Cancelled) or not error.node:
                raise
            question.tell(self.failed.emit, error.node, error)
            return None
        return time.perf_counter() - start

    def _evaluate(self, job: EvaluationJob, question: PendingQuestion) -> None:
        shape = job.picture.shape
        rows = survey(job.pipeline, shape)
        by_name = {row.name: row for row in rows}
        fields = FieldMap(job.pipeline, shape[1:], shape[0])
        question.tell(self.surveyed.emit, Survey(by_name, fields))
        # The picture needs no computing: with it the wall has something to show at once.
        self._publish(question, IMAGE, job.picture.pixels)
        part = computable(job.pipeline, rows)
        # What is on the screen comes first, so that the budget goes to it before the rest.
        names = [name for name in (*job.first, *job.rest) if name in part]
        wanted = self._within_budget(job, question, names, by_name)
        # Before anything is computed: by then the memory of maps that are no longer wanted must be free.
        self._views = {name: view for name, view in self._views.items() if name in (IMAGE, *wanted)}
        self._remember(job, part, sum(row.bytes for row in rows if isinstance(row, Row)))
        # Two runs: one alone would compute in the pipeline's order, and what is on the screen may stand last in it.
        for group in (job.first, job.rest):
            self._evaluator.run(
                part,
                job.picture.pixels,
                [name for name in group if name in wanted],
                cancel=question,
                progress=lambda done, total: question.tell(self.progressed.emit, done, total),
                ready=lambda name, array: self._publish(question, name, array),
            )

    def _remember(self, job: EvaluationJob, part: Pipeline, needed: int) -> None:
        """Keep maps of earlier edits, so that undo is quick, but none of another picture or pipeline."""
        document = job.origin, job.picture
        if document != self._document:
            self._evaluator.keep(part, job.picture.pixels)
            self._document = document
        # Without an upper limit, a long session over large pictures would remember maps until the machine swaps.
        self._evaluator.max_bytes = min(job.budget, needed + SPARE)

    def _within_budget(
        self, job: EvaluationJob, question: PendingQuestion, names: list[str], rows: dict[str, Any]
    ) -> list[str]:
        """The nodes whose maps fit into memory together, first come first served; the others fail and say why."""
        left, fitting, largest = job.budget, [], _largest_maps(job.pipeline, rows)
        for name in names:
            # A map that fits is of no use if one that it is computed from does not.
            source, needed = largest[name]
            if needed <= job.budget and rows[name].bytes <= left:
                left -= rows[name].bytes
                fitting.append(name)
                continue
            if needed <= job.budget:
                source, needed = name, rows[name].bytes
            question.tell(self.failed.emit, name, _too_large(name, source, needed, left))
        return fitting

    def _publish(self, question: PendingQuestion, name: str, array: NDArray[Any]) -> None:
        if question():
            raise Cancelled("a newer job is waiting", f"node '{name}'", node=name)
        known = self._views.get(name)
        # The view of an unchanged array has its range and smaller copies already; a new one would make them again.
        if known is None or known.array is not array:
            known = self._views[name] = MapView(array)
        question.tell(self.ready.emit, name, known)


def _too_large(name: str, source: str, needed: int, left: int) -> FilterLabError:
    """The error for a node whose maps, or those that they are computed from, do not fit into the memory."""
    maps = "its maps" if source == name else f"the maps of {shown(source)}, which it is computed from,"
    what = say("{} need {}, and {} are left for maps", maps, bytes_text(needed), bytes_text(left))
    hint = say("use a smaller picture or fewer channels, or hide other layers")
    return FilterLabError(what, f"node {shown(name)}", hint, node=name)


def _largest_maps(pipeline: Pipeline, rows: dict[str, Any]) -> dict[str, tuple[str, int]]:
    """For each node, which of all that it is computed from, itself included, has the largest map, and its bytes."""
    largest: dict[str, tuple[str, int]] = {}
    for step in pipeline.steps:
        row = rows[step.name]
        own = step.name, row.bytes if isinstance(row, Row) else 0
        read = [largest[name] for name in step.inputs if name in largest]
        largest[step.name] = max((own, *read), key=lambda found: found[1])
    return largest
