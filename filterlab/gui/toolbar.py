"""The tool bar: what is used all the time, and the way to everything else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from filterlab.gui.i18n import tr
from filterlab.gui.workbench import Workbench

_BUTTONS = ("file.open", "file.save_maps", "edit.undo", "edit.redo")
_MODES = ("view.mode_overview", "view.mode_side", "view.mode_single")


class Toolbar(QToolBar):
    """Buttons of commands; ranges and colour maps as menus that show what is chosen."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(tr("Tools"), parent)
        self._commands = bench.commands
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.toggleViewAction().setEnabled(False)
        self._add(_BUTTONS)
        self._stretch()
        self._add(_MODES)
        self._menus = [self._choice("view.range_"), self._choice("view.colormap_")]
        self._stretch()
        self._add(("view.palette",))
        bench.view.changed.connect(self._refresh)
        self._refresh()

    def _add(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.addAction(self._commands.action(name))

    def _stretch(self) -> None:
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)

    def _choice(self, prefix: str) -> QToolButton:
        """A button with the commands of a prefix as its menu; its text is the chosen one's."""
        button = QToolButton()
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for command in self._commands:
            if command.name.startswith(prefix):
                menu.addAction(command.action)
        button.setMenu(menu)
        self.addWidget(button)
        return button

    def _refresh(self, *_: object) -> None:
        self._commands.refresh()
        for button in self._menus:
            chosen = next((a.text() for a in button.menu().actions() if a.isChecked()), "")
            button.setText(chosen.replace("&", ""))
            button.setAccessibleName(button.text())
