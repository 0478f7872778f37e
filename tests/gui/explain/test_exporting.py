"""Files and pictures of what is explained."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication

from filterlab.explain.drawing.diagram import diagram
from filterlab.gui.bench.selection import Spot
from filterlab.gui.explain.exporting import FilmDialog, TargetDialog


def run(bench, name):
    bench.commands.refresh()
    bench.commands.action(f"explain.{name}").trigger()


def pick(panel, file):
    """Choose a file in the dialog that is open."""
    dialog = panel.findChildren(TargetDialog)[-1]
    dialog.fileSelected.emit(str(file))
    dialog.close()


@pytest.fixture
def written(shown, qtbot):
    """Wait until files are written."""
    return lambda: qtbot.waitUntil(lambda: not shown.background.busy)


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_the_drawing_is_that_of_the_command_line(
    panel, pin, shown, network, picture, tmp_path, written, suffix
):
    pin("conv", 1, 8, 9)
    run(shown, "save_drawing")
    pick(panel, tmp_path / f"sum.{suffix}")
    written()
    diagram(network.explain(picture.pixels, "conv", 1, 8, 9)).write(tmp_path / f"expected.{suffix}")
    assert (tmp_path / f"sum.{suffix}").read_bytes() == (tmp_path / f"expected.{suffix}").read_bytes()


def film_dialog(panel, bench):
    run(bench, "save_film")
    return panel.findChildren(FilmDialog)[-1]


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_the_film_has_a_frame_for_each_window(panel, pin, shown, tmp_path, written, suffix):
    pin("adaptive", 2, 0, 0)
    dialog = film_dialog(panel, shown)
    dialog.first.setValue(1)
    dialog.last.setValue(2)
    dialog.rate.setValue(5)
    assert "14 frames" in dialog.summary.text()
    dialog.accept()
    pick(panel, tmp_path / f"film.{suffix}")
    written()
    with Image.open(tmp_path / f"film.{suffix}") as film:
        assert film.n_frames == 14
        first = np.asarray(film.convert("RGB"))
        film.seek(13)
        assert (np.asarray(film.convert("RGB")) != first).any()
    assert any("film" in message.text for message in shown.messages.all)


def test_impossible_films_say_why(panel, pin, shown):
    pin("conv", 2, 0, 0)
    dialog = film_dialog(panel, shown)
    dialog.first.setValue(9)
    dialog.last.setValue(3)
    assert dialog.slide is None
    assert "there are no rows" in dialog.summary.text()
    dialog.last.setValue(30)
    assert dialog.slide.first == 9
    dialog.step.setValue(8)
    assert dialog.slide.step == 8
    dialog.reject()


def test_what_cannot_be_written_becomes_a_message(panel, pin, shown, tmp_path, written):
    pin("conv", 1, 8, 9)
    run(shown, "save_drawing")
    pick(panel, tmp_path / "nowhere" / "sum.svg")
    written()
    assert any(message.level == "error" for message in shown.messages.all)


def test_the_sheet_is_copied_as_a_picture(panel, pin, shown):
    pin("conv", 1, 8, 9)
    run(shown, "copy_picture")
    image = QGuiApplication.clipboard().image()
    assert image.width() == round(panel.canvas.width() * panel.devicePixelRatioF())


def test_only_what_is_there_is_offered(panel, pin, shown):
    shown.commands.refresh()
    for name in ("copy_picture", "save_drawing", "save_film"):
        assert not shown.commands.action(f"explain.{name}").isEnabled()
    pin("soft", 1)
    shown.commands.refresh()
    assert shown.commands.action("explain.save_drawing").isEnabled()
    assert not shown.commands.action("explain.save_film").isEnabled()
    pin("image", 0, 3, 3)
    shown.commands.refresh()
    assert not shown.commands.action("explain.save_film").isEnabled()
    assert shown.selection.pin == Spot("image", 0, 3, 3)


def test_the_page_is_that_of_the_engine(panel, pin, shown, network, picture, tmp_path, written):
    pin("conv", 1, 8, 9)
    run(shown, "share")
    pick(panel, tmp_path / "value.html")
    written()
    theme = "dark" if shown.theme.dark else "light"
    expected = network.page(picture.pixels, "conv", 1, 8, 9, picture=picture.name, theme=theme)
    assert (tmp_path / "value.html").read_text(encoding="utf-8") == expected.html
