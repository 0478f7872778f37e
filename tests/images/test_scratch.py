"""Arrays that wait on the disk."""

from __future__ import annotations

import numpy as np
import pytest

from filterlab.images.scratch import bytes_in_memory, leave_to_disk, moved_to_disk


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
