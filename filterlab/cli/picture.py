"""The one picture that a command is about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from filterlab.cli import exits


def picture(path: Path) -> Any:
    """The picture as an array; None after saying why it cannot be read, for status 1."""
    from filterlab.errors import ImageError
    from filterlab.images import read_image

    try:
        return read_image(path)
    except ImageError as error:
        exits.say(str(error))
        return None
