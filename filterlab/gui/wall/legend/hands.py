"""The ends of a legend under the mouse and the keyboard: dragged, typed, and given back to the values."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from filterlab.gui.bench.viewstate import RangeKey
from filterlab.gui.wall.header import legend_area
from filterlab.gui.wall.layout import Column
from filterlab.gui.wall.legend.drawing import Legend, Places, auto_text, places, small, value_at
from filterlab.gui.wall.tile import caption_area
from filterlab.gui.wall.view import WallView
from filterlab.gui.words.i18n import tr
from filterlab.images.display import COLORMAPS
from filterlab.text.numbers import MINUS, exact

REACH = 5.0  # pixels beside a handle that still take hold of it
NARROWEST = 1e-4  # of a range that is dragged, as a part of what it was before
_HAND, _ACROSS = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.SizeHorCursor


@dataclass(frozen=True)
class LegendHit:
    """A legend on the screen, whose range is that of `key`, with the places of its parts."""

    legend: Legend
    key: RangeKey
    parts: Places
    area: QRectF

    def part_at(self, at: QPointF) -> str:
        """The part at a point: "low" or "high" for a handle, "type low", "type high", "auto"; "" for any other."""
        for name, box in (("low", self.parts.low_handle), ("high", self.parts.high_handle)):
            if box.adjusted(-REACH, 0, REACH, 0).contains(at):
                return name
        for name, box in (
            ("type low", self.parts.low),
            ("type high", self.parts.high),
            ("auto", self.parts.auto),
        ):
            if box.width() and box.contains(at):
                return name
        return ""


class LegendHands(QObject):
    """Filters the mouse events of the view's viewport before `Gestures` does, and keeps those on parts of legends."""

    def __init__(self, view: WallView) -> None:
        super().__init__(view)
        self._view, self._state = view, view.bench.view
        self._drag: tuple[LegendHit, str] | None = None
        self._shaped = False  # whether the cursor is that of a part
        self.field: QLineEdit | None = None
        view.viewport().installEventFilter(self)
        view.bench.commands.add(
            "view.ends_fixed",
            tr("Type the range…"),
            self.type_selected,
            menu=tr("&View"),
            tip=tr("Type the largest value that the colours of the selected layer show"),
            # Asked after every change, too often for finding out where the legend is.
            enabled=lambda: self._selected_column() is not None,
        )

    # -- finding --------------------------------------------------------------------------------------

    def legend_at(self, at: QPointF) -> LegendHit | None:
        """The legend at a point of the view."""
        # A handle reaches beyond its column.
        near = (at, at - QPointF(REACH, 0), at + QPointF(REACH, 0))
        return next((found for found in map(self._legend_under, near) if found is not None), None)

    def _legend_under(self, at: QPointF) -> LegendHit | None:
        hit = self._view.hit(at)
        if hit is None or hit.strip.kind != "maps":
            return None
        found = None
        if hit.header:
            found = self._of_column(hit.column)
        elif self._view.metrics.caption:
            # Legends of single maps lie below their tiles, in which a point so much higher is.
            above = self._view.hit(at - QPointF(0, self._view.metrics.caption))
            if above is not None and above.entry is not None:
                found = self._of_entry(above.column, above.entry)
        return found if found is not None and found.area.contains(at) else None

    def _of_column(self, column: Column) -> LegendHit | None:
        strip = self._view.content.strips[column.node]
        if strip.kind != "maps" or self._state.look.scope == "map":
            return None
        area = legend_area(column.width, self._view.font())
        area.translate(column.left - self._view.offset.x(), 0)
        return self._hit(strip.legend(None, self._view.axes), strip.tone.key, area)

    def _of_entry(self, column: Column, entry: int) -> LegendHit:
        strip = self._view.content.strips[column.node]
        area = caption_area(self._view.tile_rect(column.node, entry), self._view.metrics.caption)
        return self._hit(strip.legend(entry, self._view.axes), strip.tone_at(entry).key, area)

    def _hit(self, legend: Legend, key: RangeKey, area: QRectF) -> LegendHit:
        return LegendHit(legend, key, places(legend, area, QFontMetricsF(small(self._view.font()))), area)

    def _selected_column(self) -> Column | None:
        """The selected column, where it has a legend."""
        column = self._view.sheet.column(self._view.bench.selection.node)
        if column is None or column.kind != "maps":
            return None
        return column if self._state.look.scope != "map" or self._view.metrics.caption else None

    def _selected(self) -> LegendHit | None:
        column = self._selected_column()
        return None if column is None else self._of_column(column) or self._of_entry(column, column.first)

    # -- events ---------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Keep what happens on parts of legends."""
        kind = event.type()
        if isinstance(event, QMouseEvent):
            if kind == QEvent.Type.MouseMove:
                return self._moved(event.position())
            if kind == QEvent.Type.MouseButtonRelease:
                return self._released()
            if event.button() == Qt.MouseButton.LeftButton:
                return self._pressed(event.position(), double=kind == QEvent.Type.MouseButtonDblClick)
        if isinstance(event, QHelpEvent) and kind == QEvent.Type.ToolTip:
            return self._show_tip(event)
        return False

    def _pressed(self, at: QPointF, *, double: bool) -> bool:
        hit = self.legend_at(at)
        part = hit.part_at(at) if hit is not None else ""
        if hit is None or not part:
            return False
        if part == "auto" or (double and part in ("low", "high")):
            self.release(hit.key)
        elif part in ("low", "high"):
            self._drag = hit, part
            # The bar keeps its values while the handle moves along it.
            self._view.axes[hit.key] = hit.legend.ends
        else:
            self.type_end(hit, part.removeprefix("type "))
        return True

    def _moved(self, at: QPointF) -> bool:
        if self._drag is not None:
            held, end = self._drag
            self._fix(held, end, value_at(held.legend, held.parts.bar, at.x()))
            return True
        hit = self.legend_at(at)
        part = hit.part_at(at) if hit is not None else ""
        if part:
            self._view.viewport().setCursor(_ACROSS if part in ("low", "high") else _HAND)
        elif self._shaped:
            self._view.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self._shaped = bool(part)
        return False

    def _released(self) -> bool:
        if self._drag is None:
            return False
        self._drag = None
        self._view.axes.clear()
        self._view.refresh()
        return True

    def _show_tip(self, event: QHelpEvent) -> bool:
        hit = self.legend_at(QPointF(event.pos()))
        if hit is None:
            return False
        how = tr("Drag an end, or click its number to type it; a double click makes it automatic again.")
        QToolTip.showText(event.globalPos(), f"{hit.legend.words()}\n{how}", self._view.viewport())
        return True

    # -- changing -------------------------------------------------------------------------------------

    def release(self, key: RangeKey) -> None:
        """Give a range back to the values."""
        self._view.bench.held.ranges.pop(key, None)
        self._state.fix(key, None)

    def _fix(self, hit: LegendHit, end: str, value: float) -> None:
        """Move one end of a range; that of signed colours moves the other, too, as zero stays in the middle."""
        low, high = hit.legend.scale.low, hit.legend.scale.high
        least = NARROWEST * (high - low)
        if COLORMAPS[hit.legend.colormap][1] == "diverging":
            high = max(value if end == "high" else -value, least)
            low = -high
        elif end == "low":
            low = min(value, high - least)
        else:
            high = max(value, low + least)
        if isfinite(high - low):
            self._state.fix(hit.key, (low, high))

    # -- typing ---------------------------------------------------------------------------------------

    def type_selected(self) -> None:
        """Type the upper end of the selected column's range."""
        self._view.reveal(self._view.bench.selection.node)
        hit = self._selected()
        if hit is not None:
            self.type_end(hit, "high")

    def type_end(self, hit: LegendHit, end: str) -> None:
        """Open a field over the number at one end."""
        self.close_field()
        self.field = EndField(hit, end, self)
        self.field.show()
        self.field.setFocus()

    def close_field(self) -> None:
        """Close the field, if there is one."""
        field, self.field = self.field, None
        if field is not None:
            field.hide()
            field.deleteLater()
            self._view.setFocus()

    def take(self, hit: LegendHit, end: str, text: str) -> bool:
        """Take what was typed for an end; return whether it is a number, or asks for an automatic range."""
        text = text.strip().casefold()
        if text in ("", auto_text().casefold()):
            self.release(hit.key)
            return True
        try:
            value = float(text.replace(MINUS, "-"))
        except ValueError:
            return False
        if not isfinite(value) or not self._allowed(hit, end, value):
            return False
        self._fix(hit, end, value)
        return True

    def _allowed(self, hit: LegendHit, end: str, value: float) -> bool:
        """Return whether a number leaves a range between the ends."""
        low, high = hit.legend.scale.low, hit.legend.scale.high
        if COLORMAPS[hit.legend.colormap][1] == "diverging":
            return value != 0
        return value < high if end == "low" else value > low

    @property
    def viewport(self) -> QWidget:
        """The widget that the field lies on."""
        return self._view.viewport()


