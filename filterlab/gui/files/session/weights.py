"""The many weights of a session, in safetensors files beside it. No Qt."""

from __future__ import annotations

import secrets
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from filterlab.errors import FileError, FilterLabError
from filterlab.layers.base.weights import Weights
from filterlab.pipeline import Pipeline
from filterlab.run.files import (
    from_dict,
    read_bytes,
    safetensors_header,
    tensors_of,
    to_tensors,
    write_tensors,
)
from filterlab.text.messages import say

if TYPE_CHECKING:
    from numpy.typing import NDArray


class WeightFiles:
    """Keeps the weights of a pipeline in files beside `file`, whose names begin with its stem.

    A tensor is named by its content and written once: after an edit, a new file gets what no file holds yet. For one
    thread at a time.
    """

    # As text the hundred megabytes of a network would take seconds of Python, in which the window stutters, and that
    # after every edit of a single kernel.

    def __init__(self, file: Path) -> None:
        self.file = file
        # Layers are immutable and edits share them, so that weights are looked through once.
        self._names: WeakKeyDictionary[Weights, str] = WeakKeyDictionary()
        self._held: dict[str, frozenset[str]] | None = None

    def write(self, pipeline: Pipeline) -> tuple[dict[str, Any], list[str]]:
        """Write what is not there yet. The dictionary of the pipeline, and the names of the files that it needs.

        No file is removed: what the session says before it is written anew must stay true.
        """
        document, weights = to_tensors(pipeline, lambda _node, _parameter, value: self._name(value))
        held = self._held = self._found() if self._held is None else self._still_there(self._held)
        missing = weights.keys() - set().union(*held.values())
        if missing:
            new = self.file.with_name(f"{self.file.stem}-{secrets.token_hex(8)}.safetensors")
            write_tensors({name: weights[name] for name in sorted(missing)}, new)
            held[new.name] = frozenset(missing)
        return document, [file for file, names in held.items() if not names.isdisjoint(weights)]

    def sweep(self) -> None:
        """Remove the files that no session of this stem names."""
        # In the bytes, so that one that is broken, and was put aside, keeps what it needs.
        with suppress(OSError):
            texts = [path.read_bytes() for path in self.file.parent.glob(f"{self.file.stem}*.json")]
            for path in self.files():
                if not any(path.name.encode() in text for text in texts):
                    path.unlink()

    def files(self) -> list[Path]:
        """The files that are there."""
        return sorted(self.file.parent.glob(f"{self.file.stem}-*.safetensors"))

    def _found(self) -> dict[str, frozenset[str]]:
        """The names in the files of an earlier run of the program; whatever cannot be read counts as nothing."""
        held = {}
        for path in self.files():
            with suppress(FilterLabError):
                held[path.name] = frozenset(safetensors_header(read_bytes(path))) - {"__metadata__"}
        return held

    def _still_there(self, held: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        return {name: names for name, names in held.items() if self.file.with_name(name).exists()}

    def _name(self, weights: Weights) -> str:
        name = self._names.get(weights)
        if name is None:
            array = weights.array
            content = sha256(f"{array.dtype.str} {array.shape} ".encode())
            content.update(array.tobytes() if not array.flags.c_contiguous else array.data)
            name = self._names[weights] = content.hexdigest()
        return name


def read_with_weights(document: Any, files: Any, folder: Path) -> Pipeline:
    """The pipeline of a dictionary whose weights lie in files of this folder. Raises FilterLabError."""
    tensors: dict[str, NDArray[Any]] = {}
    for name in files if isinstance(files, list) else ():
        # A name, not a path: a session leads to no file elsewhere.
        if not isinstance(name, str) or Path(name).name != name:
            raise FileError(say("{!r} is not the name of a file", str(name)))
        tensors |= tensors_of(read_bytes(folder / name))
    return Pipeline.of(from_dict(document, tensors))
