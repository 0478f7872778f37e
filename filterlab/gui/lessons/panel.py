"""The lessons panel: a list to choose from, and the pages of the lesson that is played."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.lessons.page import StepPage
from filterlab.gui.lessons.player import LessonPlayer
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import guarded
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.language import current
from filterlab.lessons import Lesson, lessons

_PAD = 8  # logical pixels around the words of a row
Index = QModelIndex | QPersistentModelIndex


class LessonRows(QStyledItemDelegate):
    """Paints the title of a lesson in bold, and below it what the lesson is about, in as many lines as that needs."""

    def __init__(self, theme: Theme, view: QListWidget) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def _parts(self, option: QStyleOptionViewItem, index: Index) -> tuple[QFont, str, str, QRect]:
        """The font of the title, title and text, and the place of the text in a row that begins at y = 0."""
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        title, _, about = index.data().partition("\n")
        room = QRect(_PAD, _PAD, self._view.viewport().width() - 2 * _PAD, 10_000)
        room.setTop(QFontMetrics(bold).boundingRect(room, Qt.TextFlag.TextWordWrap, title).bottom() + 1)
        return bold, title, about, option.fontMetrics.boundingRect(room, Qt.TextFlag.TextWordWrap, about)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """The height of title and text."""
        return QSize(0, self._parts(option, index)[3].bottom() + _PAD)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The row."""
        bold, title, about, place = self._parts(option, index)
        colors, row = self._theme.colors, option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(row, QColor(colors.selected))
        painter.setPen(QColor(colors.text))
        painter.setFont(bold)
        line = row.adjusted(_PAD, _PAD, -_PAD, 0)
        painter.drawText(line, Qt.TextFlag.TextWordWrap, title)
        painter.setPen(QColor(colors.dim))
        painter.setFont(option.font)
        painter.drawText(place.translated(row.topLeft()), Qt.TextFlag.TextWordWrap, about)


class LessonsPanel(QStackedWidget):
    """Lists and plays the lessons.

    wanted, unwanted: show the panel, hide it. tab_wanted(name): bring this tab to the front.
    """

    wanted = Signal()
    unwanted = Signal()
    tab_wanted = Signal(str)

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self.player = LessonPlayer(bench, self)
        self.lessons: list[Lesson] = []
        self.setAccessibleName(tr("Lessons"))
        self._lay_out()
        self._declare()
        self.player.changed.connect(self._follow)
        self.player.tab_wanted.connect(self.tab_wanted)

    # -- building -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Lessons"))
        self.list.setWordWrap(True)
        self.list.setItemDelegate(LessonRows(self._bench.theme, self.list))
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(lambda _: self.play())
        self.start_button = QPushButton(tr("Start the lesson"))
        self.start_button.setProperty("role", "primary")
        self.start_button.clicked.connect(lambda: self.play())
        words = QLabel(
            tr("Each lesson opens pictures and layers of its own. Your work comes back when you leave it.")
        )
        words.setWordWrap(True)
        words.setProperty("role", "dim")
        choice = QWidget()
        column = QVBoxLayout(choice)
        column.addWidget(words)
        column.addWidget(self.list, 1)
        column.addWidget(self.start_button)
        self.page = StepPage(self.player, self._bench)
        self.page.next_lesson_wanted.connect(self._play_following)
        self._choice = choice
        self.addWidget(choice)
        self.addWidget(self.page)

    def _declare(self) -> None:
        add, player = self._bench.commands.add, self.player
        add(
            "help.lesson_next",
            tr("Next step of the lesson"),
            lambda: player.go(player.place + 1),
            menu=tr("&Help"),
            shortcut="Alt+PgDown",
            enabled=lambda: player.lesson is not None and not player.last,
        )
        add(
            "help.lesson_back",
            tr("Previous step of the lesson"),
            lambda: player.go(player.place - 1),
            menu=tr("&Help"),
            shortcut="Alt+PgUp",
            enabled=lambda: player.lesson is not None and player.place > 0,
        )

    # -- the list -------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read the lessons when the panel is first shown, not when the program starts."""
        super().showEvent(event)
        self.load()

    def load(self) -> None:
        """Read the lessons, unless they were read."""
        if not self.lessons:
            self.lessons = lessons()
            self._fill()

    def _fill(self) -> None:
        row = max(self.list.currentRow(), 0)
        self.list.clear()
        for _ in self.lessons:
            QListWidgetItem(self.list)
        self._mark()
        self.list.setCurrentRow(row)

    def _mark(self) -> None:
        """Write the lessons into the list, and how far the person has come with each."""
        progress = self.player.progress
        for number, lesson in enumerate(self.lessons, start=1):
            item, (right, asked) = self.list.item(number - 1), progress.predicted(lesson)
            done = progress.done(lesson)
            marks = (" ✓" if done else "") + (f"  {right}/{asked}" if right else "")
            words = [tr("done")] if done else []
            words += [tr("{right} of {total} predictions right", right=right, total=asked)] if right else []
            item.setText(f"{number}  {lesson.title.said(current())}{marks}\n{lesson.about.said(current())}")
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, ", ".join(words))

    def ask(self) -> None:
        """Show the panel, and focus the list or the lesson that is played; hide it if it is shown."""
        if self.isVisible():
            self.unwanted.emit()
            return
        self.load()
        self.wanted.emit()
        (self.page if self.player.lesson else self.list).setFocus()

    def play(self, name: str = "", place: int = 0) -> None:
        """Start a lesson at one of its steps: the lesson of this name, or the one chosen in the list."""
        self.load()
        if name:
            self.list.setCurrentRow([lesson.name for lesson in self.lessons].index(name))
        self.player.start(self.lessons[self.list.currentRow()], place)
        self.wanted.emit()

    def take_over(self, other: LessonsPanel) -> None:
        """Continue the lesson that the panel of another window plays, if any."""
        if other.player.lesson is not None:
            self.load()
            self.list.setCurrentRow(other.list.currentRow())  # first: `_follow` asks which lesson comes next
            self.player.take_over(other.player)

    def _play_following(self) -> None:
        row = self.list.currentRow() + 1
        if row < len(self.lessons):
            self.list.setCurrentRow(row)
            self.play()

    # -- following ------------------------------------------------------------------------------------

    def _follow(self) -> None:
        player = self.player
        if player.lesson is not None and player.last:
            player.progress.mark_done(player.lesson)
        self._mark()
        following = self.list.currentRow() + 1 < len(self.lessons)
        self.page.show_step(following)
        self._turn(self._choice if player.lesson is None else self.page)
        self._bench.commands.refresh()

    def _turn(self, page: QWidget) -> None:
        """Show the list or the page of a step."""
        # The focused widget is about to be hidden, and Qt would give the keyboard to another part of the window.
        focused = QApplication.focusWidget()
        here = focused is not None and self.isAncestorOf(focused)
        turned = page is not self.currentWidget()
        self.setCurrentWidget(page)
        if here and turned:  # on the same page, the keyboard stays on the button that led here
            (self.page if page is self.page else self.list).setFocus()
