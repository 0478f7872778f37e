"""Reading the one picture that a command works on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from filterlab.cli import exits


def picture(path: Path) -> Any:
    """The picture as float32 (C, H, W); None, for status 1, after printing why it cannot be read."""
    from filterlab.errors import ImageError
    from filterlab.images import read_image

    try:
        return read_image(path)
    except ImageError as error:
        exits.say(str(error))
        return None


def pipeline_and_picture(file: Path, image: Path) -> tuple[Any, Any]:
    """The pipeline of a file, and the picture as `picture` gives it.

    Raises FilterLabError where the pipeline is wrong, before the picture is read. An ONNX file may leave its size to
    the picture, which is then read first.
    """
    from filterlab.pipeline import Pipeline

    if file.suffix.lower() != ".onnx":
        return Pipeline.load(file), picture(image)
    values = picture(image)
    return Pipeline.load(file, None if values is None else values.shape), values
