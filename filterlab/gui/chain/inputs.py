"""The dialog in which the inputs of a node are ticked and put in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from filterlab.gui.chain.model import Index
from filterlab.gui.chain.paint import paint_selection, paint_switch
from filterlab.gui.look import layouts
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import guarded
from filterlab.gui.words.i18n import tr

_NAME = Qt.ItemDataRole.UserRole
_TITLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Source:
    """A node (or "image") that might be an input. refusal: why it may not be one; "" where it may."""

    name: str
    title: str
    refusal: str = ""


class InputsDialog(QDialog):
    """A list of sources; the ticked ones are the inputs, in their order from the top. chosen(names): OK was pressed.

    error(names): what is wrong with a choice; "" where nothing is. several: whether more than one may be ticked.
    """

    chosen = Signal(list)

    def __init__(
        self,
        title: str,
        sources: Sequence[Source],
        inputs: Sequence[str],
        error: Callable[[list[str]], str],
        theme: Theme,
        *,
        several: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._error, self._several = error, several
        self.setWindowTitle(title)
        # It is opened with `open`, which returns at once, so nobody is left to delete it after it was closed.
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = self._make_list()
        self.list.setItemDelegate(_SourceDelegate(theme, self.list))
        # In a dialog, buttons take the Enter key when they have the focus; here Enter always means OK.
        self.up = QPushButton(tr("Move up"), autoDefault=False)
        self.down = QPushButton(tr("Move down"), autoDefault=False)
        self.problem = layouts.label("error", wrap=True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._lay_out()
        self._fill(sources, inputs)
        self.list.itemChanged.connect(self._ticked)
        self.list.currentRowChanged.connect(self._refresh)
        self.up.clicked.connect(lambda: self._shift(-1))
        self.down.clicked.connect(lambda: self._shift(1))
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        self._refresh()

    def inputs(self) -> list[str]:
        """The ticked names from the top."""
        items = (self.list.item(i) for i in range(self.list.count()))
        return [item.data(_NAME) for item in items if item.checkState() == Qt.CheckState.Checked]

    # -- building -------------------------------------------------------------------------------------

    def _make_list(self) -> QListWidget:
        listed = QListWidget()
        listed.setAccessibleName(tr("Its inputs"))
        listed.setAccessibleDescription(tr("Tick with the space bar. The inputs are in order from the top."))
        listed.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        return listed

    def _lay_out(self) -> None:
        words = tr("Tick its inputs. The first input is on top.") if self._several else tr("Tick its inputs.")
        hint, shifting = layouts.label("dim", words, wrap=True), layouts.row(None, self.up, self.down, None)
        layouts.column(self, hint, (self.list, 1), shifting, self.problem, self.buttons)
        for button in (self.up, self.down):
            button.setVisible(self._several)
        self.resize(360, 420)

    def _fill(self, sources: Sequence[Source], inputs: Sequence[str]) -> None:
        """List the present inputs first, in their order; sources that may not be inputs are grey and say why."""
        known = {source.name: source for source in sources}
        for name in [*inputs, *(source.name for source in sources if source.name not in inputs)]:
            source = known[name]
            item = QListWidgetItem(source.name)
            item.setData(_TITLE, source.title)
            # The delegate paints the title, of which a screen reader would know nothing.
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, f"{source.title} {source.refusal}")
            item.setData(_NAME, name)
            flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            item.setFlags(flags if source.refusal else flags | Qt.ItemFlag.ItemIsEnabled)
            item.setCheckState(Qt.CheckState.Checked if name in inputs else Qt.CheckState.Unchecked)
            item.setToolTip(source.refusal)
            self.list.addItem(item)
        # With a current row, the space bar and the buttons work without a click.
        self.list.setCurrentRow(0)

    # -- choosing -------------------------------------------------------------------------------------

    def _ticked(self, item: QListWidgetItem) -> None:
        # Unticking the others calls this again for each, which does nothing because that item is not ticked.
        if not self._several and item.checkState() == Qt.CheckState.Checked:
            for i in range(self.list.count()):
                if self.list.item(i) is not item:
                    self.list.item(i).setCheckState(Qt.CheckState.Unchecked)
        self._refresh()

    def _shift(self, step: int) -> None:
        row = self.list.currentRow()
        item = self.list.takeItem(row)
        self.list.insertItem(row + step, item)
        self.list.setCurrentRow(row + step)
        self._refresh()

    def _refresh(self, *_: object) -> None:
        error = self._error(self.inputs())
        self.problem.setText(error)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not error)
        row = self.list.currentRow()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < self.list.count() - 1)

    def _accept(self) -> None:
        # Closed before the edit, so that a message about its refusal is not hidden behind the dialog.
        names = self.inputs()
        self.accept()
        self.chosen.emit(names)


class _SourceDelegate(QStyledItemDelegate):
    """Paints a check box, the name, and the title of the layer on the right."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        # The option that Qt gives lacks the text and the tick of this row.
        self.initStyleOption(option, index)
        colors, area = self._theme.colors, QRectF(option.rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            paint_selection(painter, colors, area)
        # The style reacts to clicks at its own place for the box, so that is where it must be painted.
        box = option.widget.style().subElementRect(
            QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, option.widget
        )
        paint_switch(painter, colors, QRectF(box), option.checkState == Qt.CheckState.Checked)
        words = area.adjusted(box.right() - area.left() + 8, 0, -8, 0)
        legal = bool(option.state & QStyle.StateFlag.State_Enabled)
        painter.setPen(QColor(colors.text if legal else colors.dim))
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, option.text)
        painter.setPen(QColor(colors.dim))
        title = index.data(_TITLE) if legal else tr("would form a cycle")
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, title)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        return QSize(100, QFontMetrics(option.font).height() + 10)
