"""Computing what is on the screen of maps that are larger than memory, tile by tile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from filterlab.errors import Cancelled, FilterLabError
from filterlab.graph.shapes import known_shapes
from filterlab.gui.bench.computations import Computations, PendingQuestion
from filterlab.gui.bench.messages import Messages
from filterlab.gui.words.i18n import tr
from filterlab.images.parts.levels import LevelSource, PictureLevels
from filterlab.images.parts.views import LargeView, MapTile, Place, TileMemory
from filterlab.pipeline import Pipeline
from filterlab.run.ledger import bytes_text
from filterlab.run.tiling.regions import MadeTile, RegionRun

Span = tuple[int, int]
Key = tuple[int, bool]  # of a wish: the view, and whether it is for a single cell

PAUSE = 20  # milliseconds: all maps on the screen ask, one after the other, while they are painted
REST = 100  # milliseconds
TIMES = 3  # how often the same is made again, because other tiles have taken its room
PART = 4  # a quarter of the memory for maps may be taken by the maps of one tile while it is computed


class Wish(NamedTuple):
    """A region of a map at a level, in rows and columns of that level."""

    level: int
    rows: Span
    cols: Span


@dataclass(frozen=True)
class TilesJob:
    """What is wished for of the maps of a pipeline. known: the tiles of each map and level that there are."""

    pipeline: Pipeline
    picture: PictureLevels
    wishes: tuple[tuple[str, Wish], ...]
    known: Mapping[tuple[str, int], frozenset[Place]]
    memory: int


class Present(NamedTuple):
    """The document: its pipeline, its picture, and its maps by node as far as they are up to date."""

    pipeline: Pipeline
    picture: PictureLevels
    views: Mapping[str, LargeView]


class VisibleTiles(QObject):
    """Takes wishes from the maps that are painted, and gives them their tiles.

    refined(names): these maps have more to show. A new wish replaces the one before of the same map; tiles that nobody
    looks at any more are not computed.
    """

    refined = Signal(object)

    def __init__(self, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self.memory = TileMemory(0)
        self.present: Callable[[], Present | None] = lambda: None
        self._wishes: dict[Key, Wish] = {}
        self._asked: dict[Key, Wish] = {}
        self._refused: set[tuple[int, Wish]] = set()
        self._finished: dict[Key, tuple[Wish, int]] = {}
        self._messages, self._told = messages, 0
        self._runs = _Runs()
        self._resting = False  # whether the timer waits for nothing but single cells
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._start)
        self._computations = Computations(messages, self)
        self._computations.answered.connect(self._end)
        self._computations.failed.connect(self._fail)

    @property
    def busy(self) -> bool:
        """True while tiles are on their way."""
        return bool(self._asked) or self._timer.isActive()

    def ask(self, view: LargeView, level: int, rows: Span, cols: Span) -> None:
        """Wish for a region of a map. A single cell is wished for beside what is drawn of the same map."""
        wish = Wish(level, rows, cols)
        single = rows[1] - rows[0] == cols[1] - cols[0] == 1
        key = id(view), single
        # While a tile comes, the others are asked for again with each painting: that must not begin anew.
        if wish in (self._asked.get(key), self._wishes.get(key)) or (id(view), wish) in self._refused:
            return
        if not single and self._finished.get(key) == (wish, TIMES):
            # Its tiles have taken each other's room: they would be made for ever.
            self._refused.add((id(view), wish))
            self._tell_of_room()
            return
        self._wishes[key] = wish
        # A single cell is mostly one below the cursor: nobody reads its number before the hand rests.
        if not self._timer.isActive() or self._resting:
            self._resting = single
            self._timer.start(REST if single else PAUSE)

    def drop(self) -> None:
        """Begin anew with what is wished for, as far as its maps are also those of the present document."""
        self._computations.drop()
        # Maps that an edit leaves as they are would not ask once more: they are not painted again.
        self._wishes = {**self._asked, **self._wishes}
        self._asked, self._refused, self._finished = {}, set(), {}
        self._resting = False
        self._timer.stop()
        if self._wishes:
            self._timer.start(PAUSE)

    def close(self) -> None:
        """End the thread."""
        self._timer.stop()
        self._computations.close()

    def _start(self) -> None:
        present = self.present()
        if present is None:
            self._wishes = {}
            return
        # What was not finished is asked for again, unless its map has wished for something else since.
        self._asked = {**self._asked, **self._wishes}
        self._wishes = {}
        names = {id(view): name for name, view in present.views.items()}
        self._asked = {key: wish for key, wish in self._asked.items() if key[0] in names}
        # Single cells first: somebody waits for their numbers.
        order = sorted(self._asked, key=lambda key: not key[1])
        wishes = tuple((names[key[0]], self._asked[key]) for key in order)
        known = {(name, wish.level): frozenset(present.views[name].held[wish.level]) for name, wish in wishes}
        job = TilesJob(present.pipeline, present.picture, wishes, known, self.memory.most // PART)

        def work(question: PendingQuestion) -> dict[Key, FilterLabError]:
            failures = self._runs.run(job, question, self._take)
            return {order[i]: error for i, error in failures.items()}

        self._computations.ask(dict(self._asked), work)

    def _take(self, level: int, place: Place, made: dict[str, MadeTile]) -> None:
        present = self.present()
        views = present.views if present is not None else {}
        for name, tile in made.items():
            if name in views:
                self.memory.put(views[name], level, place, MapTile(*tile))
        self.refined.emit(frozenset(made))

    def _tell_of_room(self) -> None:
        if self._told != self.memory.most:
            self._told = self.memory.most
            size = bytes_text(self.memory.most)
            self._messages.note(
                tr("Memory for tiles is limited to {size}: what does not fit stays a preview", size=size)
            )

    def _end(self, asked: dict[Key, Wish], failures: Mapping[Key, FilterLabError]) -> None:
        # Once is enough: each painting would ask again, and fail again.
        self._refused.update((key[0], asked[key]) for key in failures)
        # The first for all: a file that is damaged here is so in many tiles.
        for error in list(failures.values())[:1]:
            self._messages.error(error)
        for key, wish in asked.items():
            last, times = self._finished.get(key, (wish, 0))
            self._finished[key] = wish, times + 1 if last == wish else 1
        self._asked = {key: wish for key, wish in self._asked.items() if asked.get(key) != wish}

    def _fail(self, asked: dict[Key, Wish]) -> None:
        self._refused.update((key[0], wish) for key, wish in asked.items())
        self._end(asked, {})


class _Runs:
    """Computes jobs in the thread, and keeps how the picture is cut from one to the next."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, tuple[str, ...]], RegionRun] = {}
        self._job: TilesJob | None = None

    def run(
        self,
        job: TilesJob,
        question: PendingQuestion,
        take: Callable[[int, Place, dict[str, MadeTile]], None],
    ) -> dict[int, FilterLabError]:
        """Make all tiles that are wished for and not there. Returns why wishes, by number, failed. Raises Cancelled."""
        # By identity: pipelines and pictures do not change, and comparing weights takes long.
        of = id(job.pipeline), id(job.picture), job.memory
        if self._job is None or of != (id(self._job.pipeline), id(self._job.picture), self._job.memory):
            self._made = {}
        self._job = job
        failures: dict[int, FilterLabError] = {}
        for level in dict.fromkeys(wish.level for _, wish in job.wishes):
            names = tuple(dict.fromkeys(name for name, wish in job.wishes if wish.level == level))
            for own, run in self._runs(job, level, names):
                wishes = {
                    i: wish for i, wish in enumerate(job.wishes) if wish[0] in own and wish[1].level == level
                }
                if isinstance(run, FilterLabError):
                    failures.update(dict.fromkeys(wishes, run))
                    continue
                missing = {i: _missing(run, *wish, job.known) for i, wish in wishes.items()}
                for place in _places(missing.values()):
                    if question():
                        raise Cancelled("a newer question is waiting", "tiles")
                    try:
                        question.tell(take, level, place, run.make(place, question))
                    except Cancelled:
                        raise
                    except FilterLabError as error:
                        # The others are made all the same: a file may be damaged in one place only.
                        for i in (i for i, places in missing.items() if place in places):
                            failures.setdefault(i, error)
        return failures

    def _runs(
        self, job: TilesJob, level: int, names: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], RegionRun | FilterLabError]]:
        """Yield the run of all these maps together, or of fewer at a time where memory does not suffice for all.

        Of a map that cannot be made even by itself, the reason stands in place of the run.
        """
        try:
            run = self._run(job, level, names)
        except FilterLabError as error:
            if len(names) == 1:
                yield names, error
                return
            half = len(names) // 2
            for part in (names[:half], names[half:]):
                yield from self._runs(job, level, part)
        else:
            yield names, run

    def _run(self, job: TilesJob, level: int, names: tuple[str, ...]) -> RegionRun:
        key = level, names
        if key not in self._made:
            source = LevelSource(job.picture, level)
            shapes = known_shapes(job.pipeline, source.shape)
            part = type(job.pipeline)(node for node in job.pipeline if node.name in shapes)
            self._made[key] = RegionRun(part, source, names, job.memory)
        return self._made[key]


def _missing(
    run: RegionRun, name: str, wish: Wish, known: Mapping[tuple[str, int], frozenset[Place]]
) -> list[Place]:
    return [at for at in run.places(name, wish.rows, wish.cols) if at not in known[name, wish.level]]


def _places(missing: Iterable[Sequence[Place]]) -> list[Place]:
    """The tiles that are missing for all wishes, those in the middle of what is seen first."""
    ranks: dict[Place, int] = {}
    for places in missing:
        for rank, place in enumerate(places):
            ranks[place] = min(rank, ranks.get(place, rank))
    return sorted(ranks, key=ranks.__getitem__)
