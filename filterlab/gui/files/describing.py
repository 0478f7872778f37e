"""A description of a file in a few lines, for its preview."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from filterlab.gui.files.reading import Opened
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import shape_words
from filterlab.images.parts.levels import PictureLevels
from filterlab.kernels import KernelReading
from filterlab.pipeline import Pipeline
from filterlab.run.ledger import bytes_text
from filterlab.text.numbers import brief

MOST_NODES = 24  # listed of a pipeline; deep networks have hundreds


def describe(opened: Opened) -> list[str]:
    """Describe a file that was read: its kind, its size, and the nodes of a pipeline."""
    size = bytes_text(opened.path.stat().st_size)
    kind = opened.path.suffix.lstrip(".").upper()
    if opened.kind == "pipeline":
        return _pipeline(opened.value, size)
    if opened.kind == "kernel":
        height, width = opened.value.shape
        words = tr("Kernel, {height} × {width}", height=height, width=width)
        return [words, _kind_and_size(opened.path)]
    return _picture(opened.value, kind, size)


def describe_unclear(path: Path, readings: Sequence[KernelReading]) -> list[str]:
    """Describe the file of a kernel that can be read in several ways."""
    shapes = ", ".join(shape_words(reading.kernel.shape) for reading in readings)
    words = tr("Kernel that can be read in {n} ways: {shapes}", n=len(readings), shapes=shapes)
    return [words, _kind_and_size(path)]


def _kind_and_size(path: Path) -> str:
    return f"{path.suffix.lstrip('.').upper()} · {bytes_text(path.stat().st_size)}"


def _picture(pixels: Any, kind: str, size: str) -> list[str]:
    channels, height, width = pixels.shape
    colours = {1: tr("grey"), 3: tr("RGB")}.get(channels, tr("{n} channels", n=channels))
    lines = [tr("Picture, {width} × {height}", width=width, height=height), f"{kind} · {colours} · {size}"]
    # The range is worth a line only where it is not the usual one of pictures.
    seen = pixels.base if isinstance(pixels, PictureLevels) else pixels
    low, high = float(seen.min()), float(seen.max())
    if low < 0 or high > 1:
        lines.append(tr("values from {low} to {high}", low=brief(low), high=brief(high)))
    return lines


def _pipeline(pipeline: Pipeline, size: str) -> list[str]:
    count = len(pipeline)
    head = tr("Pipeline, 1 layer") if count == 1 else tr("Pipeline, {n} layers", n=count)
    rows = [
        f"{step.name}: {tr(pipeline[step.name].title)} ← {', '.join(step.inputs)}" for step in pipeline.steps
    ]
    if count > MOST_NODES:
        rows = [*rows[:MOST_NODES], tr("… and {n} more", n=count - MOST_NODES)]
    return [head, size, "", *rows]
