"""The window's own colour maps: even steps, zero at the ground, and for people with each kind of colour blindness."""

from __future__ import annotations

import numpy as np
import pytest

from filterlab.images.display import COLORMAPS, colormap_table
from filterlab.images.ramps import RAMPS
from tests.images.colorimetry import BLINDNESS, ciede2000, lab

SIGNED = [name for name in RAMPS if COLORMAPS[name][1] == "diverging"]
SEQUENTIAL = [name for name in RAMPS if COLORMAPS[name][1] == "sequential"]
GROUNDS = {"light": "#fbfbf9", "dark": "#14161a"}


def arms(name, blindness="none"):
    """The colours from zero to the least value and from zero to the largest, as L*, a*, b*."""
    colors = lab(colormap_table(name), blindness)
    return colors[128::-1], colors[128:]


@pytest.mark.parametrize(
    ("first", "second", "difference"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.1848, -84.8006), (50, 0, -82.7485), 1.0000),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_measure_has_the_published_values(first, second, difference):
    found = ciede2000(np.array(first, np.float64), np.array(second, np.float64))
    assert found == pytest.approx(difference, abs=1e-4)


@pytest.mark.parametrize("name", RAMPS)
@pytest.mark.parametrize("entries", [256, 65536])
def test_zero_is_the_ground_of_the_theme(name, entries):
    zero = entries // 2 if name in SIGNED else 0
    ground = GROUNDS[name.rpartition("-")[2]]
    color = np.rint(colormap_table(name, entries)[zero] * 255).astype(int)
    assert "#{:02x}{:02x}{:02x}".format(*color) == ground


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("name", RAMPS)
def test_lightness_changes_in_one_direction_from_zero_outward(name, blindness):
    parts = arms(name, blindness) if name in SIGNED else [lab(colormap_table(name), blindness)]
    for part in parts:
        steps = np.diff(part[:, 0]) * (1 if name.endswith("dark") else -1)
        assert steps.min() > 0.2


@pytest.mark.parametrize("name", RAMPS)
def test_steps_of_lightness_are_even(name):
    for part in arms(name) if name in SIGNED else [lab(colormap_table(name))]:
        steps = np.abs(np.diff(part[:, 0]))
        assert steps.max() < 1.5 * steps.min()


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("name", SIGNED)
def test_no_value_looks_like_one_of_the_other_sign(name, blindness):
    negative, positive = (part[len(part) // 8 :] for part in arms(name, blindness))
    nearest = ciede2000(negative[:, None], positive[None]).min()
    assert nearest > 15, "from an eighth of the range on"
    negative, positive = (part[len(part) // 2 :] for part in (negative, positive))
    assert ciede2000(negative[:, None], positive[None]).min() > 25


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("name", SEQUENTIAL)
def test_a_sequential_map_spans_most_of_the_lightness(name, blindness):
    colors = lab(colormap_table(name), blindness)
    assert np.ptp(colors[:, 0]) > 75
