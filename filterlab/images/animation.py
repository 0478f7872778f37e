"""Animations: frames of one size as GIF, animated WebP or animated PNG. Files appear whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError, ParameterError
from filterlab.files import atomic_write, check_place
from filterlab.text.messages import count, say

ANIMATION_SUFFIXES = (".gif", ".webp", ".png", ".apng")
MOST_FRAMES = 1_000
MOST_PIXELS = 400_000_000  # in all frames together: Pillow wants them in memory until the file is written
SLOWEST, FASTEST = 0.01, 50.0  # frames per second; viewers slow down what is faster


def check_animation(path: str | Path, frames: int, size: tuple[int, int], fps: float) -> None:
    """Raise ImageError or ParameterError for what `write_animation` would not write; size: (height, width)."""
    target = Path(path)
    if target.suffix.lower() not in ANIMATION_SUFFIXES:
        legal = ", ".join(ANIMATION_SUFFIXES)
        raise ImageError(
            say("the suffix {!r} is not that of an animation", target.suffix),
            str(target),
            say("allowed: {}", legal),
        )
    if not SLOWEST <= fps <= FASTEST:
        what, hint = say("fps is {:g}", fps), say("give a number from {:g} to {:g}", SLOWEST, FASTEST)
        raise ParameterError(what, "animation", hint, parameter="fps")
    if not 1 <= frames <= MOST_FRAMES:
        what = say("the animation has {:,} frame(s); at most {:,} are written", frames, MOST_FRAMES)
        raise ImageError(what, str(target), "take larger steps, or fewer rows")
    if frames * size[0] * size[1] > MOST_PIXELS:
        what = count(
            frames,
            "{} frame of {} x {} pixels is more than {:,}",
            "{} frames of {} x {} pixels are more than {:,}",
            *(size[1], size[0], MOST_PIXELS),
        )
        raise ImageError(what, str(target), "take larger steps, or fewer rows")


def write_animation(
    path: str | Path, frames: Iterable[NDArray[np.uint8]], fps: float = 10.0, *, overwrite: bool = True
) -> int:
    """Write frames (H, W, 3) of uint8, repeated for ever, as the suffix says; return the number of frames.

    .gif has 256 colours per frame; .webp, .png and .apng are lossless. fps: frames per second. Raises ImageError for no
    frames or too many, FileError.
    """
    from PIL import Image

    target = Path(path)
    check_place(target, overwrite)
    pictures: list[Any] = []
    for frame in frames:
        # At each frame, not once at the end: frames come from a generator, and too many would fill the memory first.
        check_animation(target, len(pictures) + 1, (frame.shape[0], frame.shape[1]), fps)
        pictures.append(Image.fromarray(frame))
    if not pictures:
        check_animation(target, 0, (1, 1), fps)
    # Encoded before the file is opened, so that a process that is killed meanwhile leaves no temporary file behind.
    stream = io.BytesIO()
    kind = {".gif": "GIF", ".webp": "WEBP"}.get(target.suffix.lower(), "PNG")
    options: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {}
    # Browsers show a frame of less than 20 ms for 100 ms. GIF counts in hundredths of a second. Pillow joins equal
    # frames, keeping the time that they take.
    options["duration"] = max(round(1000 / fps), 20)
    pictures[0].save(stream, kind, save_all=True, append_images=pictures[1:], loop=0, **options)
    with atomic_write(target, overwrite=overwrite) as temporary:
        temporary.write_bytes(stream.getbuffer())
    return len(pictures)
