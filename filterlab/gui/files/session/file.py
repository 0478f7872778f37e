"""The file of a session: what was open and how it was viewed. No Qt."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from filterlab.errors import FileError, FilterLabError
from filterlab.files import atomic_write
from filterlab.graph import IMAGE
from filterlab.gui.files.session.weights import WeightFiles, read_with_weights
from filterlab.pipeline import Pipeline
from filterlab.run.files import from_safetensors, to_dict
from filterlab.run.source import written_numbers
from filterlab.text.messages import say

FORMAT = "filterlab-session/1"
MOST_NUMBERS = 20_000  # weights that are written as text; where there are more, all are written as tensors


@dataclass(frozen=True)
class SessionState:
    """What a session file holds.

    path: the file of the pipeline. title: what it is called without one. saved: whether the file holds this pipeline.
    elsewhere: whether the pipeline is to be read from `path`. picture: the file to read the picture from. size:
    (C, H, W) of the picture, for a network that leaves its size open. look: `Look.to_dict()`. pin: node, channel, row,
    column.
    window: sizes as text, by name.
    """

    # The pipeline itself is kept, not only its path: it may be unsaved, and its file may change until the next start.

    pipeline: Pipeline = field(default_factory=Pipeline)
    path: Path | None = None
    title: str = ""
    saved: bool = True
    elsewhere: bool = False
    picture: Path | None = None
    picture_name: str = ""
    size: tuple[int, int, int] | None = None
    look: dict[str, Any] = field(default_factory=dict)
    node: str = IMAGE
    pin: tuple[str, int, int, int] | None = None
    window: dict[str, str] = field(default_factory=dict)


def slim(state: SessionState) -> SessionState:
    """The state without the many weights of a pipeline that its file holds, too.

    Recovery writes after every edit, and hundreds of megabytes of a network would be written for nothing.
    """
    if not state.saved or state.path is None or written_numbers(state.pipeline) <= MOST_NUMBERS:
        return state
    return replace(state, pipeline=Pipeline(), elsewhere=True)


def write_state(state: SessionState, weights: WeightFiles) -> None:
    """Write the file of these weights anew, whole or not at all, and those beside it that hold many weights."""
    files: list[str] = []
    if written_numbers(state.pipeline) <= MOST_NUMBERS:
        document = to_dict(state.pipeline)
    else:
        document, files = weights.write(state.pipeline)
    # In this order, a crash at any point leaves a session with all that it needs.
    with atomic_write(weights.file) as temporary:
        temporary.write_text(_to_text(state, document, files), encoding="utf-8")
    weights.sweep()


def remove_state(weights: WeightFiles) -> None:
    """Remove the file, then those beside it."""
    weights.file.unlink(missing_ok=True)
    weights.sweep()


def read_state(file: Path) -> SessionState:
    """Read a file and those that it names. Raises FilterLabError, and OSError where there is none."""
    return from_text(file.read_bytes(), file.parent)


def picture_of(file: Path) -> Path | None:
    """The picture that a session names, without its pipeline. Raises FileError, OSError."""
    return _path(_content(file.read_bytes()).get("picture"))


def _to_text(state: SessionState, pipeline: dict[str, Any], weights: list[str]) -> str:
    return json.dumps(
        {
            "format": FORMAT,
            "pipeline": pipeline,
            "weights": weights,
            "path": _text(state.path),
            "title": state.title,
            "saved": state.saved,
            "elsewhere": state.elsewhere,
            "picture": _text(state.picture),
            "picture_name": state.picture_name,
            "size": None if state.size is None else list(state.size),
            "look": state.look,
            "node": state.node,
            "pin": None if state.pin is None else list(state.pin),
            "window": state.window,
        },
        indent=1,
        ensure_ascii=False,
    )


def from_text(text: str | bytes, folder: Path) -> SessionState:
    """Read the content of a file of this folder; missing fields get their defaults.

    Raises FileError if it is broken.
    """
    content = _content(text)
    # Only a broken pipeline is an error. All else is less important, and must not keep it from being restored.
    return SessionState(
        pipeline=_pipeline(content, folder),
        path=_path(content.get("path")),
        title=str(content.get("title") or ""),
        saved=content.get("saved") is True,
        elsewhere=content.get("elsewhere") is True,
        picture=_path(content.get("picture")),
        picture_name=str(content.get("picture_name") or ""),
        size=_size(content.get("size")),
        look=_dict(content.get("look")),
        node=str(content.get("node", IMAGE)),
        pin=_pin(content.get("pin")),
        window={str(k): v for k, v in _dict(content.get("window")).items() if isinstance(v, str)},
    )


def _content(text: str | bytes) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileError(say("it is not JSON: {}", error)) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise FileError("it is not a session", hint=say('this program reads "{}"', FORMAT))
    return content


def _pipeline(content: dict[str, Any], folder: Path) -> Pipeline:
    try:
        if "tensors" in content:  # as earlier versions wrote many weights
            return Pipeline.of(from_safetensors(base64.b64decode(content["tensors"], validate=True)))
        return read_with_weights(content.get("pipeline"), content.get("weights"), folder)
    except (binascii.Error, TypeError, ValueError) as error:
        raise FileError(say("its pipeline cannot be decoded: {}", error)) from None
    except FilterLabError as error:
        raise FileError(say("its pipeline is broken: {}", error.what), error.where, error.hint) from None


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _path(value: Any) -> Path | None:
    return Path(value) if isinstance(value, str) and value else None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _size(value: Any) -> tuple[int, int, int] | None:
    numbers = value if isinstance(value, list) else []
    right = len(numbers) == 3 and all(type(n) is int and n > 0 for n in numbers)
    return (numbers[0], numbers[1], numbers[2]) if right else None


def _pin(value: Any) -> tuple[str, int, int, int] | None:
    if not isinstance(value, list) or len(value) != 4 or not isinstance(value[0], str):
        return None
    numbers = value[1:]  # true and false are numbers in Python, but not here
    if not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in numbers):
        return None
    return value[0], numbers[0], numbers[1], numbers[2]
