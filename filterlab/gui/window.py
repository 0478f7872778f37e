"""The main window, which lays out its parts; each of them follows the workbench by itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QFont, QImage, QResizeEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QInputDialog,
    QMainWindow,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from filterlab.gui.batch import BatchRuns
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.chain import ChainPanel, HistoryPanel
from filterlab.gui.details import Details
from filterlab.gui.files import (
    DropArea,
    Files,
    LoadingStrip,
    PicturePreview,
    PreparingNote,
    Session,
    StartPage,
)
from filterlab.gui.inspector import Inspector
from filterlab.gui.look import layouts
from filterlab.gui.look.toolrow import IconButton
from filterlab.gui.menus import in_groups, submenu_title
from filterlab.gui.panels import Banner, Palette, Readout
from filterlab.gui.placement import WindowPlacement
from filterlab.gui.toolbar import Toolbar
from filterlab.gui.wall import Wall
from filterlab.gui.wall.turn import PORTION
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.language import LANGUAGE_NAMES, current, spoken

if TYPE_CHECKING:
    from filterlab.gui.unseen import Unseen

_SIDES = (210, 870, 320)  # widths of pipeline, maps and inspector in a new window, in pixels
_HEIGHTS = (600, 250)  # heights of the maps and of the panels below them
_LESSONS = 300  # width of the lessons
_WIDE = 1500  # width from which on there is room for the lessons beside the pipeline
_LEARNING = 0.6  # share of the height that the tabs get while a lesson is about learning
_INSPECTOR = 320  # least width: a kernel of 3 x 3 cells with its pictures beside it


class MainWindow(QMainWindow):
    """One window over one workbench, which it closes when it is closed.

    language_changed: another language was chosen, which needs a new window. later: leave what is not seen at first to
    `complete`, which is called once the window was painted.
    """

    language_changed = Signal()

    def __init__(self, bench: Workbench, *, later: bool = False) -> None:
        super().__init__()
        self.bench = bench
        self._unseen: Unseen | None = None
        self._heights_before: list[int] = []  # set while a step of a lesson has changed them
        self._must_end = False  # whether the process was told to end
        self._pinned = False  # whether there was a pin when the person was asked last
        with bench.theme.unstyled():
            self._build()
            if not later:
                self.complete()
        self._measure()
        self._connect()
        DropArea(self, self.files.opening)
        self.wall.setFocus()
        self._refresh()

    # -- building -------------------------------------------------------------------------------------

    def _build(self) -> None:
        bench = self.bench
        self._declare_commands()
        self.files = Files(bench, self)
        self.batch = BatchRuns(bench, self)
        self.wall = Wall(bench)
        self.wall.view.turn.portion = PORTION
        self.chain = ChainPanel(bench)
        self.inspector = Inspector(bench)
        self.palette_popup = Palette(commands=bench.commands, settings=bench.settings, parent=self)
        self._lay_out()
        self.placement = WindowPlacement(self, sides=self.sides, chain=self.chain, tabs=self.tabs)
        self.session = Session(bench, self.placement, self)
        # The tool bar comes last: it shows commands that the parts above have declared.
        self.toolbar = Toolbar(bench, self.wall.view, self)
        self.addToolBar(self.toolbar)
        self._menus = {title: self.menuBar().addMenu(title) for title in self._menu_titles()}

    def complete(self) -> None:
        """Build what is not seen in the first moment of the window, unless that is done, with its commands."""
        if self._unseen is not None:
            return
        # Half of the modules of the window, and half of its widgets.
        from filterlab.gui.unseen import Unseen

        with self.bench.theme.unstyled():
            self._add_unseen(
                Unseen(self.bench, wall=self.wall, chain=self.chain, inspector=self.inspector, window=self)
            )
        self._fill_menus()
        self._show_unread(self.messages_panel.unread)
        self._follow_pin()

    def _add_unseen(self, made: Unseen) -> None:
        self._unseen = made
        self.comparing, self.kernels, self.craft = made.comparing, made.kernels, made.craft
        self.shortcuts, self.about = made.shortcuts, made.about
        self.explain, self.learning, self.restoring = made.explain, made.learning, made.restoring
        self.spectrum, self.lessons, self.messages_panel = made.spectrum, made.lessons, made.messages
        self.centre.insertWidget(self.centre.indexOf(self.preview), self.comparing.page)
        for name, panel in made.pages.items():
            tools = self.explain.tools if panel is self.explain else None
            self.tabs.replace_panel(self.pages[name], panel, tools)
            self.pages[name] = panel
        self.lessons_dock.setWidget(self.lessons)
        self._before_lesson = self._details_state()
        self._connect_unseen(made)

    def _measure(self) -> None:
        """Fix what depends on the size of styled widgets."""
        self.tabs.fold()
        # The status tip of an action hides the readout for a moment, and the bar must not become lower meanwhile.
        self.statusBar().setMinimumHeight(self.statusBar().sizeHint().height())

    def _lay_out(self) -> None:
        self.centre = QStackedWidget()
        self.start_page = StartPage(
            document=self.bench.document,
            commands=self.bench.commands,
            theme=self.bench.theme,
            files=self.files,
        )
        self.centre.addWidget(self.start_page)
        self.centre.addWidget(self.wall)
        self.preview = PicturePreview(self.bench, self.files.previews)
        self.centre.addWidget(self.preview)
        self.preparing = PreparingNote(self.bench.document)
        self.banner = Banner(messages=self.bench.messages, theme=self.bench.theme)
        self.tabs = self._tabs()
        self.heights = QSplitter(Qt.Orientation.Vertical)
        self.inspector.setMinimumWidth(_INSPECTOR)
        self.sides = QSplitter(Qt.Orientation.Horizontal)
        # While they are empty: each widget that moves with its splitter would be styled again.
        self.setCentralWidget(self.sides)
        _fill(self.sides, (self.chain, self.heights, self.inspector), _SIDES)
        _fill(self.heights, (self._with_banner(), self.tabs), _HEIGHTS)
        self._lay_out_lessons()
        self.bench.commands.add(
            "view.details",
            tr("Panels below the maps"),
            self.tabs.toggle,
            menu=tr("&View"),
            shortcut="Ctrl+J",
            tip=tr("Open or fold the explanation, learning, histogram, spectrum, history and messages"),
            checked=lambda: not self.tabs.folded,
        )
        self.bench.commands.add(
            "view.spectrum",
            tr("Spectrum"),
            partial(self.show_tab, "spectrum"),
            menu=tr("&View"),
            tip=tr("See the waves that the selected map is made of, and take out grids and moiré"),
        )
        self.readout = Readout(self.bench)
        self.statusBar().addWidget(self.readout, 1)
        self.statusBar().setSizeGripEnabled(False)

    def _lay_out_lessons(self) -> None:
        """Put the lessons beside everything else, so that one can read and look at the same time."""
        self.lessons_dock = QDockWidget(tr("Lessons"), self)
        self.lessons_dock.setObjectName("lessons")
        self.lessons_dock.setTitleBarWidget(self._lessons_title())
        self.lessons_dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.lessons_dock)
        self.resizeDocks([self.lessons_dock], [_LESSONS], Qt.Orientation.Horizontal)
        self.lessons_dock.hide()
        self.lessons_dock.visibilityChanged.connect(self._share_left_side)
        self.bench.commands.add(
            "help.lessons",
            tr("&Lessons"),
            self._ask_lesson,
            menu=tr("&Help"),
            shortcut="Shift+F1",
            search_words="tutorial course teach exercises 教程 课程 练习 学习",
        )

    def _lessons_title(self) -> QWidget:
        title = QWidget()
        close = IconButton("x", self.bench.theme)
        close.setToolTip(tr("Close (Shift+F1)"))
        close.setAccessibleName(tr("Close"))
        close.clicked.connect(self.lessons_dock.hide)
        heading = layouts.label("heading", tr("Lessons"))
        font = heading.font()
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        heading.setFont(font)
        layouts.row(title, heading, None, close, margins=(12, 4, 8, 0))
        return title

    def _with_banner(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(LoadingStrip(background=self.bench.background, messages=self.bench.messages))
        column.addWidget(self.banner)
        column.addWidget(self.preparing)
        column.addWidget(self.centre, 1)
        return holder

    def _show_lessons(self) -> None:
        # Before Qt lays out both: side by side, they may need more than a small screen is wide.
        self.chain.setVisible(self.width() >= _WIDE)
        self.lessons_dock.show()

    def _share_left_side(self, *_: object) -> None:
        """In a narrow window, the lessons take the place of the pipeline."""
        self.chain.setVisible(self.lessons_dock.isHidden() or self.width() >= _WIDE)

    def _tabs(self) -> Details:
        tabs = Details()
        document, theme = self.bench.document, self.bench.theme
        history = HistoryPanel(document=document, commands=self.bench.commands, theme=theme)
        self.pages: dict[str, QWidget] = {}
        for name, title in (
            ("explain", tr("Explain")),
            ("local", tr("Kernel here")),
            ("learn", tr("Learn")),
            ("distribution", tr("Histogram")),
            ("spectrum", tr("Spectrum")),
            ("history", tr("History")),
            ("messages", tr("Messages")),
        ):
            # The others are empty until the window is complete.
            self.pages[name] = history if name == "history" else QWidget()
            tabs.add_panel(self.pages[name], title)
        return tabs

    def show_tab(self, name: str) -> None:
        """Bring the tab of this name to the front, as "explain"."""
        self.tabs.show_panel(self.pages[name])

    def _show_tab_of_step(self, name: str) -> None:
        """Show the tab that a step of a lesson is about; the one for learning gets more room than the maps."""
        self.show_tab(name)
        total = sum(self.heights.sizes())
        lower = round(_LEARNING * total)
        if name != "learn":
            self._give_back_heights()
        elif self.heights.sizes()[1] < lower:
            self._heights_before = self.heights.sizes()
            self.heights.setSizes([total - lower, lower])

    def _details_state(self) -> tuple[QWidget, bool, str]:
        """The panel below the maps, whether it is folded, and the level of the explanation."""
        return self.tabs.currentWidget(), self.tabs.folded or self.tabs.for_now, self.explain.level

    def _ask_lesson(self) -> None:
        self.complete()
        self.lessons.ask()

    def _begin_lesson(self) -> None:
        self._before_lesson = self._details_state()

    def _end_lesson(self) -> None:
        self._give_back_heights()
        panel, folded, level = self._before_lesson
        self.explain.show_level(level)
        self.tabs.show_panel(panel)
        if folded:
            self.tabs.fold()

    def _give_back_heights(self) -> None:
        if self._heights_before:
            self.heights.setSizes(self._heights_before)
            self._heights_before = []

    def _declare_commands(self) -> None:
        add = self.bench.commands.add
        themes = {"system": tr("System theme"), "light": tr("Light theme"), "dark": tr("Dark theme")}
        languages = {"system": tr("System language"), **LANGUAGE_NAMES}
        for kind, names, choose, chosen in (
            ("theme", themes, self._set_theme, self._has_theme),
            ("language", languages, self.set_language, self._has_language),
        ):
            for name, text in names.items():
                run, checked = partial(choose, name), partial(chosen, name)
                # Who cannot read the window's language looks for it by its English name.
                words = QLocale.languageToString(QLocale(name).language()) if name in LANGUAGE_NAMES else ""
                add(f"view.{kind}_{name}", text, run, menu=tr("&View"), checked=checked, search_words=words)
        add(
            "view.map_memory",
            tr("Memory for maps…"),
            self._ask_map_memory,
            menu=tr("&View"),
            tip=tr("How much memory maps may take; those that do not fit wait on the disk"),
        )
        add(
            "view.full_screen",
            tr("Full screen"),
            self._toggle_full_screen,
            menu=tr("&View"),
            shortcut="F11",
            checked=self.isFullScreen,
        )
        add("file.quit", tr("Quit"), self.close, menu=tr("&File"), shortcut="Ctrl+Q")

    def _menu_titles(self) -> list[str]:
        titles = ("&File", "&Edit", "&View", "&Layer", "&Kernel", "Lea&rn", "E&xplain", "&Help")
        return [tr(title) for title in titles]

    def _fill_menus(self) -> None:
        """Put the commands into the menus that they name."""
        for title, menu in self._menus.items():
            self._fill_menu(menu, title)
        for command in self.bench.commands:
            if command.everywhere:
                # Shortcuts of actions work only through a widget; some of these actions are in no menu.
                self.addAction(command.action)

    def _fill_menu(self, menu: QMenu, title: str) -> None:
        below = False  # whether the group before stands in a menu of its own
        for group in in_groups(command for command in self.bench.commands if command.menu == title):
            ranges, words = group[0].name.startswith("view.ends"), submenu_title(group[0].name)
            if menu.actions() and not (below and (words or ranges)):
                menu.addSeparator()
            below = bool(words) or ranges
            if words:
                menu.addMenu(words).addActions([command.action for command in group])
                continue
            if ranges:
                menu.addMenu(self.toolbar.ranges.menu())
                menu.addMenu(self.toolbar.colors_menu)
                continue
            for command in group:
                menu.addAction(command.action)
                if command.name == "file.examples":
                    menu.addMenu(self.files.recent.menu(menu))

    def _connect(self) -> None:
        bench = self.bench
        bench.document.changed.connect(self._refresh)
        bench.document.history_changed.connect(self._refresh)
        bench.selection.node_changed.connect(self._refresh)
        bench.selection.pin_changed.connect(self._follow_pin)
        bench.view.changed.connect(self._refresh)
        bench.results.busy_changed.connect(self._refresh)
        bench.theme.changed.connect(self._refresh)
        self.start_page.needed_changed.connect(self._refresh)
        self.wall.whole = self._wall_room
        self.wall.save_requested.connect(self.files.save_maps)
        self.toolbar.colors_menu.aboutToShow.connect(self.wall.actions_.colors.paint_swatches)
        self.files.wall_image = self.wall_image
        self.files.opening.network_opened.connect(self.preparing.propose)
        self.files.opening.picture_awaited.connect(self.preview.fetch)
        self.preview.changed.connect(self._refresh)
        bench.lesson_began.connect(self._begin_lesson)
        bench.lesson_ended.connect(self._end_lesson)
        self.banner.details_requested.connect(lambda: self.show_tab("messages"))

    def _connect_unseen(self, made: Unseen) -> None:
        made.comparing.active_changed.connect(self._refresh)
        made.messages.unread_changed.connect(self._show_unread)
        made.explain.wanted.connect(lambda: self.show_tab("explain"))
        made.learn.wanted.connect(lambda: self.show_tab("learn"))
        made.lessons.wanted.connect(self._show_lessons)
        made.lessons.unwanted.connect(self.lessons_dock.hide)
        made.lessons.tab_wanted.connect(self._show_tab_of_step)

    # -- following ------------------------------------------------------------------------------------

    def _follow_pin(self) -> None:
        pinned = self.bench.selection.pin is not None
        if pinned and not self._pinned:
            self.tabs.open_for_now(self.pages["explain"])
            self.wall.keep_pin_in_sight()
        elif not pinned:
            self.tabs.close_again()
        self._pinned = pinned
        self._refresh()

    def _wall_room(self) -> QSize:
        """The room for maps. They do not change their size while an explanation is open for a moment."""
        height = self.heights.height() - self.tabs.bar_height() if self.tabs.for_now else self.wall.height()
        return QSize(self.wall.width(), height)

    def _refresh(self, *_: object) -> None:
        document = self.bench.document
        self.bench.commands.refresh()
        comparing = self._unseen is not None and self.comparing.active
        maps = self.comparing.page if comparing else self.wall
        shown = self.start_page if self.start_page.needed else maps
        self.centre.setCurrentWidget(self.preview if self.preview.active else shown)
        name = document.work.name or tr("untitled pipeline")
        picture = document.picture.name if document.picture else ""
        self.setWindowTitle(f"{name}[*] — {picture} — FilterLab" if picture else f"{name}[*] — FilterLab")
        self.setWindowModified(document.modified)

    def _show_unread(self, count: int) -> None:
        index = self.tabs.indexOf(self.messages_panel)
        self.tabs.setTabText(index, tr("Messages {count}", count=count) if count else tr("Messages"))

    def _set_theme(self, name: str) -> None:
        self.bench.theme.set(name)
        self.bench.settings.setValue("theme", self.bench.theme.name)

    def _has_theme(self, name: str) -> bool:
        return self.bench.theme.name == name

    def set_language(self, name: str) -> None:
        """Choose "system", "en" or "zh_CN". The desk then replaces this window by one in that language."""
        self.bench.settings.setValue("language", name)
        self.bench.commands.refresh()
        if spoken(name) != current():
            self.language_changed.emit()

    def _has_language(self, name: str) -> bool:
        return str(self.bench.settings.value("language", "system")) == name

    def _ask_map_memory(self) -> None:
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setWindowTitle(tr("Memory for maps"))
        dialog.setLabelText(tr("MiB of memory for maps; 0 stands for a quarter of what the machine has"))
        dialog.setIntRange(0, 1 << 20)
        dialog.setIntStep(256)
        dialog.setIntValue(self.bench.results.budget >> 20)
        dialog.intValueSelected.connect(self.bench.set_map_memory)
        dialog.open()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    # -- for saving -----------------------------------------------------------------------------------

    def wall_image(self) -> QImage:
        """A picture of the wall as it is shown."""
        return self.wall.grab_wall()

    # -- events ---------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Let the lessons and the pipeline share the left side."""
        super().resizeEvent(event)
        self._share_left_side()

    def end(self) -> None:
        """Close without a question, which perhaps nobody could answer: unsaved work is there at the next start."""
        self._must_end = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask if work would be lost; else save the session and end the threads."""
        field = self.focusWidget()
        if field is not None:
            field.clearFocus()  # a number counts only after a pause, or once its field is left
        self.complete()
        self.lessons.player.close()
        if self._must_end and self.files.saving.unsaved:
            self.session.keep()
        elif self.files.saving.may_close(self.close):
            self.session.save()
        else:
            event.ignore()
            return
        self.bench.close()
        event.accept()


def _fill(splitter: QSplitter, parts: tuple[QWidget, ...], sizes: tuple[int, ...]) -> None:
    """Put parts into a splitter, of which one takes what a window of another size has more or less."""
    # A part that was dragged to nothing could hardly be found again.
    splitter.setChildrenCollapsible(False)
    for part in parts:
        splitter.addWidget(part)
    splitter.setSizes(list(sizes))
    # When the window changes its size, the maps become larger or smaller and the other parts stay as they are.
    splitter.setStretchFactor(len(parts) // 2 if len(parts) == 3 else 0, 1)
