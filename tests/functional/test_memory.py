"""Results own their memory as long as anybody looks at it, and not longer."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest

import filterlab.functional as F
from filterlab.functional import memory
from filterlab.functional.memory import empty, scratch

SHAPE = (3, 400, 500)


@pytest.fixture(autouse=True)
def _nothing_kept():
    memory._Lease.kept.clear()
    yield
    memory._Lease.kept.clear()


def address(array):
    return array.__array_interface__["data"][0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arrays_are_what_was_asked_for(dtype):
    for shape in ((2, 3), SHAPE):
        array = empty(shape, dtype)
        assert (array.shape, array.dtype) == (shape, dtype)
        assert array.flags.writeable
        assert array.flags.c_contiguous
    assert address(array) % 64 == 0


def test_memory_that_nobody_holds_is_used_again():
    first = empty(SHAPE, np.float32)
    place = address(first)
    del first
    assert address(empty(SHAPE, np.float32)) == place


def test_a_view_keeps_its_memory():
    first = empty(SHAPE, np.float32)
    first[:] = 7
    corner = first[0, :2, :2]
    del first
    gc.collect()
    others = [empty(SHAPE, np.float32) for _ in range(3)]
    for other in others:
        other[:] = 1
    assert (corner == 7).all()


def test_results_of_operations_do_not_change_afterwards():
    x = np.random.default_rng(0).random((1, 1000, 600), dtype=np.float32)
    first = F.max_pool2d(x, 3, stride=1)
    copy = first.copy()
    for _ in range(3):
        F.max_pool2d(-x, 3, stride=1)
    np.testing.assert_array_equal(first, copy)


def test_no_more_is_kept_than_the_limit(monkeypatch):
    monkeypatch.setattr(memory._Lease, "most", 5 << 20)
    arrays = [empty((2 << 20,), np.uint8) for _ in range(4)]
    arrays.append(empty((6 << 20,), np.uint8))
    arrays.clear()
    kept = sum(size * len(blocks) for size, blocks in memory._Lease.kept.items())
    assert kept <= 5 << 20


def test_sizes_that_only_earlier_work_needed_go_first(monkeypatch):
    monkeypatch.setattr(memory._Lease, "most", 5 << 20)
    old, present = empty((2 << 20,), np.uint8), empty(((2 << 20) + 64,), np.uint8)
    del old
    del present
    more = empty(((2 << 20) + 64,), np.uint8), empty(((2 << 20) + 64,), np.uint8)
    del more
    assert {size: len(blocks) for size, blocks in memory._Lease.kept.items()} == {(2 << 20) + 64: 2}


def test_a_block_that_is_being_taken_is_kept_for_nobody_else():
    """A thread that takes a block may have come as far as the list when another one gives a block back."""
    first, second = empty(SHAPE, np.float32), empty(SHAPE, np.float32)
    size = first.nbytes
    del first
    blocks = memory._Lease.kept[size]
    del second
    taken = blocks.pop()
    assert all(block is not taken for block in memory._Lease.kept[size])


def test_a_lower_limit_gives_memory_back():
    array = empty(SHAPE, np.float32)
    size = array.nbytes
    del array
    try:
        memory.keep_at_most(size)
        assert memory._Lease.kept
        memory.keep_at_most(size - 1)
        assert not memory._Lease.kept
    finally:
        memory.keep_at_most(memory.KEPT)


def test_threads_never_share_a_block():
    def work(value, wrong):
        for _ in range(50):
            array = empty((1 << 20,), np.uint8)
            array[:] = value
            if not (array == value).all():
                wrong.append(value)

    wrong = []
    threads = [threading.Thread(target=work, args=(value, wrong)) for value in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_impossible_sizes_raise_memory_errors():
    with pytest.raises((MemoryError, ValueError)):
        empty((1 << 40, 1 << 20), np.float32)


def test_scratch_memory_is_used_again_by_its_own_thread_alone():
    room = scratch(1000, np.float64)
    assert (room.shape, room.dtype) == ((1000,), np.float64)
    assert address(room) % memory.ALIGNMENT == 0
    assert address(scratch(500, np.float32)) == address(room)
    others = []
    worker = threading.Thread(target=lambda: others.append(scratch(1000, np.float64)))
    worker.start()
    worker.join()
    assert not np.shares_memory(others[0], room)


def test_scratch_of_unusual_size_is_given_back():
    held = scratch(1000, np.uint8)
    large = scratch(memory.LARGEST_SCRATCH + 1, np.uint8)
    assert large.shape == (memory.LARGEST_SCRATCH + 1,)
    assert address(scratch(1000, np.uint8)) == address(held)
