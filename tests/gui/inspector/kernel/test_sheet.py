"""Every number of a kernel can be read: in the panel up to 9 x 9 cells, in the enlarged editor in any size."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetricsF

import filterlab as fl
from filterlab import kernels
from filterlab.gui.inspector.kernel import cells
from filterlab.gui.inspector.kernel.sheet import KernelSheet
from filterlab.gui.look.ink import contrast, text_color
from filterlab.gui.look.theme import DARK, LIGHT
from tests.gui.inspector.kernel.conftest import Hand, changed
from tests.images.colorimetry import BLINDNESS, ciede2000, lab

PANEL = 300  # logical pixels: the width of the inspector in a new window
Key = Qt.Key


def unreadable(grid):
    """The numbers that do not stand whole in their cells, are faint, or have fewer significant digits than two."""
    assert grid.lettering is not None, "the cells have numbers"
    metrics = QFontMetricsF(cells.letters(grid.font(), grid.lettering.pixels))
    found = []
    largest, colors = float(np.abs(grid.session.kernel).max()), grid._theme.colors
    for row in range(grid.rows):
        for column in range(grid.columns):
            number, rect = grid.value((row, column)), grid.cell_rect((row, column))
            lines = grid.lettering.lines[number]
            wide = max(metrics.horizontalAdvance(line) for line in lines) > rect.width() - 2
            high = metrics.height() * len(lines) > rect.height()
            shown = float("".join(lines).replace("−", "-")) * 10.0**grid.lettering.power
            near = abs(shown - number) <= max(0.0501 * abs(number), 1e-7 * largest)
            back = cells.cell_color(number, largest, colors)
            faint = contrast(text_color(back), back) < 4.5
            if wide or high or faint or not near:
                found.append((row, column, number, lines))
    return found


def presets():
    """Each named kernel, and those that take a size also in sizes up to 9."""
    for name, design in kernels.designs().items():
        yield name, {"preset": name}
        if any(p.name == "size" for p in design.parameters):
            for size in (3, 5, 7, 9):
                yield f"{name}-{size}", {"preset": name, "size": size}


@pytest.fixture
def shown(bench, inspect):
    """An inspector at the default width, which shows one kernel after another."""
    inspector = inspect(fl.Filter2d(np.ones((3, 3))))
    inspector.resize(PANEL, 900)

    def show(kernel):
        bench.document.edit("other", bench.document.pipeline.with_layers({"node": fl.Filter2d(kernel)}))
        return inspector.kernel_editor()

    return show


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_preset_is_readable(shown, bench, theme):
    bench.theme.set(theme)
    small, large = 0, 0
    for name, recipe in presets():
        try:
            part = shown(recipe)
        except fl.FilterLabError:
            continue  # a size that this kernel does not have
        if max(part.session.size) <= 9:
            assert unreadable(part.grid) == [], name
            assert not part.grid.grab().isNull()
            small += 1
        part.open_large()
        assert unreadable(part.large_sheet.grid) == [], name
        large += 1
    bench.theme.set("system")
    assert small > 40
    assert large > small


@pytest.mark.parametrize("scale", [1e-6, 1, 1e5])
def test_numbers_of_any_size_are_readable(shown, scale):
    numbers = np.random.default_rng(0).standard_normal((9, 9)) * scale
    numbers[0, :3] = 0, 1e-5 * scale, -1e-9 * scale
    part = shown(numbers.astype(np.float32))
    assert unreadable(part.grid) == []
    assert part.grid.lettering.lines[part.grid.value((0, 2))] == ("0",)
    part.open_large()
    assert unreadable(part.large_sheet.grid) == []


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_numbers_read_well_on_every_colour(colors):
    for value in np.linspace(-1, 1, 41):
        back = cells.cell_color(float(value), 1.0, colors)
        assert contrast(text_color(back), back) >= 4.5
    assert cells.cell_color(0, 0, colors) == QColor(colors.field)


def test_many_different_numbers_are_readable(shown):
    numbers = np.random.default_rng(0).standard_normal((40, 30)) * 10.0 ** np.arange(-20, 10)
    part = shown(numbers.astype(np.float32))
    part.open_large()
    assert unreadable(part.large_sheet.grid) == []


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("blindness", ["none", *BLINDNESS])
def test_the_signs_look_different_to_everybody(colors, blindness):
    for magnitude in (0.25, 0.5, 1.0):
        pair = [
            lab(np.array(cells.cell_color(sign * magnitude, 1.0, colors).getRgb()[:3]) / 255, blindness)
            for sign in (1, -1)
        ]
        # A colour difference of 1 is just noticeable side by side; 5 is seen at a glance.
        assert ciede2000(*pair) > 5, magnitude


def test_the_grid_fills_the_panel(shown, qtbot):
    for size in (1, 3, 5, 9, 15):
        part = shown(np.ones((size, size), np.float32))
        assert part.grid.width() == part.sheet.width()
        assert part.grid.cell_rect((size - 1, size - 1)).right() == part.grid.width() - 1
        qtbot.waitUntil(lambda part=part: part.sheet.area.height() >= part.grid.height())
        assert part.readouts.y() > part.sheet.y()
        for column in range(size):
            rect = part.grid.cell_rect((0, column))
            for x in (rect.left(), rect.right()):
                assert part.grid.cell_at(QPoint(x, 1)) == (0, column)


def test_the_line_above_names_the_common_power_of_ten(shown):
    part = shown(np.full((9, 9), -1.234e-5, np.float32))
    assert (
        part.sheet.scale.text == f"9 × 9 · every cell × 10{'⁻⁵' if part.grid.lettering.power == -5 else '⁻⁶'}"
    )
    part = shown(np.ones((3, 3), np.float32))
    assert part.sheet.scale.text == "3 × 3"
    part = shown(kernels.gabor(15))
    assert part.grid.lettering is None
    assert part.sheet.scale.text == "15 × 15 · enlarge it to read it"


def test_the_enlarged_editor_edits_the_same_kernel(part, hand, kernel, qtbot, bench):
    qtbot.mouseDClick(hand.grid, Qt.MouseButton.LeftButton, pos=hand.point((1, 1)))
    assert part.large.isVisible()
    large = Hand(part.large_sheet, qtbot)
    large.type((0, 1), "-7", Key.Key_Tab)
    assert kernel() == changed({(0, 1): -7})
    assert hand.grid.value((0, 1)) == -7
    assert large.grid.current == (0, 2)
    large.click((2, 2))
    qtbot.mouseDClick(large.grid, Qt.MouseButton.LeftButton, pos=large.point((2, 2)))
    assert large.grid.field.selectedText() == "9"
    qtbot.keyClick(large.grid.field, Key.Key_Escape)
    assert part.large.isVisible(), "Esc gives up the number, not the window"
    bench.document.undo()
    assert large.grid.value((0, 1)) == 2
    part.large.grab()
    qtbot.keyClick(part.large, Key.Key_Escape)
    assert not part.large.isVisible()


def test_the_enlarged_editor_scrolls_with_heads(shown, qtbot):
    part = shown(np.ones((60, 40), np.float32))
    part.open_large()
    grid, area = part.large_sheet.grid, part.large_sheet.area
    grid.move_to((59, 39))
    middle = grid.mapTo(area.viewport(), grid.cell_rect((59, 39)).center())
    assert area.viewport().rect().contains(middle)
    rows, columns = area._heads
    assert rows.height() == area.viewport().height()
    assert columns.width() == area.viewport().width()
    part.large.grab()


def test_sheets_share_the_brush(part, qtbot):
    part.open_large()
    assert isinstance(part.large_sheet, KernelSheet)
    Hand(part, qtbot).type((0, 0), "3")
    assert part.large_sheet.brush.value() == 3


def test_the_enlarged_editor_names_what_it_shows_and_says_what_is_refused(kernel_of, qtbot):
    part = kernel_of(fl.Conv2d(np.ones((2, 3, 3, 3), np.float32)))
    part.grid.move_to((1, 2))
    part.open_large()
    assert part.large.windowTitle() == "Kernel of node, from channel 0 of the input to channel 0"
    assert part.large_sheet.grid.current == (1, 2)
    part.session.select((1, 2))
    assert part.large.windowTitle() == "Kernel of node, from channel 2 of the input to channel 1"
    part.session.paste("1 2")
    assert "this kernel is 1 by 2" in part.large_sheet.problem.text()
    assert part.large_sheet.problem.isVisible()


def test_the_enlarged_editor_closes_when_there_are_no_cells_to_show(inspect, bench, monkeypatch):
    monkeypatch.setattr("filterlab.gui.inspector.editors.arrays.MOST_EDITED", 100)
    part = inspect(fl.Filter2d(np.ones((3, 3)))).kernel_editor()
    part.open_large()
    large = bench.document.pipeline.with_layers({"node": fl.Filter2d(np.ones((20, 20)))})
    bench.document.edit("other", large)
    assert not part.editable
    assert not part.large.isVisible()
