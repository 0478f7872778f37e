"""The cards of the list, and the field in which a node is renamed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRectF, QSize
from PySide6.QtGui import QPainter, QValidator
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from filterlab.gui.chain.blockcards import BlockCard, CutCard
from filterlab.gui.chain.blockpaint import BlockPainter, CutPainter
from filterlab.gui.chain.model import CARD, ChainModel, Index
from filterlab.gui.chain.paint import CardPainter, Layout, row_size
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import guarded
from filterlab.gui.words.i18n import tr


class NameValidator(QValidator):
    """Lets anything be typed, but lets Enter end the editing only if the name has no error."""

    def __init__(self, error: Callable[[str], str], parent: QObject) -> None:
        super().__init__(parent)
        self._error = error

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Never Invalid: Qt would refuse the key, and the way from one name to another leads through wrong ones."""
        state = QValidator.State
        return (state.Intermediate if self._error(text) else state.Acceptable), text, place


class CardDelegate(QStyledItemDelegate):
    """Paints rows and renames nodes.

    name_error(old, new): why a node may not have this name; "" where it may. rename(old, new): rename the node.
    editor: the field that is open. committing: whether its text is being carried out just now.
    """

    def __init__(
        self,
        theme: Theme,
        name_error: Callable[[str, str], str],
        rename: Callable[[str, str], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._name_error, self._rename = theme, name_error, rename
        self.editor: QLineEdit | None = None
        self.committing = False

    def layout(self, option: QStyleOptionViewItem, index: Index) -> Layout:
        """Return the places of the parts of a row."""
        model = index.model()
        assert isinstance(model, ChainModel)
        card = model.card(index.row())
        block = ("open" if card.open else "folded") if isinstance(card, BlockCard) else ""
        return Layout.of(QRectF(option.rect), option.font, model.columns, card.depth, block)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The card."""
        state, flag = option.state, QStyle.StateFlag
        focus = bool(state & flag.State_HasFocus)
        card = index.data(CARD)
        kinds = {BlockCard: BlockPainter, CutCard: CutPainter}
        kinds.get(type(card), CardPainter)(painter, self._theme.colors, option.font).paint(
            card,
            self.layout(option, index),
            selected=bool(state & flag.State_Selected),
            current=focus,
            pointed=bool(state & flag.State_MouseOver),
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """The size of a row, which follows from its number of lines."""
        card = index.data(CARD)
        return row_size(option.font, card.lines, folded=isinstance(card, BlockCard) and not card.open)

    # -- renaming -------------------------------------------------------------------------------------

    def createEditor(  # noqa: N802 - Qt's name
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """A field over the name; what is wrong with its text is shown in the card below it."""
        model, name = index.model(), index.data()
        assert isinstance(model, ChainModel)
        field = QLineEdit(parent)
        field.setAccessibleName(tr("New name of {node}", node=name))

        def show_error(text: str) -> None:
            error = self._name_error(name, text)
            field.setProperty("wrong", bool(error))
            # Style sheets do not notice by themselves that a property has changed.
            field.style().polish(field)
            # The card below shows the error, but a screen reader reads only the field that has the focus.
            field.setAccessibleDescription(error)
            model.set_note(name, error)

        field.setValidator(NameValidator(lambda text: self._name_error(name, text), field))
        field.textChanged.connect(show_error)
        self.editor = field
        return field

    def destroyEditor(self, editor: QWidget, index: Index) -> None:  # noqa: N802 - Qt's name
        """Remove the error from the card together with the field."""
        self.editor, model = None, index.model()
        if isinstance(model, ChainModel):
            model.set_note("", "")
        super().destroyEditor(editor, index)

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 - Qt's name
        """Fill the field with the present name, and select it."""
        assert isinstance(editor, QLineEdit)
        # Qt calls this again whenever the model changes, which must not overwrite what is being typed.
        if not editor.text():
            editor.setText(index.data())
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:  # noqa: N802 - Qt's name
        """Rename the node."""
        assert isinstance(editor, QLineEdit)
        # Renaming changes the document, at which the view would otherwise close this field in the middle of its commit.
        self.committing = True
        try:
            self._rename(index.data(), editor.text())
        finally:
            self.committing = False

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Put the field over the name."""
        area = self.layout(option, index).name.toRect()
        # A field has a margin of its own; further left, its letters stay where those of the name were.
        area.setLeft(area.left() - 4)
        # It extends upwards, over the edge of the card: the error is shown just below.
        area.setTop(area.bottom() + 1 - max(editor.sizeHint().height(), area.height()))
        editor.setGeometry(area)
