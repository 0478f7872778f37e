"""The tool bar: what is used all the time, and the palette for everything else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from filterlab.gui.bench.viewstate import ViewState
from filterlab.gui.commands import Commands, plain
from filterlab.gui.words.i18n import tr

_BUTTONS = ("file.open", "file.save_maps", "edit.undo", "edit.redo")
_UNDO = 24  # characters of the undo button, which names the edit
_ROOMY = 180  # width, in characters, from which a tool bar has room for long texts
_PADDING = 28  # pixels of a button around its text
_MODES = ("view.mode_overview", "view.mode_side", "view.mode_single")


class Toolbar(QToolBar):
    """Buttons of commands; ranges and colour maps are menus whose buttons show what is chosen."""

    def __init__(self, *, commands: Commands, view: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(tr("Tools"), parent)
        self._commands = commands
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        # The context menu of the window could hide the bar, and no other menu would bring it back.
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
        view.changed.connect(self._refresh)
        self._refresh()

    def _add(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.addAction(self._commands.action(name))

    @property
    def colors_menu(self) -> QMenu:
        """The menu of the colour maps, which the menu bar shows as well."""
        return self._menus[1].menu()

    def _name_steps(self) -> None:
        """Name the edit to undo, in a width that does not change, so that the other buttons stay where they are."""
        self._redo.setIconText(tr("Redo"))
        button = self.widgetForAction(self._undo)
        room = button.fontMetrics().averageCharWidth() * _UNDO
        text = self._undo.text() if self._roomy else tr("Undo")
        self._undo.setIconText(button.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))
        button.setMinimumWidth(room + _PADDING if self._roomy else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Shorten the texts where there is little room."""
        super().resizeEvent(event)
        self._name_steps()
        self._name_choices()
        palette = self._commands.action("view.palette")
        # With an empty icon text Qt shows the action's own text, without its dots.
        palette.setIconText("" if self._roomy else tr("Palette"))

    @property
    def _roomy(self) -> bool:
        return self.width() > self.fontMetrics().averageCharWidth() * _ROOMY

    def _stretch(self) -> None:
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)

    def _choice(self, prefix: str, title: str) -> QToolButton:
        """A button whose menu has the commands of a prefix, and whose text is that of the chosen one."""
        button = QToolButton()
        button.setFocusPolicy(
            Qt.FocusPolicy.NoFocus
        )  # like the bar's other buttons: Tab goes through the work
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
