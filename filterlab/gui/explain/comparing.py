"""A layer and a variant of it side by side, with their difference."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from filterlab.errors import Cancelled, FilterLabError
from filterlab.explain.drawing.maps import fitted
from filterlab.explain.drawing.scene import Thumb
from filterlab.explain.drawing.shapes import map_shapes, outline
from filterlab.explain.drawing.words import tens_text
from filterlab.explain.explainer import Explainer
from filterlab.explain.variants import Comparison, Variant, compare, has_variants, variants
from filterlab.graph import IMAGE
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.tones import Tone
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.explain.canvas import MOVES
from filterlab.gui.explain.inquiry import Inquiry
from filterlab.gui.explain.painting import paint
from filterlab.gui.painting import paints
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words
from filterlab.images.vector import Area, Shape
from filterlab.images.views import MapView, scale_of
from filterlab.text.numbers import brief, exact
from filterlab.text.tally import tally


class MapPane(QWidget):
    """A map as large as there is room. picked(row, column): a cell was clicked. moved(right, down): an arrow key."""

    picked = Signal(int, int)
    moved = Signal(int, int)

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.thumb: Thumb | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 90)
        bench.theme.changed.connect(self.update)

    def show_map(self, thumb: Thumb | None) -> None:
        """Show a map, or none."""
        self.thumb = thumb
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(320, 260)

    def _box(self) -> Area:
        assert self.thumb is not None, "there is a map"
        width, height = fitted(self.thumb, self.width() - 2, self.height() - 2)
        return Area((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        colors, found = self._bench.theme.colors, list[Shape]()
        if self.thumb is not None:
            found += map_shapes(self._box(), self.thumb, colors)
            if self.hasFocus():
                found += outline(self._box().shrunk(0.5), colors.accent, 2)
        paint(painter, found, colors.window, event.rect())

    def cell_at(self, at: QPointF) -> tuple[int, int] | None:
        """The cell under a point."""
        if self.thumb is None or not self._box().holds(at.x(), at.y()):
            return None
        (tall, wide), box = self.thumb.view.size, self._box()
        # Inside the box this is never negative, so that int() rounds down; its far edges belong to the last cell.
        row = int((at.y() - box.top) / box.height * tall)
        col = int((at.x() - box.left) / box.width * wide)
        return min(row, tall - 1), min(col, wide - 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        cell, thumb = self.cell_at(event.position()), self.thumb
        text = ""
        if cell is not None and thumb is not None:
            value = exact(thumb.view.planes[thumb.channel, cell[0], cell[1]])
            text = tr("row {row}, column {col}: {value}", row=cell[0], col=cell[1], value=value)
        self.setToolTip(text)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        cell = self.cell_at(event.position())
        if cell is not None:
            self.picked.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        move = MOVES.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(*move)


@dataclass(frozen=True, eq=False)
class Compared:
    """A comparison, ready for the screen. own: the layer's own value of the parameter that the variant changes."""

    variant: Variant
    node: str
    own: str
    found: Comparison
    views: tuple[MapView, MapView, MapView]


