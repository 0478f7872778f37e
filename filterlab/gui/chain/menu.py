"""The popup in which a type of layer is chosen, from all that the registry knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from filterlab.gui.chain.model import Index
from filterlab.gui.chain.paint import paint_selection, small_font
from filterlab.gui.look import layouts
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import guarded
from filterlab.gui.panels.fieldkeys import FieldKeys
from filterlab.gui.panels.matching import mentioned, score
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import first_sentence
from filterlab.kernels import designs
from filterlab.layers import Layer, layer_types
from filterlab.layers.filter2d import Filter2d

_ENTRY = Qt.ItemDataRole.UserRole
_PAD = 5
_FIRST = ("convolution", "pooling", "activation")


@dataclass(frozen=True)
class LayerEntry:
    """A type of layer with its texts in the language of the window; `kind` None: the heading of a group."""

    kind: type[Layer] | None
    title: str
    doc: str
    group: str


def entries(kinds: Iterable[type[Layer]], query: str) -> list[LayerEntry]:
    """The entries of the menu: all types in groups with headings; or, with a query, those that match, best first.

    The query is searched for in title, key and group, in the layer's search words, in the names of kernels for the
    layer that takes them, and in the sentence that explains the layer.
    """
    found = [
        LayerEntry(kind, tr(kind.title), first_sentence(kind.__doc__), tr(kind.group))
        for kind in _sorted(kinds)
    ]
    if query.strip():
        # Among equal matches the shortest title is usually the plainest layer: Convolution before its variants.
        ranked = [(-_points(query, e), len(e.title), place, e) for place, e in enumerate(found)]
        return [item[-1] for item in sorted(ranked, key=lambda item: item[:3]) if item[0]]
    shown: list[LayerEntry] = []
    for entry in found:
        if not shown or shown[-1].group != entry.group:
            shown.append(LayerEntry(None, entry.group.capitalize(), "", entry.group))
        shown.append(entry)
    return shown


def _sorted(kinds: Iterable[type[Layer]]) -> list[type[Layer]]:
    """Types in the order of the registry, but the groups that networks are mostly made of first."""
    return sorted(kinds, key=lambda kind: _FIRST.index(kind.group) if kind.group in _FIRST else len(_FIRST))


def _points(query: str, entry: LayerEntry) -> int:
    """Score how well an entry matches; 0 where it does not.

    A match in the name counts most, then one with the help of the group's name; one in the search words, and then one
    in the sentence, counts more than scattered letters of the name.
    """
    assert entry.kind is not None, "headings are not looked for"
    names = f"{entry.title} {entry.kind.key} {entry.kind.__name__}"
    named = max(10 * score(query, names), 5 * score(query, f"{names} {entry.group}"))
    begins = 5 if entry.title.casefold().startswith(query.strip().casefold()) else 0
    known = mentioned(query, f"{entry.kind.search_words} {_kernel_words(entry.kind)}")
    return max(named + begins, 45 if known else 0, 30 if mentioned(query, entry.doc) else 0)


def _kernel_words(kind: type[Layer]) -> str:
    """The names and search words of all kernels, for the layer that is made of one of them."""
    if kind is not Filter2d:
        return ""
    return " ".join(
        f"{design.title} {tr(design.title)} {design.search_words}" for design in designs().values()
    )


class LayerMenu(QFrame):
    """A popup with a field and a list. chosen(type): Enter was pressed, or a type was clicked. Esc closes it."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        # A popup closes by itself when the person clicks beside it.
        super().__init__(parent, Qt.WindowType.Popup)
        self._kinds: list[type[Layer]] = []
        self.setProperty("role", "card")
        self.setAccessibleName(tr("Choose a layer"))
        self.heading = layouts.label("heading")
        self.field = QLineEdit(placeholderText=tr("Type to find a layer"), clearButtonEnabled=True)
        self.field.setAccessibleName(tr("Search for a layer"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Layers to choose from"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field keeps the keyboard
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_EntryDelegate(theme, self.list))
        self._none = layouts.label("dim", tr("No layer matches."))
        self.doc = QLabel(wordWrap=True)
        # Always room for two lines, or the list would jump as the arrow keys pass long and short sentences.
        self.doc.setMinimumHeight(2 * self.fontMetrics().height() + 4)
        self.doc.setAlignment(Qt.AlignmentFlag.AlignTop)
        layouts.column(self, self.heading, self.field, self._none, self.list, self.doc, margins=(8, 8, 8, 8))
        keys = FieldKeys(self.field, self.list)
        keys.entered.connect(lambda: self._choose(self.list.currentItem()))
        keys.left.connect(self.close)
        self.field.textChanged.connect(self._fill)
        self.list.itemClicked.connect(self._choose)
        self.list.currentItemChanged.connect(self._explain)

    def popup(self, heading: str, kinds: Iterable[type[Layer]], place: QRect) -> None:
        """Open beside `place` (in coordinates of the screen) with these types. heading: what they are chosen for."""
        self._kinds = list(kinds)
        self.heading.setText(heading)
        self.field.clear()
        self._fill()
        self._move_to(place)
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _move_to(self, place: QRect) -> None:
        """Move below or above `place`, inside the screen."""
        unit = QFontMetrics(self.font()).height()
        # Without task bars and docks, and of the screen that the window is on.
        room = self.screen().availableGeometry()
        # In heights of a line, so that the popup grows with the letters that the person has chosen.
        self.resize(min(30 * unit, room.width() - 20), min(38 * unit, room.height() - 40))
        below = room.bottom() - place.bottom()
        y = place.bottom() if below > self.height() else place.top() - self.height()
        x = min(place.left(), room.right() - self.width())
        self.move(QPoint(max(x, room.left()), min(max(y, room.top()), room.bottom() - self.height())))

    def _fill(self) -> None:
        self.list.clear()
        for entry in entries(self._kinds, self.field.text()):
            item = QListWidgetItem(entry.title)
            item.setData(_ENTRY, entry)
            if entry.kind is None:  # arrow keys and the mouse pass over headings
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            # The delegate paints the sentence, of which a screen reader would know nothing.
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title}: {entry.doc}")
            item.setToolTip(entry.doc)
            self.list.addItem(item)
        first = next((i for i in range(self.list.count()) if self.list.item(i).flags()), -1)
        self.list.setCurrentRow(first)
        self._none.setVisible(first < 0)

    def _explain(self, item: QListWidgetItem | None, _previous: object) -> None:
        self.doc.setText("" if item is None else item.data(_ENTRY).doc)

    def _choose(self, item: QListWidgetItem | None) -> None:
        entry = None if item is None else item.data(_ENTRY)
        if entry is not None and entry.kind is not None:
            # Closed first: as long as it is open, a popup takes all clicks, also those on the dialog that may follow.
            self.close()
            self.chosen.emit(entry.kind)


