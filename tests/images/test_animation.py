"""Animations come back frame by frame, and what would be too large is refused before it is made."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import filterlab as fl
from filterlab.images.animation import MOST_FRAMES, check_animation, write_animation


def frames(count, height=8, width=10):
    """Frames that all differ, in few colours."""
    for i in range(count):
        frame = np.zeros((height, width, 3), np.uint8)
        frame[i // width, i % width] = 255
        yield frame


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png", ".apng"])
def test_frames_come_back(tmp_path, suffix):
    target = tmp_path / f"a{suffix}"
    assert write_animation(target, frames(7), fps=20) == 7
    with Image.open(target) as image:
        assert image.n_frames == 7
        for i, frame in enumerate(frames(7)):
            image.seek(i)
            np.testing.assert_array_equal(np.asarray(image.convert("RGB")), frame)
        assert image.info["duration"] == 50
        assert image.info.get("loop") == 0


@pytest.mark.parametrize(
    ("name", "count", "fps", "message"),
    [
        ("a.mp4", 2, 10, "not that of an animation"),
        ("a.gif", 2, 0, "fps is 0"),
        ("a.gif", 2, 0.001, "fps is 0.001 .*from 0.01 to 50"),
        ("a.gif", 2, float("nan"), "fps is nan"),
        ("a.gif", 2, 51, "fps is 51"),
        ("a.gif", 0, 10, "0 frames"),
        ("a.gif", MOST_FRAMES + 1, 10, "at most 1,000"),
    ],
)
def test_what_is_not_written(tmp_path, name, count, fps, message):
    with pytest.raises(fl.FilterLabError, match=message):
        write_animation(tmp_path / name, frames(count, 40, 40), fps)
    assert not list(tmp_path.iterdir())


def test_too_many_pixels():
    check_animation("a.gif", 100, (1000, 1000), 10)
    with pytest.raises(fl.FilterLabError, match="larger steps"):
        check_animation("a.gif", 500, (1000, 1000), 10)


def test_an_old_file_stays_unless_it_may_go(tmp_path):
    target = tmp_path / "a.gif"
    target.write_bytes(b"old")
    with pytest.raises(fl.FilterLabError, match="exists"):
        write_animation(target, frames(2), overwrite=False)
    assert target.read_bytes() == b"old"
    write_animation(target, frames(2))
    assert list(tmp_path.iterdir()) == [target]
