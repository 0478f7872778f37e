"""Evaluating a pipeline for the wall: what is on the screen first, within the memory that maps may take."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from filterlab.errors import Cancelled, FilterLabError, shown
from filterlab.fields.maps import FieldMap
from filterlab.fields.patches import Span
from filterlab.functional.memory import KEPT, empty, keep_at_most
from filterlab.functional.threads import check_wanted, run_bands
from filterlab.graph import IMAGE
from filterlab.gui.bench.computations import PendingQuestion
from filterlab.gui.bench.large import Ask, LargeMaps
from filterlab.gui.bench.work import Picture
from filterlab.images.parts.levels import PictureLevels
from filterlab.images.parts.views import LargeView
from filterlab.images.scratch import (
    bytes_in_files,
    bytes_in_memory,
    keep_files,
    leave_to_disk,
    moved_to_disk,
)
from filterlab.images.views import MapView
from filterlab.pipeline import Pipeline
from filterlab.run import Evaluator
from filterlab.run.ledger import Problem, Row, bytes_text, computable, survey
from filterlab.run.tiling.ends import ArraySource
from filterlab.run.tiling.regions import SIDES, RegionRun, needing_whole
from filterlab.text.messages import say
from filterlab.text.system import refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray


# Bytes of maps that are remembered for undo, besides those of the present pipeline.
SPARE = 256 << 20
# Arrays as large as the largest map that a layer takes while it computes: what it reads, pads and makes.
COMPUTING = 3
PART = 4  # a quarter of the memory for maps may be taken by parts of them, and by a tile while it is computed
# Rows and columns of the tiles that parts are put together from: fewer and larger ones than those of large pictures,
# which are shown one by one, and whose source reads slowly.
SIDES_SEEN = (512, *SIDES)
SMALL_COPY = 16 << 20  # bytes; smaller copies of a map stay in memory, for they are drawn all the time
MOST_MOVED = 48  # maps on the disk, each of which keeps some files open


@dataclass(frozen=True)
class EvaluationJob:
    """A pipeline to evaluate. first: nodes whose maps are on the screen. rest: other nodes that the wall holds.

    origin: the same for all edits of one pipeline. budget: bytes that all these maps may take. further: the same was
    evaluated before, and only the preview of a picture that is larger than memory is to be refined. seen: by node, the
    rows and columns that are on the screen of maps which take long to make as a whole.
    """

    origin: object
    pipeline: Pipeline
    picture: Picture
    first: tuple[str, ...]
    rest: tuple[str, ...]
    budget: int
    further: bool = False
    seen: Mapping[str, tuple[Span, Span]] = field(default_factory=dict)


@dataclass(frozen=True)
class Survey:
    """The ledger before anything is computed: a row or a problem for each node, and where maps lie."""

    rows: dict[str, Row | Problem]
    fields: FieldMap


class Evaluation(QObject):
    """The evaluator with the maps that it remembers from job to job.

    `run`, `forget` and `forget_all` are called in its thread. The signals come in the window's thread.
    surveyed(Survey): before anything is computed. seen(parts): by node, a MapView of what is on the screen, and the row
    and column where it begins. ready(name, MapView): a map is there. failed(name, error): this node cannot be computed.
    progressed(done, total): layers computed. moved(names): the maps of these nodes wait on the disk, in files without a
    name in `folder`, because there is no room for them in memory. Of a picture that is larger than memory, the maps of
    a reduced one are made, and tiles of the others asked for by `ask` as they are looked at.
    """

    surveyed = Signal(object)
    seen = Signal(object)
    ready = Signal(str, object)
    failed = Signal(str, object)
    progressed = Signal(int, int)
    moved = Signal(object)

    def __init__(self, folder: Path, ask: Ask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder, self._ask = folder, ask
        self._large: LargeMaps | None = None
        self._evaluator = Evaluator()
        self._evaluator.place = self._place
        self._on_disk: tuple[str, ...] = ()
        self._views: dict[str, MapView] = {}
        # The one that the remembered maps belong to.
        self._document: tuple[object, Picture, int] | None = None

    def forget(self, names: Iterable[str]) -> None:
        """Give the memory of the maps of these nodes back."""
        gone = [self._views.pop(name) for name in names if name in self._views]
        self._evaluator.forget(_made_of(view) for view in gone)

    def forget_all(self) -> None:
        """Give the memory of all maps back, and what is kept for the next ones: the picture was closed."""
        self._views.clear()
        self._evaluator.clear()
        self._document = None
        keep_at_most(KEPT)
        keep_files(0)

    def run(self, job: EvaluationJob, question: PendingQuestion) -> float | None:
        """Evaluate a job and return the seconds that it took; None where a node failed and ended it early.

        Raises Cancelled once the question is no longer the newest.
        """
        start = time.perf_counter()
        try:
            if job.further:
                self._look_further(job, question)
            else:
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
        for name in by_name:
            fields.placement(name)  # here, or the window would wait for hundreds of them
        fields.boxes(IMAGE, 0, 0, 0)  # works out the shapes of all maps, which the first pin asks for
        question.tell(self.surveyed.emit, Survey(by_name, fields))
        pixels = job.picture.pixels
        if not isinstance(pixels, PictureLevels):
            self._large = None
            self._look_at_parts(job, question, pixels, by_name)
            self._compute(job, question, pixels, rows)
            return
        part = computable(job.pipeline, rows)
        self._large = LargeMaps(job.pipeline, pixels, fields, self._ask)
        for name, problem in self._large.problems(survey(part, pixels.base.shape)).items():
            question.tell(self.failed.emit, name, problem)
        self._compute(replace(job, pipeline=part), question, pixels.base, None)

    def _look_at_parts(
        self, job: EvaluationJob, question: PendingQuestion, pixels: NDArray[Any], rows: Mapping[str, Any]
    ) -> None:
        """Make what is seen of maps before the maps themselves, as the person waits for nothing else."""
        part = computable(job.pipeline, list(rows.values()))
        shapes = {IMAGE: pixels.shape, **{node.name: rows[node.name].shape for node in part}}
        wholes = needing_whole(part, shapes)
        room, known = job.budget // PART, self._evaluator.remembered(part, pixels)
        # What is remembered, after undo for example, is on the screen at once.
        making = {node.name for node in part}.difference(known, wholes)
        seen = {name: spans for name, spans in job.seen.items() if name in making}
        parts = _that_fit(seen, rows, room)
        if not parts:
            return
        try:
            run = RegionRun(part, ArraySource(pixels), list(parts), room, SIDES_SEEN, known)
            made = run.regions(parts, question)
        except FilterLabError as error:
            if isinstance(error, Cancelled):
                raise
            return  # evaluating the maps themselves tells of it
        corners = {name: (down[0], across[0]) for name, (down, across) in parts.items()}
        views = {name: (MapView(values, run_bands), corners[name]) for name, values in made.items()}
        question.tell(self.seen.emit, views)

    def _look_further(self, job: EvaluationJob, question: PendingQuestion) -> None:
        """Read more of what previews are made from, and make them again."""
        pixels = job.picture.pixels
        if isinstance(pixels, PictureLevels) and pixels.look(question):
            part = computable(job.pipeline, survey(job.pipeline, pixels.shape))
            self._compute(replace(job, pipeline=part), question, pixels.base, None)

    def _compute(
        self, job: EvaluationJob, question: PendingQuestion, pixels: NDArray[Any], rows: list[Any] | None
    ) -> None:
        """Make the maps of a picture in memory. rows: the ledger, where it is known."""
        rows = survey(job.pipeline, pixels.shape) if rows is None else rows
        by_name = {row.name: row for row in rows}
        part = computable(job.pipeline, rows)
        # What is on the screen comes first, so that the budget goes to it before the rest.
        names = [name for name in (*job.first, *job.rest) if name in part]
        wanted, room = self._within_budget(job, question, names, by_name, pixels.nbytes)
        question.tell(self.moved.emit, self._on_disk)
        # The picture needs no computing: with it the wall has something to show at once.
        self._publish(question, IMAGE, pixels)
        # Before anything is computed: by then the memory of maps that are no longer wanted must be free.
        self._views = {name: view for name, view in self._views.items() if name in (IMAGE, *wanted)}
        self._remember(job, pixels, part, room, rows)
        # Two runs: one alone would compute in the pipeline's order, and what is on the screen may stand last in it.
        for group in (job.first, job.rest):
            self._evaluator.run(
                part,
                pixels,
                [name for name in group if name in wanted],
                cancel=question,
                progress=lambda done, total: question.tell(self.progressed.emit, done, total),
                ready=lambda name, array: self._publish(question, name, array),
            )

    def _remember(
        self, job: EvaluationJob, pixels: NDArray[Any], part: Pipeline, room: int, rows: list[Any]
    ) -> None:
        """Keep maps of earlier edits, so that undo is quick, but none of another picture or pipeline."""
        document = job.origin, job.picture, id(pixels)
        same = document == self._document
        # On the disk, those of earlier edits would be more with each edit.
        self._evaluator.keep(part, pixels, spare=same)
        self._document = document
        sizes = [row.bytes for row in rows if isinstance(row, Row)]
        # Without an upper limit, a long session over large pictures would remember maps until the machine swaps.
        self._evaluator.max_bytes = min(_without_copies(room), sum(sizes) + SPARE)
        if not same:  # their sizes are others
            keep_at_most(0)
            keep_files(0)
        # A map that an edit replaces leaves its memory to another: it is part of what a layer takes while it computes.
        largest = max(sizes, default=0)
        keep_at_most(max(KEPT, min(2 * _with_copies(largest), room + largest)))
        keep_files(2 * _with_copies(largest))

    def _within_budget(
        self,
        job: EvaluationJob,
        question: PendingQuestion,
        names: list[str],
        rows: dict[str, Any],
        picture: int,
    ) -> tuple[list[str], int]:
        """The nodes whose maps can be kept, and the bytes of memory for them, first come first served.

        picture: bytes of it.
        Maps for which there is no room in memory go to the disk; where that has none either, they fail and say why.
        """
        largest = _largest_maps(job.pipeline, rows)
        # Besides what is kept: the picture with its smaller copies, and what a layer takes while it computes.
        working = COMPUTING * max((rows[name].bytes for name in names), default=0)
        room = left = max(job.budget - _with_copies(picture) - working, 0)
        disk = _free_on_disk(self._folder) // 2
        fitting: list[str] = []
        moved: list[str] = []
        for name in names:
            source, needed = largest[name]
            size = _with_copies(rows[name].bytes)
            # A map that fits is of no use if one that it is computed from does not.
            if needed <= job.budget and size <= left:
                left -= size
                fitting.append(name)
            elif needed <= job.budget and size <= disk and len(moved) < MOST_MOVED:
                disk -= size
                fitting.append(name)
                moved.append(name)
            else:
                if needed <= job.budget:
                    source, needed = name, rows[name].bytes
                question.tell(self.failed.emit, name, _too_large(name, source, needed, left))
        self._on_disk = tuple(moved)
        return fitting, room

    def _place(self, name: str, array: NDArray[Any]) -> NDArray[Any]:
        """Move the map of a node to the disk, if it is to wait there."""
        if name not in self._on_disk or not bytes_in_memory(array):
            return array
        # Looked at before it is moved, for it would be read from the disk at once.
        view = MapView(array, run_bands, empty)
        try:
            view.take_from(moved_to_disk(array, self._folder, again=True, between=check_wanted))
        except OSError as error:
            what = say("its map cannot be moved to the disk: {}", refusal(error)[0])
            hint = say("use a smaller picture or fewer channels, or hide other layers")
            raise FilterLabError(what, f"node {shown(name)}", hint, node=name) from None
        self._views[name] = self._finished(name, view)
        return view.array

    def _finished(self, name: str, view: MapView) -> MapView:
        """The view of a map, whose larger copies go to the disk with it, as do the picture's where memory is short."""
        # Counted in this thread: the window asks for the ranges of colours as soon as it has the map.
        _ = view.distribution
        if not bytes_in_memory(view.array) or (name == IMAGE and self._on_disk):
            with suppress(OSError):  # then they stay in memory
                for level, copy in enumerate(view.levels[1:], 1):
                    if bytes_in_memory(copy) > SMALL_COPY:
                        view.levels[level] = moved_to_disk(copy, self._folder, again=True)
        return view if self._large is None else self._large.view(name, view)

    def _publish(self, question: PendingQuestion, name: str, array: NDArray[Any]) -> None:
        if question():
            raise Cancelled("a newer job is waiting", f"node '{name}'", node=name)
        known = self._views.get(name)
        # The view of an unchanged array has its range and smaller copies already; a new one would make them again.
        if known is None or _made_of(known) is not array:
            known = self._views[name] = self._finished(name, MapView(array, run_bands, empty))
        for view in self._views.values():
            for level in view.levels:
                leave_to_disk(level)
        question.tell(self.ready.emit, name, known)


def _made_of(view: MapView) -> NDArray[Any]:
    """The array that a view was made of by the evaluator."""
    return view.base.array if isinstance(view, LargeView) else view.array


def _that_fit(
    seen: Mapping[str, tuple[Span, Span]], rows: Mapping[str, Row], room: int
) -> dict[str, tuple[Span, Span]]:
    """The parts of maps for which there is room in memory, first come first served."""
    found = {}
    for name, (down, across) in seen.items():
        row = rows[name]
        cell = row.bytes // prod(row.shape[1:])
        size = _with_copies(cell * (down[1] - down[0]) * (across[1] - across[0]))
        # They come on top of the maps of before and the new ones, which take the memory for maps already.
        if size <= room:
            room -= size
            found[name] = down, across
    return found


def _with_copies(count: int) -> int:
    """The bytes of a map with the smaller copies of its view, each of which has a quarter of the cells."""
    return count + count // 3


def _without_copies(count: int) -> int:
    """The bytes of the maps which take so many with the smaller copies of their views."""
    return count * 3 // 4


def _free_on_disk(folder: Path) -> int:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(folder).free + bytes_in_files()
    except OSError:
        return 0


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
