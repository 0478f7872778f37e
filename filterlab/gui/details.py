"""The panels below the maps, which are folded to a line of tabs while there is nothing in them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QStackedWidget, QTabWidget, QWidget

from filterlab.gui.words.i18n import tr

MOST = 16777215  # Qt's QWIDGETSIZE_MAX: no limit
OPEN = 250  # height in pixels when they are opened for the first time


class Details(QTabWidget):
    """Tabs at the lower end of a splitter. A click on a tab opens the panels, another one on the same tab folds them.

    height_open: the height that they had when they were open last. for_now: whether they were opened by `open_for_now`
    and are to be folded again by `close_again`, unless the person has chosen a tab meanwhile.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, documentMode=True)
        self.setAccessibleName(tr("Details"))
        self.folded = self.for_now = False
        self.height_open = OPEN
        self.hint = QLabel(tr("click a value to see where it comes from"))
        self.hint.setProperty("role", "dim")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._corner = Corner(self)
        self._corner.add(self.hint)
        self.setCornerWidget(self._corner, Qt.Corner.TopRightCorner)
        stack = self.findChild(QStackedWidget)
        assert stack is not None, "Qt keeps the pages of tabs in one"
        self._stack = stack
        self._tools: dict[QWidget, QWidget] = {}
        self.tabBarClicked.connect(self._click)
        self.currentChanged.connect(self._show_tools)

    def add_panel(self, panel: QWidget, title: str, tools: QWidget | None = None) -> None:
        """Add a panel. tools: its row of tools, which stands beside the tabs while the panel is shown."""
        if tools is not None:
            self._tools[panel] = tools
            self._corner.add(tools)
        self.addTab(panel, title)
        self._show_tools()

    def replace_panel(self, old: QWidget, panel: QWidget, tools: QWidget | None = None) -> None:
        """Put a panel, as of `add_panel`, in the place of another one, whose title it takes over."""
        place, current = self.indexOf(old), self.currentIndex()
        title = self.tabText(place)
        self.removeTab(place)
        old.deleteLater()
        if tools is not None:
            self._tools[panel] = tools
            self._corner.add(tools)
        self.insertTab(place, panel, title)
        self.setCurrentIndex(current)
        self._show_tools()

    def show_panel(self, panel: QWidget) -> None:
        """Bring a panel to the front, and open the panels if they are folded."""
        self.setCurrentWidget(panel)
        self.for_now = False
        self.open()

    def open_for_now(self, panel: QWidget) -> None:
        """Open the panels on this one if they are folded, until `close_again`."""
        if self.folded:
            self.setCurrentWidget(panel)
            self.for_now = True
            self.open()

    def close_again(self) -> None:
        """Fold the panels if they were opened for now."""
        if self.for_now:
            self.fold()

    def toggle(self) -> None:
        """Fold the panels, or open them."""
        self.for_now = False
        if self.folded:
            self.open()
        else:
            self.fold()

    def fold(self) -> None:
        """Leave only the tabs, and give the room back to what is above."""
        if not self.folded:
            # Before anything is laid out, the height means nothing.
            self.height_open = self.height() if self.isVisible() else self.height_open
            self._set(folded=True)

    def open(self) -> None:
        """Show the panel of the present tab, as high as before."""
        if self.folded:
            self._set(folded=False)

    def bar_height(self) -> int:
        """The height in pixels that is left while they are folded."""
        return self.tabBar().sizeHint().height()

    def _set(self, *, folded: bool) -> None:
        self.folded = folded
        self.for_now = self.for_now and not folded
        bar = self.bar_height()
        self.setProperty("folded", folded)
        self.style().polish(self.tabBar())
        self.setMaximumHeight(bar if folded else MOST)
        # A panel that nobody sees must neither take the focus nor ask the engine for anything.
        self._stack.setVisible(not folded)
        self._show_tools()
        splitter = self.parentWidget()
        if isinstance(splitter, QSplitter):
            height = bar if folded else self.height_open
            splitter.setSizes([sum(splitter.sizes()) - height, height])

    def _click(self, index: int) -> None:
        # Qt says that a tab was pressed before it makes that the current one.
        if self.folded or index == self.currentIndex():
            self.toggle()
        self.for_now = False

    def _show_tools(self, *_: object) -> None:
        self.hint.setVisible(self.folded)
        for panel, tools in self._tools.items():
            tools.setVisible(not self.folded and panel is self.currentWidget())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The room of the panels, but no wider than the tabs: no panel may make the window wider than the screen."""
        return QSize(self.tabBar().sizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the tools all the room beside the tabs."""
        super().resizeEvent(event)
        self._corner.updateGeometry()


class Corner(QWidget):
    """The room beside the tabs. Qt gives a corner just the width it asks for, so it asks for all that is left."""

    def __init__(self, tabs: Details) -> None:
        super().__init__(tabs)
        self._tabs = tabs
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 12, 0)

    def add(self, widget: QWidget) -> None:
        """Add a widget, which takes the whole room when it is shown."""
        self._row.addWidget(widget, 1)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """What the tabs leave."""
        bar = self._tabs.tabBar().sizeHint()
        return QSize(max(self._tabs.width() - bar.width(), 0), bar.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Nothing: the tabs need their room first."""
        return QSize(0, 0)
