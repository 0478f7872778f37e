"""The breadcrumbs: the path from a value downwards, with a link for each step."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from filterlab.explain.account import Crumb, Span
from filterlab.explain.drawing.words import place_text
from filterlab.gui.bench.selection import Spot
from filterlab.gui.explain.walk import Chain, spot_of
from filterlab.gui.words.i18n import tr
from filterlab.text.numbers import MINUS

LONG = 6  # steps that are shown around the present one
ROOMY = 12  # lines of text the panel must hold for the path to have two of them


class Crumbs(QLabel):
    """Shows the path of a value. chosen(Spot): a link was followed, by mouse or with Tab and Enter."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        # A long path must not widen the panel; it is shortened to the width instead.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(tr("The path of the value"))
        self._spots: list[Spot] = []
        self.linkActivated.connect(self._follow)

    def show_chain(self, chain: Chain, vectors: frozenset[str]) -> None:
        """Show as much of a path as one or two lines hold, with the present value in bold."""
        line, around = self.fontMetrics().lineSpacing(), self.parentWidget()
        lines = 2 if around is None or around.height() >= ROOMY * line else 1
        # Fewer and fewer steps around the present one, until the text fits.
        for ahead in range(LONG, -1, -1):
            self.setText(self._text(chain, vectors, ahead))
            # Half a line more, since rich text may be a few pixels higher than the spacing of the font.
            if self.heightForWidth(self.width()) < (lines + 0.5) * line:
                return
        if chain.crumbs:
            self._spots = []
            self.setText(f"{self._here(chain, vectors)}&nbsp; …")

    def _text(self, chain: Chain, vectors: frozenset[str], ahead: int) -> str:
        # Each attempt numbers its links from 0 again.
        self._spots = []
        first, stop = max(chain.place - ahead, 0), chain.place + ahead + 1
        parts = ["…"] if first else []
        crumbs = chain.crumbs[first:stop]
        for number, crumb in enumerate(crumbs, first):
            # A place must not be broken at the end of a line, where its numbers would be read as two.
            text = escape(place_text(crumb.where, vectors)).replace(" ", "&nbsp;")
            value = f" = {escape(crumb.value)}" if number == 0 else ""
            here = number == chain.place
            parts.append(self._here(chain, vectors) if here else self._link(spot_of(crumb), text + value))
            parts.append(f"<span>‹ {escape(step_text(crumb))} ›</span>" if crumb.count else "")
        if stop < len(chain.crumbs):
            parts.append("…")
        elif crumbs and crumbs[-1].spans:
            parts.append(self._end(crumbs, vectors))
        return "&nbsp; ".join(part for part in parts if part)

    def _here(self, chain: Chain, vectors: frozenset[str]) -> str:
        crumb = chain.crumbs[chain.place]
        return f"<b>{escape(place_text(crumb.where, vectors))} = {escape(crumb.value)}</b>"

    def _end(self, crumbs: list[Crumb], vectors: frozenset[str]) -> str:
        last = crumbs[-1]
        spans = [escape(span_text(span, vectors)).replace(" ", "&nbsp;") for span in last.spans[:2]]
        text = ", ".join(spans)
        more = " …" if len(last.spans) > 2 else ""
        if last.heaviest is None:
            return text + more
        return self._link(Spot(*last.heaviest[:4]), text) + more

    def _link(self, spot: Spot, text: str) -> str:
        # The target of a link is text, so it is the position in this list.
        self._spots.append(spot)
        color = self.palette().link().color().name()
        return f'<a href="{len(self._spots) - 1}" style="color: {color}; text-decoration: none">{text}</a>'

    def _follow(self, target: str) -> None:
        self.chosen.emit(self._spots[int(target)])


def span_text(span: Span, vectors: frozenset[str] = frozenset()) -> str:
    """A block of cells as "image [0…2, 144…146, 288…290]"."""
    axes = (span.channels,) if span.node in vectors else (span.channels, span.rows, span.cols)
    parts = (f"{a}" if a == b else f"{a}…{b}" for a, b in axes)
    return f"{span.node} [{', '.join(parts).replace('-', MINUS)}]"


def step_text(crumb: Crumb) -> str:
    """Say in a few words how a value is made from the values below it."""
    if crumb.how in ("max", "min", "median"):
        return tr("winner of {count}", count=crumb.count)
    if crumb.how == "mean":
        return tr("mean of {count}", count=crumb.count)
    if crumb.how == "sum":
        return tr("{count} products", count=crumb.count) if crumb.count != 1 else tr("1 product")
    if crumb.how == "copy":
        return tr("copy")
    return crumb.symbols or tr("{count} values", count=crumb.count)
