"""The tool bar: what is used all the time, and a menu with everything that has no room."""

from __future__ import annotations

from math import log

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QSlider,
    QToolBar,
    QToolButton,
    QWidget,
)

from filterlab.gui.bench.viewstate import LARGEST_TILE, SMALLEST_TILE
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.commands import plain
from filterlab.gui.look.icons import SIDE, icon
from filterlab.gui.look.strip import shortened
from filterlab.gui.look.toolrow import IconButton, ToolRow, framed
from filterlab.gui.wall.legend.choices import SWATCH, range_words
from filterlab.gui.wall.view import WallView
from filterlab.gui.words.i18n import tr

_BUTTONS = {
    "file.open": "folder-open",
    "file.save_maps": "download",
    "edit.undo": "undo-2",
    "edit.redo": "redo-2",
}
_ALWAYS = ("file.new", "file.save", "view.fit_all", "view.tiles_automatic", "view.details", "help.lessons")
_STEPS = 100  # of the slider


class Toolbar(QToolBar):
    """One row of tools. Ranges and colour maps are menus whose buttons show what is chosen."""

    def __init__(self, bench: Workbench, wall: WallView, parent: QWidget | None = None) -> None:
        super().__init__(tr("Tools"), parent)
        self._bench, self._commands = bench, bench.commands
        self.setObjectName("toolbar")
        self.setMovable(False)
        # The context menu of the window could hide the bar, and no other menu would bring it back.
        self.toggleViewAction().setEnabled(False)
        self.row = ToolRow(bench.theme, [self._commands.action(name) for name in _ALWAYS])
        self.row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.title = Title(bench)
        self.sizes = TileSizes(bench, wall)
        self.modes = self._mode_buttons()
        self.ranges = self._choice(tr("Ranges"), "view.ends_", "view.range_")
        self.colors = self._choice(tr("Colours"), "view.colormap_")
        self.colors.menu().setProperty("role", "swatches")
        self.search = self._search_field()
        self._lay_out()
        bench.view.changed.connect(self._refresh)
        bench.theme.changed.connect(self._refresh)
        self._refresh()

    # -- building -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """The widgets in their order; those with higher ranks leave first where there is little room."""
        for name, sign in _BUTTONS.items():
            self.row.add(IconButton(sign, self._bench.theme, self._commands.action(name)))
        self.row.add(self.title, rank=4)
        self.row.add_gap()
        self.row.add(framed(self.modes), rank=1, entries=[button.defaultAction() for button in self.modes])
        sizes = [self._commands.action(f"view.{name}") for name in ("larger", "smaller")]
        self.row.add(self.sizes, rank=5, entries=sizes)
        self.row.add_gap()
        self.row.add(self.ranges, rank=3, entries=[self.ranges.menu()])
        self.row.add(self.colors, rank=2, entries=[self.colors.menu()])
        self.row.add(self.search, rank=6, entries=[self._commands.action("view.palette")])
        self.addWidget(self.row)
        for child in self.findChildren(QWidget):
            child.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes through the work

    def _mode_buttons(self) -> list[QToolButton]:
        buttons = []
        for mode, text in (
            ("overview", tr("Overview")),
            ("side", tr("Side by side")),
            ("single", tr("Single")),
        ):
            action = self._commands.action(f"view.mode_{mode}")
            action.setIconText(text)
            button = QToolButton()
            button.setDefaultAction(action)
            buttons.append(button)
        return buttons

    def _choice(self, title: str, *prefixes: str) -> QToolButton:
        """A button whose menu has the commands of some prefixes, a group for each."""
        button = QToolButton()
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(*SWATCH))
        menu = QMenu(title, button)
        for prefix in prefixes:
            for command in self._commands:
                if command.name.startswith(prefix):
                    menu.addAction(command.action)
            menu.addSeparator()
        button.setMenu(menu)
        return button

    def _search_field(self) -> QToolButton:
        """A button that looks like the field which it opens."""
        action = self._commands.action("view.palette")
        button = QToolButton()
        button.setProperty("role", "search")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(SIDE, SIDE))
        keys = action.shortcut().toString()
        button.setText(f" {tr('Do anything')}   {keys}")
        button.setToolTip(action.toolTip())
        button.setAccessibleName(plain(action.text()))
        button.clicked.connect(action.trigger)
        return button

    @property
    def colors_menu(self) -> QMenu:
        """The menu of the colour maps, which the menu bar shows as well."""
        return self.colors.menu()

    # -- following ------------------------------------------------------------------------------------

    def _refresh(self, *_: object) -> None:
        self._commands.refresh()
        self.search.setIcon(icon("search", self._bench.theme.colors))
        text = tr("Range: {range}", range=range_words(self._bench.view.look))
        self.ranges.setText(text)
        self.ranges.setAccessibleName(text)
        for action in self.colors.menu().actions():
            if action.isChecked():
                self.colors.setIcon(action.icon())
                self.colors.setText(f" {tr('Colours')}")
                self.colors.setAccessibleName(plain(action.text()))


class Title(QWidget):
    """The name of the pipeline, and whether it holds something that its file does not."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._document = bench.document
        self.name, self.state = QLabel(), QLabel(tr("edited"))
        # The name of a file may look like markup.
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setProperty("role", "name")
        self.state.setProperty("role", "dim")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.name)
        row.addWidget(self.state)
        bench.document.changed.connect(self._follow)
        bench.document.history_changed.connect(self._follow)
        self._follow()

    def _follow(self, *_: object) -> None:
        path = self._document.path
        title = path.stem if path else self._document.work.title
        self.name.setText(shortened(title) if title else tr("untitled"))
        self.name.setToolTip(str(path) if path else tr("The pipeline has no file yet"))
        self.state.setVisible(self._document.modified)


class TileSizes(QWidget):
    """A slider for the size of the tiles, between buttons that show all columns and that fill the wall."""

    def __init__(self, bench: Workbench, wall: WallView) -> None:
        super().__init__()
        self._view, self._wall = bench.view, wall
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setFixedWidth(88)
        self.slider.setAccessibleName(tr("Size of the tiles"))
        self.slider.setToolTip(tr("Size of the tiles; also Ctrl and the wheel on the head of a column"))
        self.slider.valueChanged.connect(self._choose)
        fit, fill = (
            IconButton("rectangle-horizontal", bench.theme, bench.commands.action(f"view.{name}"))
            for name in ("fit_all", "tiles_automatic")
        )
        fit.setIconSize(QSize(SIDE * 5 // 8, SIDE * 5 // 8))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(2)
        for widget in (fit, self.slider, fill):
            row.addWidget(widget)
        wall.arranged.connect(self._follow)
        self._follow()

    def _choose(self, step: int) -> None:
        # A step is a factor, since 10 pixels more change a small tile as much as 100 change a large one.
        size = SMALLEST_TILE * (LARGEST_TILE / SMALLEST_TILE) ** (step / _STEPS)
        self._view.set(tile=round(size))

    def _follow(self) -> None:
        step = _STEPS * log(self._wall.tile / SMALLEST_TILE) / log(LARGEST_TILE / SMALLEST_TILE)
        self.slider.blockSignals(True)  # the tiles have this size already
        self.slider.setValue(round(step))
        self.slider.blockSignals(False)
        self.setEnabled(self._view.look.mode == "side")
