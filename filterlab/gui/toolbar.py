"""The tool bar: what is used all the time, and the way to everything else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.commands import plain
from filterlab.gui.words.i18n import tr

_BUTTONS = ("file.open", "file.save_maps", "edit.undo", "edit.redo")
_UNDO = 24  # characters of what undo takes back
_ROOMY = 180  # characters in the width of a tool bar that has room for long texts
_PADDING = 28  # pixels of a button around its text
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
        self._menus: list[QToolButton] = []
        self._add(_BUTTONS)
        self._undo, self._redo = (self._commands.action(name) for name in ("edit.undo", "edit.redo"))
        self._undo.changed.connect(self._name_steps)
        self._redo.changed.connect(self._name_steps)
        self._stretch()
        self._add(_MODES)
        self._menus += [
            self._choice("view.range_", tr("Ranges")),
            self._choice("view.colormap_", tr("Colours")),
        ]
        self._stretch()
        self._add(("view.palette",))
        bench.view.changed.connect(self._refresh)
        self._refresh()

    def _add(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.addAction(self._commands.action(name))

    @property
    def colors_menu(self) -> QMenu:
        """The menu of the colour maps, for the menu bar as well."""
        return self._menus[1].menu()

    def _name_steps(self) -> None:
        """What undo takes back, in a width that does not change: the other buttons stay where they are."""
        self._redo.setIconText(tr("Redo"))
        button = self.widgetForAction(self._undo)
        room = button.fontMetrics().averageCharWidth() * _UNDO
        text = self._undo.text() if self._roomy else tr("Undo")
        self._undo.setIconText(button.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))
        button.setMinimumWidth(room + _PADDING if self._roomy else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """With little room the texts are short ones."""
        super().resizeEvent(event)
        self._name_steps()
        self._name_choices()
        palette = self._commands.action("view.palette")
        palette.setIconText("" if self._roomy else tr("Palette"))  # its own text, but for the dots

    @property
    def _roomy(self) -> bool:
        return self.width() > self.fontMetrics().averageCharWidth() * _ROOMY

    def _stretch(self) -> None:
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)

    def _choice(self, prefix: str, title: str) -> QToolButton:
        """A button with the commands of a prefix as its menu; its text is the chosen one's."""
        button = QToolButton()
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # as all of a tool bar: Tab goes through the work
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(title, button)
        for command in self._commands:
            if command.name.startswith(prefix):
                menu.addAction(command.action)
        button.setMenu(menu)
        self.addWidget(button)
        return button

    def _refresh(self, *_: object) -> None:
        self._commands.refresh()
        self._name_choices()

    def _name_choices(self) -> None:
        for button in self._menus:
            chosen = next((a.text() for a in button.menu().actions() if a.isChecked()), "")
            chosen = plain(chosen)
            button.setText(chosen if self._roomy else chosen.partition(" (")[0])
            button.setAccessibleName(chosen)
