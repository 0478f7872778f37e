"""How the soak reads each kind of file: through the public names, as far as a person's command would go.

Each gives what the file held as {"shape", "digest", "remarks", "bytes"}; bytes: of the result, which memory for the
result may be counted against.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

import filterlab as fl
from tests.soak.watchdog import LONGEST_LINE

_MOST_WORK = 1 << 27  # multiply-adds, and values, that a pipeline of a hostile file is run for
_SIDE = 64
_MOST_WRITTEN = 200  # nodes of a network that is written out again
_MOST_NODES = 2000


def picture(path: Path) -> dict[str, Any]:
    """Read the first page and the last, and count them."""
    from filterlab.images import count_pages, read_picture

    first = read_picture(path, alpha=True)
    counted = count_pages(path)
    held = _held(first.values, remarks=first.remarks)
    if counted != first.pages:
        raise AssertionError(f"{counted} pages are counted, {first.pages} read")
    if first.pages > 1:
        last = read_picture(path, page=first.pages)
        held["digest"] += _digest(last.values)
        held["remarks"] += last.remarks
        held["bytes"] = max(held["bytes"], last.values.nbytes)
    return held


def kernel(path: Path) -> dict[str, Any]:
    """Read a kernel."""
    return _held(fl.kernels.read_kernel(path))


def labels(path: Path) -> dict[str, Any]:
    """Read labelled pictures."""
    found = fl.read_classes(path)
    held = _held(found.x)
    held["digest"] += _digest(np.asarray(found.y)) + hashlib.sha1(repr(found.labels).encode()).hexdigest()
    return held


def pipeline(path: Path) -> dict[str, Any]:
    """Load a pipeline, write it as text, ask for its shapes, and run it where that is not much work."""
    from filterlab.run.files import to_text

    found = fl.Pipeline.load(path)
    text = to_text(found)
    image = _picture_for(found)
    shapes = found.output_shapes(image)
    if sum(map(prod, shapes.values())) < _MOST_WORK and _work(found, image) < _MOST_WORK:
        found.run(np.ones(image, np.float32))
    digest = hashlib.sha1(text.encode("utf-8", "surrogatepass")).hexdigest()
    return {"shape": [len(found)], "digest": digest, "remarks": [], "bytes": 0}


def network(path: Path) -> dict[str, Any]:
    """Import an ONNX model; run what is carried of it, and write it out again, where that is not much work."""
    from filterlab.interop.exporting.onnx import onnx_model
    from filterlab.interop.importing import input_size

    size = tuple(n or usual for n, usual in zip(input_size(path), (3, _SIDE, _SIDE), strict=True))
    found = fl.import_onnx(path, size)
    for line in [*found.remarks, *(left.reason for left in found.left_out)]:
        assert len(line) < LONGEST_LINE, line[:400]
        assert line.isprintable(), line
    shapes = found.pipeline.output_shapes(size)
    if sum(map(prod, shapes.values())) < _MOST_WORK and _work(found.pipeline, size) < _MOST_WORK:
        found.pipeline.run(np.ones(size, np.float32))
        if len(found.pipeline) < _MOST_WRITTEN:
            _unless_refused(lambda: onnx_model(found.pipeline, size))
            _unless_refused(lambda: fl.to_pytorch(found.pipeline))
            _unless_refused(found.fold_batch_norms)
    digest = hashlib.sha1(
        repr([found.nodes, found.merged, found.outputs]).encode("utf-8", "replace")
    ).hexdigest()
    return {"shape": [len(found.pipeline)], "digest": digest, "remarks": [], "bytes": 0}


def _unless_refused(write: Callable[[], Any]) -> None:
    with suppress(fl.FilterLabError):
        write()


def _picture_for(found: Any) -> tuple[int, int, int]:
    """A grey picture where the pipeline takes it; else a coloured one, which it may refuse."""
    grey, colour = (1, _SIDE, _SIDE), (3, _SIDE, _SIDE)
    try:
        found.output_shapes(grey)
    except fl.FilterLabError:
        return colour
    return grey


def _work(found: Any, image: tuple[int, int, int]) -> int:
    from filterlab.run.ledger import ledger

    return sum(row.macs for row in ledger(found, image))


def _held(values: Any, remarks: Any = ()) -> dict[str, Any]:
    return {
        "shape": list(values.shape),
        "digest": _digest(values),
        "remarks": list(remarks),
        "bytes": values.nbytes,
    }


def _digest(values: Any) -> str:
    return hashlib.sha1(np.ascontiguousarray(values).data).hexdigest()


def warm_up(path: Path) -> dict[str, Any]:
    """Load what every reader needs, so that the first file does not pay for it."""
    fl.Pipeline([fl.Filter2d(fl.kernels.box(3)), fl.ReLU()]).run(np.ones((3, 8, 8), np.float32))
    for name in (
        "filterlab.images.reading",
        "filterlab.run.files",
        "tifffile",
        "imagecodecs",
        "onnx",
        "PIL.Image",
    ):
        import_module(name)
    return {"shape": [], "digest": "", "remarks": [], "bytes": 0}
