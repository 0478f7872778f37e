"""Questions to the engine about the value that is looked at, answered in a thread of their own."""

from __future__ import annotations

from operator import is_not
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from filterlab.explain.account import account, path
from filterlab.explain.drawing.answer import Answer, Made
from filterlab.explain.explainer import Explainer
from filterlab.explain.parts import PartExplainer
from filterlab.gui.bench.computations import Cancel, Computations
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.gui.bench.workbench import Workbench
from filterlab.images.parts.levels import LevelSource, PictureLevels
from filterlab.images.views import MapView
from filterlab.pipeline import Pipeline

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Engine:
    """Keeps what the answering thread needs again between questions.

    It is not a Qt object: the thread may be the last to hold it, and Qt objects must die in their own thread.
    """

    def __init__(self) -> None:
        self._made: tuple[tuple[object, ...], list[Made]] | None = None

    def answer(self, explainer: Explainer, spot: Spot, partials: bool, cancel: Cancel) -> Answer:
        """Explain a value. partials: also compute the maps that its input channels make alone."""
        found = account(explainer, *spot)
        steps = path(explainer, found.where)
        # The most costly part, and wanted at one level only: asked for last, when the question may be old already.
        made = self._make(explainer, spot) if partials and not cancel() else None
        return Answer(spot, found, steps, made)

    def _make(self, explainer: Explainer, spot: Spot) -> list[Made]:
        """The maps of the input channels. They are the same for all values of a channel, so the last ones are kept."""
        # The explainer stands for pipeline, picture and maps: a new one is made when any of them changes.
        key = explainer, spot.node, spot.channel
        if self._made is None or self._made[0] != key:
            found = explainer.partial_maps(spot.node, spot.channel)
            self._made = key, [Made(p, MapView(p.array[None])) for p in found]
        return self._made[1]


class Inquiry(QObject):
    """Asks about values. answered(Answer): the answer to the newest question; older questions are dropped."""

    answered = Signal(object)

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._computations = Computations(bench.messages, bench)
        self._computations.answered.connect(self._hand_on)
        self._explainer: tuple[list[object], Explainer] | None = None
        self._engine = Engine()

    def ask(self, spot: Spot, *, partials: bool) -> None:
        """Explain a value. partials: also compute the maps that its input channels make alone."""
        explainer, engine = self.explainer(), self._engine
        if explainer is not None:
            asked = self._bench.document.pipeline
            self._computations.ask(asked, lambda cancel: engine.answer(explainer, spot, partials, cancel))

    def _hand_on(self, asked: object, answer: object) -> None:
        # An answer about a pipeline that was replaced meanwhile may name nodes that there are no more.
        if asked is self._bench.document.pipeline:
            self.answered.emit(answer)

    def drop(self) -> None:
        """Drop the present question."""
        self._computations.drop()

    def explainer(self) -> Explainer | None:
        """The explainer of the present state, the same one until something changes; None without a picture."""
        work = self._bench.document.work
        if work.picture is None:
            return None
        maps = self._maps()
        # Compared by identity, because arrays are large. The objects are kept, so that their ids cannot be reused.
        parts = [work.pipeline, work.picture, *maps.values()]
        known = self._explainer
        if known is None or len(known[0]) != len(parts) or any(map(is_not, known[0], parts)):
            known = self._explainer = parts, _explainer(work.pipeline, work.picture, maps)
        return known[1]

    def own_explainer(self) -> Explainer | None:
        """A new explainer of the present state, for another thread; None without a picture.

        An explainer keeps the maps that it computes, and serves one thread at a time.
        """
        work = self._bench.document.work
        if work.picture is None:
            return None
        return _explainer(work.pipeline, work.picture, self._maps())

    def _maps(self) -> dict[str, NDArray[Any]]:
        # Stale maps are of the pipeline before the edit; the explainer would mix both.
        return {name: shown.view.array for name, shown in self._bench.results.maps.items() if not shown.stale}


def _explainer(pipeline: Pipeline, picture: Picture, maps: dict[str, NDArray[Any]]) -> Explainer:
    if isinstance(picture.pixels, PictureLevels):
        return PartExplainer(pipeline, LevelSource(picture.pixels, 0))
    return Explainer(pipeline, picture.pixels, maps)
