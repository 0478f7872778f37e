"""Saving a comparison as it is on the screen: a PNG whose text says what it shows."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from filterlab.errors import FileError
from filterlab.files import atomic_write
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.compare.page import PairPage, part_words
from filterlab.gui.compare.view import side_names
from filterlab.gui.explain.exporting import TargetDialog
from filterlab.gui.words.i18n import tr
from filterlab.text.numbers import exact

FOLDER = "folder/comparison"


def save_comparison(bench: Workbench, page: PairPage, window: QWidget) -> QFileDialog:
    """Ask for a file, and write the maps with their legend, in the background."""
    # As they are now: the person may go on while the dialog is open.
    image = page.image()
    # The keywords of the PNG standard, the same in every language.
    for keyword, text in {"Description": description(page), "Software": "FilterLab"}.items():
        image.setText(keyword, text)
    folder = Path(str(bench.settings.value(FOLDER, "") or Path.home()))
    dialog = TargetDialog(folder, tr("comparison"), [("PNG", "png")], window)
    dialog.fileSelected.connect(lambda file: _write(bench, image, Path(file)))
    dialog.open()
    return dialog


def _write(bench: Workbench, image: QImage, path: Path) -> None:
    def work() -> None:
        with atomic_write(path) as temporary:
            if not image.save(str(temporary)):
                raise FileError("it cannot be written", str(path))

    def done(_: object) -> None:
        bench.settings.setValue(FOLDER, str(path.parent))
        bench.messages.note(tr("Saved {name}", name=path.name))

    def fail(error: Exception, details: str) -> None:
        bench.messages.error(error, tr("{name} was not written", name=path.name), details)

    bench.background.submit(work, done, fail)


def description(page: PairPage) -> str:
    """What the picture shows, in words: both maps, the mode, what the colours mean, and the statistics."""
    view = page.view
    assert view.pair is not None, "there is a comparison"
    a, b = side_names(view.pair)
    legends = [
        f"{title}: {exact(legend.scale.least)} … {exact(legend.scale.greatest)} ({legend.colormap})"
        for title, legend in page.legends.legends
    ]
    mode = {"swipe": tr("Swipe"), "blink": tr("Blink"), "difference": tr("Difference")}[view.mode]
    part = "" if view.pair.a.part is None else part_words(view.pair.a)
    parts = [f"A: {a}", f"B: {b}", mode, *legends, part, page.figures.accessibleDescription()]
    return "\n".join(part for part in parts if part)
