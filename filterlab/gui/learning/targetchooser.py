"""Choosing the target: a known kernel, another pipeline, another picture, or labelled pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, Qt, Signal, SignalInstance
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from filterlab import kernels
from filterlab.errors import FilterLabError
from filterlab.gui.bench.background import Background
from filterlab.gui.bench.messages import Messages
from filterlab.gui.bench.work import Picture
from filterlab.gui.files.reading import PIPELINE_SUFFIXES, levels_of
from filterlab.gui.inspector.editors.base import set_wrong
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.inspector.editors.pairs import PairFields
from filterlab.gui.learning.course import Cancel
from filterlab.gui.learning.plan import CLASSES, PICTURE, PIPELINE, PRESET, LearningTarget
from filterlab.gui.look.strip import shortened
from filterlab.gui.words.i18n import tr
from filterlab.images import IMAGE_SUFFIXES, read_picture
from filterlab.learning.classify.labelled import Labelled, read_classes
from filterlab.pipeline import Pipeline
from filterlab.resources import labelled

_FIRST_PRESET = "sobel"
LONGEST = 14  # characters of a file name
USUAL_SIDE = 32  # cells; large enough for small networks, which learn from such pictures in seconds

Size = tuple[int, int]


class TargetChooser(QWidget):
    """Holds the target. changed: another target. failed(error): a file could not be read, and the target is unchanged.

    picture_size: the fields for the size of labelled pictures, to be laid out by the form. If several files were asked
    for, only the newest counts. closing: stops reading. room: the bytes beyond which a picture is read in parts.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self,
        *,
        background: Background,
        messages: Messages,
        settings: QSettings,
        closing: SignalInstance,
        room: Callable[[], int],
    ) -> None:
        super().__init__()
        self._background, self._messages, self._settings = background, messages, settings
        self._room = room
        self.target = LearningTarget(PRESET, _FIRST_PRESET)
        self.kind = QuietCombo(self)
        self.kind.setAccessibleName(tr("Target"))
        self.kind.setToolTip(tr("What the output is to match"))
        for kind, words, tip in _kinds():
            self.kind.addItem(words, kind)
            self.kind.setItemData(self.kind.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.kind.widen()
        self.preset = _preset_list(self)
        self.pipeline_button = _file_button(tr("Choose a pipeline"), self)
        self.picture_button = _file_button(tr("Choose a picture"), self)
        self.classes_button = self._make_classes_button()
        self.details = QStackedWidget(self)
        self.details.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for widget in (self.preset, self.pipeline_button, self.picture_button, self.classes_button):
            self.details.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.kind)
        column.addWidget(self.details)
        self.register = self._box(
            "registered",
            tr("Find its shift"),
            tr(
                "Find how the target lies over the picture, to a fraction of a pixel, and learn from their overlap. "
                "All of the shift is taken out, so that the kernel is found around its middle"
            ),
        )
        self.camera = self._box(
            "levelled",
            tr("Take out gain and offset"),
            tr(
                "Take out the gain and the offset of the target's camera. Only the sum of the weights tells the gain "
                "from the kernel: it is held at 1"
            ),
        )
        for box in (self.register, self.camera):
            column.addWidget(box)
        self.picture_size = PairFields(
            tr("Size of the pictures"), self, whole=True, optional=True, limits=(1, None), absent=tr("own")
        )
        self.picture_size.setToolTip(
            tr("Height and width that all labelled pictures are resized to; empty: unchanged")
        )
        self.picture_size.link.setChecked(False)
        self.picture_size.link.hide()
        # Narrower than such fields usually are: the form is a column of the panel, and must not be wider for this row.
        for field in self.picture_size.fields:
            field.setMinimumWidth(0)
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        # The labelled pictures and the size that were asked for last. The same size typed again reads nothing.
        self._folder: Path | None = None
        self._asked: Size | None = None
        self._reading: object = None  # stands for the newest reading; any other has been superseded
        self.setFocusProxy(self.kind)
        self.kind.activated.connect(lambda: self.choose(kind=self.kind.currentData()))
        self.preset.activated.connect(lambda: self.choose(preset=self.preset.currentData()))
        self.pipeline_button.clicked.connect(self.ask_pipeline)
        self.picture_button.clicked.connect(self.ask_picture)
        self.picture_size.typed.connect(lambda values: self._check_size())
        self.picture_size.finished.connect(self._take_size)
        closing.connect(self._stop_reading)
        self._show()

    def _box(self, field: str, words: str, tip: str) -> QCheckBox:
        """A box for a field of a target that is a picture."""
        box = QCheckBox(words, self)
        box.setToolTip(tip)
        box.clicked.connect(lambda on: self.choose(**{field: on}))
        return box

    def choose(self, **changes: Any) -> None:
        """Change some fields of the target."""
        self.target = replace(self.target, **changes)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        target = self.target
        self.kind.show_data(target.kind)
        self.preset.show_data(target.preset)
        self.details.setCurrentIndex((PRESET, PIPELINE, PICTURE, CLASSES).index(target.kind))
        if target.picture is not None:
            _name(self.picture_button, target.picture.name)
        for box, on in ((self.register, target.registered), (self.camera, target.levelled)):
            box.setChecked(on)
            box.setVisible(target.kind == PICTURE)

    def take_over(self, old: TargetChooser) -> None:
        """Take over the target of another chooser, without a signal."""
        self.target, self._folder, self._asked = old.target, old._folder, old._asked
        for mine, theirs in zip(self._buttons, old._buttons, strict=True):
            if theirs.toolTip():
                _name(mine, theirs.toolTip())
        self.picture_size.set_values(old.picture_size.values)
        self._show()

    @property
    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.pipeline_button, self.picture_button, self.classes_button

    # -- the size of labelled pictures ----------------------------------------------------------------

    def resize_to(self, size: Size) -> None:
        """Read the labelled pictures again, each resized to this (height, width)."""
        self.picture_size.set_values(size)
        self._take_size()

    def _check_size(self) -> Size | None:
        """Mark the fields as right or wrong, and return their size: None if they are empty or wrong."""
        found = [value for value in self.picture_size.values if isinstance(value, int) and value >= 1]
        legal = len(found) == 2 or self.picture_size.values == (None, None)
        for field in self.picture_size.fields:
            set_wrong(field, not legal)
        return (found[0], found[1]) if len(found) == 2 else None

    def _take_size(self) -> None:
        size = self._check_size()
        empty = self.picture_size.values == (None, None)
        if self._folder is not None and size != self._asked and (empty or size is not None):
            self.read(self._folder, CLASSES)

    # -- files ----------------------------------------------------------------------------------------

    def ask_picture(self) -> QFileDialog:
        """Show the dialog for the picture."""
        masks = " ".join(f"*{suffix}" for suffix in IMAGE_SUFFIXES)
        return self._ask(
            tr("The picture that the output is to match"), tr("Pictures") + f" ({masks})", PICTURE
        )

    def ask_pipeline(self) -> QFileDialog:
        """Show the dialog for the pipeline."""
        masks = " ".join(f"*{suffix}" for suffix in PIPELINE_SUFFIXES)
        title = tr("The pipeline whose output is to be imitated")
        return self._ask(title, tr("Pipelines") + f" ({masks})", PIPELINE)

    def ask_classes(self, *, folder: bool) -> QFileDialog:
        """Show the dialog for labelled pictures. folder: ask for a folder of class folders, not for a .npz file."""
        title = tr("A folder with one folder of pictures for each class") if folder else tr("A .npz file")
        dialog = self._ask(title, tr("NumPy arrays") + " (*.npz)", CLASSES)
        if folder:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        return dialog

    def _make_classes_button(self) -> QPushButton:
        button, menu = _file_button(tr("Choose labelled pictures"), self), QMenu(self)
        menu.addAction(tr("Folder of class folders…"), lambda: self.ask_classes(folder=True))
        menu.addAction(tr(".npz file…"), lambda: self.ask_classes(folder=False))
        menu.addAction(tr("Handwritten digits"), lambda: self.read(labelled()["digits"], CLASSES))
        button.setMenu(menu)
        return button

    def _ask(self, title: str, filters: str, kind: str) -> QFileDialog:
        folder = str(self._settings.value("folder/open", ""))
        dialog = QFileDialog(self, title, folder, filters)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        # It is shown with `open`, which returns at once, and so has to delete itself.
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.read(Path(name), kind))
        dialog.open()
        return dialog

    def read(self, path: Path, kind: str) -> None:
        """Read the target from a file or folder. kind: PICTURE, PIPELINE or CLASSES."""
        token = self._reading = object()
        size, room = None, self._room()
        if kind == CLASSES:
            self._folder, self._asked = path, self._check_size()
            size = self._asked
            self.classes_button.setText(tr("reading…"))
        # A folder may hold thousands of pictures, so that reading also asks whether it was superseded. The token is
        # compared, not the path: reading the same folder again is another reading.
        self._background.submit(
            lambda: _read(path, kind, size, room, lambda: self._reading is not token),
            lambda found: self._take(found, path, token),
            lambda error, details: self._fail(error, details, path, token),
        )

    def _stop_reading(self) -> None:
        self._reading = None  # the token of no reading, so that all are superseded

    def _take(self, found: Pipeline | Picture | Labelled, path: Path, token: object) -> None:
        if self._reading is not token:
            return
        # How the target before was made to fit says nothing about this one.
        if isinstance(found, Picture):
            self.choose(kind=PICTURE, picture=found, cropped=False, greyed=False)
        elif isinstance(found, Labelled):
            _name(self.classes_button, path.name)
            self.choose(kind=CLASSES, classes=found)
        else:
            _name(self.pipeline_button, path.name)
            self.choose(kind=PIPELINE, pipeline=found, cropped=False, greyed=False)

    def _fail(self, error: Exception, details: str, path: Path, token: object) -> None:
        if self._reading is not token:
            return
        # Back from "reading…". Pictures of several sizes are not refused: they are chosen once a size is given.
        chosen = self.classes_button.toolTip()
        self.classes_button.setText(_spelt(chosen) if chosen else tr("Choose…"))
        if isinstance(error, FilterLabError) and error.parameter == "size":
            _name(self.classes_button, path.name)
            self.choose(kind=CLASSES, classes=None)
        if isinstance(error, FilterLabError):
            self.failed.emit(error)
        else:
            self._messages.error(error, tr("{name} was not opened", name=path.name), details)


