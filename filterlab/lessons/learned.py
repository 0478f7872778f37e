"""The claims of lessons about learning, checked by learning. Figures are claimed as [lowest, highest]."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, log10
from typing import Any

import numpy as np

from filterlab import kernels
from filterlab.errors import FileError
from filterlab.functional.arrays import Array
from filterlab.graph.nodes import Step
from filterlab.learning.classify.labelled import read_classes
from filterlab.learning.classify.training import Epoch, split
from filterlab.learning.descent.learning import LearningStep, learn
from filterlab.learning.fit.blurring import BlurredPair
from filterlab.learning.fit.fitted import FittedKernel
from filterlab.learning.fit.fitting import fit_kernel
from filterlab.learning.targets import cropped
from filterlab.lessons.lesson import Learning
from filterlab.lessons.scenes import Scene
from filterlab.pipeline import Pipeline, train_classifier
from filterlab.resources import labelled
from filterlab.restoration.restoring import restore

HELD = 0.2  # the share of labelled pictures that is held back, as in training
SEED = 0

Pair = tuple[Any, Any]  # (real, claimed)
Made = dict[tuple[float, int], Any]  # what learning came to at a rate, after so many steps


def within(real: Any, claimed: Any) -> Pair:
    """A figure, and the nearest number in [lowest, highest]: the same one if the claim is true."""
    low, high = claimed
    # The pair is compared like any other fact, so that ranges need no comparison of their own.
    return real, min(max(float(real), low), high)


def psnr(picture: Array, clean: Array) -> float:
    """The peak signal-to-noise ratio in dB for a peak of 1: 10 log10(1 / mean square error); infinite without error."""
    # In float64: the sum of a hundred thousand small squares would lose digits in float32.
    error = float(np.square(picture - clean, dtype=np.float64).mean())
    return 10 * log10(1 / error) if error else inf


def learned(shown: Scene, learning: Learning | None, claimed: dict[str, Any], made: Made) -> Pair:
    """The outcome of the step's "learn", and what is claimed of it.

    losses: [first, last] and weight: all numbers after the last step, exactly; the others as in `_OUTCOMES`. lr and
    steps, where given, stand in for those of the step: a lesson may say what another rate would have done. made: of the
    same step, as other claims have left it; what is learned for this one is added.
    """
    if learning is None:
        raise FileError("the step does not say what to learn", hint='give it a "learn"')
    others: dict[str, Any] = {key: claimed[key] for key in ("lr", "steps") if key in claimed}
    learning = learning.model_copy(update=others)
    claimed = {key: want for key, want in claimed.items() if key not in others}
    # Learning takes most of the time, and each wrong choice of a prediction claims something else of the same.
    rate = learning.lr, learning.steps
    if rate not in made:
        made[rate] = _steps(shown, learning) if shown.classes is None else _passes(shown, learning)
    if shown.classes is not None:
        return _together(claimed, lambda key, want: _PASSES[key](made[rate], want))
    return _together(claimed, lambda key, want: _OUTCOMES[key](shown, made[rate], want))


def loss(shown: Scene, learning: Learning | None, claimed: Any) -> Pair:
    """The loss of the step's "learn" before anything is learned."""
    return _first(shown, learning).loss, claimed


def gradient(shown: Scene, learning: Learning | None, claimed: Any) -> Pair:
    """[node, numbers]: the derivatives of that loss with respect to the weights of a node, in the numbers' shape."""
    name, want = claimed
    found = [g for (node, _), g in _first(shown, learning).gradients.items() if node == name]
    return np.concatenate([np.ravel(g) for g in found]).reshape(np.shape(want)), want


def _first(shown: Scene, learning: Learning | None) -> LearningStep:
    if learning is None:
        raise FileError("the step does not say what to learn", hint='give it a "learn"')
    return _steps(shown, learning.model_copy(update={"steps": 1}))[0]


def _together(claimed: dict[str, Any], check: Callable[[str, Any], Pair]) -> Pair:
    found = [check(key, want) for key, want in claimed.items()]
    reals, wants = zip(*found, strict=True)
    return np.hstack([np.ravel(r) for r in reals]), np.hstack([np.ravel(w) for w in wants])


