"""The tiles of large maps share one memory, in which the least recently made give way."""

from __future__ import annotations

import gc
import sys

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


def test_tiles_of_maps_that_are_gone_leave_their_room_to_others():
    tile = MapTile((0, 4), (0, 4), np.ones((1, 4, 4), np.float32))
    memory, kept, gone = TileMemory(3 * tile.values.nbytes), view(), view()
    memory.put(kept, 0, (0, 0), tile)
    memory.put(gone, 0, (0, 0), tile)
    memory.put(gone, 0, (0, 1), tile)
    del gone
    gc.collect()
    assert memory.bytes == tile.values.nbytes
    memory.put(kept, 0, (0, 1), tile)
    memory.put(kept, 0, (0, 2), tile)
    assert list(kept.held[0]) == [(0, 0), (0, 1), (0, 2)]


def test_the_tile_that_was_put_last_stays_however_little_room_there_is():
    tile = MapTile((0, 4), (0, 4), np.ones((1, 4, 4), np.float32))
    memory, one = TileMemory(0), view()
    for col in range(3):
        memory.put(one, 0, (0, col), tile)
    assert list(one.held[0]) == [(0, 2)]


def steps(action):
    """The lines of Python that an action runs in the module of the tiles."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        if frame.f_globals["__name__"] != TileMemory.__module__:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return count


def test_a_tile_costs_the_same_work_however_many_there_are():
    tile = MapTile((0, 4), (0, 4), np.ones((1, 4, 4), np.float32))

    def work(count):
        """The steps of putting tiles where half of them give way, and of handing over those that are left."""
        memory, old, new = TileMemory(count * tile.values.nbytes), view(), view()
        put = steps(lambda: [memory.put(old, 0, (i, i), tile) for i in range(2 * count)])
        handed = steps(lambda: memory.hand_over(old, new))
        assert len(new.held[0]) == count
        return np.array([put, handed])

    few, many = work(50), work(400)
    assert few.min() > 50, "something was counted"
    assert (many <= 8 * few).all()
