"""How the cards of blocks look, and the rows of what was left out of a network's file."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen

from filterlab.gui.chain.blockcards import BlockCard
from filterlab.gui.chain.cards import FRESH, WAITING, Card
from filterlab.gui.chain.paint import STACK, CardPainter, Layout, longest, name_font, small_font
from filterlab.gui.look.icons import paint_icon
from filterlab.images.palette import mixed

_CORNER = 6.0


class BlockPainter(CardPainter):
    """A folded block is a stack of cards; an open one is a heading above the rows that it holds."""

    def paint(self, card: Card, layout: Layout, *, selected: bool, current: bool, pointed: bool) -> None:
        """Paint the card of a block with its lane."""
        assert isinstance(card, BlockCard), "other cards have painters of their own"
        self._painter.setRenderHint(self._painter.RenderHint.Antialiasing)
        self._painter.fillRect(layout.row, QColor(self._colors.panel))
        self._lane(card, layout, self._colors.panel, selected)
        self._rails(card, layout)
        if card.open:
            self._heading(card, layout, selected or pointed)
        else:
            self._stack(card, layout, selected=selected, pointed=pointed)
        if current:
            self._outline(layout.body.adjusted(0.5, 1.5, -0.5, -1.5), self._colors.accent)
        color = self._colors.text if pointed else self._colors.dim
        paint_icon(self._painter, "chevron-down" if card.open else "chevron-right", color, layout.chevron)
        counted = self._name(card, layout.name)
        if not card.open:
            self._lines(card, layout, pointed=pointed, counted=counted)

    def _heading(self, card: BlockCard, layout: Layout, marked: bool) -> None:
        if marked or card.error:
            wrong = bool(card.error) and not card.waits
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(QColor(self._colors.error_back if wrong else self._colors.selected))
            self._painter.drawRoundedRect(layout.body.adjusted(0, 2, 0, -2), _CORNER, _CORNER)

    def _stack(self, card: BlockCard, layout: Layout, *, selected: bool, pointed: bool) -> None:
        colors, body = self._colors, layout.body
        wrong = bool(card.error) and not card.waits
        edge = colors.error if wrong else colors.accent if selected else colors.border
        if pointed and not (wrong or selected):
            edge = mixed(colors.border, colors.dim, 0.5)
        # The card below shows by its lower edge only.
        for inset, drop in ((8.0, 0.0), (4.0, 2.0)):
            self._card(body.adjusted(inset, body.height() / 2, -inset, -drop), mixed(edge, colors.panel, 0.4))
        fill = colors.error_back if wrong else colors.selected if selected else colors.card
        self._card(body.adjusted(0, STACK - 2, 0, -STACK), edge, fill)

    def _card(self, area: QRectF, edge: str, fill: str = "") -> None:
        self._painter.setBrush(QColor(fill or self._colors.panel))
        self._painter.setPen(QPen(QColor(edge), 1))
        self._painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)

    def _outline(self, area: QRectF, color: str) -> None:
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(QColor(color), 1))
        self._painter.drawRoundedRect(area, _CORNER, _CORNER)

    def _name(self, card: Card, area: QRectF) -> bool:
        """Paint the name, and the number of layers if the name leaves room; return whether it does."""
        bold = name_font(self._font)
        rest = QRectF(area)
        # In the middle: blocks of one kind differ in their numbers, which stand at the end.
        middle = Qt.TextElideMode.ElideMiddle
        rest.setLeft(area.left() + self._text(card.label, area, bold, self._colors.text, cut=middle) + 8)
        if card.status != FRESH:
            rest.setRight(rest.right() - 10)
        small = small_font(self._font)
        fits = QFontMetricsF(small).horizontalAdvance(card.size) <= rest.width()
        if fits:
            self._text(card.size, rest, small, self._colors.dim, right=True)
        return fits

    def _lines(self, card: BlockCard, layout: Layout, *, pointed: bool, counted: bool) -> None:
        small, second, third = small_font(self._font), QRectF(layout.second), QRectF(layout.third)
        # Below the chevron: figures need the room.
        second.setLeft(layout.body.left() + 8)
        third.setLeft(layout.body.left() + 8)
        if pointed or card.hidden:
            self._eye(card, layout.eye)
            second.setRight(layout.eye.left() - 6)
        if card.error:
            self._text(card.error, second, small, self._colors.dim if card.waits else self._colors.error)
        else:
            self._text(longest(card.shapes_told, small, second.width()), second, small, self._colors.text)
        figures = card.numbers if counted else card.facts
        self._text(longest(figures, small, third.width()), third, small, self._colors.dim)
        if card.status != FRESH:
            self._dot(card, layout)

    def _dot(self, card: Card, layout: Layout) -> None:
        """Paint the state of the map, for whose words there is no room."""
        color = self._colors.accent if card.status == WAITING else self._colors.warning
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(color))
        self._painter.drawEllipse(QPointF(layout.name.right() - 3, layout.name.center().y()), 3, 3)


class CutPainter(CardPainter):
    """What was left out is grey, and lies beside the wires: nothing of it is computed."""

    def paint(self, card: Card, layout: Layout, *, selected: bool, current: bool, pointed: bool) -> None:
        """Paint the row of what was left out."""
        painter, colors = self._painter, self._colors
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        painter.fillRect(layout.row, QColor(colors.panel))
        self._lane(card, layout, colors.panel, selected)
        self._rails(card, layout)
        faint, small = mixed(colors.panel, colors.dim, 0.75), small_font(self._font)
        middle = layout.name.center().y()
        # From the node above, which it would have read.
        painter.setPen(QPen(QColor(faint), 1, Qt.PenStyle.DotLine))
        painter.drawLine(
            QPointF(layout.body.left() + 7, layout.row.top()), QPointF(layout.body.left() + 7, middle - 7)
        )
        paint_icon(painter, card.icon, faint, QRectF(layout.body.left() + 1, middle - 6, 12, 12))
        text = QRectF(layout.name)
        text.setLeft(layout.body.left() + 20)
        text.setRight(text.right() - self._text(card.size, text, small, faint, right=True) - 8)
        slanted = QFont(small)
        slanted.setItalic(True)
        self._text(card.label, text, slanted, faint)
