"""Arrays that wait on the disk."""

from __future__ import annotations

import errno
import gc
import threading
from queue import SimpleQueue

import numpy as np
import pytest

from filterlab.images import scratch
from filterlab.images.scratch import bytes_in_memory, keep_files, leave_to_disk, moved_to_disk


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_numbers_stay_and_no_file_is_seen(tmp_path, rng, dtype):
    array = rng.random((3, 40, 50)).astype(dtype)[:, ::2]
    folder = tmp_path / "new"
    moved = moved_to_disk(array, folder)
    assert type(moved) is np.ndarray
    assert moved.dtype == dtype
    np.testing.assert_array_equal(moved, array)
    assert not moved.flags.writeable
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_into(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="exists|directory"):
        moved_to_disk(np.ones((2, 2)), tmp_path / "file")


def test_what_is_on_the_disk_takes_no_memory_and_stays_readable(tmp_path, rng):
    array = rng.random((3, 40, 50))
    moved = moved_to_disk(array, tmp_path)
    assert bytes_in_memory(array) == bytes_in_memory(array[1:]) + array[0].nbytes
    assert bytes_in_memory(moved) == bytes_in_memory(moved[1:].reshape(-1)) == 0
    for each in (moved, moved[1:], array):
        leave_to_disk(each)
    np.testing.assert_array_equal(moved, array)


@pytest.fixture
def files():
    """How many files are kept for later arrays, of which there is room for two."""
    keep_files(2 * 8 * 2000)
    yield lambda: sum(map(len, scratch._FileLease.kept.values()))
    keep_files(0)
    assert not any(scratch._FileLease.kept.values())


def test_a_file_that_came_free_is_filled_again(tmp_path, rng, files):
    arrays = rng.random((4, 2000))
    first = moved_to_disk(arrays[0], tmp_path, again=True)
    part, file = first[100:], scratch._lease(first)._file
    del first
    gc.collect()
    assert files() == 0  # somebody looks at a part of it still
    second = moved_to_disk(arrays[1], tmp_path, again=True)
    np.testing.assert_array_equal(part, arrays[0, 100:])
    del part
    gc.collect()
    assert files() == 1
    third = moved_to_disk(arrays[2], tmp_path, again=True)
    assert scratch._lease(third)._file is file
    assert scratch._lease(second)._file is not file
    for moved, array in ((second, arrays[1]), (third, arrays[2])):
        np.testing.assert_array_equal(moved, array)
    leave_to_disk(third)
    np.testing.assert_array_equal(third, arrays[2])


def test_no_more_files_are_kept_than_there_is_room_for(tmp_path, rng, files):
    moved = [moved_to_disk(rng.random(2000), tmp_path, again=True) for _ in range(2)]
    moved.append(moved_to_disk(rng.random(2000), tmp_path))  # not to be used again
    del moved[:]
    gc.collect()
    assert files() == 2
    moved.append(moved_to_disk(rng.random(2001), tmp_path, again=True))
    del moved[:]
    gc.collect()
    assert files() == 0


def test_files_that_are_kept_give_way_where_the_disk_is_full(tmp_path, rng, files, monkeypatch):
    fill = scratch._ScratchFile.fill

    def fill_if_there_is_room(file, array, between):
        if files():
            raise OSError(errno.ENOSPC, "full")
        fill(file, array, between)

    moved_to_disk(rng.random(2000), tmp_path, again=True)
    gc.collect()
    assert scratch.bytes_in_files() == 8 * 2000
    monkeypatch.setattr(scratch._ScratchFile, "fill", fill_if_there_is_room)
    array = rng.random(1000)
    np.testing.assert_array_equal(moved_to_disk(array, tmp_path), array)
    assert scratch.bytes_in_files() == 0


@pytest.mark.parametrize("known", [False, True])
def test_moving_can_be_stopped(tmp_path, rng, files, monkeypatch, known):
    monkeypatch.setattr(scratch, "TOGETHER", 1000)
    array, asked = rng.random(2000), []

    def between():
        asked.append(1)
        if len(asked) == 3:
            raise InterruptedError

    if known:
        moved_to_disk(array, tmp_path, again=True)
        gc.collect()
    with pytest.raises(InterruptedError):
        moved_to_disk(array, tmp_path, again=True, between=between)
    assert len(asked) == 3
    assert files() == known  # one that was there stays for another
    moved = moved_to_disk(array, tmp_path, again=True)
    np.testing.assert_array_equal(moved, array)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", [False, True])
def test_a_large_file_is_closed_in_a_thread_of_its_own(tmp_path, monkeypatch, kept):
    closed = SimpleQueue()

    def close(file):
        file.close()
        closed.put(threading.get_ident())

    monkeypatch.setattr(scratch._ScratchFile, "__del__", close)
    monkeypatch.setattr(scratch, "LARGE", 1)
    keep_files(1000 * kept)
    moved = moved_to_disk(np.ones((4, 5)), tmp_path, again=kept)
    part = moved[1:]
    del moved
    assert closed.empty(), "a part of it is still held"
    del part
    keep_files(0)
    assert closed.get(timeout=120) != threading.get_ident()
