"""Training a network to tell classes of pictures apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from filterlab.errors import Cancelled, ParameterError, ShapeError
from filterlab.functional import losses
from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel
from filterlab.pipeline.classifier import classifier
from filterlab.pipeline.graph import Pipeline
from filterlab.pipeline.labelled import Labelled, read_classes
from filterlab.pipeline.learning import LearningStep, learn
from filterlab.pipeline.samples import check_batch

TOGETHER = 256  # pictures that are tried at once


@dataclass(frozen=True)
class Epoch:
    """What one pass over the training pictures has led to.

    loss: the mean of the steps'; accuracy: of the training pictures after it; validation_...: of those held back.
    confusion: (classes, classes), how many held-back pictures of class (row) were taken for class (column).
    """

    index: int
    epochs: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    confusion: Array
    labels: tuple[str, ...]
    step: LearningStep = field(repr=False)

    @cached_property
    def pipeline(self) -> Pipeline:
        """The network after it."""
        return self.step.pipeline


def train_classifier(
    data: Any,
    pipeline: Pipeline | None = None,
    *,
    epochs: int = 12,
    batch: int = 32,
    validation: float = 0.2,
    size: Any = None,
    head: str = "linear",
    optimizer: str = "adamw",
    lr: float = 3e-3,
    schedule: str = "cosine",
    seed: int = 0,
    cancel: Cancel | None = None,
    step: Callable[[int, int, float], None] | None = None,
    **options: Any,
) -> Iterator[Epoch]:
    """Train a network on labelled pictures by cross-entropy; yields an `Epoch` after each pass over them.

    data: a folder of class folders, a .npz file, (pictures, labels) or `Labelled`: see `labelled.read_classes`, and
    there `size`. pipeline: the network, whose output is a score for each class, or softmax of these; left out,
    `classifier` makes one for these pictures, with `head`. validation: the share of each class that is held back,
    chosen by `seed`, as are the mini-batches of `batch` pictures. Other options are those of `learn`.
    step: told after each step how many were made, of how many, and the loss.

    The given pipeline stays as it is. Raises FileError, ImageError, ParameterError, ShapeError, Cancelled.

    Scikit-learn's digits, to 97 % of those held back in a few seconds::

        from sklearn.datasets import load_digits
        digits = load_digits()
        for epoch in fl.train_classifier((digits.images, digits.target)):
            print(epoch.index, epoch.loss, epoch.validation_accuracy)
        epoch.pipeline.save("digits.json")
    """
    found = read_classes(data, size, cancel)
    if epochs < 1:
        raise ParameterError(f"epochs is {epochs!r}", "learn", "give 1 or more", parameter="epochs")
    check_batch(batch)
    trained, held = split(found, validation, seed)
    if pipeline is None:
        mean, std = found.x[trained].mean((0, 2, 3)), found.x[trained].std((0, 2, 3))
        std = np.where(std > 0, std, 1)
        shape = (found.x.shape[1], found.x.shape[2], found.x.shape[3])
        pipeline = classifier(shape, found.labels, head=head, mean=mean, std=std, seed=seed)
    scores = _scores(pipeline, found)
    each = -(-len(trained) // min(batch, len(trained)))
    steps = learn(
        pipeline,
        [(found.x[trained], found.y[trained])],
        loss="cross_entropy",
        output=scores,
        optimizer=optimizer,
        lr=lr,
        schedule=schedule,
        steps=epochs * each,
        batch=batch,
        seed=seed,
        cancel=cancel,
        **options,
    )
    return _epochs(steps, epochs, each, scores, found, (trained, held), cancel, step)


def split(data: Labelled, validation: float, seed: int) -> tuple[Array, Array]:
    """Places of the pictures to train on and of those held back, of each class a share of at least one."""
    if not 0 < validation < 1:
        hint = "give the share that is held back, above 0 and below 1"
        raise ParameterError(f"validation is {validation!r}", "learn", hint, parameter="validation")
    rng = np.random.default_rng(seed)
    trained, held = [], []
    for number in range(len(data.labels)):
        places = rng.permutation(np.flatnonzero(data.y == number))
        count = min(max(round(validation * len(places)), 1), len(places) - 1)
        held.append(places[:count])
        trained.append(places[count:])
    return np.concatenate(trained), np.concatenate(held)


def _scores(pipeline: Pipeline, data: Labelled) -> str:
    """The node whose output is a score for each class: the last, or the one before a softmax."""
    last = pipeline.steps[-1]
    if any(p.name == "labels" for p in last.layer.declarations()):
        last = next(step for step in pipeline.steps if step.name == last.inputs[0])
    shape = pipeline.output_shapes(data.x.shape[1:])[last.name]
    if shape != (len(data.labels),):
        what = f"its output has shape {shape}, and there are {len(data.labels)} classes"
        hint = "end the network with Linear of an output for each class"
        raise ShapeError(what, f"node '{last.name}'", hint, parameter="pipeline", node=last.name)
    return last.name


def _epochs(
    steps: Iterator[LearningStep],
    epochs: int,
    each: int,
    scores: str,
    data: Labelled,
    places: tuple[Array, Array],
    cancel: Cancel | None,
    told: Callable[[int, int, float], None] | None,
) -> Iterator[Epoch]:
    trained, held = places
    for index in range(epochs):
        total = 0.0
        for _ in range(each):
            step = next(steps)
            total += step.loss
            if told is not None:
                told(step.index + 1, epochs * each, step.loss)
        own = _tried(step.pipeline, scores, data.x[trained], cancel)
        other = _tried(step.pipeline, scores, data.x[held], cancel)
        confusion = np.zeros((len(data.labels),) * 2, np.int64)
        np.add.at(confusion, (data.y[held], other.argmax(1)), 1)
        yield Epoch(
            index,
            epochs,
            total / each,
            float(np.mean(own.argmax(1) == data.y[trained])),
            float(losses.cross_entropy(other, data.y[held])),
            float(np.trace(confusion) / len(held)),
            confusion,
            data.labels,
            step,
        )


def _tried(pipeline: Pipeline, scores: str, x: Array, cancel: Cancel | None) -> Array:
    """Scores (N, classes) of pictures."""
    found = []
    for first in range(0, len(x), TOGETHER):
        if cancel is not None and cancel():
            raise Cancelled("stopped while pictures were tried", "learn")
        found.append(pipeline.run(x[first : first + TOGETHER], [scores], cancel=cancel)[scores])
    return np.concatenate(found)
