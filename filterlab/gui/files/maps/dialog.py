"""The dialog that saves maps and shows exactly what it will write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTableView,
    QWidget,
)

from filterlab.batch.saving import Failures, Form, Planned
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.files.maps.plan import PlanModel
from filterlab.gui.files.maps.saving import MapSaving
from filterlab.gui.files.maps.tree import MapTree
from filterlab.gui.look import layouts
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words, shape_words
from filterlab.run.ledger import bytes_text

_FORMS = (Form("png"), Form("png", bits=16), Form("tiff"), Form("npy"))
WALL = "wall.png"
_DELAY = 80  # milliseconds without a change before the disk is asked what exists


class SaveMapsDialog(QDialog):
    """Asks which maps to save, how and where; writes in the background and shows the result for each file.

    scopes: ready-made choices, as titles with their maps. wall: returns a picture of the wall as shown; None without a
    wall.
    """

    def __init__(
        self,
        bench: Workbench,
        saving: MapSaving,
        scopes: list[tuple[str, list[tuple[str, int | None]]]],
        wall: Callable[[], QImage] | None,
        folder: Path,
        subfolder: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._bench, self.saving, self._scopes, self._wall = bench, saving, scopes, wall
        self._planned: list[Planned] = []
        self._existing: set[Path] = set()
        self._writing = False
        self._files: list[Path] = []  # the files that are being written
        self._done = 0  # how many of them are finished
        saving.setParent(self)  # which ends with the dialog, and then ignores late answers
        self.setWindowTitle(tr("Save maps"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._make_widgets(folder, subfolder)
        self._lay_out()
        self._timer = QTimer(self, singleShot=True, interval=_DELAY)
        self._timer.timeout.connect(self._ask)
        self._connect()
        self.scope.setCurrentIndex(0)
        self._take_scope()

    # -- building -------------------------------------------------------------------------------------

    def _make_widgets(self, folder: Path, subfolder: str) -> None:
        self.scope, self.form = QComboBox(), QComboBox()
        for title, _ in self._scopes:
            self.scope.addItem(title)
        self.scope.addItem(tr("Chosen maps"))
        if self._wall is not None:
            self.scope.addItem(tr("The wall as shown"))
        for text in _form_words():
            self.form.addItem(text)
        self.tree = MapTree(self.saving)
        self.folder, self.subfolder, self.name = QLineEdit(str(folder)), QLineEdit(subfolder), QLineEdit()
        self.browse = QPushButton(tr("Browse…"))
        self.split = QCheckBox(tr("Each channel of colour pictures by itself"))
        self.replace_existing = QCheckBox(tr("Replace files that exist"))
        self.words, self.summary = layouts.label("dim", wrap=True), QLabel(wordWrap=True)
        self.model, self.table = PlanModel(), QTableView()
        self.model.setParent(self)
        self.table.setModel(self.model)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(round(1.6 * self.fontMetrics().height()))
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.progress = QProgressBar()
        self.progress.hide()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self.save_button = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        self.cancel_button = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        self.cancel_button.setText(tr("Cancel"))

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        layouts.column(left, self.scope, (self.tree, 1))
        form = QFormLayout(right)
        form.addRow(tr("&Format"), self.form)
        form.addRow(self.words)
        folder = QLabel(tr("F&older"))
        folder.setBuddy(self.folder)
        form.addRow(folder, layouts.row(None, (self.folder, 1), self.browse))
        form.addRow(tr("S&ubfolder"), self.subfolder)
        form.addRow(tr("File &name"), self.name)
        form.addRow(self.split)
        form.addRow(self.replace_existing)
        self._form_layout = form
        top = QSplitter(Qt.Orientation.Horizontal)
        top.addWidget(left)
        top.addWidget(right)
        top.setStretchFactor(1, 1)
        top.setChildrenCollapsible(False)
        layouts.column(self, (top, 3), self.summary, (self.table, 2), self.progress, self.buttons)
        for widget, words in (
            (self.scope, tr("What to save")),
            (self.form, tr("Format")),
            (self.folder, tr("Folder")),
            (self.subfolder, tr("Subfolder, may be empty")),
            (self.name, tr("File name")),
            (self.table, tr("Files that will be written")),
        ):
            widget.setAccessibleName(words)
        em = self.fontMetrics().averageCharWidth()
        self.resize(130 * em, 95 * em)
        top.setSizes([45 * em, 85 * em])
        for section, width in ((1, 22), (2, 22), (3, 26)):
            self.table.setColumnWidth(section, width * em)

    def _connect(self) -> None:
        # `activated` comes from the person alone; the dialog itself sets the scope when other boxes are checked.
        self.scope.activated.connect(lambda: self._take_scope())
        self.tree.changed.connect(self._tree_changed)
        self.form.currentIndexChanged.connect(lambda: self._timer.start())
        for line in (self.folder, self.subfolder, self.name):
            line.textChanged.connect(lambda: self._timer.start())
        self.split.toggled.connect(lambda: self._timer.start())
        self.replace_existing.toggled.connect(lambda: self._show_plan())
        self.browse.clicked.connect(self._browse)
        self.saving.planned.connect(self._take_plan)
        self.saving.refused.connect(self._take_refusal)
        self.saving.progressed.connect(self._take_progress)
        self.saving.finished.connect(self._finish)
        self.saving.stopped.connect(self._stopped)
        self.buttons.accepted.connect(self.start)
        self.buttons.rejected.connect(self.reject)

    # -- what is chosen -------------------------------------------------------------------------------

    @property
    def takes_wall(self) -> bool:
        """Whether a picture of the wall is to be saved, instead of maps."""
        return self.scope.currentIndex() == len(self._scopes) + 1

    @property
    def present_form(self) -> Form:
        """The chosen format."""
        form = _FORMS[self.form.currentIndex()]
        return replace(form, split=self.split.isChecked() and form.format == "png")

    @property
    def _root(self) -> Path:
        return Path(self.folder.text().strip() or ".").expanduser()

    @property
    def place(self) -> Path:
        """The folder that the files are written to."""
        return self._root / self.subfolder.text().strip()

    def _take_scope(self) -> None:
        index = self.scope.currentIndex()
        self.tree.setEnabled(not self.takes_wall)
        if index < len(self._scopes):
            self.tree.choose(self._scopes[index][1])
        self._timer.start()

    def _tree_changed(self) -> None:
        self.scope.setCurrentIndex(len(self._scopes))
        self._timer.start()

    def _browse(self) -> None:
        dialog = QFileDialog(self, tr("Folder for the maps"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    # -- the plan -------------------------------------------------------------------------------------

    def _ask(self) -> None:
        if self._writing:
            return
        self.save_button.setEnabled(False)  # until the plan is there, whose files are those that Save writes
        self._offer_settings()
        self.words.setText(self._explanation())
        if self.takes_wall:
            self._planned = []
            path = self._wall_path()
            self._existing = {path} if path.exists() else set()
            self._show_plan()
            return
        self.saving.ask_plan(self.tree.chosen(), self.place, self.present_form)

    def _offer_settings(self) -> None:
        """Enable the settings that apply to what is chosen."""
        maps = not (self.takes_wall or self._writing)
        for widget in (self.tree, self.form):
            widget.setEnabled(maps)
        self.split.setEnabled(maps and _FORMS[self.form.currentIndex()].format == "png")

    def _wall_path(self) -> Path:
        name = self.name.text().strip() or WALL
        return self.place / (name if name.endswith(".png") else f"{name}.png")

    def _explanation(self) -> str:
        look = self._bench.view.look
        if self.takes_wall:
            return tr("One PNG with what the wall shows on the screen now.")
        form = self.present_form
        if form.format == "png":
            scope = {"map": tr("each map"), "layer": tr("each layer"), "common": tr("all layers")}[look.scope]
            words = {"colormap": look.colormap, "scope": scope, "bits": form.bits}
            text = tr("Colours as on the wall: {colormap}, one range for {scope}, {bits} bits.", **words)
            more = tr("Each PNG states its range in a text chunk. Vectors are saved as tables (CSV).")
            return f"{text} {more}"
        return tr("The numbers exactly as computed: signed, unclipped, float32.")

    def _take_plan(self, planned: list[Planned], existing: set[Path]) -> None:
        self._planned = self._named(planned)
        self._existing = existing
        # One file at most was renamed, so asking the disk here does not stop the window for long.
        if self._planned != planned:
            self._existing = {f.target.path for f in self._planned if f.target.path.exists()}
        self._show_plan()

    def _named(self, planned: list[Planned]) -> list[Planned]:
        """Give a single file the name that was typed, with the right suffix."""
        name = self.name.text().strip()
        if len(planned) != 1 or not name or "/" in name:
            return planned
        target = planned[0].target
        name = name if name.endswith(target.path.suffix) else name + target.path.suffix
        return [replace(planned[0], target=replace(target, path=target.path.with_name(name)))]

    def _take_refusal(self, error: Exception) -> None:
        self._planned, self._existing = [], set()
        self._show_plan()
        self._say(error_words(error), "error")

    def _show_plan(self) -> None:
        rows = [self._row(file) for file in self._planned]
        if self.takes_wall:
            path = self._wall_path()
            rows = [(path, tr("the wall"), "", self._state(path))]
        self.model.show(rows, self._root)
        single = len(rows) == 1
        self._form_layout.setRowVisible(self.name, single)
        if single:
            self.name.setPlaceholderText(rows[0][0].name)
        self._offer_saving()
        self._say(self._summary(len(rows)))

    def _offer_saving(self) -> None:
        count = len(self._paths())
        self.save_button.setEnabled(count > 0)
        words = {0: tr("Save"), 1: tr("Save 1 file")}
        self.save_button.setText(words.get(count) or tr("Save {n} files", n=count))

    def _row(self, file: Planned) -> tuple[Path, str, str, str]:
        size = bytes_text(file.bytes)
        return (
            file.target.path,
            shape_words(file.shape),
            tr("at most {size}", size=size) if file.at_most else size,
            self._state(file.target.path),
        )

    def _state(self, path: Path) -> str:
        if path not in self._existing:
            return tr("new")
        replaced = self.replace_existing.isChecked()
        return tr("exists, will be replaced") if replaced else tr("exists, will be kept")

    def _summary(self, count: int) -> str:
        if not count:
            return tr("Nothing is selected.")
        paths = self._paths()
        total = sum(file.bytes for file in self._planned if file.target.path in paths)
        text = tr("Into {folder}", folder=self.place)
        if total:
            text += ": " + tr("at most {size}", size=bytes_text(total))
        if self._existing and not self.replace_existing.isChecked():
            text += ". " + tr("Files that exist already are kept: {n}.", n=len(self._existing))
        return text

    def _paths(self) -> set[Path]:
        """The files that will be written."""
        planned = {self._wall_path()} if self.takes_wall else {f.target.path for f in self._planned}
        return planned if self.replace_existing.isChecked() else planned - self._existing

    def _say(self, text: str, role: str = "") -> None:
        layouts.show_words(self.summary, text, role)

    # -- writing --------------------------------------------------------------------------------------

    def start(self) -> None:
        """Write the files of the list."""
        paths = self._paths()
        if self._writing or not paths:
            return
        settings = self._bench.settings
        settings.setValue("folder/maps", self.folder.text().strip())
        self._done = 0
        self._set_writing(True)
        overwrite = self.replace_existing.isChecked()
        if self.takes_wall:
            assert self._wall is not None, "the choice is offered only where there is a wall"
            self._files = [self._wall_path()]
            self.saving.write_wall(self._wall(), self._files[0], overwrite=overwrite)
            return
        files = [file.target for file in self._planned if file.target.path in paths]
        self._files = [target.path for target in files]
        self.saving.write(files, self.present_form, overwrite=overwrite)

    def _set_writing(self, writing: bool) -> None:
        self._writing = writing
        for widget in (
            self.scope,
            self.folder,
            self.subfolder,
            self.name,
            self.browse,
            self.replace_existing,
        ):
            widget.setEnabled(not writing)
        self._offer_settings()
        self.save_button.setEnabled(not writing)
        self.progress.setVisible(writing)
        self.progress.setRange(0, 0)  # busy, until the first report gives the total
        self.cancel_button.setText(tr("Stop") if writing else tr("Close"))

    def _take_progress(self, done: int, total: int) -> None:
        self._done = done
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def _finish(self, failures: Failures) -> None:
        reasons = {path: error.what for path, error in failures}
        self._end_writing([path for path in self._files if path not in reasons])
        written = len(self._files) - len(failures)
        if written:
            words = {"n": written, "folder": self.place}
            text = (
                tr("Saved 1 file in {folder}", **words)
                if written == 1
                else tr("Saved {n} files in {folder}", **words)
            )
            self._bench.messages.note(text)
        if not failures:
            self.accept()
            return
        for _, error in failures[
            :3
        ]:  # a full disk refuses hundreds of files for one reason; the table has them all
            self._bench.messages.error(error, tr("Not saved"))
        rows = [
            (p, held, size, tr(reasons[p]) if p in reasons else state)
            for p, held, size, state in self.model.rows
        ]
        self.model.show(rows, self._root)
        self._say(
            tr("Files that were not saved: {n} of {total}", n=len(failures), total=len(self._files)), "error"
        )

    def _end_writing(self, written: list[Path]) -> None:
        """Let the rest be written: the files that are written now exist."""
        self._set_writing(False)
        self._existing = self._existing.union(written)
        self._offer_saving()

    def _stopped(self, error: Exception) -> None:
        self._end_writing(self._files[: self._done])
        self._say(tr("Stopped: {why}", why=tr(str(error))), "error")

    def reject(self) -> None:
        """Close the dialog; while files are being written, only stop writing."""
        if self._writing:
            self.saving.cancel()
        else:
            super().reject()


def _form_words() -> tuple[str, ...]:
    return (
        tr("PNG, as shown"),
        tr("PNG, as shown, 16 bits"),
        tr("TIFF, numbers"),
        tr("NumPy (.npy), numbers"),
    )