class EndField(QLineEdit):
    """A number over an end of a legend. Enter takes it, and Esc gives up."""

    def __init__(self, hit: LegendHit, end: str, hands: LegendHands) -> None:
        super().__init__(hands.viewport)
        self._hit, self._end, self._hands = hit, end, hands
        name = tr("Lower end of the range") if end == "low" else tr("Upper end of the range")
        self.setAccessibleName(name)
        self.setToolTip(tr("{name}; “auto” lets the values decide", name=name))
        width, height = self.fontMetrics().averageCharWidth() * 14, self.sizeHint().height()
        left = hit.area.left() if end == "low" else min(hit.parts.bar.right(), hit.area.right()) - width
        value = hit.legend.scale.least if end == "low" else hit.legend.scale.greatest
        self.setText(exact(float(f"{value:.6g}")))
        self.selectAll()
        self.resize(width, height)
        self.move(QPoint(round(max(left, 0)), round(hit.area.bottom() - height)))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take the number at Enter, and give up at Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif event.key() == Qt.Key.Key_Escape:
            self._hands.close_field()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Give up where the focus goes elsewhere."""
        super().focusOutEvent(event)
        if self._hands.field is self:
            self._hands.close_field()

    def _take(self) -> None:
        if self._hands.take(self._hit, self._end, self.text()):
            self._hands.close_field()
        else:
            self.setProperty("wrong", "true")
            self.style().polish(self)
