"""The results of the engine for the document: maps, ledger rows and problems, up to date or marked stale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from math import ceil, floor, isfinite
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from filterlab.errors import FilterLabError
from filterlab.fields.maps import FieldMap, Placement
from filterlab.fields.patches import Span
from filterlab.graph import IMAGE
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.evaluation import Evaluation, EvaluationJob, Survey
from filterlab.gui.bench.messages import Messages
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.visible import Present, VisibleTiles
from filterlab.gui.bench.work import Picture, Work
from filterlab.gui.words.i18n import tr
from filterlab.images.parts.levels import PictureLevels
from filterlab.images.parts.patched import ALIGNED, PatchedView
from filterlab.images.parts.views import LargeView
from filterlab.images.views import MapView, ViewCrop
from filterlab.machine import memory
from filterlab.pipeline import Pipeline
from filterlab.run.ledger import Problem, Row, bytes_text

# Milliseconds without an edit before a computation under way is replaced: a drag edits at every move of the mouse.
DEBOUNCE = 25
# Of a picture with so many values, what is seen is computed before the whole, if it is no more than a part of it.
LARGE = 1 << 24
PART_SEEN = 8


@dataclass(frozen=True)
class Shown:
    """The map of a node as it was last computed. placement: how it lies on its picture; None for a vector.

    renewed: whether the part that a `PatchedView` holds is that of the present document.
    """

    view: MapView
    placement: Placement | None
    stale: bool = False
    renewed: bool = False

    def stale_in(self, crop: ViewCrop) -> bool:
        """Return whether values under a part of the map are those of before an edit."""
        fresh = self.renewed and isinstance(self.view, PatchedView) and self.view.renews(crop)
        return self.stale and not fresh

    def stale_at(self, row: int, col: int) -> bool:
        """Return whether the values of a cell are those of before an edit."""
        return self.stale_in(ViewCrop(row, col, row + 1, col + 1))

    def has(self, spot: Spot) -> bool:
        """Return whether the map has such a channel, row and column."""
        places = zip((spot.channel, spot.row, spot.col), self.view.planes.shape, strict=True)
        return all(0 <= place < count for place, count in places)


class Results(QObject):
    """Follows the document and computes what changed, what is on the screen first; an edit interrupts it.

    The map of before stays, marked stale, until the new one is there: the wall never goes blank. Of large maps, what is
    on the screen comes first. seen: gives the part of each map that is on the screen, in its cells.
    surveyed: rows, problems and fields are those of the document. map_ready(name): `maps[name]` is new.
    staleness_changed: some maps became stale. parts_ready: what is seen of stale maps is up to date. failed(name): a
    node was not computed, and `failures[name]` says why. busy_changed(bool); progressed(done, total);
    finished(seconds): all maps that are wanted are there.
    """

    surveyed = Signal()
    map_ready = Signal(str)
    staleness_changed = Signal()
    parts_ready = Signal()
    failed = Signal(str)
    busy_changed = Signal(bool)
    progressed = Signal(int, int)
    finished = Signal(float)

    def __init__(
        self, document: Document, messages: Messages, folder: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._messages = document, messages
        self.rows: dict[str, Row | Problem] = {}
        self.fields: FieldMap | None = None
        self.maps: dict[str, Shown] = {}
        self.failures: dict[str, FilterLabError] = {}
        self.busy = False
        self.stopped = False
        self._hidden: set[str] = set()
        self._on_screen: tuple[str, ...] = ()
        self.seen: Callable[[], Mapping[str, ViewCrop]] = dict
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(lambda: self._start())
        self._computations = Computations(messages, self)
        self._computations.answered.connect(self._end)
        self._computations.failed.connect(self._end_of_fault)
        self.budget = 0  # bytes that maps may take in memory; 0 for the usual
        self._moved: tuple[str, ...] = ()
        self.tiles = VisibleTiles(messages, self)
        self.tiles.present = self._present
        self._evaluation = Evaluation(folder, self.tiles.ask, self)
        self._evaluation.moved.connect(self._take_moved)
        self._evaluation.surveyed.connect(self._take_survey)
        self._evaluation.seen.connect(self._take_parts)
        self._evaluation.ready.connect(self._take_map)
        self._evaluation.failed.connect(self._take_failure)
        self._evaluation.progressed.connect(self._take_progress)
        document.changed.connect(self._follow)

    # -- asking ---------------------------------------------------------------------------------------

    @property
    def room(self) -> int:
        """The bytes of memory that maps may take."""
        return self.budget or map_budget()

    def problem(self, name: str) -> FilterLabError | Problem | None:
        """The reason why a node has no map of the present document; None where it has one or will have one."""
        if name in self.failures:
            return self.failures[name]
        row = self.rows.get(name)
        return row if isinstance(row, Problem) else None

    def row(self, name: str) -> Row | None:
        """The ledger row of a node; None where its shape does not fit."""
        row = self.rows.get(name)
        return row if isinstance(row, Row) else None

    def value(self, spot: Spot) -> Any:
        """The number at a spot, in the dtype of its map, which may be stale; None where there is none."""
        shown = self.maps.get(spot.node)
        if shown is None or not shown.has(spot) or self.is_preview(spot.node):
            return None
        return shown.view.number(spot.channel, spot.row, spot.col)

    def is_preview(self, name: str) -> bool:
        """Return whether only a preview of a map is known, because it needs more of a large picture than there is."""
        return name in self.failures and name in self.maps and not self.maps[name].stale

    def want(self, shown: Iterable[str], on_screen: Iterable[str] = ()) -> None:
        """Compute the maps of these nodes, those on the screen first; nodes that are added later are wanted too."""
        # The hidden nodes are remembered, not the wanted ones: a node that an edit adds is wanted at once.
        held = set(shown)
        self._hidden = {node.name for node in self._document.pipeline.nodes} - held
        self._on_screen = tuple(on_screen)
        # Maps that no one looks at give their memory back.
        for name in self._hidden.intersection(self.maps):
            del self.maps[name]
        self._forget(self._hidden)
        if not self.busy and not self.stopped and self._missing():
            self._restart()

    def _missing(self) -> bool:
        """Return whether a wanted map is neither there nor known to be impossible."""
        if self._document.picture is None:
            return False
        names = {node.name for node in self._document.pipeline.nodes} - self._hidden - set(self.maps)
        return any(self.problem(name) is None for name in names - self._lost())

    def stop(self) -> None:
        """Stop computing; maps that are not up to date stay stale until the next edit or `refresh`."""
        self._timer.stop()
        self._computations.drop()
        self.stopped = True
        self._set_busy(False)

    def refresh(self) -> None:
        """Compute the maps that are missing, after `stop` for example."""
        self._restart()

    def close(self) -> None:
        """End the thread."""
        self._timer.stop()
        self._computations.close()
        self.tiles.close()

    # -- following the document -----------------------------------------------------------------------

    def _present(self) -> Present | None:
        """The document, and its maps that are computed tile by tile."""
        picture = self._document.picture
        if picture is None or not isinstance(picture.pixels, PictureLevels):
            return None
        self.tiles.memory.most = self.room // 2
        current = {name: shown.view for name, shown in self.maps.items() if not shown.stale}
        views = {name: view for name, view in current.items() if isinstance(view, LargeView)}
        return Present(self._document.pipeline, picture.pixels, views)

    def _follow(self, old: Work, new: Work) -> None:
        if old.pipeline is new.pipeline and old.picture is new.picture:
            return
        self.tiles.drop()
        if new.picture is None:
            self._clear()
            return
        if old.picture is not new.picture:
            outdated = {IMAGE, *(node.name for node in new.pipeline.nodes)}
        else:
            outdated = _changed_nodes(old.pipeline, new.pipeline)
        self._forget_vanished(old, new)
        for name, shown in self.maps.items():
            if name in outdated:  # whether or not it was stale: a part may have been renewed since
                self.maps[name] = Shown(shown.view, shown.placement, stale=True)
        self.staleness_changed.emit()
        self._restart()

    def _clear(self) -> None:
        self._timer.stop()
        self._computations.drop()
        self._computations.afterwards(self._evaluation.forget_all)
        self.rows, self.fields, self.maps, self.failures = {}, None, {}, {}
        self.staleness_changed.emit()
        self.surveyed.emit()
        self._set_busy(False)

    def _forget_vanished(self, old: Work, new: Work) -> None:
        """Drop the maps of nodes that are gone; of another pipeline, all nodes are, though their names may be known."""
        same = old.origin is new.origin
        for name in [n for n in self.maps if n != IMAGE and not (same and n in new.pipeline)]:
            del self.maps[name]

    def _forget(self, names: Iterable[str]) -> None:
        """Give the memory of maps back, in the thread that holds them."""
        # A tuple of the names now: the thread reads them later, when the dictionary they come from has changed.
        self._computations.afterwards(partial(self._evaluation.forget, tuple(names)))

    def _share(self, picture: Picture) -> int:
        """The memory for maps that are evaluated as a whole: half of it where the others come in tiles."""
        return self.room // 2 if isinstance(picture.pixels, PictureLevels) else self.room

    def _restart(self) -> None:
        self.stopped = False
        # Starts anew while it runs, so that a drag waits until the hand rests. A single edit waits for nothing but the
        # end of what has made it.
        self._timer.start(DEBOUNCE if self.busy else 0)
        self._set_busy(True)

    def _start(self, further: bool = False) -> None:
        picture = self._document.picture
        if picture is None:
            return
        names = [node.name for node in self._document.pipeline.nodes]
        lost = self._lost() if further else set()
        shown = [n for n in names if n not in self._hidden and n not in lost]
        # In the order of the pipeline, so that a map comes after those it is made from.
        first = tuple(n for n in shown if n in self._on_screen)
        rest = tuple(n for n in shown if n not in first)
        document = self._document
        room = self._share(picture)
        job = EvaluationJob(
            document.work.origin,
            document.pipeline,
            picture,
            first,
            rest,
            room,
            further,
            self._parts_seen(picture),
        )
        self._computations.ask(None, partial(self._evaluation.run, job))

    def _parts_seen(self, picture: Picture) -> dict[str, tuple[Span, Span]]:
        """The rows and columns on the screen of stale maps, where they are few of many."""
        if isinstance(picture.pixels, PictureLevels) or picture.pixels.size < LARGE:
            return {}
        found: dict[str, tuple[Span, Span]] = {}
        for name, crop in self.seen().items():
            shown = self.maps.get(name)
            if shown is None or not shown.stale or shown.view.is_vector:
                continue
            height, width = shown.view.size
            rows, cols = _aligned(crop.top, crop.bottom, height), _aligned(crop.left, crop.right, width)
            if 0 < (rows[1] - rows[0]) * (cols[1] - cols[0]) * PART_SEEN <= height * width:
                found[name] = rows, cols
        return found

    def _lost(self) -> set[str]:
        """The nodes that have failed, and those that wait for them: they would end a further look at the others."""
        there = {name for name, shown in self.maps.items() if not shown.stale}
        lost: set[str] = set()
        for step in self._document.pipeline.steps:
            if step.name not in there and (step.name in self.failures or lost.intersection(step.inputs)):
                lost.add(step.name)
        return lost

    # -- taking what the evaluation gives -------------------------------------------------------------

    @property
    def _late(self) -> bool:
        """True if what comes now is about a document that was edited since.

        During the pause after an edit the evaluation goes on, because the layers before the edited one are
        remembered; but nothing that it sends may be shown any more.
        """
        return self._timer.isActive()

    def _take_survey(self, survey: Survey) -> None:
        if self._late:
            return
        # Failures of the job before are void: each job reports its own again.
        self.rows, self.fields, self.failures = survey.rows, survey.fields, {}
        self.surveyed.emit()

    def _take_parts(self, parts: Mapping[str, tuple[MapView, tuple[int, int]]]) -> None:
        for name, (part, corner) in parts.items():
            shown = self.maps.get(name)
            # Nothing of a map that lies elsewhere on the picture now can be laid over the one of before.
            if self._late or self.fields is None or shown is None or not shown.stale:
                continue
            if (
                shown.placement == self.fields.placement(name)
                and shown.view.size == self.fields.sizes[name]
                and shown.view.channels == part.channels
            ):
                old = shown.view.old if isinstance(shown.view, PatchedView) else shown.view
                view = PatchedView(old, part, corner)
                self.maps[name] = Shown(view, shown.placement, stale=True, renewed=True)
        self.parts_ready.emit()

    def _take_map(self, name: str, view: MapView) -> None:
        # A column may have been hidden while its map was on the way.
        if self._late or self.fields is None or name in self._hidden:
            return
        old = self.maps.get(name)
        if old is not None and isinstance(old.view, LargeView) and isinstance(view, LargeView):
            self.tiles.memory.hand_over(old.view, view)
        # The placement is kept with the map: `fields` may be newer than a map that is still shown as stale.
        shown = Shown(view, None if view.is_vector else self.fields.placement(name))
        # Each evaluation hands the picture over, and every map that it need not make: nobody is to look at them anew.
        if shown != old:
            self.maps[name] = shown
            self.map_ready.emit(name)

    def _take_failure(self, name: str, error: FilterLabError) -> None:
        if not self._late:
            self.failures[name] = error
            self.failed.emit(name)

    def _take_moved(self, names: tuple[str, ...]) -> None:
        if names and names != self._moved:
            words = {"size": bytes_text(self.room), "names": ", ".join(names)}
            self._messages.note(
                tr("Memory for maps is limited to {size}; these wait on the disk: {names}", **words)
            )
        self._moved = names

    def _take_progress(self, done: int, total: int) -> None:
        if not self._late:
            self.progressed.emit(done, total)

    def _end(self, _tag: None, seconds: float | None) -> None:
        """The evaluation has ended. seconds: how long it took, None where a node failed."""
        if self._late:
            return
        refined = not self.busy
        self._set_busy(False)
        if seconds is not None and self._missing():
            self._restart()  # columns were shown again while this job was under way
            return
        if seconds is not None and not refined:
            self.finished.emit(seconds)
        picture = self._document.picture
        if picture is not None and isinstance(picture.pixels, PictureLevels) and not picture.pixels.complete:
            # Not as something that one waits for: all there is to see is there, but coarsely.
            self._start(further=True)

    def _end_of_fault(self, _tag: None) -> None:
        """The evaluation has ended by a fault, which the next might end by again."""
        if not self._late:
            self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)


def _aligned(start: float, stop: float, count: int) -> Span:
    """The cells of so many between two places, and some around them; see `ALIGNED`."""
    # The pixels at the edges of a tile reach beyond it.
    edge = 2 + (stop - start) / ALIGNED
    first, last = floor((start - edge) / ALIGNED) * ALIGNED, ceil((stop + edge) / ALIGNED) * ALIGNED
    return min(max(first, 0), count), min(max(last, 0), count)


def _changed_nodes(old: Pipeline, new: Pipeline) -> set[str]:
    """Nodes of `new` whose map differs from the one under this name in `old`."""
    before = {step.name: step for step in old.steps}
    changed: set[str] = set()
    for step in new.steps:
        known = before.get(step.name)
        # By identity: layers are immutable, an edit makes a new one, and comparing weights would take longer.
        same = known is not None and known.layer is step.layer and known.inputs == step.inputs
        if not same or changed.intersection(step.inputs):
            changed.add(step.name)
    return changed


@cache
def map_budget() -> int:
    """Bytes of memory that maps may take: a quarter of the machine's, or 2 GiB where it is not known."""
    # A quarter, because the system, other programs and other windows need room as well.
    bytes_there = memory()
    return int(bytes_there // 4) if isfinite(bytes_there) else 2 << 30
