"""Training a network to tell classes of pictures apart.

Scikit-learn's digits, with 97 % of those held back right after a few seconds::

    from sklearn.datasets import load_digits
    digits = load_digits()
    for epoch in fl.train_classifier((digits.images, digits.target)):
        print(epoch.index, epoch.loss, epoch.validation_accuracy)
    epoch.pipeline.save("digits.json")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Generic

import numpy as np

from filterlab.errors import Cancelled, ParameterError, ShapeError
from filterlab.functional import losses
from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel
from filterlab.graph import G, Graph
from filterlab.learning.classify.classifier import classifier_for
from filterlab.learning.classify.labelled import Labelled, read_classes
from filterlab.learning.descent.learning import LearningStep, learn
from filterlab.learning.descent.optimizers import optimizer_type
from filterlab.learning.options import BATCH, EPOCHS, SEED, VALIDATION
from filterlab.run import evaluate
from filterlab.text.messages import count, say

TOGETHER = 256  # pictures that are evaluated at once, to bound the memory of their maps


@dataclass(frozen=True)
class Epoch(Generic[G]):
    """The state after one pass over the training pictures.

    loss: the mean over the steps of the pass; accuracy: on the training pictures after it; validation_...: on those
    held back. confusion: (classes, classes), the number of held-back pictures of class (row) that were taken for
    class (column).
    """

    index: int
    epochs: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    confusion: Array
    labels: tuple[str, ...]
    step: LearningStep[G] = field(repr=False)

    @cached_property
    def pipeline(self) -> G:
        """The network after the pass."""
        return self.step.pipeline


def train_classifier(
    data: Any,
    pipeline: G | None = None,
    *,
    kind: type[G],
    epochs: int = 12,
    batch: int | None = 32,
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
) -> Iterator[Epoch[G]]:
    """Train a network on labelled pictures by cross-entropy; yields an `Epoch` after each pass over them.

    data: a folder of class folders, a .npz file, (pictures, labels) or `Labelled`; see `labelled.read_classes`, also
    for `size`. pipeline: the network, whose output is a score for each class, or a softmax of these; left out,
    `classifier` makes one for these pictures, with `head`, of the class `kind`. validation: the share of each class
    that is held back. The seed chooses these pictures and the mini-batches of `batch` pictures (all in one step for
    None and for "lbfgs"). Other options are those of `learn`. step: called after each mini-batch, in the thread that
    asks for the next epoch, with the number of steps made, their number in all, and the loss before that step. A pass
    has as many steps as it takes to see every picture; the last batch is filled up from the next shuffle.

    The given pipeline is not changed. Raises FileError, ImageError, ParameterError, ShapeError, Cancelled, and
    DivergenceError as `learn`. An example is above, in this module.
    """
    found = read_classes(data, size, cancel)
    epochs, seed = EPOCHS.read(epochs, "learn"), SEED.read(seed, "learn")
    batch = BATCH.read(batch, "learn")
    _only_own(options)
    trained, held = split(found, validation, seed)
    if pipeline is None:
        pipeline = kind.of(classifier_for(found.x[trained], found.labels, head=head, seed=seed))
    scores = _scores(pipeline, found)
    batch = None if batch is None or optimizer_type(optimizer).full_batch else min(batch, len(trained))
    each = 1 if batch is None else -(-len(trained) // batch)
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
    course = _Course(found, trained, held, scores, epochs, each)
    return course.epochs_of(steps, cancel, step)


def _only_own(options: Mapping[str, Any]) -> None:
    for name, hint in (
        ("steps", "give epochs"),
        ("until", "leave the loop over the epochs where they are good enough"),
        ("loss", "classes are learned by cross-entropy"),
        ("output", "the scores are the last node, or the one before a softmax"),
    ):
        if name in options:
            raise ParameterError(say("{} is not an option here", name), "learn", hint, parameter=name)


def split(data: Labelled, validation: float, seed: int) -> tuple[Array, Array]:
    """The positions of the pictures to train on and of those held back: a share of each class, at least one picture."""
    validation = VALIDATION.read(validation, "learn")
    rng = np.random.default_rng(seed)
    trained, held = [], []
    for number in range(len(data.labels)):
        places = rng.permutation(np.flatnonzero(data.y == number))
        # At least one picture of each class on either side; reading made sure that there are two.
        count = min(max(round(validation * len(places)), 1), len(places) - 1)
        held.append(places[:count])
        trained.append(places[count:])
    return np.concatenate(trained), np.concatenate(held)


def _scores(graph: Graph, data: Labelled) -> str:
    """The node whose output is a score for each class: the last, or the one before a softmax."""
    if not graph.steps:
        what = say("the network has no layers")
        raise ParameterError(what, "learn", "leave it out, or add some", parameter="pipeline")
    last = graph.steps[-1]
    # Only softmax layers have labels. Cross-entropy takes the scores before them.
    if any(p.name == "labels" for p in last.layer.declarations()):
        last = graph.step(last.inputs[0])
    shape = graph.output_shapes(data.x.shape[1:])[last.name]
    if shape != (len(data.labels),):
        what = count(
            len(data.labels),
            "its output has shape {1}, and there is {0} class",
            "its output has shape {1}, and there are {0} classes",
            shape,
        )
        hint = say("end the network with a Linear layer that has one output for each class")
        raise ShapeError(what, f"node '{last.name}'", hint, parameter="pipeline", node=last.name)
    return last.name


@dataclass(frozen=True)
class _Course:
    """The course of a training. trained, held: positions of the pictures; each: steps of a pass."""

    data: Labelled
    trained: Array
    held: Array
    scores: str
    epochs: int
    each: int

    def epochs_of(
        self,
        steps: Iterator[LearningStep],
        cancel: Cancel | None,
        report: Callable[[int, int, float], None] | None,
    ) -> Iterator[Epoch]:
        """The epochs, until the steps end: "lbfgs" may converge early."""
        for index in range(self.epochs):
            made = []
            for step in islice(steps, self.each):
                made.append(step)
                if report is not None:
                    report(step.index + 1, self.epochs * self.each, step.loss)
            if not made:
                return
            yield self._epoch(index, [step.loss for step in made], made[-1], cancel)

    def _epoch(
        self, index: int, step_losses: list[float], last: LearningStep, cancel: Cancel | None
    ) -> Epoch:
        x, y, labels = self.data.x, self.data.y, self.data.labels
        own = _tried(last.pipeline, self.scores, x[self.trained], cancel)
        other = _tried(last.pipeline, self.scores, x[self.held], cancel)
        confusion = np.zeros((len(labels),) * 2, np.int64)
        # Not confusion[...] += 1, which would count each pair of classes once, however often it comes.
        np.add.at(confusion, (y[self.held], other.argmax(1)), 1)
        return Epoch(
            index,
            self.epochs,
            float(np.mean(step_losses)),
            float(np.mean(own.argmax(1) == y[self.trained])),
            float(losses.cross_entropy(other, y[self.held])),
            float(np.trace(confusion) / len(self.held)),
            confusion,
            labels,
            last,
        )


def _tried(graph: Graph, scores: str, x: Array, cancel: Cancel | None) -> Array:
    """The scores (N, classes) of pictures."""
    found: list[Array] = []
    for first in range(0, len(x), TOGETHER):
        if cancel is not None and cancel():
            raise Cancelled("stopped while pictures were tried", "learn")
        found.append(evaluate.run(graph, x[first : first + TOGETHER], [scores], cancel=cancel)[scores])
    return np.concatenate(found)