def _read(
    path: Path, kind: str, size: Size | None, room: int, cancel: Cancel
) -> Pipeline | Picture | Labelled:
    if kind == CLASSES:
        return read_classes(path, size, cancel)
    if kind == PIPELINE:
        return Pipeline.load(path)
    pixels: Any = levels_of(path, room)
    return Picture(path.name, read_picture(path).values if pixels is None else pixels, path)


def _kinds() -> tuple[tuple[str, str, str], ...]:
    return (
        (PRESET, tr("Known kernel"), tr("The output of this pipeline with a named kernel in place")),
        (PIPELINE, tr("Another pipeline"), tr("The output of a pipeline from a file, for this picture")),
        (
            PICTURE,
            tr("Another picture"),
            tr("The picture after filtering; the open picture is the one before"),
        ),
        (CLASSES, tr("Labelled pictures"), tr("Which of several classes a picture belongs to")),
    )


def _preset_list(parent: QWidget) -> QuietCombo:
    combo = QuietCombo(parent)
    combo.setAccessibleName(tr("Kernel to be learned"))
    combo.setToolTip(
        tr("The target is computed with this kernel in the chosen node; the node has to find it")
    )
    combo.setMaxVisibleItems(40)
    group = ""
    for name, design in kernels.designs().items():
        if design.group != group:
            group = design.group
            _add_heading(combo, tr(group).upper())
        combo.addItem(tr(design.title), name)
        combo.setItemData(combo.count() - 1, tr(design.doc), Qt.ItemDataRole.ToolTipRole)
    return combo


def _add_heading(combo: QComboBox, words: str) -> None:
    # The list of a combo box has no headings: an entry that cannot be chosen serves as one.
    combo.addItem(words, None)
    model = combo.model()
    assert isinstance(model, QStandardItemModel), "the model of a combo box without another"
    model.item(combo.count() - 1).setEnabled(False)


def _file_button(words: str, parent: QWidget) -> QPushButton:
    button = QPushButton(tr("Choose…"), parent)
    button.setAccessibleName(words)
    # Its text is the name of a file, and must not determine the width of the form.
    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return button


def _name(button: QPushButton, name: str) -> None:
    """Show the name of the chosen file on a button."""
    button.setText(_spelt(name))
    button.setToolTip(name)


def _spelt(name: str) -> str:
    # In the text of a button, a single & would underline the letter after it.
    return shortened(name, LONGEST).replace("&", "&&")
