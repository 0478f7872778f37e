"""The tiles of large maps share one memory, in which the least recently made give way."""

from __future__ import annotations

import numpy as np

from filterlab.images.parts.views import LargeView, MapLevel, MapTile, TileMemory
from filterlab.images.views import MapView

SOURCE = object(), object()


def view():
    base = MapView(np.zeros((1, 4, 4), np.float32))
    lies, levels = MapLevel(0, 0, 4, 4, (4, 4)), [MapLevel(0, 0, 1, 1, (16, 16))]
    return LargeView((1, 16, 16), base, lies, levels, (1, 1), SOURCE, lambda *_: None)


def test_tiles_are_handed_over_as_far_as_a_smaller_memory_holds_them():
    tile = MapTile((0, 4), (0, 4), np.ones((1, 4, 4), np.float32))
    memory, old, new = TileMemory(10 * tile.values.nbytes), view(), view()
    for col in range(4):
        memory.put(old, 0, (0, col), tile)
    memory.most = 2 * tile.values.nbytes
    memory.hand_over(old, new)
    assert len(new.held[0]) == 2
    assert memory.bytes == memory.most


def test_all_tiles_are_handed_over_where_there_is_room():
    tile = MapTile((0, 4), (0, 4), np.ones((1, 4, 4), np.float32))
    memory, old, new = TileMemory(4 * tile.values.nbytes), view(), view()
    for col in range(4):
        memory.put(old, 0, (0, col), tile)
    memory.hand_over(old, new)
    assert list(new.held[0]) == [(0, col) for col in range(4)]
    assert memory.bytes == memory.most
