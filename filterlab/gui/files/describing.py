"""A file in a few lines, before it is opened."""

from __future__ import annotations

from typing import Any

from filterlab.gui.files.reading import Opened
from filterlab.gui.i18n import tr
from filterlab.images.numbers import brief
from filterlab.pipeline import Pipeline
from filterlab.pipeline.ledger import bytes_text

MOST_NODES = 24


def describe(opened: Opened) -> list[str]:
    """What it is, its size, and for a pipeline its nodes."""
    size = bytes_text(opened.path.stat().st_size)
    kind = opened.path.suffix.lstrip(".").upper()
    if opened.kind == "pipeline":
        return _pipeline(opened.value, size)
    if opened.kind == "kernel":
        height, width = opened.value.shape
        return [tr("Kernel, {height} × {width}", height=height, width=width), f"{kind} · {size}"]
    return _picture(opened.value, kind, size)


def _picture(pixels: Any, kind: str, size: str) -> list[str]:
    channels, height, width = pixels.shape
    colours = {1: tr("grey"), 3: tr("RGB")}.get(channels, tr("{n} channels", n=channels))
    lines = [tr("Picture, {width} × {height}", width=width, height=height), f"{kind} · {colours} · {size}"]
    low, high = float(pixels.min()), float(pixels.max())
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
