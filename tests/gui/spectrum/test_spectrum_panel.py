"""The panel of the spectrum: it shows waves, and what is painted on it becomes a layer that is edited in place."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

import filterlab as fl
from filterlab.graph import IMAGE
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.gui.inspector.header import Header
from filterlab.gui.spectrum import SpectrumPanel
from filterlab.gui.spectrum.marks import FrequencyBand, Notch, SpectrumMarks, tidy

WAVES = ((0.25, 0.125), (-0.125, 0.25))


@pytest.fixture
def gridded():
    """A picture of 128 x 160 with noise, an edge, and a grid of two waves in all channels."""
    rows, cols = np.mgrid[0:128, 0:160]
    noise = np.random.default_rng(3).standard_normal((3, 128, 160)) * 0.05
    grid = sum(0.1 * np.cos(2 * np.pi * (u * cols + v * rows)) for u, v in WAVES)
    return Picture("gridded", (0.5 + noise + grid + 0.2 * (cols > 90)).astype(np.float32))


@pytest.fixture
def work(bench, gridded, pipeline, settle):
    bench.document.open_pipeline("Open test", pipeline, None)
    bench.document.show_picture("Open test picture", gridded)
    settle(bench)
    return bench


@pytest.fixture
def panel(work, qtbot):
    widget = SpectrumPanel(work)
    qtbot.addWidget(widget)
    widget.resize(1000, 300)
    widget.show()
    qtbot.waitUntil(lambda: widget.view.spectrum is not None)
    return widget


def place(panel, u, v):
    return panel.view.place_of(u, v).toPoint()


def click(panel, qtbot, u, v):
    qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=place(panel, u, v))


def drag(panel, qtbot, start, end):
    qtbot.mousePress(panel.view, Qt.MouseButton.LeftButton, pos=place(panel, *start))
    qtbot.mouseMove(panel.view, place(panel, *end))
    qtbot.mouseRelease(panel.view, Qt.MouseButton.LeftButton, pos=place(panel, *end))


def turn_wheel(panel, steps):
    at = QPointF(panel.view.plate.center())
    event = QWheelEvent(
        at,
        panel.view.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(panel.view, event)


def test_without_a_picture_it_says_what_to_do(bench, qtbot):
    panel = SpectrumPanel(bench)
    qtbot.addWidget(panel)
    panel.show()
    assert "Open a picture" in panel.hint.text()
    assert not panel.find_button.isEnabled()


def test_it_shows_the_selected_map_and_the_pinned_channel(panel, work, qtbot):
    assert panel.view.spectrum.size == (128, 160)
    before = panel.view.spectrum
    work.selection.set_pin(Spot("pool", 1, 3, 3))
    qtbot.waitUntil(lambda: panel.view.spectrum is not before and panel.view.spectrum.size == (64, 80))
    assert panel.channel.currentIndex() == 1


def test_the_cursor_reads_a_wave(panel, qtbot):
    qtbot.mouseMove(panel.view, place(panel, 0.25, 0.125))
    qtbot.waitUntil(lambda: "wavelength" in panel.status.text())
    assert "pixels at 153°" in panel.status.text()
    panel.kind.setCurrentIndex(1)
    qtbot.mouseMove(panel.view, place(panel, -0.3, 0.3))
    qtbot.waitUntil(lambda: "radians" in panel.status.text())


def test_a_grid_is_taken_out_in_three_clicks(panel, work, settle, qtbot):
    # The first click has opened the tab.
    qtbot.mouseClick(panel.find_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.marks.notches) == 2)
    qtbot.mouseClick(panel.out_button, Qt.MouseButton.LeftButton)
    settle(work)
    name = work.selection.node
    layer = work.document.pipeline[name]
    assert layer.key == "spectrum_mask"
    assert work.document.pipeline.node("sobel").inputs == (name,)
    planes = work.document.picture.pixels
    spectra = [np.abs(np.fft.fft2(x[0])) for x in (planes, work.results.maps[name].view.array)]
    for u, v in WAVES:
        before, after = (spectrum[round(v * 128), round(u * 160)] for spectrum in spectra)
        assert after < before / 1000
    work.document.undo()
    assert name not in work.document.pipeline


def test_a_click_on_a_peak_puts_a_notch_on_it_that_is_dragged_widened_and_removed(panel, qtbot):
    click(panel, qtbot, 0.24, 0.13)
    (notch,) = panel.marks.notches
    assert (notch.u, notch.v) == (pytest.approx(0.25), pytest.approx(0.125))
    assert panel.list.currentRow() == 0
    assert "Notch at 0.25, 0.125" in panel.list.item(0).text()
    drag(panel, qtbot, (0.25, 0.125), (0.35, 0.2))
    (moved,) = panel.marks.notches
    assert (moved.u, moved.v) == (pytest.approx(0.35, abs=0.01), pytest.approx(0.2, abs=0.01))
    # By its mirror it moves the other way.
    drag(panel, qtbot, (-moved.u, -moved.v), (-0.4, -0.2))
    assert panel.marks.notches[0].u == pytest.approx(0.4, abs=0.01)
    turn_wheel(panel, 1)
    assert panel.marks.notches[0].radius == pytest.approx(moved.radius * 1.25, rel=1e-3)
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    assert panel.marks == SpectrumMarks()
    assert not panel.out_button.isEnabled()


def test_bands_are_dragged_and_clicked(panel, qtbot):
    panel.tool.setCurrentIndex(1)
    drag(panel, qtbot, (0.3, 0.0), (0.4, 0.0))
    (band,) = panel.marks.bands
    assert (band.low, band.high) == (pytest.approx(0.3, abs=0.01), pytest.approx(0.4, abs=0.01))
    click(panel, qtbot, 0.0, 0.1)
    assert len(panel.marks.bands) == 2
    click(panel, qtbot, 0.0, 0.35)
    assert panel.view.chosen == 0
    assert len(panel.marks.bands) == 2


def test_all_of_it_works_by_keys(panel, qtbot):
    view = panel.view
    view.setFocus()
    view.caret = (0.2, 0.2)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    first = panel.marks.notches[0]
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    moved = panel.marks.notches[0]
    assert moved.u - first.u == pytest.approx(1 / view.scale, rel=1e-2)
    assert moved.v - first.v == pytest.approx(10 / view.scale, rel=1e-2)
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert panel.marks.notches[0].radius > moved.radius
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.chosen is None
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.caret[0] < 0.2
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert view.chosen == 0
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert panel.marks == SpectrumMarks()


def test_names_and_descriptions_are_there_for_screen_readers(panel, qtbot):
    click(panel, qtbot, 0.25, 0.125)
    assert panel.view.accessibleName() == "Spectrum"
    assert "Notch at 0.25, 0.125" in panel.view.accessibleDescription()
    for widget in (
        panel.kind,
        panel.tool,
        panel.reach,
        panel.channel,
        panel.list,
        *panel.fields.fields.values(),
    ):
        assert widget.accessibleName()


@pytest.fixture
def masked(panel, work, settle, qtbot):
    """The panel over a mask that reads the picture."""
    layer = fl.SpectrumMask([[0.25, 0.125, 0.02, 0.0]], [[0.3, 0.4, 0.5]])
    work.document.edit("mask", fl.Pipeline([("clean", layer)]))
    settle(work)
    work.selection.select("clean")
    qtbot.waitUntil(lambda: panel.side_of_mask.isVisible())
    return panel


def test_the_marks_of_a_mask_are_edited_in_place(masked, work, settle, qtbot):
    assert masked.marks == SpectrumMarks((Notch(0.25, 0.125, 0.02, 0.0),), (FrequencyBand(0.3, 0.4, 0.5),))
    assert not masked.out_button.isVisible()
    steps = work.document.history.place
    drag(masked, qtbot, (0.25, 0.125), (0.3, 0.1))
    np.testing.assert_allclose(work.document.pipeline["clean"].notches[0, :2], (0.3, 0.1), atol=0.01)
    # A drag is one step.
    assert work.document.history.place == steps + 1
    masked.view.choose(1)
    masked.fields.fields["gain"].lineEdit().setText("0.25")
    masked.fields.fields["gain"].give_waiting()
    masked.fields.fields["gain"].given.emit(0.25)
    assert work.document.pipeline["clean"].bands[0, 2] == 0.25
    work.document.undo()
    assert work.document.pipeline["clean"].bands[0, 2] == 0.5
    settle(work)


def test_numbers_that_are_not_legal_are_marked_and_not_taken(masked, work):
    masked.view.choose(0)
    field = masked.fields.fields["radius"]
    for wrong in ("wide", -1.0):
        field.given.emit(wrong)
        assert field.property("wrong") == "true"
        assert masked.marks.notches[0].radius == 0.02
    field.finished.emit()
    assert field.value() == 0.02
    assert field.property("wrong") == "false"


@pytest.mark.parametrize(
    ("place", "name", "text"),
    [(0, "u", "0.7"), (0, "radius", "wide"), (0, "gain", "1e99"), (0, "edge", "-1"), (1, "low", "0.45")],
)
def test_a_number_is_marked_as_wrong_while_it_is_typed(masked, qtbot, place, name, text):
    before = masked.marks
    masked.view.choose(place)
    field = masked.fields.fields[name]
    field.setFocus()
    field.lineEdit().selectAll()
    qtbot.keyClicks(field.lineEdit(), text)
    assert field.property("wrong") == "true"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert masked.marks == before
    assert field.property("wrong") == "false"


def test_the_spectrum_behind_a_mask_has_a_hole(masked, work, qtbot):
    def amplitude():
        return masked.view.spectrum.read(*WAVES[0]).amplitude

    qtbot.waitUntil(lambda: masked.view.spectrum.size == (128, 160) and amplitude() > 0.05)
    masked.side_of_mask.setCurrentIndex(1)
    qtbot.waitUntil(lambda: amplitude() < 0.001)


def test_clear_takes_all_marks_as_one_step(masked, work, qtbot):
    steps = work.document.history.place
    qtbot.waitUntil(lambda: masked.clear_button.isEnabled())
    qtbot.mouseClick(masked.clear_button, Qt.MouseButton.LeftButton)
    assert work.document.pipeline["clean"] == fl.SpectrumMask()
    assert work.document.history.place == steps + 1


def test_each_mark_is_a_step_that_undo_takes_back_alone(panel, work, qtbot):
    picture, pipeline = work.document.picture, work.document.pipeline
    click(panel, qtbot, 0.25, 0.125)
    click(panel, qtbot, -0.125, 0.25)
    drag(panel, qtbot, (-0.125, 0.25), (-0.3, 0.3))
    assert work.document.history.undo_label == "Paint on the spectrum of image"
    counts = []
    for _ in range(3):
        work.document.undo()
        counts.append([tuple(round(x, 2) for x in notch[:2]) for notch in panel.marks.notches])
    assert [len(count) for count in counts] == [2, 1, 0]
    assert counts[0][1] == pytest.approx((-0.125, 0.25), abs=0.01), "the drag alone is undone first"
    assert work.document.picture is picture
    assert work.document.pipeline is pipeline
    assert not any(shown.stale for shown in work.results.maps.values()), "marks change no map"
    work.document.redo()
    assert panel.list.count() == len(panel.marks.notches) == 1


def test_a_slow_drag_is_one_step(panel, work, qtbot, monkeypatch):
    monkeypatch.setattr(work.document.history, "_clock", count(0, 10).__next__)
    steps = work.document.history.place
    qtbot.mousePress(panel.view, Qt.MouseButton.LeftButton, pos=place(panel, 0.25, 0.125))
    for u in (0.28, 0.32, 0.35):
        qtbot.mouseMove(panel.view, place(panel, u, 0.2))
    qtbot.mouseRelease(panel.view, Qt.MouseButton.LeftButton, pos=place(panel, 0.35, 0.2))
    assert panel.marks.notches[0].u == pytest.approx(0.35, abs=0.01)
    assert work.document.history.place == steps + 1


def test_undo_of_the_layer_brings_the_marks_back(panel, work, settle, qtbot):
    click(panel, qtbot, 0.25, 0.125)
    painted = panel.marks
    qtbot.mouseClick(panel.out_button, Qt.MouseButton.LeftButton)
    settle(work)
    work.selection.select(IMAGE)
    assert panel.marks == SpectrumMarks()
    work.document.undo()
    assert panel.marks == painted
    settle(work)


def test_clear_can_be_undone_before_there_is_a_layer(panel, work, qtbot):
    click(panel, qtbot, 0.25, 0.125)
    qtbot.mouseClick(panel.clear_button, Qt.MouseButton.LeftButton)
    assert panel.marks == SpectrumMarks()
    work.document.undo()
    assert len(panel.marks.notches) == 1


def test_a_frequency_of_almost_zero_is_zero():
    assert [str(tidy(value)) for value in (-2.5e-5, 0.1200213)] == ["0.0", "0.12002"]


def test_the_explanation_does_not_lie_over_the_peaks(panel, qtbot):
    def asked(place):
        event = QHelpEvent(QEvent.Type.ToolTip, place, panel.view.mapToGlobal(place))
        QApplication.sendEvent(panel.view, event)
        return QToolTip.isVisible()

    assert not asked(place(panel, 0.1, 0.1))
    assert asked(QPoint(1, 1)), "beside the picture, at its axis"
    QToolTip.hideText()
    assert panel.status.toolTip() == panel.view.toolTip()


def test_a_layer_that_cannot_be_computed_says_why(panel, work, settle, qtbot):
    work.document.edit("broken", fl.Pipeline([("broken", fl.Conv2d(np.ones((1, 5, 3, 3))))]))
    settle(work)
    work.selection.select("broken")
    qtbot.waitUntil(lambda: panel.hint.text().startswith("broken: it is given 3 channels"))
    assert panel.channel.isHidden()


def test_a_mark_on_the_mean_is_told(panel, qtbot):
    assert not panel.marks.takes_mean
    panel.view.edited.emit(SpectrumMarks((Notch(0.005, 0.0, 0.01),)))
    assert "mean of the map" in panel.status.text()
    panel.view.edited.emit(SpectrumMarks((Notch(0.005, 0.0, 0.01, 1.0),), (FrequencyBand(0.01, 0.1),)))
    assert "Take them out" in panel.status.text()
    panel.view.edited.emit(SpectrumMarks(bands=(FrequencyBand(0.0, 0.1, 0.5),)))
    assert "mean of the map" in panel.status.text()


def test_what_is_painted_waits_for_its_node(panel, work, qtbot):
    click(panel, qtbot, 0.25, 0.125)
    work.selection.select("sobel")
    assert panel.marks == SpectrumMarks()
    work.selection.select(IMAGE)
    assert len(panel.marks.notches) == 1
    work.document.show_picture("Close", None)
    assert panel.marks == SpectrumMarks()


def test_what_is_painted_follows_the_name_of_its_node(panel, work, settle, qtbot):
    click(panel, qtbot, 0.25, 0.125)
    work.selection.select("sobel")
    qtbot.waitUntil(lambda: panel.view.isEnabled() and panel.view.spectrum is not None)
    panel.view.edited.emit(SpectrumMarks((Notch(0.3, 0.1, 0.01),)))
    panel.view.settled.emit()
    painted = panel.marks
    header = Header(work)
    qtbot.addWidget(header)
    header.follow("sobel", work.document.pipeline["sobel"])
    header.show()
    header.name.selectAll()
    qtbot.keyClicks(header.name, "edges")
    qtbot.keyClick(header.name, Qt.Key.Key_Return)
    assert work.selection.node == "edges"
    assert panel.marks == painted != SpectrumMarks()
    assert set(work.document.work.painted) == {IMAGE, "edges"}
    settle(work)
    work.document.undo()
    assert set(work.document.work.painted) == {IMAGE, "sobel"}


def test_a_new_node_has_not_the_marks_of_one_that_is_gone(panel, work, pipeline, qtbot):
    work.selection.select("blur")
    qtbot.waitUntil(lambda: panel.view.spectrum is not None)
    panel.view.edited.emit(SpectrumMarks((Notch(0.3, 0.1, 0.01),)))
    painted = panel.marks
    work.document.edit("Remove", fl.Pipeline(node for node in pipeline.nodes if node.name != "blur"))
    work.document.edit("Add", fl.Pipeline([*work.document.pipeline.nodes, fl.Node("blur", fl.ReLU())]))
    work.selection.select("blur")
    assert panel.marks == SpectrumMarks()
    for _ in range(2):
        work.document.undo()
    work.selection.select("blur")
    assert panel.marks == painted != SpectrumMarks()


def test_what_is_painted_comes_back_with_its_picture_and_its_pipeline(panel, work, gridded, qtbot):
    click(panel, qtbot, 0.25, 0.125)
    painted = panel.marks
    work.document.show_picture("Open another", Picture("other", gridded.pixels))
    assert panel.marks == SpectrumMarks()
    work.document.undo()
    assert panel.marks == painted != SpectrumMarks()
    work.document.open_pipeline("Open another", fl.Pipeline([("relu", fl.ReLU())]), None)
    assert panel.marks == SpectrumMarks()
    work.document.undo()
    assert panel.marks == painted


def test_a_vector_has_none(panel, work, settle, qtbot):
    work.document.edit("flat", fl.Pipeline([("flat", fl.Flatten())]))
    settle(work)
    work.selection.select("flat")
    qtbot.waitUntil(lambda: "vector" in panel.hint.text())
    assert not panel.find_button.isEnabled()
