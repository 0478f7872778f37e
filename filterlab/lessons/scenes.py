"""The scene of a step of a lesson: pipeline and picture, made from those of the steps before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from filterlab.errors import FileError, FilterLabError
from filterlab.functional.arrays import Array
from filterlab.graph.editing import remove
from filterlab.images import read_image
from filterlab.learning.classify.labelled import Labelled, read_classes
from filterlab.learning.starts import trainable_nodes
from filterlab.learning.targets import greyed, preset_teacher
from filterlab.lessons.lesson import Lesson, LessonSource, PictureSource, Teacher
from filterlab.pipeline import Pipeline, export_onnx, import_onnx
from filterlab.resources import examples, labelled, samples
from filterlab.run.files import FORMAT, from_dict
from filterlab.text.messages import count, say

SEED = 0  # of the noise in pictures of lessons, whose numbers the words of the lessons quote


@dataclass(frozen=True)
class Scene:
    """The pipeline and the picture of a step.

    pixels: float32 (C, H, W). sample: the name of the sample picture; "" for numbers of the lesson. clean: the pixels
    before noise and rounding. target: the target of learning, where the step has one, and teacher the pipeline that
    makes it; or classes, the labelled pictures to learn from.
    """

    pipeline: Pipeline
    pixels: Array
    sample: str
    clean: Array
    target: Array | None = None
    teacher: Pipeline | None = None
    classes: Labelled | None = None


def scene(lesson: Lesson, index: int) -> Scene:
    """The scene of step `index`. Raises FilterLabError that names lesson and step where the file is wrong."""
    # Steps change what earlier ones opened, so that none can be made without all before it.
    steps = lesson.steps[: index + 1]
    where = f"lesson '{lesson.name}', step {index + 1}"
    try:
        source = lesson.steps[picture_step(lesson, index)].picture
        if source is None:
            raise FileError("there is no picture", hint="the first step names one")
        clean = _clean(source)
        pipeline = _pipeline([step.pipeline for step in steps if step.pipeline is not None], clean.shape)
        shown = Scene(pipeline, _spoilt(clean, source), source.sample, clean)
        learning = lesson.steps[index].learn
        return shown if learning is None else _towards(shown, learning.target)
    except FilterLabError as error:
        place = ", ".join(part for part in (where, error.where) if part)
        # The same class with the step in front: whoever writes a lesson must know which page is wrong.
        raise type(error)(error.what, place, error.hint, parameter=error.parameter, node=error.node) from None


def picture_step(lesson: Lesson, index: int) -> int:
    """The last step up to `index` that names a picture; 0 where none does."""
    # Down to 1: step 0 is the answer where no later step names a picture.
    return next((i for i in range(index, 0, -1) if lesson.steps[i].picture is not None), 0)


def through_onnx(pipeline: Pipeline, shape: tuple[int, ...], preprocess: str | None = None) -> Pipeline:
    """A pipeline written as an ONNX file for pictures of (C, H, W), and read again. Raises as both."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        export_onnx(pipeline, path, shape)
        read: Pipeline = import_onnx(path, preprocess=preprocess).pipeline
        return read


def _pipeline(sources: Iterable[LessonSource], shape: tuple[int, ...]) -> Pipeline:
    pipeline = Pipeline()
    for source in sources:
        if source.network is not None:
            given = source.network
            whole = Pipeline.load(_found(examples(), given.example, "example"))
            pipeline = through_onnx(remove(whole, given.without), shape, given.preprocess)
        elif source.example:
            # An example or nodes begin anew; only changes go on from the pipeline of the step before.
            pipeline = Pipeline.load(_found(examples(), source.example, "example"))
        elif source.nodes:
            pipeline = Pipeline.of(from_dict({"format": FORMAT, "nodes": _repeated(source.nodes)}))
        else:
            changes = source.change.items()
            pipeline = pipeline.with_layers({n: pipeline[n].replace(**values) for n, values in changes})
    return pipeline


def _repeated(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for node in nodes:
        rest = {key: value for key, value in node.items() if key != "repeat"}
        if "repeat" in node:
            found += [{**rest, "name": f"{node.get('name')}_{n + 1}"} for n in range(int(node["repeat"]))]
        else:
            found.append(rest)
    return found


def _clean(source: PictureSource) -> Array:
    """The picture without noise and rounding."""
    if source.values:
        pixels = _given(source.values)
    else:
        pixels = _cut(read_image(_found(samples(), source.sample, "sample")), source.crop)
    if source.grey:
        pixels = greyed(pixels)
    if source.through:
        pipeline = Pipeline.of(from_dict({"format": FORMAT, "nodes": source.through}))
        last = pipeline.steps[-1].name
        pixels = pipeline.run(pixels, [last])[last]
    # A crop is a view with the strides of the whole sample, which it would also keep in memory.
    return np.ascontiguousarray(pixels)


def _cut(pixels: Array, crop: tuple[int, int, int, int] | None) -> Array:
    if crop is None:
        return pixels
    top, left, height, width = crop
    if top + height > pixels.shape[1] or left + width > pixels.shape[2]:
        size = f"{pixels.shape[1]} x {pixels.shape[2]}"
        raise FileError(say("crop {} leaves the picture of {}", crop, size), hint="choose a part of it")
    return pixels[:, top : top + height, left : left + width]


def _spoilt(clean: Array, source: PictureSource) -> Array:
    """The picture with noise, and rounded as in a file."""
    pixels = clean
    if source.noise:
        # A new generator each time, so that the noise does not depend on which steps were opened before.
        rng = np.random.default_rng(SEED)
        # NumPy draws float64; the picture stays what it was.
        pixels = pixels + rng.normal(0, source.noise, pixels.shape).astype(pixels.dtype)
    if source.bits is not None:
        most = 2**source.bits - 1
        pixels = np.round(pixels.clip(0, 1) * most) / pixels.dtype.type(most)
    return pixels


def _towards(shown: Scene, target: list[Any] | PictureSource | Teacher) -> Scene:
    """The scene with the target of learning."""
    if isinstance(target, list):
        return replace(shown, target=_given(target))
    if isinstance(target, PictureSource):
        return replace(shown, target=_spoilt(_clean(target), target))
    if target.classes:
        return replace(shown, classes=read_classes(_found(labelled(), target.classes, "set of pictures")))
    if target.example:
        teacher = Pipeline.load(_found(examples(), target.example, "example"))
    else:
        nodes = trainable_nodes(shown.pipeline, shown.pipeline.steps[-1].name)
        teacher = preset_teacher(shown.pipeline, nodes, target.preset)
    last = teacher.steps[-1].name
    return replace(shown, teacher=teacher, target=teacher.run(shown.pixels, [last])[last])


def _given(values: list[Any]) -> Array:
    try:
        pixels = np.array(values, np.float32)
    except (TypeError, ValueError):
        raise FileError("values are not an array of numbers", hint="give rows of equal length") from None
    pixels = pixels[None] if pixels.ndim == 2 else pixels
    if pixels.ndim != 3:
        what = count(pixels.ndim, "values have {} axis", "values have {} axes")
        raise FileError(what, hint="give (H, W) or (C, H, W)")
    return pixels


def _found(known: dict[str, Any], name: str, kind: str) -> Any:
    if name not in known:
        raise FileError(say("there is no {} {!r}", kind, name), hint=say("one of {}", ", ".join(known)))
    return known[name]
