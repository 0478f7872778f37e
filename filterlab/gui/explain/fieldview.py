"""The effective receptive field of the pinned value, as a heat map over the picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from filterlab.errors import Cancelled, FilterLabError
from filterlab.explain.provenance import influence_in_part
from filterlab.gui.bench.computations import Cancel, Computations
from filterlab.gui.bench.overlays import FieldOverlay
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Work
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.words.i18n import tr
from filterlab.images.parts.levels import LevelSource, PictureLevels
from filterlab.images.tints import Heat, heat

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAUSE = 40  # milliseconds; a pin that is being dragged would ask for fields that nobody sees


class EffectiveField(QObject):
    """While switched on, computes the field of each newly pinned value in the background and draws it."""

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.on = self._aside = False  # aside: whether it was on before the lesson
        self._computations = Computations(bench.messages, bench)
        self._computations.answered.connect(self._take)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.refresh)
        bench.selection.pin_changed.connect(self._wait)
        bench.document.changed.connect(self._outdate)
        bench.results.busy_changed.connect(self._wait)
        bench.lesson_began.connect(self._put_aside)
        bench.lesson_ended.connect(self._take_up)
        bench.commands.add(
            "view.effective_field",
            tr("Effective receptive field"),
            self.toggle,
            menu=tr("&View"),
            shortcut="Ctrl+Alt+E",
            tip=tr("Show over the picture how much each pixel influences the pinned value"),
            enabled=self.possible,
            checked=self._is_on,
            search_words="heatmap saliency gradient influence 热力图 显著图 梯度 影响",
        )

    def possible(self) -> bool:
        """Return whether there is a value that depends on the picture. Switching off is always possible."""
        return self.on or (self._bench.selection.pin is not None and self._bench.document.picture is not None)

    def _is_on(self) -> bool:
        return self.on

    def toggle(self) -> None:
        """Switch the heat map on or off."""
        self.on = not self.on
        self.refresh()
        self._bench.commands.refresh()

    def _put_aside(self) -> None:
        self._aside = self.on
        if self.on:
            self.toggle()

    def _take_up(self) -> None:
        if self.on != self._aside:
            self.toggle()

    def refresh(self) -> None:
        """Compute the field of the present pin, or remove the heat map."""
        self._timer.stop()
        pin, work, results = self._bench.selection.pin, self._bench.document.work, self._bench.results
        if not self.on or pin is None or work.picture is None:
            self._drop()
        # While maps are computed, some of them still belong to the pipeline before the edit.
        elif not results.busy and self._exists(pin):
            # What the wall has computed need not be computed again; stale maps are of another pipeline.
            maps = {name: shown.view.array for name, shown in results.maps.items() if not shown.stale}
            self._computations.ask(pin, lambda cancel: _field(work, pin, maps, cancel))
        else:
            # At once: a heat map of the pipeline before the edit would be wrong, and nothing would mark it as stale.
            self._drop()

    def _exists(self, pin: Spot) -> bool:
        fields, row = self._bench.results.fields, self._bench.results.row(pin.node)
        height, width = fields.sizes.get(pin.node, (0, 0)) if fields is not None else (0, 0)
        fits = pin.row < height and pin.col < width
        # The picture can be pinned as well, but has no row in the ledger.
        return fits and (row is None or pin.channel < row.shape[0])

    def _drop(self) -> None:
        self._computations.drop()
        self._bench.overlays.set_field(None)

    def _wait(self, *_: object) -> None:
        if self.on:
            self._timer.start()

    def _outdate(self, *_: object) -> None:
        if self.on:
            self._drop()
            self._timer.start()

    def _take(self, pin: object, found: Heat | None) -> None:
        # The answer may have been on its way while the pin moved on or the heat map was switched off.
        if self.on and pin == self._bench.selection.pin:
            self._bench.overlays.set_field(FieldOverlay(found) if found is not None else None)


def _field(work: Work, pin: Spot, maps: Mapping[str, NDArray[Any]], cancel: Cancel) -> Heat | None:
    assert work.picture is not None, "asked only about a picture"
    node, *place = pin
    pixels, pipeline = work.picture.pixels, work.pipeline
    try:
        if isinstance(pixels, PictureLevels):
            source = LevelSource(pixels, 0)
            found = heat(*influence_in_part(pipeline, source, node, (place[0], place[1], place[2])))
        else:
            found = heat(pipeline.provenance(pixels, *pin, maps=maps).influence)
    # A FilterLabError as well, which the clause below must not take for a layer that does not fit.
    except Cancelled:
        raise
    except FilterLabError:
        return None  # a layer does not fit; the pipeline panel says so at the layer
    return None if cancel() else found
