"""What a batch is to do, asked in rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from filterlab.batch import Settings
from filterlab.batch.options.declared import OPTIONS
from filterlab.errors import ParameterError
from filterlab.gui.batch.inputs import BatchInputs
from filterlab.gui.batch.order import BatchOrder
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.learning.checklist import CheckList
from filterlab.gui.words.i18n import tr
from filterlab.images.display import COLORMAPS, parse_range
from filterlab.machine import processors
from filterlab.pipeline import Pipeline
from filterlab.text.messages import say

OWN = ""  # instead of a range: the one that is typed
PERCENTILES = "percentile:0.5,99.5"  # those of the window


class BatchForm(QWidget):
    """The rows. changed: another answer."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.inputs = BatchInputs()
        self.maps = CheckList(tr("Maps to write"), tr("The nodes whose maps are written"))
        self.format = self._combo(
            tr("Format"),
            ("png", tr("PNG, colours as chosen")),
            ("tiff", tr("TIFF, numbers as float32")),
            ("npy", tr("NumPy, numbers as float32")),
        )
        self.range = self._combo(
            tr("Range of the colours"),
            (PERCENTILES, tr("percentiles 0.5 to 99.5")),
            ("auto", tr("by the extremes")),
            ("symmetric", tr("symmetric about zero")),
            (OWN, tr("as typed:")),
        )
        self.ends = QLineEdit("0,1")
        self.colormap = self._combo(tr("Colour map"), *((name, name) for name in COLORMAPS))
        self.colormap.show_data("gray")
        self.split = QCheckBox(tr("Each channel of colour pictures by itself"))
        self.montage = QCheckBox(tr("Add a contact sheet of all maps"))
        self.memory, self.tile = QLineEdit(), QLineEdit()
        self.compress = QCheckBox(tr("Compress what is done in tiles"))
        self.pyramid = QCheckBox(tr("Add smaller sizes (a pyramid)"))
        self.out = QLineEdit()
        self.browse = QPushButton(tr("Browse…"))
        self.existing = self._combo(
            tr("Files that exist"),
            ("keep", tr("keep them")),
            ("resume", tr("go on: leave out pictures that are done")),
            ("overwrite", tr("replace them")),
        )
        self.processes = QSpinBox()
        self.processes.setRange(1, max(processors(), 1))
        # One processor is left to the window.
        self.processes.setValue(max(processors() - 1, 1))
        self._lay_out()
        self._connect()

    def _combo(self, name: str, *entries: tuple[str, str]) -> QuietCombo:
        combo = QuietCombo(self)
        combo.setAccessibleName(name)
        for data, words in entries:
            combo.addItem(words, data)
        return combo

    def _lay_out(self) -> None:
        ranges, place = QHBoxLayout(), QHBoxLayout()
        for row, widgets in ((ranges, (self.range, self.ends)), (place, (self.out, self.browse))):
            row.setSpacing(4)
            for widget in widgets:
                row.addWidget(widget, 0 if widget is self.browse else 1)
        self.ends.setAccessibleName(tr("Range as typed"))
        self.ends.setToolTip(tr("The values of both ends, as -1,1; or percentile:1,99"))
        self.out.setAccessibleName(tr("Folder for the maps"))
        self.out.setToolTip(tr("Each picture gets a folder of its own in this folder"))
        self.existing.setToolTip(tr("Files that an earlier run has written into the folder"))
        self.processes.setToolTip(tr("How many pictures are done at the same time"))
        self.browse.setAutoDefault(False)
        self._name_bounds()
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 8, 0)
        self.form.setHorizontalSpacing(8)
        self.form.setVerticalSpacing(6)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for words, field in (
            (tr("Pictures"), self.inputs),
            (tr("Maps"), self.maps),
            (tr("Format"), self.format),
            (tr("Range"), ranges),
            (tr("Colours"), self.colormap),
            ("", self.split),
            ("", self.montage),
            (tr("Memory"), self.memory),
            (tr("Tile size"), self.tile),
            ("", self.compress),
            ("", self.pyramid),
            (tr("Into"), place),
            (tr("Files that exist"), self.existing),
            (tr("Processes"), self.processes),
        ):
            self.form.addRow(QLabel(words), field)
        self._only_png = (ranges, self.colormap, self.split)
        self._follow()

    def _name_bounds(self) -> None:
        self.memory.setAccessibleName(tr("Memory for all processes"))
        self.memory.setPlaceholderText(tr("no limit"))
        self.memory.setToolTip(
            tr(
                "The most memory that all processes may take together, as 800M or 4G; pictures that need more are "
                "done in tiles, with the numbers of the whole"
            )
        )
        self.tile.setAccessibleName(tr("Rows and columns of a tile"))
        self.tile.setPlaceholderText(tr("as the memory allows"))
        self.tile.setToolTip(
            tr("Larger pictures are done in tiles that stand for so many of their rows and columns, as 1024")
        )
        self.compress.setToolTip(tr("Files of pictures that are done as a whole are always compressed"))
        self.pyramid.setToolTip(
            tr(
                "Files of pictures that are done in tiles have further sizes, each half as large as the one before"
            )
        )

    def _connect(self) -> None:
        for combo in (self.format, self.range, self.colormap, self.existing):
            combo.currentIndexChanged.connect(self._follow)
        for line in (self.memory, self.tile):
            line.textChanged.connect(self._follow)
        for line in (self.out, self.ends):
            line.textChanged.connect(self.changed)
        for box in (self.split, self.montage, self.compress, self.pyramid):
            box.toggled.connect(self.changed)
        for part in (self.inputs, self.maps):
            part.changed.connect(self.changed)
        self.processes.valueChanged.connect(self.changed)
        self.browse.clicked.connect(self._ask_folder)

    def _follow(self) -> None:
        png = self.format.currentData() == "png"
        for row in self._only_png:
            self.form.setRowVisible(row, png)
        self.ends.setVisible(png and self.range.currentData() == OWN)
        # Whoever asks for tiles has no sheet of whole maps; under a limit, only pictures beyond it have none.
        self.form.setRowVisible(self.montage, not self._typed(self.tile))
        for box in (self.compress, self.pyramid):
            self.form.setRowVisible(box, self._makes_tiled_tiff())
        self.changed.emit()

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, tr("Folder for the maps"), self.out.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.out.setText)
        dialog.open()

    @staticmethod
    def _typed(line: QLineEdit) -> str:
        return line.text().strip()

    def _makes_tiled_tiff(self) -> bool:
        return self.format.currentData() == "tiff" and bool(
            self._typed(self.memory) or self._typed(self.tile)
        )

    # -- answers --------------------------------------------------------------------------------------

    def offer_maps(self, pipeline: Pipeline, hidden: frozenset[str]) -> None:
        """List the nodes of a pipeline. New ones are ticked unless their columns are hidden on the wall."""
        names = [node.name for node in pipeline]
        known = self.maps.all
        ticked = [n for n in names if (n in self.maps.ticked if n in known else n not in hidden)]
        self.maps.offer(names, ticked or names)

    def show_range(self, text: str) -> None:
        """Choose a range, as the command line spells it."""
        known = self.range.findData(text) >= 0
        self.range.setCurrentIndex(self.range.findData(text if known else OWN))
        if not known:
            self.ends.setText(text)

    def show_format(self, format_: str) -> None:
        """Choose a format."""
        self.format.setCurrentIndex(self.format.findData(format_))

    def order(self, pipeline: Pipeline) -> BatchOrder:
        """The answers as one value. Raises FilterLabError naming what is missing or not allowed."""
        if not self.inputs.paths:
            hint = say("add files or a folder, or drop them on the list")
            raise ParameterError("there are no pictures yet", "batch", hint, parameter="inputs")
        if not self.out.text().strip():
            raise ParameterError("there is no folder for the maps yet", "batch", parameter="out")
        if len(pipeline) and not self.maps.ticked:
            raise ParameterError("no map is chosen", "batch", "tick one", parameter="maps")
        whole = len(self.maps.ticked) == len(self.maps.all)
        settings = Settings(
            pipeline,
            Path(self.out.text().strip()).expanduser(),
            maps=() if whole else self.maps.ticked,
            format=self.format.currentData(),
            existing=self.existing.currentData(),
            **self._colours(),
            **self._bounds(),
        )
        return BatchOrder(self.inputs.paths, settings, self.processes.value())

    def _colours(self) -> dict[str, Any]:
        """The settings that only pictures have; a file of numbers has none of them."""
        if self.format.currentData() != "png":
            return {}
        shown = self.range.currentData() or self.ends.text().replace(" ", "")
        return {
            "range": parse_range(shown),
            "colormap": self.colormap.currentData(),
            "split": self.split.isChecked(),
        }

    def _bounds(self) -> dict[str, Any]:
        """The settings of pictures that are done in tiles, and the contact sheet, which they cannot have."""
        typed = {"memory": self._typed(self.memory), "tile": self._typed(self.tile)}
        tiled = self._makes_tiled_tiff()
        return {
            **{name: OPTIONS[name].from_text(text) for name, text in typed.items() if text},
            "montage": self.montage.isChecked() and not typed["tile"],
            "compress": tiled and self.compress.isChecked(),
            "pyramid": tiled and self.pyramid.isChecked(),
        }
