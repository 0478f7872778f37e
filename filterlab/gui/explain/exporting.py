"""Writing explanations to files: a drawing of the sum, or the sliding window as a film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from filterlab.errors import FilterLabError
from filterlab.explain.drawing.answer import Answer
from filterlab.explain.explainer import Explainer
from filterlab.explain.explanation import Explanation
from filterlab.graph import IMAGE
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.explain.canvas import Canvas
from filterlab.gui.explain.inquiry import Inquiry
from filterlab.gui.explain.player import Player
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.language import current
from filterlab.gui.words.wording import error_words

if TYPE_CHECKING:
    from filterlab.explain.sliding import Slide

FOLDER = "folder/explanation"
FASTEST, USUAL = 50, 10  # frames a second, as `filterlab animate` has them
DRAWINGS = (("SVG", "svg"), ("PNG", "png"))
PAGES = (("HTML", "html"),)
FILMS = (("GIF", "gif"), ("WebP", "webp"), ("APNG", "png"))


class Exported(Protocol):
    """The part of the panel that is exported."""

    answer: Answer | None
    canvas: Canvas
    player: Player
    inquiry: Inquiry


class Exporting(QObject):
    """Declares the commands of the panel that write files."""

    def __init__(self, panel: QWidget, shown: Exported, bench: Workbench) -> None:
        super().__init__(panel)
        self._panel, self._shown, self._bench = panel, shown, bench
        add, menu = bench.commands.add, tr("E&xplain")
        add(
            "explain.copy_picture",
            tr("Copy the explanation as picture"),
            self.copy_picture,
            menu=menu,
            enabled=lambda: shown.answer is not None,
        )
        add(
            "explain.save_drawing",
            tr("Save the explanation as SVG or PNG…"),
            self.ask_drawing,
            menu=menu,
            enabled=lambda: shown.answer is not None,
        )
        add(
            "explain.save_film",
            tr("Save the sliding window as animation…"),
            self.ask_film,
            menu=menu,
            enabled=self.can_film,
        )

        add(
            "explain.share",
            tr("Share the value as a page…"),
            self.ask_page,
            menu=menu,
            tip=tr(
                "One HTML file that any browser opens without a network: the value, its sums, and those around it"
            ),
            enabled=lambda: bench.selection.pin is not None and bench.document.picture is not None,
        )

    # -- pages ----------------------------------------------------------------------------------------

    def ask_page(self) -> None:
        """Ask for a file, and write a page of the pinned value."""
        pin = self._bench.selection.pin
        if pin is not None:
            self._ask_file(PAGES, _name(pin), lambda path: self.save_page(pin, path))

    def save_page(self, pin: Spot, path: Path) -> None:
        """Write a page of a value in the background, in the language and the colours of the window."""
        work = self._bench.document.work
        if work.picture is None:
            return
        results, theme = self._bench.results, "dark" if self._bench.theme.dark else "light"
        known = {name: shown.view.array for name, shown in results.maps.items() if not shown.stale}
        picture, language = work.picture, current()

        def write() -> None:
            page = work.pipeline.page(
                picture.pixels, *pin, maps=known, picture=picture.name, language=language, theme=theme
            )
            # Asked about by the dialog where the file exists.
            page.write(path, overwrite=True)

        self._write(path, write)

    # -- pictures -------------------------------------------------------------------------------------

    def copy_picture(self) -> None:
        """Copy the whole sheet to the clipboard as a picture."""
        QGuiApplication.clipboard().setPixmap(self._shown.canvas.grab())
        self._bench.messages.note(tr("The explanation was copied"))

    def ask_drawing(self) -> None:
        """Ask for a file, and draw the explanation that is shown."""
        answer = self._shown.answer
        if answer is not None:
            found = answer.account.explanation
            self._ask_file(DRAWINGS, _name(answer.spot), lambda path: self.save_drawing(found, path))

    def save_drawing(self, found: Explanation, path: Path) -> None:
        """Write a drawing in the background, as .svg or .png by the suffix."""
        self._write(path, lambda: _draw(found, path))

    # -- films ----------------------------------------------------------------------------------------

    def can_film(self) -> bool:
        """Return whether the pinned value lies on a map that a window slides over."""
        pin = self._bench.selection.pin
        return pin is not None and pin.node != IMAGE and self._shown.player.can_play()

    def ask_film(self) -> None:
        """Ask for the rows, the step and the rate of a film, then for a file."""
        # One of its own: the film is made in another thread than the answers of the panel.
        pin, explainer = self._bench.selection.pin, self._shown.inquiry.own_explainer()
        if pin is None or explainer is None or not self.can_film():
            return
        dialog = FilmDialog(explainer, pin, self._shown.player.size[0], self._panel)
        dialog.accepted.connect(lambda: self._ask_film_file(dialog, explainer))
        dialog.open()

    def _ask_film_file(self, dialog: FilmDialog, explainer: Explainer) -> None:
        # Read at once: the dialog deletes itself after it was closed, before a file is chosen.
        chosen, rate = dialog.slide, dialog.rate.value()
        if chosen is not None:
            name = f"{_safe(chosen.node)}-{chosen.channel}"
            self._ask_file(FILMS, name, lambda path: self.save_film(explainer, chosen, rate, path))

    def save_film(self, explainer: Explainer, chosen: Slide, rate: float, path: Path) -> None:
        """Write an animation in the background, as .gif, .webp or .png by the suffix."""
        # Said before and after: hundreds of frames take a while, and the dialog is closed by then.
        self._bench.messages.note(tr("Writing {name}…", name=path.name))
        self._write(path, lambda: _film(explainer, chosen, rate, path))

    # -- files ----------------------------------------------------------------------------------------

    def _ask_file(self, kinds: Sequence[tuple[str, str]], name: str, then: Callable[[Path], None]) -> None:
        dialog = TargetDialog(self._bench.folder_kept(FOLDER), name, kinds, self._panel)
        dialog.fileSelected.connect(lambda file: then(Path(file)))
        dialog.open()

    def _write(self, path: Path, work: Callable[[], None]) -> None:
        write_in_background(self._bench, path, work, FOLDER)


def write_in_background(bench: Workbench, path: Path, work: Callable[[], None], setting: str) -> None:
    """Write a file by `work` in the background, and say how that went. setting: of the folder to begin with next."""

    def done(_: None) -> None:
        # Only now: a folder that could not be written to is not worth remembering.
        bench.settings.setValue(setting, str(path.parent))
        bench.messages.note(tr("Saved {name}", name=path.name))

    def fail(error: Exception, details: str) -> None:
        what = tr("{name} was not written", name=path.name)
        bench.messages.error(error, what, details)

    bench.background.submit(work, done, fail)


class TargetDialog(QFileDialog):
    """Chooses a file to write; asks before one that exists."""

    def __init__(self, folder: Path, name: str, kinds: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent, tr("Save"), str(folder))
        self._suffixes = {f"{title} (*.{suffix})": suffix for title, suffix in kinds}
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setNameFilters(list(self._suffixes))
        self.filterSelected.connect(self._follow)
        self._follow(self.selectedNameFilter())
        self.selectFile(f"{name}.{kinds[0][1]}")

    def _follow(self, name_filter: str) -> None:
        # The suffix decides the format, and a name that is typed may have none.
        self.setDefaultSuffix(self._suffixes.get(name_filter, ""))


class FilmDialog(QDialog):
    """Asks which values the window visits, and how fast.

    slide: the values chosen; None where the choice is not possible.
    """

    def __init__(self, explainer: Explainer, pin: Spot, rows: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._explainer, self._pin = explainer, pin
        self.slide: Slide | None = None
        self.setWindowTitle(tr("Save the sliding window as animation"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.first, self.last = _counter(0, rows - 1, 0), _counter(0, rows - 1, rows - 1)
        self.step = _counter(0, rows, 0)
        self.step.setSpecialValueText(tr("as needed for 300 frames"))
        self.rate = _counter(1, FASTEST, USUAL)
        self.summary = QLabel(wordWrap=True)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._lay_out()
        for counter in (self.first, self.last, self.step, self.rate):
            counter.valueChanged.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(tr("&First row"), self.first)
        form.addRow(tr("&Last row"), self.last)
        form.addRow(tr("One frame every … &rows and columns"), self.step)
        form.addRow(tr("Frames a &second"), self.rate)
        save = self._buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setText(tr("Save…"))
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("Cancel"))
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.summary)
        column.addWidget(self._buttons)

    def refresh(self, *_: object) -> None:
        """Work out the length of the film."""
        from filterlab.explain.sliding import slide

        # People count the last row in; the rows of the engine are half-open.
        rows = self.first.value(), self.last.value() + 1
        try:
            self.slide = slide(
                self._explainer, self._pin.node, self._pin.channel, rows, self.step.value() or None
            )
        except FilterLabError as error:
            self.slide = None
            self.summary.setText(error_words(error))
        else:
            count, step = f"{self.slide.frames:,}", self.slide.step
            seconds = f"{self.slide.frames / self.rate.value():.1f}"
            text = tr(
                "{count} frames, {step} rows and columns apart: {seconds} seconds",
                count=count,
                step=step,
                seconds=seconds,
            )
            self.summary.setText(text)
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(self.slide is not None)


def _counter(least: int, most: int, value: int) -> QSpinBox:
    counter = QSpinBox()
    counter.setRange(least, most)
    counter.setValue(value)
    return counter


def _safe(name: str) -> str:
    # Names of nodes may have slashes, which would be folders here.
    return name.replace("/", "-")


def _name(spot: Spot) -> str:
    return "-".join([_safe(spot.node), *(str(number) for number in spot[1:])])


def _draw(found: Explanation, path: Path) -> None:
    from filterlab.explain.drawing.diagram import diagram

    diagram(found).write(path)


def _film(explainer: Explainer, chosen: Slide, rate: float, path: Path) -> None:
    from filterlab.explain.drawing.film import Frames
    from filterlab.images.animation import check_animation, write_animation

    frames = Frames(explainer, chosen)
    # A film that is refused must not cost the time of drawing it.
    check_animation(path, chosen.frames, frames.size, rate)
    write_animation(path, frames, rate)
