from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.images import SheetTile, contact_sheet


def _tile(value, shape=(8, 8), label="map"):
    return SheetTile(np.full(shape, value, np.uint8), label, "0..1")


def test_every_tile_is_on_the_sheet():
    values = [40, 90, 140, 190]
    sheet = contact_sheet([_tile(v, label=f"map {v}") for v in values], size=64)
    assert sheet.ndim == 3
    assert sheet.dtype == np.uint8
    for value in values:
        # Some pixels of the text may have the same grey.
        assert (sheet == value).all(axis=2).sum() >= 64 * 64


def test_labels_are_drawn_and_cut_to_the_tile():
    plain = contact_sheet([_tile(40, label="")], size=64)
    named = contact_sheet([_tile(40, label="a label that is much longer than the tile is wide")], size=64)
    assert named.shape == plain.shape
    assert (named != plain).any()


def test_large_maps_shrink_and_small_ones_grow_in_whole_steps():
    sheet = contact_sheet([_tile(40, (3000, 1500)), _tile(90, (5, 5))], size=128, columns=2)
    assert (sheet == 40).all(axis=2).sum() >= 128 * 64
    assert (sheet == 90).all(axis=2).sum() >= 125 * 125


def test_columns():
    tiles = [_tile(40)] * 6
    assert (
        contact_sheet(tiles, columns=6, size=32).shape[1] > contact_sheet(tiles, columns=2, size=32).shape[1]
    )


def test_no_tiles():
    with pytest.raises(fl.FilterLabError, match="no maps"):
        contact_sheet([])
