"""Asks the engine, in a thread of its own, about the value that is looked at."""

from __future__ import annotations

from operator import is_not
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from filterlab.explain.account import account, path
from filterlab.explain.explainer import Explainer
from filterlab.gui.bench.computations import Cancel, Computations
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.explain.answer import Answer, Made
from filterlab.images.views import MapView

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Engine:
    """What the asking thread holds between questions; no Qt object, for that thread may be the last to hold it."""

    def __init__(self) -> None:
        self._made: tuple[tuple[object, ...], list[Made]] | None = None

    def answer(self, explainer: Explainer, spot: Spot, partials: bool, cancel: Cancel) -> Answer:
        """Explain a value. partials: also the maps that its input channels make alone."""
        found = account(explainer, *spot)
        steps = path(explainer, found.where)
        made = self._make(explainer, spot) if partials and not cancel() else None
        return Answer(spot, found, steps, made)

    def _make(self, explainer: Explainer, spot: Spot) -> list[Made]:
        """The same for all values of a map: the last ones are kept."""
        key = explainer, spot.node, spot.channel
        if self._made is None or self._made[0] != key:
            found = explainer.partial_maps(spot.node, spot.channel)
            self._made = key, [Made(p, MapView(p.array[None])) for p in found]
        return self._made[1]


class Inquiry(QObject):
    """answered(Answer): to the newest question; older ones are dropped."""

    answered = Signal(object)

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._computations = Computations(bench.messages, bench)
        self._computations.answered.connect(self._hand_on)
        self._explainer: tuple[list[object], Explainer] | None = None
        self._engine = Engine()

    def ask(self, spot: Spot, *, partials: bool) -> None:
        """Explain a value. partials: also the maps that its input channels make alone."""
        explainer, engine = self.explainer(), self._engine
        if explainer is not None:
            self._computations.ask(spot, lambda cancel: engine.answer(explainer, spot, partials, cancel))

    def _hand_on(self, _tag: object, answer: object) -> None:
        self.answered.emit(answer)

    def drop(self) -> None:
        """No answer is wanted any more."""
        self._computations.drop()

    def explainer(self) -> Explainer | None:
        """The explainer of the present state, the same one as long as nothing changes; None without a picture."""
        work = self._bench.document.work
        if work.picture is None:
            return None
        maps = self._maps()
        # By identity: arrays are large. What is compared is held here, so that no new object has an old one's place.
        parts = [work.pipeline, work.picture, *maps.values()]
        known = self._explainer
        if known is None or len(known[0]) != len(parts) or any(map(is_not, known[0], parts)):
            known = self._explainer = parts, Explainer(work.pipeline, work.picture.pixels, maps)
        return known[1]

    def own_explainer(self) -> Explainer | None:
        """Another explainer of the present state, for another thread; None without a picture."""
        work = self._bench.document.work
        if work.picture is None:
            return None
        return Explainer(work.pipeline, work.picture.pixels, self._maps())

    def _maps(self) -> dict[str, NDArray[Any]]:
        return {name: shown.view.array for name, shown in self._bench.results.maps.items() if not shown.stale}