class _EntryDelegate(QStyledItemDelegate):
    """Paints a title with the name of its class on the right and its sentence below, and the headings of groups."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: LayerEntry = index.data(_ENTRY)
        if entry.kind is None:
            self._heading(painter, option, entry)
        else:
            self._entry(painter, option, entry)

    def _heading(self, painter: QPainter, option: QStyleOptionViewItem, entry: LayerEntry) -> None:
        bold = small_font(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(self._theme.colors.dim))
        area = option.rect.adjusted(_PAD, _PAD, -_PAD, -2)
        painter.drawText(area, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, entry.title)

    def _entry(self, painter: QPainter, option: QStyleOptionViewItem, entry: LayerEntry) -> None:
        colors = self._theme.colors
        if option.state & QStyle.StateFlag.State_Selected:
            paint_selection(painter, colors, QRectF(option.rect))
        area = option.rect.adjusted(2 * _PAD, _PAD, -2 * _PAD, -_PAD)
        painter.setPen(QColor(colors.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, entry.title)
        small = small_font(option.font)
        painter.setFont(small)
        painter.setPen(QColor(colors.dim))
        kind = entry.kind
        assert kind is not None, "headings are painted elsewhere"
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, kind.__name__)
        doc = QFontMetrics(small).elidedText(entry.doc, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, doc)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        small = QFontMetrics(small_font(option.font)).height()
        if index.data(_ENTRY).kind is None:
            return QSize(100, small + 2 * _PAD + 4)
        return QSize(100, QFontMetrics(option.font).height() + small + 2 * _PAD + 2)


def merging_types() -> list[type[Layer]]:
    """The types that join several inputs."""
    return [kind for kind in layer_types().values() if kind.arity[1] != 1]


def all_types() -> list[type[Layer]]:
    """All types of layer."""
    return list(layer_types().values())
