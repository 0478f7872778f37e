"""The thread that evaluates: the newest job replaces the one under way, and what it gives carries its number."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from filterlab.errors import Cancelled, FilterLabError, shown
from filterlab.fields.maps import FieldMap
from filterlab.graph import IMAGE
from filterlab.gui.bench.priority import yield_to_window
from filterlab.gui.bench.work import Picture
from filterlab.images.views import MapView
from filterlab.pipeline import Pipeline
from filterlab.run import Evaluator
from filterlab.run.ledger import Problem, Row, bytes_text, computable, survey
from filterlab.text.messages import say

if TYPE_CHECKING:
    from numpy.typing import NDArray


SPARE = 256 << 20  # bytes of maps that are remembered for undo beside those of the present pipeline


@dataclass(frozen=True)
class EvaluationJob:
    """What to evaluate. first: nodes whose maps are on the screen. rest: other nodes that the wall holds.

    opened: which of the opened pipelines this is, edited or not. budget: bytes that all these maps may take.
    """

    number: int
    opened: int
    pipeline: Pipeline
    picture: Picture
    first: tuple[str, ...]
    rest: tuple[str, ...]
    budget: int


@dataclass(frozen=True)
class Survey:
    """What is known before anything is computed: a row or a problem for each node, and where maps lie."""

    rows: dict[str, Row | Problem]
    fields: FieldMap


class Worker(QObject):
    """Evaluates the newest job in a thread of its own. Signals come with the number of their job first.

    surveyed(int, Survey); ready(int, name, MapView); failed(int, name, error, traceback), name "" for the whole
    job; progressed(int, done, total); ended(int, seconds, completed).
    """

    surveyed = Signal(int, object)
    ready = Signal(int, str, object)
    failed = Signal(int, str, object, str)
    progressed = Signal(int, int, int)
    ended = Signal(int, float, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._condition = threading.Condition()
        self._next: EvaluationJob | None = None
        self._unwanted: frozenset[str] = frozenset()  # nodes whose maps are to be given back
        self._current = 0  # number of the newest job; older ones stop
        self._closing = False
        self._evaluator = Evaluator()
        self._views: dict[str, MapView] = {}
        self._document: tuple[int, Picture] | None = None  # that the remembered maps belong to
        self._thread = threading.Thread(target=self._loop, name="filterlab-evaluator", daemon=True)
        self._thread.start()

    def start(self, job: EvaluationJob) -> None:
        """Evaluate `job`, leaving off what is under way."""
        with self._condition:
            self._next, self._current = job, job.number
            self._condition.notify()

    def forget(self, names: Iterable[str]) -> None:
        """Give the memory of the maps of these nodes back, when what is under way has ended."""
        with self._condition:
            self._unwanted |= frozenset(names)
            self._condition.notify()

    def stop(self) -> None:
        """Leave off what is under way."""
        with self._condition:
            self._next = None
            self._current += 1

    def close(self, seconds: float = 2.0) -> None:
        """End the thread; it ends after the layer that it is computing, and is not waited for longer."""
        with self._condition:
            self._next, self._closing = None, True
            self._current += 1
            self._condition.notify()
        self._thread.join(seconds)

    def _loop(self) -> None:
        yield_to_window()
        while self._serve():
            pass

    def _serve(self) -> bool:
        """Wait for something to do and do it; False at the end. Nothing is held between jobs: maps are large."""
        with self._condition:
            while self._next is None and not self._unwanted and not self._closing:
                self._condition.wait()
            if self._closing:
                return False
            job, self._next = self._next, None
            unwanted, self._unwanted = self._unwanted, frozenset()
        gone = [self._views.pop(name) for name in unwanted if name in self._views]
        self._evaluator.forget(view.array for view in gone)
        del gone
        if job is not None:
            self._run(job)
        return True

    def _run(self, job: EvaluationJob) -> None:
        start, completed = time.perf_counter(), False
        try:
            self._evaluate(job)
            completed = True
        except Cancelled:
            pass
        except Exception as error:
            node = error.node if isinstance(error, FilterLabError) else ""
            self._emit(self.failed, job, node, error, traceback.format_exc())
        self._emit(self.ended, job, time.perf_counter() - start, completed)

    def _emit(self, signal: Any, job: EvaluationJob, *values: Any) -> None:
        if not self._closing:
            signal.emit(job.number, *values)

    def _outdated(self, job: EvaluationJob) -> bool:
        return self._current != job.number

    def _evaluate(self, job: EvaluationJob) -> None:
        shape = job.picture.shape
        rows = survey(job.pipeline, shape)
        by_name = {row.name: row for row in rows}
        self._emit(self.surveyed, job, Survey(by_name, FieldMap(job.pipeline, shape[1:], shape[0])))
        self._publish(job, IMAGE, job.picture.pixels)
        part = computable(job.pipeline, rows)
        wanted = self._within_budget(job, [n for n in (*job.first, *job.rest) if n in part], by_name)
        self._views = {name: view for name, view in self._views.items() if name in (IMAGE, *wanted)}
        self._remember(job, part, sum(row.bytes for row in rows if isinstance(row, Row)))
        for group in (job.first, job.rest):
            self._evaluator.run(
                part,
                job.picture.pixels,
                [name for name in group if name in wanted],
                cancel=lambda: self._outdated(job),
                progress=lambda done, total: self._emit(self.progressed, job, done, total),
                ready=lambda name, array: self._publish(job, name, array),
            )

    def _remember(self, job: EvaluationJob, part: Pipeline, needed: int) -> None:
        """Keep maps of earlier edits, so that undo is quick, but none of another picture or pipeline."""
        document = job.opened, job.picture
        if document != self._document:
            self._evaluator.keep(part, job.picture.pixels)
            self._document = document
        self._evaluator.max_bytes = min(job.budget, needed + SPARE)

    def _within_budget(self, job: EvaluationJob, names: list[str], rows: dict[str, Any]) -> list[str]:
        """The nodes whose maps fit into memory together, first come first served; the others are told why not."""
        left, fitting, largest = job.budget, [], _largest_maps(job.pipeline, rows)
        for name in names:
            source, needed = largest[name]
            if needed <= job.budget and rows[name].bytes <= left:
                left -= rows[name].bytes
                fitting.append(name)
                continue
            if needed <= job.budget:
                source, needed = name, rows[name].bytes
            self._emit(self.failed, job, name, _too_large(name, source, needed, left), "")
        return fitting

    def _publish(self, job: EvaluationJob, name: str, array: NDArray[Any]) -> None:
        if self._outdated(job):
            raise Cancelled("a newer job is waiting", f"node '{name}'", node=name)
        known = self._views.get(name)
        # An array that did not change was looked at already: its range and smaller copies are there.
        if known is None or known.array is not array:
            known = self._views[name] = MapView(array)
        self._emit(self.ready, job, name, known)


def _too_large(name: str, source: str, needed: int, left: int) -> FilterLabError:
    """Why there is no memory for the maps of a node, or for those of a node that they are computed from."""
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
