"""Vectors as CSV tables: class scores are read as numbers, not as grey pixels."""

from __future__ import annotations

import csv
from pathlib import Path

from filterlab.files import atomic_write
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Layer


def write_scores(path: Path, values: Array, layer: Layer, *, overwrite: bool = True) -> None:
    """Write a vector (n,) as CSV with the columns index, label (empty where the layer has none) and value.

    Raises FileError.
    """
    labels = getattr(layer, "labels", None) or ("",) * len(values)
    with (
        atomic_write(path, overwrite=overwrite) as temporary,
        temporary.open("w", newline="", encoding="utf-8") as stream,
    ):
        table = csv.writer(stream)
        table.writerow(("index", "label", "value"))
        # str of a NumPy number has the fewest digits that read back as the same float32; float() first would show 17.
        table.writerows((i, labels[i], str(value)) for i, value in enumerate(values))