def _steps(shown: Scene, learning: Learning) -> list[LearningStep]:
    """The first and the last step, as the learning panel makes them."""
    # The fields of a lesson's "learn" have the names of the arguments, so that nothing must be translated.
    options = learning.model_dump(exclude={"target", "batch"})
    assert shown.target is not None, "what is learned is a map"
    # All steps are made though two are read: learning depends on every one before.
    steps = list(learn(shown.pipeline, [(shown.pixels, shown.target)], **options))
    return [steps[0], steps[-1]]


def _passes(shown: Scene, learning: Learning) -> Epoch:
    """The last pass over the labelled pictures."""
    options = learning.model_dump(include={"optimizer", "lr", "schedule", "batch"})
    # The generator is run to its end; claims are made about the last pass only.
    *_, last = train_classifier(
        shown.classes, shown.pipeline, epochs=learning.steps, validation=HELD, seed=SEED, **options
    )
    return last


def _weight(pipeline: Pipeline) -> Array:
    """All weights of the last layer that learned."""
    return np.concatenate([array.ravel() for array in pipeline.steps[-1].layer.trainable().values()])


def _kernel(claimed: Any) -> Array:
    """A kernel from rows of numbers, or from a preset with its parameters."""
    if isinstance(claimed, dict):
        options = {key: value for key, value in claimed.items() if key != "preset"}
        return np.asarray(kernels.make(claimed["preset"], **options))
    return np.array(claimed, np.float64)


def _off(found: Array, claimed: Any) -> Pair:
    """[kernel, [lowest, highest]]: the largest difference between a weight and the kernel's."""
    kernel, figures = claimed
    return within(np.abs(found.ravel() - _kernel(kernel).ravel()).max(), figures)


