"""The breadcrumbs: the way from a value down, each step a link."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from filterlab.gui.explain.walk import Chain, spot_of
from filterlab.gui.explain.words import place_text, span_text, step_text
from filterlab.gui.i18n import tr
from filterlab.gui.selection import Spot
from filterlab.pipeline.account import Crumb

LONG = 6  # steps that are shown around the present one


class Crumbs(QLabel):
    """chosen(Spot): a link was followed by mouse, or by Tab and Enter."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(tr("The way of the value"))
        self._spots: list[Spot] = []
        self.linkActivated.connect(self._follow)

    def show_chain(self, chain: Chain, vectors: frozenset[str]) -> None:
        """Show the way; the present value is bold."""
        self._spots = []
        first = max(chain.place - LONG, 0)
        parts = ["…"] if first else []
        crumbs = chain.crumbs[first : chain.place + LONG + 1]
        for number, crumb in enumerate(crumbs, first):
            text = escape(place_text(crumb.where, vectors))
            value = f" = {escape(crumb.value)}" if number in (0, chain.place) else ""
            here = number == chain.place
            parts.append(f"<b>{text}{value}</b>" if here else self._link(spot_of(crumb), text + value))
            parts.append(f"<span>‹ {escape(step_text(crumb))} ›</span>" if crumb.count else "")
        if crumbs and crumbs[-1].spans:
            parts.append(self._end(crumbs, vectors))
        self.setText("&nbsp; ".join(part for part in parts if part))

    def _end(self, crumbs: list[Crumb], vectors: frozenset[str]) -> str:
        last = crumbs[-1]
        text = escape(", ".join(span_text(span, vectors) for span in last.spans[:2]))
        more = " …" if len(last.spans) > 2 else ""
        if last.heaviest is None:
            return text + more
        return self._link(Spot(*last.heaviest[:4]), text) + more

    def _link(self, spot: Spot, text: str) -> str:
        self._spots.append(spot)
        color = self.palette().link().color().name()
        return f'<a href="{len(self._spots) - 1}" style="color: {color}; text-decoration: none">{text}</a>'

    def _follow(self, target: str) -> None:
        self.chosen.emit(self._spots[int(target)])