class CompareDialog(QDialog):
    """The selected layer beside a variant of it, with the other operation or another padding mode."""

    def __init__(self, bench: Workbench, inquiry: Inquiry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self._inquiry = bench, inquiry
        self._variants: list[Variant] = []
        self.node = ""
        self.answer: Compared | None = None
        self.setWindowTitle(tr("Compare variants of a layer"))
        self.choice, self.channel = QComboBox(), QSpinBox()
        self.choice.setAccessibleName(tr("Variant"))
        self.channel.setAccessibleName(tr("Channel"))
        self.panes = tuple(MapPane(bench) for _ in range(3))
        self.captions = tuple(QLabel(wordWrap=True) for _ in range(3))
        self.verdict = QLabel(wordWrap=True)
        self._computations = Computations(bench.messages, bench)
        self._lay_out()
        self._connect()
        bench.commands.add(
            "layer.compare",
            tr("Compare operations and padding modes…"),
            self.compare_selected,
            menu=tr("&Layer"),
            shortcut="Ctrl+Alt+C",
            tip=tr("The selected layer beside a variant of it, and their difference"),
            enabled=self.possible,
            search_words="convolution cross-correlation border flip 卷积 互相关 边界 翻转",
        )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        for text, widget in ((tr("Compared with"), self.choice), (tr("Channel"), self.channel)):
            label = QLabel(text)
            label.setBuddy(widget)
            head.addWidget(label)
            head.addWidget(widget)
        head.addStretch(1)
        maps = QHBoxLayout()
        for pane, caption in zip(self.panes, self.captions, strict=True):
            column = QVBoxLayout()
            column.addWidget(pane, 1)
            column.addWidget(caption)
            maps.addLayout(column, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("Close"))
        buttons.rejected.connect(self.reject)
        outer = QVBoxLayout(self)
        outer.addLayout(head)
        outer.addLayout(maps, 1)
        outer.addWidget(self.verdict)
        outer.addWidget(buttons)
        self.resize(1000, 420)

    def _connect(self) -> None:
        self.choice.currentIndexChanged.connect(self.refresh)
        self.channel.valueChanged.connect(self._show)
        self._computations.answered.connect(self._take)
        self._bench.document.changed.connect(self._follow)
        self._bench.results.busy_changed.connect(self._follow)
        self._bench.view.changed.connect(self._show)
        self._bench.selection.pin_changed.connect(self._show)
        for pane in self.panes:
            pane.picked.connect(self._pin)
            pane.moved.connect(self._move)

    # -- asking ---------------------------------------------------------------------------------------

    def possible(self) -> bool:
        """Return whether the selected layer has an operation or padding modes, and there is a picture."""
        node, document = self._bench.selection.node, self._bench.document
        return document.picture is not None and node != IMAGE and has_variants(document.pipeline[node])

    def compare_selected(self) -> None:
        """Open the comparison for the selected layer."""
        if self.possible():
            self.show_node(self._bench.selection.node)
            self.show()
            # It may be open already, and lie behind the window.
            self.raise_()

    def show_node(self, node: str) -> None:
        """Compare the layer of a node with the variant that was chosen last, or else with the first."""
        # Before the list is cleared: the person compares one layer after the other with the same variant.
        chosen = self.choice.currentText()
        self.node = node
        self._variants = variants(self._bench.document.pipeline[node])
        # Filling the list would otherwise compute each entry that becomes current on the way.
        self.choice.blockSignals(True)
        self.choice.clear()
        self.choice.addItems([_text(variant) for variant in self._variants])
        self.choice.setCurrentIndex(max(self.choice.findText(chosen), 0))
        self.choice.blockSignals(False)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Compute the comparison that is chosen."""
        place, explainer = self.choice.currentIndex(), self._inquiry.own_explainer()
        if not 0 <= place < len(self._variants) or explainer is None:
            self._clear()
            return
        node, variant = self.node, self._variants[place]
        self.verdict.setText(tr("computing…"))
        self._computations.ask(variant, lambda _: _compared(explainer, node, variant))

    def _follow(self, *_: object) -> None:
        """The pipeline or its maps have changed."""
        # While maps are computed, some of them still belong to the pipeline before the edit.
        if self.isVisible() and not self._bench.results.busy:
            if self.node in self._bench.document.pipeline:
                self.show_node(self.node)
            else:
                self.close()

    def _clear(self) -> None:
        self.answer = None
        for pane, caption in zip(self.panes, self.captions, strict=True):
            pane.show_map(None)
            caption.setText("")
        self.verdict.setText("")

    # -- showing --------------------------------------------------------------------------------------

    def _take(self, _variant: object, answer: Compared | FilterLabError) -> None:
        # An answer and not a message: choosing a variant that does not fit is no fault to be reported.
        if isinstance(answer, FilterLabError):
            self._clear()
            self.verdict.setText(error_words(answer))
            return
        self.answer = answer
        self.channel.setRange(0, answer.views[0].channels - 1)
        # A channel without a difference is left for the one with the largest.
        if not answer.found.greatest or not any(answer.views[2].channel_extent(self.channel.value())):
            self.channel.setValue(answer.found.where[0])
        self._show()

    def _show(self, *_: object) -> None:
        answer = self.answer
        if answer is None:
            return
        channel, tones = self.channel.value(), self._bench.tones()
        # The colours of the wall for both, so that equal colours mean equal values; the difference is far smaller.
        own_tone = tones.tone(answer.node, answer.views[0], channel)
        signed = tones.colormap("", signed=True)
        apart = Tone(signed, scale_of(answer.views[2].extent, signed))
        own = tr("{node}: {value}", node=answer.node, value=tr(answer.own))
        names = own, _text(answer.variant), tr("difference: the first minus the second")
        parts = zip(self.panes, self.captions, answer.views, (own_tone, own_tone, apart), names, strict=True)
        here = self._cell()
        marks = ((*here, here[0] + 1, here[1] + 1),) if here is not None else ()
        for pane, caption, view, tone, name in parts:
            pane.show_map(Thumb(view, channel, tone.scale, tone.colormap, marks))
            low, high = view.channel_extent(channel)
            text = tr("{name}\nfrom {low} to {high}", name=name, low=brief(low, 6), high=brief(high, 6))
            caption.setText(text)
            pane.setAccessibleName(text)
        said = self._verdict(answer.found, answer.views[2])
        self.verdict.setText(f"{said}\n{self._here(answer, here)}" if here is not None else said)

    def _cell(self) -> tuple[int, int] | None:
        """The cell of the pinned value, if it lies on the channel that is shown."""
        answer, pin = self.answer, self._bench.selection.pin
        if answer is None or pin is None or (pin.node, pin.channel) != (answer.node, self.channel.value()):
            return None
        return (pin.row, pin.col) if answer.views[0].holds(*pin[1:]) else None

    def _here(self, answer: Compared, cell: tuple[int, int]) -> str:
        """The pinned value in both maps, in digits that add up."""
        first, second, difference = (view.value(self.channel.value(), *cell) for view in answer.views)
        # Difference plus second makes the first, which is the sum whose digits the tally lets add up.
        texts = tally((difference, second), first, digits=7)
        return tr(
            "At row {row}, column {col}: {first} minus {second} is {difference}.",
            row=cell[0],
            col=cell[1],
            first=texts.total + tens_text(texts.scale),
            second=texts.amounts[1] + tens_text(texts.scale),
            difference=texts.amounts[0] + tens_text(texts.scale),
        )

    def _verdict(self, found: Comparison, view: MapView) -> str:
        if not found.greatest:
            return tr("There is no difference anywhere.")
        channel, row, col = found.where
        return tr(
            "The largest difference is {value}, in channel {channel}, row {row}, column {col}.",
            value=exact(view.planes[channel, row, col]),
            channel=channel,
            row=row,
            col=col,
        )

    def _move(self, right: int, down: int) -> None:
        """An arrow key moves the pin; the first one puts it where the difference is largest."""
        answer, here = self.answer, self._cell()
        if answer is None:
            return
        if here is None:
            channel, row, col = answer.found.where
            self.channel.setValue(channel)
            self._pin(row, col)
            return
        (height, width), (row, col) = answer.views[0].size, here
        self._pin(min(max(row + down, 0), height - 1), min(max(col + right, 0), width - 1))

    def _pin(self, row: int, col: int) -> None:
        if self.answer is not None:
            self._bench.selection.set_pin(Spot(self.answer.node, self.channel.value(), row, col))


def _text(variant: Variant) -> str:
    if variant.parameter == "padding_mode":
        return tr("padding mode: {mode}", mode=tr(variant.value))
    return tr(variant.value)


def _compared(explainer: Explainer, node: str, variant: Variant) -> Compared | FilterLabError:
    try:
        found = compare(explainer, node, variant.layer)
    # A FilterLabError as well, but no answer that anybody waits for.
    except Cancelled:
        raise
    except FilterLabError as error:  # the layer, or its variant, does not fit the picture
        return error
    # Made in the thread: each view goes through all values for its range, and makes smaller copies.
    views = MapView(found.first), MapView(found.second), MapView(found.difference)
    return Compared(variant, node, getattr(explainer.pipeline[node], variant.parameter), found, views)
