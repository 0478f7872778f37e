"""The list of named kernels, and the parameters of the chosen one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap, QStandardItemModel
from PySide6.QtWidgets import QVBoxLayout, QWidget

from filterlab import kernels
from filterlab.errors import FilterLabError
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.inspector.groups import own_words
from filterlab.gui.inspector.kernel.cells import cell_color
from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.inspector.row import ParameterRow
from filterlab.gui.look.theme import Colors
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import readable

THUMBNAIL = 20  # logical pixels of a side


class _PresetCombo(QuietCombo):
    """opening: the list is about to be seen."""

    opening = Signal()

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        self.opening.emit()
        super().showPopup()


class PresetPanel(QWidget):
    """A list of the presets. settings: a row for each parameter of the chosen one. finished: as in `Editor`."""

    finished = Signal()

    def __init__(self, session: KernelSession, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._bench = session, bench
        self.combo = _PresetCombo(self)
        self.combo.opening.connect(self._show_thumbnails)
        self.combo.setAccessibleName(tr("preset"))
        self.combo.setToolTip(tr("Named kernels. They stay recipes in the file until a cell is edited."))
        self.combo.setMaxVisibleItems(40)
        self.combo.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
        self.rows: dict[str, ParameterRow] = {}
        self._shown = ""
        self._fill()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.combo)
        # In a widget of their own, to be laid below the grid: when a first edit takes them away, the cell that is
        # being edited stays under the mouse.
        self.settings = QWidget(parent)
        self._layout = QVBoxLayout(self.settings)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self.settings.hide()
        self.setFocusProxy(self.combo)
        self.combo.activated.connect(self._choose)
        session.changed.connect(self.refresh)
        bench.theme.changed.connect(self._show_chosen)

    def _fill(self) -> None:
        self.combo.addItem(tr("own numbers"), "")
        group = ""
        for name, design in kernels.designs().items():
            if design.group != group:
                group = design.group
                self.combo.addItem(tr(group).upper(), None)
                model = self.combo.model()
                assert isinstance(model, QStandardItemModel), "a list has one"
                model.item(self.combo.count() - 1).setEnabled(False)
            self.combo.addItem(tr(design.title), name)
            self.combo.setItemData(self.combo.count() - 1, tr(design.doc), Qt.ItemDataRole.ToolTipRole)

    def _show_thumbnails(self) -> None:
        """Make the small pictures of all presets, which are seen only in the open list."""
        for place in range(self.combo.count()):
            self._show_thumbnail(place)

    def _show_chosen(self) -> None:
        self._show_thumbnail(self.combo.currentIndex())

    def _show_thumbnail(self, place: int) -> None:
        name = self.combo.itemData(place)
        if name:
            self.combo.setItemIcon(place, _thumbnail(name, self._bench.theme.colors))

    def refresh(self) -> None:
        """Show the preset of the session's kernel."""
        recipe = self._session.recipe or {}
        name = str(recipe.get("preset", ""))
        # Random numbers are no preset, but not the person's own either.
        self.combo.setItemText(0, own_words(self._session.weights))
        self.combo.show_data(name)
        self._show_chosen()
        if name != self._shown:
            self._shown = name
            self._make_rows(name)
        for key, row in self.rows.items():
            default = row.parameter.default
            value = row.parameter.kind.read(recipe.get(key, default), key)
            row.show_value(value, value == default)
            # The size of all kernels is a row of the layer.
            row.setVisible(key != "size")
        self.settings.setVisible(any(not row.isHidden() for row in self.rows.values()))

    def _make_rows(self, name: str) -> None:
        for row in self.rows.values():
            row.hide()
            row.deleteLater()
        self.rows = {}
        for declared in kernels.get(name).parameters if name else ():
            row = self.rows[declared.name] = ParameterRow(declared, self._bench, self.settings)
            self._layout.addWidget(row)
            row.editor.edited.connect(self._take)
            row.editor.finished.connect(self.finished)
            row.reset.connect(lambda key=declared.name, value=row.parameter.default: self._reset(key, value))

    def _choose(self) -> None:
        name = self.combo.currentData()
        if name:
            label = tr("Preset {preset} for {node}", preset=name, node=self._session.node)
            try:
                self._session.set_preset({"preset": name}, label)
            except FilterLabError as error:
                self._session.refused.emit(error)
        elif self._session.recipe is not None:
            # The same numbers again, which are no preset's any more.
            self._session.apply(lambda kernel: kernel, tr("Keep the numbers of the"))
        self.refresh()
        self.finished.emit()

    def _reset(self, key: str, default: Any) -> None:
        self._take({key: default}, "", None)
        self.finished.emit()

    def _take(self, changes: Mapping[str, Any], label: str, merge: object) -> None:
        (key, value), *_ = changes.items()
        row = self.rows[key]
        recipe = {**(self._session.recipe or {})}
        recipe.pop(key, None)
        try:
            if value != row.parameter.default:
                recipe[key] = row.parameter.kind.to_json(row.parameter.kind.read(value, key))
            words = tr("Change {parameter} of {preset} of {node}")
            label = words.format(
                parameter=tr(readable(key)).lower(), preset=self._shown, node=self._session.node
            )
            self._session.set_preset(recipe, label, merge or ("preset", self._session.node, key))
        except FilterLabError as error:
            row.complain(error)
        else:
            row.complain(None)


@cache
def _thumbnail(name: str, colors: Colors) -> QIcon:
    """A named kernel as a small picture in the colours of its cells."""
    kernel = kernels.make(name)
    height, width = kernel.shape
    image = QImage(width, height, QImage.Format.Format_RGB32)
    largest = float(abs(kernel).max())
    for row, numbers in enumerate(kernel.tolist()):
        for column, number in enumerate(numbers):
            image.setPixelColor(column, row, cell_color(number, largest, colors))
    # Enlarged without smoothing, for screens of up to four device pixels per logical one.
    side = THUMBNAIL * 4
    return QIcon(QPixmap.fromImage(image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)))
