"""The links of the pinned value: how much each channel that it reads gives to it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from filterlab.errors import Cancelled, FilterLabError
from filterlab.explain.account import shares
from filterlab.explain.explainer import Explainer
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.overlays import LinksOverlay
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.explain.inquiry import Inquiry
from filterlab.gui.words.i18n import tr

LINKS = "view/links"  # in the settings: whether they are drawn
MOST = 16  # curves, those of the channels that give most
PAUSE = 15  # milliseconds; a pin that is being dragged would ask for links that nobody sees


class Linking(QObject):
    """While switched on, works out in the background how much each input channel gives to the pinned value."""

    def __init__(self, bench: Workbench, inquiry: Inquiry, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench, self._inquiry = bench, inquiry
        self.on = bool(bench.settings.value(LINKS, True, type=bool))
        # Not the panel's own question: the panel may be closed, or explain the value under the cursor.
        self._computations = Computations(bench.messages, bench)
        self._computations.answered.connect(self._take)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._ask)
        bench.selection.pin_changed.connect(self._pinned)
        bench.results.busy_changed.connect(self._wait)
        bench.commands.add(
            "view.links",
            tr("Links of the pinned value"),
            self.toggle,
            menu=tr("&View"),
            tip=tr("Join the pinned value to the channels that it reads; wide curves give most of it"),
            checked=lambda: self.on,
        )

    def toggle(self) -> None:
        """Switch the links on or off, and remember it for the next start."""
        self.on = not self.on
        self._bench.settings.setValue(LINKS, self.on)
        self._pinned()
        self._bench.commands.refresh()

    def _pinned(self) -> None:
        self._computations.drop()
        self._bench.overlays.set_links(None)
        self._wait()

    def _wait(self, *_: object) -> None:
        if self.on:
            self._timer.start()

    def _ask(self) -> None:
        pin, results = self._bench.selection.pin, self._bench.results
        shown = results.maps.get(pin.node) if pin is not None else None
        # While maps are computed, some belong to the pipeline before the edit. Then the links stay: without them the
        # curves would flicker while a number is turned.
        if not self.on or pin is None or results.busy:
            return
        explainer = self._inquiry.own_explainer()
        if explainer is None or shown is None or shown.stale or not shown.has(pin):
            self._bench.overlays.set_links(None)
        else:
            self._computations.ask(pin, lambda _cancel: _links(explainer, pin))

    def _take(self, pin: object, links: LinksOverlay | None) -> None:
        # The answer may have been on its way while the pin moved on or the links were switched off.
        if self.on and pin == self._bench.selection.pin:
            self._bench.overlays.set_links(links)


def _links(explainer: Explainer, pin: Spot) -> LinksOverlay | None:
    try:
        found = shares(explainer.explain(*pin))
    # A FilterLabError as well, which the clause below must not take for a value that cannot be explained.
    except Cancelled:
        raise
    except FilterLabError:
        return None  # the panel says why
    largest = sorted(found, key=lambda at: found[at], reverse=True)[:MOST]
    return LinksOverlay(
        pin, frozenset(node for node, _ in found), {at: found[at] for at in largest if found[at]}
    )
