"""The dialog that runs the pipeline over many pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from filterlab.batch import Outcome, Plan
from filterlab.batch.tiled import ROOM, needed, threads_of_each
from filterlab.errors import FilterLabError
from filterlab.gui.batch.failures import FailureModel, FailureTable
from filterlab.gui.batch.form import PERCENTILES, BatchForm
from filterlab.gui.batch.order import BatchOrder, BatchProgress
from filterlab.gui.batch.wording import failures_words, kept_words, progress_words, stopped_words
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.learning.trainer import State, Trainer
from filterlab.gui.look.note import Fix, ObstacleNote
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words, said
from filterlab.images.parts.levels import PictureLevels
from filterlab.learning.options import MOST
from filterlab.machine import size_text
from filterlab.resources import samples

SECOND = 500  # milliseconds between two looks at the clock
_FINE = 1000  # parts of the whole that the bar shows where pictures are done in tiles


class BatchDialog(QDialog):
    """Asks what to do, does it in processes of its own, and shows how far it has come and what has failed.

    It can be closed while it works, and shown again.
    """

    def __init__(self, bench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self.setWindowTitle(tr("Run over many pictures"))
        self.order: BatchOrder | None = None  # the newest that was begun
        self.progress = BatchProgress()
        # It serves here as well: a batch is drawn outcome by outcome in a thread, until it ends or is stopped.
        self.trainer = Trainer(closing=bench.closing, parent=self)
        self.form = BatchForm()
        self.note = ObstacleNote()
        self.bar = QProgressBar()
        self.words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.failures = FailureModel()
        self.failures.setParent(self)
        self.table = FailureTable(self.failures)
        self._make_buttons()
        self._lay_out()
        self._clock = QTimer(self, interval=SECOND)
        self._connect()
        self._begin_answers()
        self.refresh()

    # -- building -------------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.start_button, self.stop_button = QPushButton(tr("Start")), QPushButton(tr("Stop"))
        self.command_button = QPushButton(tr("Copy as command line"))
        self.folder_button = QPushButton(tr("Open the folder of results"))
        self.copy_button = QPushButton(tr("Copy the list"))
        self.start_button.setProperty("role", "primary")
        self.start_button.setDefault(True)
        for button in (self.stop_button, self.command_button, self.folder_button, self.copy_button):
            button.setAutoDefault(False)
        self.command_button.setToolTip(tr("Copy the command of filterlab run that does the same"))
        self.copy_button.setToolTip(tr("Copy the pictures that failed, with their reasons, as text"))

    def _lay_out(self) -> None:
        area = QScrollArea(widgetResizable=True)
        area.setWidget(self.form)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(
            self.form.minimumSizeHint().width() + area.verticalScrollBar().sizeHint().width()
        )
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(area)
        split.addWidget(self._results())
        split.setStretchFactor(1, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("Close"))
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        for button in (self.start_button, self.stop_button, self.command_button):
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        outer = QVBoxLayout(self)
        outer.addWidget(split, 1)
        outer.addWidget(self.note)
        outer.addWidget(buttons)
        em = self.fontMetrics().averageCharWidth()
        self.resize(150 * em, 95 * em)
        split.setSizes([66 * em, 80 * em])
        self.table.setColumnWidth(0, 24 * em)

    def _results(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self.bar)
        column.addWidget(self.words)
        self.head = QLabel()
        self.head.setProperty("role", "dim")
        column.addWidget(self.head)
        column.addWidget(self.table, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.folder_button)
        buttons.addStretch(1)
        buttons.addWidget(self.copy_button)
        column.addLayout(buttons)
        return holder

    def _connect(self) -> None:
        self.form.changed.connect(self.refresh)
        self.start_button.clicked.connect(self.begin)
        self.stop_button.clicked.connect(self.trainer.stop)
        self.command_button.clicked.connect(self.copy_command)
        self.folder_button.clicked.connect(self.open_folder)
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.failures.text()))
        self.trainer.produced.connect(self._take)
        self.trainer.progressed.connect(self._take_reports)
        self.trainer.changed.connect(self._follow)
        self.trainer.failed.connect(self._fail)
        self._clock.timeout.connect(self.refresh)
        self._bench.document.changed.connect(self._offer_maps)

    def _begin_answers(self) -> None:
        """The answers of a new dialog: what the window shows."""
        look, picture = self._bench.view.look, self._bench.document.picture
        path = None if picture is None else picture.path
        # A sample lies in the program's own folder, which is no place for maps.
        own = path is not None and path not in samples().values()
        beside = path.parent if path is not None and own else Path.home()
        folder = str(self._bench.settings.value("folder/batch", "") or beside / "maps")
        self.form.out.setText(folder)
        self.form.inputs.start = str(beside)
        self.form.show_range(PERCENTILES if look.range == "percentile" else "auto")
        if picture is not None and isinstance(picture.pixels, PictureLevels):
            # Its maps fit into no memory, and those beside it on the disk will be as large.
            count = self.form.processes.value()
            room = self._bench.results.room // count + ROOM
            memory = needed(count, room, apart=True, threads=threads_of_each(count))
            self.form.memory.setText(size_text(-(-memory >> 20) << 20))
        ends, colormap = self._bench.tones().for_batch()
        self.form.colormap.show_data(colormap)
        # Numbers only if the person has set them: other pictures have other values.
        if look.fixed and not isinstance(ends, str):
            self.form.show_range(",".join(f"{end:.17g}" for end in ends))
        self._offer_maps()

    def _offer_maps(self, *_: object) -> None:
        self.form.offer_maps(self._bench.document.pipeline, self._bench.view.look.hidden)
        self.refresh()

    # -- wishes ---------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start the batch with the answers of the form and the pipeline as it is now, or say what is missing."""
        try:
            order = self.form.order(self._bench.document.pipeline)
        except FilterLabError as error:
            self.note.say(error_words(error), error=True)
            return
        self.order, self.progress = order, BatchProgress()
        self._bench.settings.setValue("folder/batch", str(order.settings.out))
        self.failures.clear()
        self.note.say("")
        self.trainer.start(order.course, MOST)
        self._clock.start()
        self.refresh()

    def begin_with(self, existing: str) -> None:
        """Start again with another answer to what becomes of files that exist."""
        self.form.existing.show_data(existing)
        self.begin()

    def copy_command(self) -> None:
        """Put the command that does the same on the clipboard, or say what is missing."""
        document = self._bench.document
        try:
            order = self.form.order(document.pipeline)
        except FilterLabError as error:
            self.note.say(error_words(error), error=True)
            return
        file = str(document.path or "pipeline.json")
        QGuiApplication.clipboard().setText(order.command(file))
        saved = document.path is not None and not document.modified
        copied = tr("Copied the command for {file}", file=file)
        self.note.say(
            copied if saved else f"{copied}: {tr('save the pipeline: the command runs what the file holds')}"
        )

    def open_folder(self) -> None:
        """Show the folder of the newest batch in the program that the system has for folders."""
        assert self.order is not None, "the button is off until a batch was begun"
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.order.settings.out.absolute())))

    # -- following ------------------------------------------------------------------------------------

    def _take_reports(self, reports: list[Plan | float]) -> None:
        for report in reports:
            if isinstance(report, Plan):
                self.progress.total = len(report.jobs)
            else:
                self.progress.advance(report)
        self.refresh()

    def _take(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            self.progress.add(outcome)
        self.failures.add(outcomes)
        self.refresh()

    def _follow(self, state: State) -> None:
        if state is State.RUNNING:
            return
        self.progress.end()
        if state is State.ENDED and self.progress.kept:
            self.note.say(kept_words(self.progress), self._ways_on())
        elif state is State.STOPPED and self.order is not None:
            self.note.say(stopped_words(self.order), self._ways_on()[:1])
        if state is State.ENDED and not self.isVisible():
            self._bench.messages.note(progress_words(self.progress, state))
        self.refresh()

    def _ways_on(self) -> list[Fix]:
        return [
            (tr("Do what is missing"), lambda: self.begin_with("resume")),
            (tr("Replace them"), lambda: self.begin_with("overwrite")),
        ]

    def _fixes(self, error: FilterLabError) -> list[Fix]:
        """Ways to go on where tiles cannot do what is asked for."""
        form, asked = self.form, error.parameter
        if asked == "montage":
            return [
                (tr("Leave the contact sheet out"), lambda: self._begin_after(form.montage.setChecked, False))
            ]
        if asked == "range":
            return [
                (tr("Colours by the extremes"), lambda: self._begin_after(form.show_range, "auto")),
                (tr("Write TIFF"), lambda: self._begin_after(form.show_format, "tiff")),
            ]
        return []

    def _begin_after(self, change: Callable[[Any], object], answer: Any) -> None:
        change(answer)
        self.begin()

    def _fail(self, error: Exception, details: str) -> None:
        if isinstance(error, FilterLabError):
            fixes = self._fixes(error)
            # The engine's hint names options of the command line, and the buttons do what it says.
            self.note.say(said(error.what) if fixes else error_words(error), fixes, error=True)
        else:
            self._bench.messages.error(error, tr("the batch ended"), details)

    def refresh(self) -> None:
        """Show the state as it is now."""
        state, working = self.trainer.state, self.trainer.working
        running = state is State.RUNNING
        self.form.setEnabled(not running)
        # A run that was stopped holds the folder until its processes have ended.
        self.start_button.setEnabled(not running and not working and len(self._bench.document.pipeline) > 0)
        self.stop_button.setEnabled(running)
        self.copy_button.setEnabled(bool(self.failures.rows))
        self.head.setText(failures_words(len(self.failures.rows)))
        self.folder_button.setEnabled(self.order is not None and self.order.settings.out.is_dir())
        self.bar.setVisible(state is not State.IDLE)
        self._show_bar(running)
        self.words.setText(progress_words(self.progress, state))
        if not running and not working:
            self._clock.stop()

    def _show_bar(self, running: bool) -> None:
        total, reached = self.progress.total, self.progress.reached
        # Whole numbers only, of which a few large pictures have too few.
        scale = 1 if reached == self.progress.finished else _FINE / (total or 1)
        # 0 of 0 makes Qt show that it is busy, until the pictures are counted.
        self.bar.setRange(0, round((total or 1) * scale) if total is not None or not running else 0)
        self.bar.setValue(int(reached * scale))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show what has changed while it was closed."""
        super().showEvent(event)
        self._offer_maps()
