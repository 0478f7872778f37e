"""The commands of the File menu, and the parts that carry them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence
from PySide6.QtWidgets import QWidget

from filterlab.gui.bench.background import Background
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.files.gallery import GalleryDialog
from filterlab.gui.files.maps.dialog import SaveMapsDialog
from filterlab.gui.files.maps.saving import MapSaving
from filterlab.gui.files.maps.scopes import default_place, scopes
from filterlab.gui.files.network.exporting import PipelineExport
from filterlab.gui.files.network.folding import BatchNormFolding
from filterlab.gui.files.opendialog import OpenDialog, Previewer
from filterlab.gui.files.opening import Opener
from filterlab.gui.files.recent import Recent
from filterlab.gui.files.saving import Saving
from filterlab.gui.files.showcase import Exhibit, example_exhibits, sample_exhibits, spelled
from filterlab.gui.files.thumbnails import Thumbnails
from filterlab.gui.words.i18n import tr
from filterlab.pipeline import Pipeline


class Files(QObject):
    """Opens and saves for one window. wall_image: returns a picture of the wall as shown, which can be saved."""

    def __init__(self, bench: Workbench, window: QWidget) -> None:
        super().__init__(window)
        self._bench, self._window = bench, window
        self.wall_image: Callable[[], QImage] | None = None
        # A thread of its own: thumbnails and previews may take seconds, and opening a file must not queue behind them.
        self.previews = Background(self)
        self.recent = Recent(
            settings=bench.settings, messages=bench.messages, previews=self.previews, parent=self
        )
        self.opening = Opener(bench, self.recent, window, self)
        self.saving = Saving(bench, self.recent, window, self)
        self.exporting = PipelineExport(bench, window, self)
        self.folding = BatchNormFolding(bench, self)
        self.thumbnails = Thumbnails(
            folder=bench.folder / "thumbnails",
            messages=bench.messages,
            previews=self.previews,
            theme=bench.theme,
            parent=self,
        )
        bench.closing.connect(self.thumbnails.end)  # first, so that closing does not wait for one of them
        bench.closing.connect(self.previews.close)
        for signal in (bench.background.loading_changed, bench.results.busy_changed):
            signal.connect(self._yield_to_work)
        self.previewer = Previewer(self.previews, self)
        self.recent.chosen.connect(lambda path: self.open_paths([path]))
        self._declare_opening()
        self._declare_saving()

    def _yield_to_work(self, *_: object) -> None:
        self.thumbnails.hold(bool(self._bench.background.loading) or self._bench.results.busy)

    # -- commands -------------------------------------------------------------------------------------

    def _declare_opening(self) -> None:
        add, file = self._bench.commands.add, tr("&File")
        document = self._bench.document
        add("file.new", tr("&New pipeline"), self.new, menu=file, shortcut=QKeySequence.StandardKey.New)
        add("file.open", tr("&Open…"), self.ask_open, menu=file, shortcut=QKeySequence.StandardKey.Open)
        add("file.samples", tr("Sample &pictures…"), self.show_samples, menu=file, shortcut="Ctrl+Shift+O")
        add(
            "file.examples", tr("&Example pipelines…"), self.show_examples, menu=file, shortcut="Ctrl+Shift+E"
        )
        add(
            "file.close_picture",
            tr("&Close picture"),
            self.close_picture,
            menu=file,
            shortcut="Ctrl+W",
            enabled=lambda: document.picture is not None,
        )
        add(
            "edit.paste",
            tr("&Paste"),
            self.paste,
            menu=tr("&Edit"),
            shortcut=QKeySequence.StandardKey.Paste,
            tip=tr("Open the picture, file, pipeline or kernel on the clipboard"),
        )

    def _declare_saving(self) -> None:
        add, file = self._bench.commands.add, tr("&File")
        document = self._bench.document
        add(
            "file.save",
            tr("&Save pipeline"),
            self.saving.save,
            menu=file,
            shortcut=QKeySequence.StandardKey.Save,
            enabled=lambda: len(document.pipeline) > 0 or document.path is not None,
        )
        add(
            "file.save_as",
            tr("Save pipeline &as…"),
            self.saving.ask,
            menu=file,
            shortcut="Ctrl+Shift+S",
            enabled=lambda: len(document.pipeline) > 0,
        )
        add(
            "file.save_maps",
            tr("Save &maps…"),
            self.save_maps,
            menu=file,
            shortcut="Ctrl+E",
            tip=tr("Save maps as pictures or as numbers"),
            enabled=lambda: document.picture is not None,
        )

    # -- opening --------------------------------------------------------------------------------------

    def open_paths(self, paths: Iterable[Path], kind: str = "") -> None:
        """Open pictures, pipelines and kernels. kind: what they must be, or "" to go by their content."""
        self.opening.open_paths(paths, kind)

    def ask_open(self) -> None:
        """Show the dialog that opens files."""
        settings = self._bench.settings
        dialog = OpenDialog(self.previewer, str(settings.value("folder/open", "")), self._window)
        dialog.picked.connect(self._open_picked)
        dialog.open()

    def _open_picked(self, paths: list[Path], kind: str) -> None:
        self._bench.settings.setValue("folder/open", str(paths[0].parent))
        self.open_paths(paths, kind)

    def show_samples(self) -> None:
        """Show the gallery of sample pictures."""
        self._show_gallery(sample_exhibits(), tr("Sample pictures"))

    def show_examples(self) -> None:
        """Show the gallery of example pipelines."""
        self._show_gallery(example_exhibits(), tr("Example pipelines"))

    def _show_gallery(self, exhibits: list[Exhibit], title: str) -> None:
        dialog = GalleryDialog(self.thumbnails, exhibits, title, self._window)
        dialog.chosen.connect(self.open_exhibit)
        dialog.open()

    def open_exhibit(self, exhibit: Exhibit) -> None:
        """Open a sample, or an example together with its sample picture if no picture is open."""
        if exhibit.sample is not None and self._bench.document.picture is None:
            name = tr(spelled(exhibit.sample.stem))
            self.opening.open_resource(exhibit.sample, name)
        self.opening.open_resource(exhibit.path, exhibit.title)

    def new(self) -> None:
        """Start an empty pipeline. The picture stays open."""
        # A file that is still being read must not replace the new pipeline.
        self.opening.drop_waiting("pipeline")
        self.opening.take_pipeline(Pipeline(), None, tr("New pipeline"))

    def close_picture(self) -> None:
        """Close the picture. The pipeline stays open."""
        self.opening.drop_waiting("picture")
        self._bench.document.show_picture(tr("Close picture"), None)

    def paste(self) -> None:
        """Open what is on the clipboard."""
        # Some window systems give no data at all, not even empty data, when they do not answer.
        self.opening.take_mime(QGuiApplication.clipboard().mimeData() or QMimeData())

    # -- saving ---------------------------------------------------------------------------------------

    def save_maps(self, chosen: Sequence[tuple[str, int | None]] = ()) -> None:
        """Show the dialog that saves maps. chosen: (node, channel) pairs to start with; channel None: all channels."""
        picture = self._bench.document.picture
        if picture is None:
            return
        dialog = SaveMapsDialog(
            self._bench,
            MapSaving(self._bench, self.previews),
            scopes(self._bench, chosen),
            self.wall_image,
            *default_place(picture, str(self._bench.settings.value("folder/maps", "") or "")),
            self._window,
        )
        dialog.open()
