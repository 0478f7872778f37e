"""The first steps of a new user: the start page, the galleries, and the dialog with its preview."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton

import filterlab as fl
from filterlab.gui.files import StartPage, thumbnails
from filterlab.gui.files.gallery import GalleryDialog
from filterlab.gui.files.opendialog import OpenDialog
from filterlab.resources import examples, samples


@pytest.fixture
def page(bench, files, qtbot, quiet):
    widget = StartPage(document=bench.document, commands=bench.commands, theme=bench.theme, files=files)
    qtbot.addWidget(widget)
    widget.resize(900, 700)
    widget.show()
    quiet(files)
    return widget


def resized(page, size, qtbot):
    """Give the page a size, and wait until its thumbnails have found theirs, which takes several turns."""
    page.resize(*size)
    QCoreApplication.processEvents()
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() == 0 and not page._unsettled.isActive())


def press(button, qtbot):
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_from_nothing_to_an_edge_map_in_a_drop_and_a_click(page, bench, files, quiet, on_disk, qtbot, drag):
    assert page.needed
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(on_disk / "cat.png"))])
    for kind in (QDragEnterEvent, QDropEvent):
        QApplication.sendEvent(page.zone, drag(kind, mime))
    quiet(files)
    assert page.needed
    assert not page.paste_button.isVisible()
    with qtbot.waitSignal(page.needed_changed) as needed:
        press(page.edges_button, qtbot)
    assert needed.args == [False]
    quiet(files)
    expected = fl.Pipeline.load(examples()["edges"]).run(fl.read_image(on_disk / "cat.png"))
    np.testing.assert_array_equal(bench.results.maps["edges"].view.array, expected["edges"])


def test_an_empty_pipeline_is_a_choice(page, bench, files, quiet, picture, qtbot):
    bench.document.show_picture("Open", picture)
    quiet(files)
    press(page.empty_button, qtbot)
    assert not page.needed
    # Beginning anew brings the page back.
    files.close_picture()
    assert page.needed
    bench.document.show_picture("Open", picture)
    assert page.needed


def test_a_sample_by_mouse_and_by_keyboard(page, bench, files, quiet, qtbot):
    gallery = page.samples
    item = gallery.item(3)
    assert item.text() == "Chelsea"
    assert not item.icon().isNull()
    qtbot.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=gallery.visualItemRect(item).center())
    quiet(files)
    assert bench.document.picture.name == "Chelsea"
    gallery.setCurrentRow(4)
    qtbot.keyClick(gallery, Qt.Key.Key_Return)
    quiet(files)
    assert bench.document.picture.name == "Coffee"


def test_an_example_without_a_picture_brings_one(page, bench, files, quiet, pipeline):
    page.examples.chosen.emit(page.examples.exhibits[0])
    quiet(files)
    assert bench.document.picture.path == samples()["coffee"]
    assert bench.document.pipeline == fl.Pipeline.load(examples()["edges"])
    assert bench.document.path is None
    assert bench.document.work.name == page.examples.exhibits[0].title
    assert not page.needed
    # With a picture, the picture stays.
    picture = bench.document.picture
    page.examples.chosen.emit(page.examples.exhibits[2])
    quiet(files)
    assert bench.document.picture is picture


def test_every_exhibit_has_a_thumbnail_kept_on_disk(page, files, kept_thumbnails):
    exhibits = [*page.samples.exhibits, *page.examples.exhibits]
    assert len(exhibits) == len(samples()) + len(examples())
    assert all(files.thumbnails.get(exhibit.path, exhibit.sample) is not None for exhibit in exhibits)
    names = {thumbnails._key(exhibit.path, exhibit.sample, dark=False) for exhibit in exhibits}
    assert len(names) == len(exhibits)
    assert names <= {file.stem for file in kept_thumbnails.glob("*.png")}


def test_thumbnails_are_made_one_at_a_time_and_yield_to_opening(
    bench, files, window, on_disk, qtbot, monkeypatch
):
    begun, working, image = [], [], QImage(4, 4, QImage.Format.Format_RGB32)

    def make(path, sample, dark, folder, cancel):
        begun.append(path)
        working.append(path)
        assert len(working) == 1
        try:
            while path == endless and not cancel():
                time.sleep(0.002)
            if cancel():
                raise fl.errors.Cancelled("cancelled")
        finally:
            working.remove(path)
        return image

    monkeypatch.setattr("filterlab.gui.files.thumbnails.make", make)
    endless = examples()["edges"]
    page = StartPage(document=bench.document, commands=bench.commands, theme=bench.theme, files=files)
    qtbot.addWidget(page)
    assert not files.previews.busy, "nobody looks yet"
    page.show()
    qtbot.waitUntil(lambda: endless in working)
    files.open_paths([on_disk / "cat.png"])
    qtbot.waitUntil(lambda: bench.document.picture is not None)
    # Once the picture was there, it is begun again; and once more if it had to yield to the maps.
    qtbot.waitUntil(lambda: begun.count(endless) >= 2)
    page.hide()
    qtbot.waitUntil(lambda: not files.previews.busy)
    count, endless = len(begun), None
    page.show()
    rest = [exhibit.path for exhibit in page.examples.exhibits]
    qtbot.waitUntil(lambda: begun[count:] == rest)
    qtbot.waitUntil(lambda: not files.previews.busy)


def test_thumbnails_of_examples_have_the_colours_of_the_wall(page, bench, files, quiet):
    def ground():
        """The brightness of most of the pixels of the edges."""
        image = page.examples.item(0).icon().pixmap(page.examples.iconSize()).toImage()
        values = [
            image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height())
        ]
        return np.median(values)

    assert ground() > 200
    bench.theme.set("dark")
    quiet(files)
    assert ground() < 80


SIZES = [(834, 642), (1388, 954), (2028, 1314)]  # of the page on the common screens, smallest first


@pytest.mark.parametrize("size", SIZES)
def test_all_samples_and_examples_are_seen_without_scrolling(page, qtbot, size):
    page.resize(size[0], 400)  # too low: there is a scroll bar, which must not stay
    qtbot.waitUntil(lambda: page.verticalScrollBar().isVisible())
    resized(page, size, qtbot)
    for gallery in (page.samples, page.examples):
        place = page.viewport().rect()
        for row in range(gallery.count()):
            item = gallery.visualItemRect(gallery.item(row))
            corner, text = (
                gallery.viewport().mapTo(page.viewport(), item.bottomRight()),
                gallery.item(row).text(),
            )
            assert place.contains(corner), f"{text} is out of sight at {size}"
            words = gallery.fontMetrics().boundingRect(item, Qt.TextFlag.TextWordWrap, text)
            assert words.height() <= 2 * gallery.fontMetrics().lineSpacing(), f"{text} is cut off at {size}"


def test_thumbnails_grow_with_the_page_and_make_room_for_what_appears(
    page, bench, files, qtbot, quiet, picture
):
    widths = []
    for size in SIZES:
        resized(page, size, qtbot)
        widths.append(page.samples.iconSize().width())
        assert page.examples.iconSize() == page.samples.iconSize()
        icon = page.samples.item(0).icon().actualSize(page.samples.iconSize())
        assert icon == page.samples.iconSize(), "drawn anew in this size"
    assert widths == sorted(set(widths))
    assert 2 * widths[0] < widths[-1] <= 256
    resized(page, (1100, 800), qtbot)
    before = page.samples.iconSize().width()
    bench.document.show_picture("Open", picture)  # a picture in the frame takes room
    quiet(files)
    qtbot.waitUntil(lambda: page.samples.iconSize().width() < before)
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() == 0)


def test_recent_files_are_on_the_page_and_open(page, bench, files, quiet, on_disk, qtbot):
    files.recent.add(on_disk / "cat.png", on_disk / "none.png")
    files.recent.look()
    quiet(files)
    buttons = [b for b in page.findChildren(QPushButton) if b.toolTip().startswith(str(on_disk))]
    assert [button.text().split()[0] for button in buttons] == ["cat.png"]
    buttons[0].click()
    quiet(files)
    assert bench.document.picture.path == on_disk / "cat.png"


def test_everything_on_the_page_is_reached_by_tab(page, qtbot):
    page.activateWindow()
    page.open_button.setFocus()
    for expected in (page.paste_button, page.lessons_button, page.samples, page.examples):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is expected


@pytest.mark.parametrize("command", ["file.samples", "file.examples"])
def test_galleries_open_what_is_chosen_and_close(bench, files, quiet, child, qtbot, command):
    bench.commands.action(command).trigger()
    dialog = child(GalleryDialog)
    quiet(files)
    dialog.gallery.setCurrentRow(1)
    qtbot.keyClick(dialog.gallery, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    quiet(files)
    if command == "file.samples":
        assert bench.document.picture.path == samples()["brick"]
    else:
        assert bench.document.pipeline == fl.Pipeline.load(examples()["blur-sharpen"])


# -- the dialog -------------------------------------------------------------------------------------------


@pytest.fixture
def dialog(bench, files, on_disk, child):
    bench.settings.setValue("folder/open", str(on_disk))
    bench.commands.action("file.open").trigger()
    return child(OpenDialog)


def pick(dialog, name):
    dialog.findChild(QLineEdit, "fileNameEdit").setText(name)
    dialog.accept()


def test_the_dialog_opens_the_files_that_are_picked(dialog, bench, files, quiet, on_disk):
    assert isinstance(dialog, QFileDialog)
    pick(dialog, "cat.png")
    quiet(files)
    assert bench.document.picture.path == on_disk / "cat.png"
    assert bench.settings.value("folder/open") == str(on_disk)


def test_the_dialog_shows_pictures_pipelines_and_kernels(dialog, files, quiet, on_disk):
    dialog.currentChanged.emit(str(on_disk / "cat.png"))
    quiet(files)
    assert dialog.pane.text.text().splitlines()[:2] == ["cat.png", "Picture, 32 × 24"]
    assert "PNG · RGB" in dialog.pane.text.text()
    assert not dialog.pane.image.pixmap().isNull()
    dialog.currentChanged.emit(str(on_disk / "edges.json"))
    quiet(files)
    text = dialog.pane.text.text()
    assert "Pipeline, 4 layers" in text
    assert "pool: Max pooling ← relu" in text
    assert dialog.pane.image.isHidden()
    dialog.currentChanged.emit(str(on_disk / "laplace.csv"))
    quiet(files)
    assert "Kernel, 3 × 3" in dialog.pane.text.text()
    dialog.currentChanged.emit(str(on_disk))
    assert dialog.pane.text.text() == ""
    dialog.reject()


def test_the_dialog_says_why_a_file_cannot_be_opened(dialog, bench, files, quiet, on_disk):
    (on_disk / "bad.png").write_bytes(b"no picture")
    dialog.currentChanged.emit(str(on_disk / "bad.png"))
    quiet(files)
    assert "bad.png cannot be opened: it is not a picture" in dialog.pane.text.text()
    assert bench.messages.all == []
    dialog.reject()


def test_the_dialog_opens_a_file_as_the_chosen_kind(dialog, bench, files, quiet, on_disk, picture):
    np.save(on_disk / "x.npy", np.eye(3))
    dialog.look_at(str(on_disk / "x.npy"))
    dialog.pane.kinds.setCurrentIndex(3)
    quiet(files)
    assert "Kernel, 3 × 3" in dialog.pane.text.text()
    pick(dialog, "x.npy")
    quiet(files)
    np.testing.assert_array_equal(bench.document.pipeline["x"].kernel, np.eye(3))


def test_closing_the_dialog_while_it_looks(dialog, bench, files, quiet, on_disk):
    dialog.look_at(str(on_disk / "cat.png"))
    dialog.reject()
    quiet(files)
    assert bench.messages.all == []


def test_enter_goes_on_with_the_picture(page, bench, picture, qtbot):
    page.open_button.setFocus()
    bench.document.show_picture("Open", picture)
    assert page.focusWidget() is page.edges_button
