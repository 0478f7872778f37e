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
