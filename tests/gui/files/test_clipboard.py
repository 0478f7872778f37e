"""Pasting and dropping: real mime data through the real handlers."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from filterlab.gui.files import DropArea
from filterlab.images.views import rgb_pixels_of
from filterlab.run.files import to_text


def image_of(values):
    pixels = rgb_pixels_of(values)
    return QImage(pixels.tobytes(), pixels.shape[1], pixels.shape[0], QImage.Format.Format_RGB32).copy()


@pytest.fixture
def levels():
    """Pixels (3, 5, 7) whose values 8 bits hold exactly."""
    return np.random.default_rng(2).integers(0, 256, (3, 5, 7)).astype(np.float32) / np.float32(255)


def paste(files, bench, **mime):
    data = QMimeData()
    if "image" in mime:
        data.setImageData(mime["image"])
    if "text" in mime:
        data.setText(mime["text"])
    if "paths" in mime:
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in mime["paths"]])
    QGuiApplication.clipboard().setMimeData(data)
    bench.commands.action("edit.paste").trigger()


def test_a_pasted_picture_has_the_pixels_of_the_clipboard(files, bench, quiet, levels):
    paste(files, bench, image=image_of(levels))
    quiet(files)
    np.testing.assert_array_equal(bench.document.picture.pixels, levels)
    assert bench.document.picture.path is None
    assert bench.document.history.undo_label == "Paste picture"


def test_grey_and_transparent_pictures(files, bench, quiet):
    grey = QImage(4, 3, QImage.Format.Format_Grayscale8)
    grey.fill(128)
    paste(files, bench, image=grey)
    quiet(files)
    assert bench.document.picture.shape == (1, 3, 4)
    assert np.unique(bench.document.picture.pixels) == np.float32(128 / 255)
    clear = QImage(4, 3, QImage.Format.Format_ARGB32)
    clear.fill(0x40FF8000)
    paste(files, bench, image=clear)
    quiet(files)
    np.testing.assert_array_equal(
        bench.document.picture.pixels[:, 0, 0], np.float32([255, 128, 0]) / np.float32(255)
    )


def test_files_that_were_copied(files, bench, quiet, on_disk):
    paste(files, bench, paths=[on_disk / "cat.png", on_disk / "edges.json"])
    quiet(files)
    assert bench.document.picture.path == on_disk / "cat.png"
    assert bench.document.path == on_disk / "edges.json"


def test_a_path_as_text(files, bench, quiet, on_disk):
    paste(files, bench, text=f'"{on_disk / "cat.png"}"')
    quiet(files)
    assert bench.document.picture.path == on_disk / "cat.png"


def test_pipelines_and_kernels_as_text(files, bench, quiet, pipeline):
    paste(files, bench, text=to_text(pipeline))
    quiet(files)
    assert bench.document.pipeline == pipeline
    assert bench.document.path is None
    bench.selection.select("sobel")
    paste(files, bench, text="1 2\n3 4")
    quiet(files)
    np.testing.assert_array_equal(bench.document.pipeline["sobel"].kernel, [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    "text", ["hello you", '{"format": "filterlab/1", "nodes": 3}', "1 2\n3", "/no/such/file.png"]
)
def test_text_that_is_nothing_of_ours_says_so(files, opened, quiet, errors, text):
    work = opened.document.work
    paste(files, opened, text=text)
    quiet(files)
    assert len(errors()) == 1
    assert opened.document.work is work


def test_text_fields_keep_their_paste(files, bench, window, qtbot, quiet):
    field = QLineEdit(window)
    window.addAction(bench.commands.action("edit.paste"))
    window.show()
    window.activateWindow()
    QGuiApplication.clipboard().setText("1 2 3")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    quiet(files)
    assert field.text() == "1 2 3"
    assert len(bench.document.pipeline) == 0
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    quiet(files)
    assert len(bench.document.pipeline) == 1


def test_an_empty_clipboard_says_so(files, bench, quiet):
    paste(files, bench)
    quiet(files)
    assert [message.level for message in bench.messages.all] == ["warning"]


def test_dropping_on_a_widget(files, bench, quiet, on_disk, qtbot, drag):
    widget = QWidget()
    qtbot.addWidget(widget)
    area = DropArea(widget, files.opening)
    states = []
    area.hovering.connect(states.append)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(on_disk / "cat.png"))])
    enter = drag(QDragEnterEvent, mime)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(widget, QDragLeaveEvent())
    QApplication.sendEvent(widget, drag(QDragEnterEvent, mime))
    drop = drag(QDropEvent, mime)
    QApplication.sendEvent(widget, drop)
    assert drop.isAccepted()
    assert {event.dropAction() for event in (enter, drop)} == {Qt.DropAction.CopyAction}, (
        "files stay where they are"
    )
    assert states == [True, False, True, False]
    quiet(files)
    assert bench.document.picture.path == on_disk / "cat.png"


def test_what_cannot_be_opened_is_not_taken(files, bench, qtbot, drag):
    widget = QWidget()
    qtbot.addWidget(widget)
    DropArea(widget, files.opening)
    mime = QMimeData()
    mime.setData("application/x-something", b"1")
    enter = drag(QDragEnterEvent, mime)
    enter.ignore()
    QApplication.sendEvent(widget, enter)
    assert not enter.isAccepted()