def _middle(found: Array) -> float:
    """The share of the middle 3 x 3 in the sum of a square kernel."""
    size = round(len(found) ** 0.5)
    inner = slice(size // 2 - 1, size // 2 + 2)
    return float(found.reshape(size, size)[inner, inner].sum() / found.sum())


def _mixed(pipeline: Pipeline, claimed: Any) -> Pair:
    """[node, x, y, length, rest]: how far the kernel of a node is a mixture of Sobel's two kernels.

    x, y: how much of each of the two it holds; length: the root of the sum of squares of both; rest: the largest
    weight of what is neither. All are given as [lowest, highest].
    """
    name, *figures = claimed
    kernel = np.asarray(pipeline[name].trainable()["kernel"])
    across, down = (np.asarray(kernels.make("sobel", axis=axis)) for axis in ("x", "y"))
    # Sobel's two kernels are orthogonal, so that the share of each is a projection by itself.
    x, y = (float((kernel * part).sum() / np.square(part).sum()) for part in (across, down))
    rest = np.abs(kernel - x * across - y * down).max()
    found = [within(real, want) for real, want in zip((x, y, np.hypot(x, y), rest), figures, strict=True)]
    return [real for real, _ in found], [want for _, want in found]


def _made(shown: Scene, steps: list[LearningStep]) -> tuple[Array, Array]:
    """The output after the last step, and its target."""
    last = steps[-1].pipeline
    name = last.steps[-1].name
    assert shown.target is not None, "what is learned is a map"
    return last.run(shown.pixels, [name])[name], shown.target


Outcome = Callable[[Scene, list[LearningStep], Any], Pair]
_OUTCOMES: dict[str, Outcome] = {
    "losses": lambda shown, steps, want: ([step.loss for step in steps], want),
    "weight": lambda shown, steps, want: (_weight(steps[-1].pipeline), want),
    "off": lambda shown, steps, want: _off(_weight(steps[-1].pipeline), want),
    "total": lambda shown, steps, want: within(_weight(steps[-1].pipeline).sum(), want),
    "least": lambda shown, steps, want: within(_weight(steps[-1].pipeline).min(), want),
    "middle": lambda shown, steps, want: within(_middle(_weight(steps[-1].pipeline)), want),
    "mixed": lambda shown, steps, want: _mixed(steps[-1].pipeline, want),
    # For a peak of 1, PSNR = -20 log10(RMS).
    "rms": lambda shown, steps, want: within(10 ** (-psnr(*_made(shown, steps)) / 20), want),
    "psnr": lambda shown, steps, want: within(psnr(*_made(shown, steps)), want),
}
_PASSES: dict[str, Callable[[Epoch, Any], Pair]] = {
    "accuracy": lambda epoch, want: within(epoch.accuracy, want),
    "held_back": lambda epoch, want: within(epoch.validation_accuracy, want),
}


def fitted(shown: Scene, claimed: dict[str, Any]) -> Pair:
    """The result of least squares, from the picture to the target of the step, or else to the clean picture.

    size: of the kernel; padding_mode: of "same" padding, left out for none; then off, residual, psnr, condition,
    bound, rim or unique. bound: the largest of `rounding_bound`; rim: the largest magnitude among the outermost
    cells.
    """
    found = _closest(shown, int(claimed["size"]), claimed.get("padding_mode"))
    figures: dict[str, Callable[[], float]] = {
        "residual": lambda: found.residual,
        "psnr": lambda: float(-20 * np.log10(found.residual)),
        "condition": lambda: found.condition,
        "bound": lambda: float(found.rounding_bound().max()),
        "rim": lambda: max(float(np.abs(k).max()) for k in _rim(found.kernel)),
    }

    def check(key: str, want: Any) -> Pair:
        if key == "off":
            return _off(found.kernel, want)
        return (found.unique, want) if key == "unique" else within(figures[key](), want)

    return _together(
        {key: want for key, want in claimed.items() if key not in ("size", "padding_mode")}, check
    )


def restored(shown: Scene, claimed: dict[str, Any]) -> Pair:
    """The target of the step, restored with the kernel that least squares finds between its picture and its target.

    size: of the kernel; method and iterations: as in `restore`, left out for the usual ones; then gain, in decibels
    over the target itself, residual, or noise.
    """
    options = {key: claimed[key] for key in ("method", "iterations") if key in claimed}
    target = shown.target
    if target is None:
        raise FileError("the step does not say what to learn", hint='give it a "learn"')
    kernel = _closest(shown, int(claimed["size"]), None).kernel
    found = restore(target, kernel, **options)
    figures: dict[str, Callable[[], Any]] = {
        "gain": lambda: BlurredPair(shown.pixels, target).gain(found.image),
        "residual": lambda: found.residual,
        "noise": lambda: found.noise,
    }
    wanted = {key: want for key, want in claimed.items() if key != "size" and key not in options}
    return _together(wanted, lambda key, want: within(figures[key](), want))


def _closest(shown: Scene, size: int, padding_mode: str | None) -> FittedKernel:
    target = shown.clean if shown.target is None else shown.target
    if padding_mode is not None:
        return fit_kernel(shown.pixels, target, size, padding="same", padding_mode=padding_mode)
    # Without padding the output lacks a rim, and so the target must lose it as well.
    height, width = (n - size + 1 for n in shown.pixels.shape[1:])
    return fit_kernel(shown.pixels, cropped(target, (height, width)), size)


def _rim(kernel: Array) -> tuple[Array, ...]:
    return kernel[0], kernel[-1], kernel[:, 0], kernel[:, -1]


def told_apart(pipeline: Pipeline, claimed: Any) -> Pair:
    """[set of labelled pictures, shift, right ones, all]: how many of those held back in training are classified
    right.

    shift: pixels to the right; what leaves on the right comes in on the left.
    """
    name, shift, right, total = claimed
    data = read_classes(labelled()[name])
    _, held = split(data, HELD, SEED)
    # Axis 3 of (N, C, H, W) is the columns.
    found = _answers(pipeline, np.roll(data.x[held], shift, axis=3))
    return [int(np.sum(found == data.y[held])), len(held)], [right, total]


def _answers(pipeline: Pipeline, x: Array) -> Array:
    last = pipeline.steps[-1].name
    return pipeline.run(x, [last])[last].reshape(len(x), -1).argmax(1)


def said(step: Step, scores: Array, claimed: Any) -> Pair:
    """[node, label, [lowest, highest]]: the class of the largest score, and that score."""
    _, label, figures = claimed
    labels = [str(name) for name in step.layer.raw()["labels"]]
    real, want = within(scores.max(), figures)
    return [int(scores.argmax()), real], [labels.index(label), want]
