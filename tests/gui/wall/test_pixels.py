"""What is painted: colours, ranges, legends, numbers, states."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRectF
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QRegion

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.wall.header import HeaderItem, cut_before
from filterlab.gui.wall.legend.drawing import HANDLE, Legend, clipped_text, draw_legend, end_texts
from filterlab.gui.wall.numerals import fitted
from filterlab.images.views import Scale, joint_extent, pixels_of, rgb_pixels_of

# Two pixels a cell: no edge of a cell lies in the middle of a pixel, where round-off would decide.
EVEN = 128


def array_of(image):
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return rows[:, : image.width()] | np.uint32(0xFF000000)


def painted(wall, node, entry, scale=1.0):
    """The pixels of a tile inside its frame, and the crop of the map under them."""
    image = array_of(wall.grab_wall(scale))
    box = wall.view.tile_rect(node, entry)
    left, top = round(box.left() * scale) + 2, round(box.top() * scale) + 2
    right, bottom = round(box.right() * scale) - 2, round(box.bottom() * scale) - 2
    lens = wall.view.lens((box.width(), box.height()))
    strip = wall.view.content.strips[node]
    ends = [
        (v / scale - o) for v, o in zip((left, top, right, bottom), (box.left(), box.top()) * 2, strict=True)
    ]
    return image[top:bottom, left:right], lens.crop(strip.place, *ends)


def upper(pixels):
    """Without the rows that the label covers."""
    return pixels[: len(pixels) - 40]


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize(("node", "entry"), [("sobel", 2), ("image", 1), ("pool", 3)])
def test_a_tile_has_the_colours_of_its_numbers(wall, renew, node, entry, scale):
    wall.bench.view.set(tile=EVEN)
    renew(wall)
    pixels, crop = painted(wall, node, entry, scale)
    strip = wall.view.content.strips[node]
    values = strip.view.sample(entry - 1, crop, *pixels.shape)
    expected = pixels_of(values, *strip.tone.scale[:2], strip.tone.colormap)
    np.testing.assert_array_equal(upper(pixels), upper(expected))


def test_a_tile_in_colours_shows_three_channels_from_0_to_1(wall, renew):
    wall.bench.view.set(tile=EVEN)
    renew(wall)
    pixels, crop = painted(wall, "blur", 0)
    values = wall.view.content.strips["blur"].view.sample(slice(0, 3), crop, *pixels.shape)
    np.testing.assert_array_equal(upper(pixels), upper(rgb_pixels_of(values)))


def test_a_zoomed_tile_shows_the_same_part_of_the_picture(wall, opened):
    opened.view.set(crop=(10.0, 10.0, 24.0, 32.0), numbers=False)
    for node in ("sobel", "pool"):
        pixels, crop = painted(wall, node, 1)
        strip = wall.view.content.strips[node]
        factor = strip.place.height
        assert crop.top * factor == pytest.approx(10, abs=0.5)
        values = strip.view.sample(0, crop, *pixels.shape)
        expected = pixels_of(values, *strip.tone.scale[:2], strip.tone.colormap)
        np.testing.assert_array_equal(upper(pixels), upper(expected))


def test_a_whole_map_as_an_image(wall):
    strip = wall.view.content.strips["sobel"]
    pixels = array_of(wall.map_image("sobel", 1))
    expected = pixels_of(strip.view.array[1], *strip.tone.scale[:2], "signed-light")
    np.testing.assert_array_equal(pixels, expected)
    np.testing.assert_array_equal(
        array_of(wall.map_image("blur", None)), rgb_pixels_of(wall.view.content.strips["blur"].view.array)
    )


def test_ranges_of_a_layer_of_each_map_and_of_all(wall, opened, pipeline, picture):
    opened.view.set(range="full")
    maps = pipeline.run(picture.pixels)
    strips = lambda: wall.view.content.strips  # noqa: E731
    top = float(np.abs(maps["sobel"]).max())
    assert strips()["sobel"].tone_at(2).scale == Scale(-top, top, -top, top)
    assert strips()["relu"].tone_at(2).scale.least == 0
    opened.view.set(scope="map")
    for channel in range(3):
        top = float(np.abs(maps["sobel"][channel]).max())
        assert strips()["sobel"].tone_at(channel + 1).scale.high == pytest.approx(top)
    opened.view.set(scope="common")
    derived = [name for name in maps if name != "blur"]
    low, high = joint_extent([opened.results.maps[name].view for name in derived])
    for name in derived:
        assert strips()[name].tone.scale.high == pytest.approx(max(-low, high))
        assert strips()[name].tone.key == ("", None)
    opened.view.set(scope="layer", colormap="viridis")
    top = float(maps["relu"].max())
    assert strips()["relu"].tone.scale == Scale(0.0, top, 0.0, top)


def test_the_picture_and_what_is_like_it_stay_at_0_to_1_in_every_scope(wall, opened):
    for scope in ("map", "layer", "common"):
        opened.view.set(scope=scope)
        strips = wall.view.content.strips
        for node in ("image", "blur"):
            for entry in range(4):
                tone = strips[node].tone_at(entry)
                assert (tone.scale, tone.colormap) == (Scale(0, 1, 0, 1), "gray")


def test_a_legend_has_its_numbers_and_its_colours(opened, qapp):
    legend = Legend(Scale(-4.125, 4.125, 0, 4.125), "RdBu_r", 0.0, 0.004)
    assert end_texts(legend) == ("0", "4.12")
    assert clipped_text(legend) == " · 0.4 % clipped"
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    draw_legend(painter, QRectF(0, 0, 200, 40), legend, opened.theme.colors)
    painter.end()
    row = array_of(image)[HANDLE // 2]
    assert pixels_of(np.array([[4.1]]), -4.125, 4.125, "RdBu_r")[0, 0] in row
    assert pixels_of(np.array([[-2.0]]), -4.125, 4.125, "RdBu_r")[0, 0] not in row, "only the half in use"


def test_numbers_appear_in_large_cells(wall, opened):
    opened.view.set(crop=(10.0, 10.0, 3.0, 4.0), numbers=False)
    plain, _ = painted(wall, "image", 1)
    opened.view.set(numbers=True)
    written, _ = painted(wall, "image", 1)
    assert len(np.unique(written)) > len(np.unique(plain))


def test_numbers_in_the_cells_of_a_grey_picture(wall, opened, picture, renew):
    opened.document.show_picture("Open grey", Picture("grey", picture.pixels[:1]))
    renew(wall)
    opened.view.set(crop=(10.0, 10.0, 3.0, 4.0), numbers=False)
    plain, _ = painted(wall, "sobel", 0)
    opened.view.set(numbers=True)
    written, _ = painted(wall, "sobel", 0)
    assert len(np.unique(written)) > len(np.unique(plain))


@pytest.mark.parametrize(("node", "lines"), [("sobel", 1), ("blur", 3)])
def test_the_cells_of_the_first_tile_have_the_numbers_that_it_shows(wall, opened, node, lines, monkeypatch):
    written = []
    monkeypatch.setattr("filterlab.gui.wall.numerals.fitted", lambda value, *_: written.append(value) or "")
    opened.view.set(mode="single", crop=(20.0, 30.0, 2.0, 2.0))
    opened.selection.select(node)
    wall.view.entries[node] = 0
    wall.grab_wall()
    values = wall.view.content.strips[node].view.array[:, 20, 30]
    wanted = values if lines == 3 else [values.mean()]
    assert any(written[i : i + lines] == pytest.approx(list(wanted)) for i in range(len(written)))
    assert len(written) % lines == 0


def test_numbers_have_as_many_digits_as_there_is_room(qapp):
    family = qapp.font().family()
    texts = [fitted(-0.12345, 10, width, family) for width in (10, 40, 80)]
    assert texts[0] == "−.1"
    assert len(texts[1]) < len(texts[2])
    assert texts[2] == "−0.1235"
    assert fitted(255.0, 10, 100, family) == "255"
    assert fitted(0.0, 10, 5, family) == "0"


@pytest.mark.parametrize("value", [3e-6, -2e-5, 0.04, -0.004, 1e-30])
def test_no_number_reads_as_zero_that_is_not(qapp, value):
    family = qapp.font().family()
    for width in range(200):
        text = fitted(value, 10, width, family)
        assert text == "≈0" or float(text.replace("−", "-")) != 0
    assert float(fitted(value, 10, 200, family).replace("−", "-")) == pytest.approx(value, rel=0.05)


@pytest.mark.parametrize(
    ("odd", "color"), [(np.nan, "#808080"), (np.inf, "#ff00ff"), (-np.inf, "#00c000"), (9.0, "#ffffff")]
)
def test_what_is_no_number_is_drawn_apart_from_the_ends_of_the_range(odd, color, bench, show, settle):
    array = np.zeros((1, 10, 12), np.float32)
    array[0, 4, 5] = odd
    bench.document.show_picture("p", Picture("odd", array))
    wall = show(bench, numbers=False)
    box = wall.view.tile_rect("image", 0)
    at = wall.view.lens((box.width(), box.height())).pixel(wall.view.content.strips["image"].place, 4.5, 5.5)
    image = wall.grab_wall()
    assert image.pixelColor(round(box.left() + at[0]), round(box.top() + at[1])) == QColor(color)


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        ([np.nan], "1 NaN · odd · 1×10×12"),
        ([np.inf], "1 infinite · odd · 1×10×12"),
        ([np.nan, np.inf, -np.inf], "1 NaN · 2 infinite · odd · 1×10×12"),
        ([0.0], "odd · 1×10×12"),
    ],
)
def test_the_head_of_a_column_counts_nan_and_infinities(odd, words, bench, show, settle):
    array = np.zeros((1, 10, 12), np.float32)
    array.flat[: len(odd)] = odd
    bench.document.show_picture("p", Picture("odd", array))
    wall = show(bench)
    (head,) = [item for item in wall.view.scene().items() if isinstance(item, HeaderItem)]
    text, ink = head._facts(wall.view.content.strips["image"], bench.theme.colors)
    assert text == words
    assert (ink == bench.theme.colors.warning) == (odd != [0.0])


@pytest.mark.parametrize("letters", [5, 13, 22, 40])
def test_a_narrow_head_cuts_the_title_and_not_the_shape(letters, qapp):
    metrics = QFontMetrics(qapp.font())
    width = metrics.horizontalAdvance("0" * letters)
    text = "Convolution 3×3 · padding 1 · 8×62×62"
    shown = cut_before("8×62×62", text, metrics, width)
    assert shown.endswith("8×62×62")
    assert metrics.horizontalAdvance(shown) <= max(width, metrics.horizontalAdvance("8×62×62"))
    assert (shown == text) == (letters == 40)
    assert ("Conv" in shown) == (letters > 13)


def test_a_stale_map_is_hatched_and_says_why(wall, opened, pipeline, renew):
    before, _ = painted(wall, "relu", 1)
    colored = wall.view.tiles["relu", 1].colored
    opened.document.edit("too large", pipeline.with_layers({"relu": fl.MaxPool2d(60)}))
    renew(wall)
    strip = wall.view.content.strips["relu"]
    assert strip.stale
    assert "60" in strip.trouble
    assert strip.hint
    assert wall.view.tiles["relu", 0].face.reason.startswith(strip.trouble)
    assert wall.view.tiles["relu", 1].face.stale
    after, _ = painted(wall, "relu", 1)
    assert (before != after).mean() > 0.5
    assert wall.view.tiles["relu", 1].colored == colored, "its pixels are still those of before"
    waiting = wall.view.content.strips["pool"]
    assert waiting.waits
    assert waiting.trouble == "waits for relu"


class PaintWatch(QObject):
    """Remembers what was painted of a widget. Paint events are let through."""

    def __init__(self, widget):
        super().__init__(widget)
        self.region = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            self.region += event.region()
        return False

    def during(self, act):
        QCoreApplication.processEvents()
        self.region = QRegion()
        act()
        QCoreApplication.processEvents()
        return self.region.boundingRect()


@pytest.mark.parametrize("scope", ["map", "layer"])
def test_only_the_column_of_a_new_map_is_painted_again(wall, opened, scope, renew):
    opened.view.set(scope=scope)
    renew(wall)
    watch = PaintWatch(wall.view.viewport())
    assert watch.during(wall.refresh).isEmpty()
    opened.results.maps["sobel"] = replace(opened.results.maps["sobel"], stale=True)
    painted = watch.during(wall.refresh)
    column, gap = wall.view.sheet.column("sobel"), wall.view.metrics.gap
    assert painted.contains(wall.view.tile_rect("sobel", 0).toRect())
    assert painted.left() > column.left - gap
    assert painted.right() < column.right + gap
    opened.theme.set("dark")
    assert watch.during(wall.refresh).contains(wall.view.viewport().rect())


def test_a_node_without_a_map_shows_its_problem(opened, show, pipeline, settle):
    opened.document.edit("bad", fl.Pipeline([*pipeline.nodes, fl.Node("bad", fl.MaxPool2d(99))]))
    wall = show(opened)
    strip = wall.view.content.strips["bad"]
    assert strip.kind == "note"
    assert "99" in strip.trouble
    box = wall.view.tile_rect("bad", 0)
    wall.view.reveal("bad")
    box = wall.view.tile_rect("bad", 0)
    pixel = wall.grab_wall().pixelColor(round(box.left()) + 8, round(box.top()) + 4)
    assert pixel == QColor(opened.theme.colors.error_back)


def test_stopped_work_says_so(wall, opened, pipeline):
    opened.document.edit("pool", pipeline.with_layers({"pool": fl.MaxPool2d(3)}))
    opened.results.stop()
    wall.refresh()
    assert wall.view.content.strips["pool"].trouble == "stopped"


def test_dark_and_light(wall, opened):
    for theme in ("dark", "light"):
        opened.theme.set(theme)
        image = wall.grab_wall()
        assert image.pixelColor(3, image.height() - 3) == QColor(opened.theme.colors.wall)


def test_copies_go_to_the_clipboard(wall, opened, qapp):
    opened.commands.action("view.copy_wall").trigger()
    assert qapp.clipboard().image().size() == wall.view.size()
    wall.copy_map("pool", 0)
    assert (qapp.clipboard().image().width(), qapp.clipboard().image().height()) == (32, 24)
    qapp.clipboard().clear()


def test_what_is_seen_of_a_large_map_is_not_marked_stale(opened, show, pipeline, settle, monkeypatch):
    monkeypatch.setattr("filterlab.gui.bench.results.LARGE", 1)
    monkeypatch.setattr("filterlab.gui.bench.results.ALIGNED", 4)
    wall = show(opened, crop=(20.0, 30.0, 6.0, 8.0))
    marks = []

    def look():
        wall.refresh()
        item = wall.view.tiles["sobel", 0]
        wall.grab()
        marks.append(item.face.stale)
        opened.view.set(crop=None)
        wall.refresh()
        marks.append(item.face.stale)

    opened.results.parts_ready.connect(look)
    opened.document.edit("Blur instead", pipeline.with_layers({"sobel": fl.Filter2d(fl.kernels.box(3))}))
    settle(opened)
    assert marks == [False, True]  # what lies around it is old still
