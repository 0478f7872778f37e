"""Finding out what a file is, and reading it. No Qt: this runs in the background."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filterlab.errors import FileError, ImageError
from filterlab.images import IMAGE_SUFFIXES, read_picture
from filterlab.images.decoded import MAX_VALUES
from filterlab.images.parts.levels import PictureLevels
from filterlab.images.parts.reading import PictureParts
from filterlab.kernels.reading import KERNEL_SUFFIXES, read_kernel, text_of
from filterlab.pipeline import Pipeline
from filterlab.text.messages import say
from filterlab.text.system import refusal

if TYPE_CHECKING:
    from filterlab.interop.importing import Imported

KINDS = ("picture", "pipeline", "kernel")
NETWORK_SUFFIX = ".onnx"
PIPELINE_SUFFIXES = (".json", ".safetensors", NETWORK_SUFFIX)
USUAL_SIZE = (3, 224, 224)  # of a network that leaves its size open, where no picture is open
MOST_KERNEL_SIDE = 31  # a two-dimensional .npy up to this size may be meant as a kernel


@dataclass(frozen=True)
class Opened:
    """The content of a file: pixels (C, H, W), a `Pipeline`, or a kernel (h, w), as `kind` says.

    The pixels of a picture that is larger than memory are `PictureLevels`, of which something can be seen already.
    remarks: on damage that did not prevent reading. pages: the number of pages or frames in the file. network: what
    became of the file's operators, where it is a network of another program.
    """

    kind: str
    value: Any
    path: Path
    remarks: tuple[str, ...] = ()
    pages: int = 1
    network: Imported | None = None


def likely_kind(path: Path) -> str:
    """The kind of a file by its suffix; "" if only its content can tell."""
    suffix = path.suffix.lower()
    # What PyTorch pickles is never read; the reader of pipelines says what to do instead.
    if suffix in (*PIPELINE_SUFFIXES, ".pt", ".pth"):
        return "pipeline"
    if suffix in KERNEL_SUFFIXES:
        return "kernel"
    return "picture" if suffix in IMAGE_SUFFIXES else ""


def read(
    path: Path,
    kind: str = "",
    *,
    small_is_kernel: bool = False,
    size: Sequence[int] | None = None,
    room: float = inf,
) -> Opened:
    """Read a file. kind: what it must be; "" to go by suffix and content.

    small_is_kernel: a .npy matrix of at most 31 x 31 is a kernel, not a picture. size: (C, H, W) of the picture, for
    what a network leaves open. room: bytes of memory for a picture, beyond which it is read in parts where its format
    allows that. Raises FilterLabError.
    """
    kind = kind or likely_kind(path) or _sniff(path)
    if kind == "pipeline" and path.suffix.lower() == NETWORK_SUFFIX:
        return _network(path, size or USUAL_SIZE)
    if kind == "pipeline":
        return Opened(kind, Pipeline.load(path), path)
    if kind == "kernel":
        return Opened(kind, read_kernel(path), path)
    large = levels_of(path, room)
    if large is not None:
        return Opened("picture", large, path, large.remarks, large.pages)
    reading = read_picture(path)
    pixels = reading.values
    small = pixels.shape[0] == 1 and max(pixels.shape) <= MOST_KERNEL_SIDE
    if small and small_is_kernel and path.suffix.lower() == ".npy":
        return Opened("kernel", read_kernel(path), path)
    return Opened("picture", pixels, path, reading.remarks, reading.pages)


def levels_of(path: Path, room: float) -> PictureLevels | None:
    """A picture file that is read in parts because it takes more than `room` bytes; None for any other.

    Its base has been looked at once, coarsely. Raises ImageError where that fails.
    """
    try:
        with PictureParts(path, whole=False) as parts:
            values = prod(parts.shape)
    except ImageError:
        return None  # reading all of it says more
    # The smaller copies that a map on the wall has take a third of it.
    if values <= MAX_VALUES and 4 * values * 4 / 3 <= room:
        return None
    large = PictureLevels(path, room=room)
    large.look()
    return large


def _network(path: Path, size: Sequence[int]) -> Opened:
    from filterlab.interop.importing import import_onnx

    found = import_onnx(path, kind=Pipeline, picture=size)
    return Opened("pipeline", found.pipeline, path, network=found)


def _sniff(path: Path) -> str:
    """The kind of a file with an unknown suffix, by its first bytes. "picture" in doubt, whose errors say most."""
    try:
        # A pipe or a device is not opened: reading pictures refuses it in words.
        if not stat.S_ISREG(path.stat().st_mode):
            return "picture"
        with path.open("rb") as stream:
            start = stream.read(256)  # enough to tell; a pipeline may hold megabytes of weights
    except OSError as error:
        what, hint = refusal(error)
        raise FileError(say("it cannot be read: {}", what), str(path), hint) from None
    try:
        text = text_of(start).strip()
    except FileError:
        return "picture"
    if text.startswith("{"):
        return "pipeline"
    numbers = set("0123456789+-−.eE,;[]")
    return "kernel" if text and set("".join(text.split())) <= numbers else "picture"
