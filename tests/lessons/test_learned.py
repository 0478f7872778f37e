"""Facts of learning: what is claimed of it is held against what it comes to."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import FileError
from filterlab.lessons import Lesson, false_facts
from filterlab.lessons.learned import psnr, within

PART = {"sample": "camera", "crop": [60, 180, 48, 48]}
SOBEL = {"preset": "sobel"}


def node(name, **params):
    """A filter without padding, of nine zeros."""
    kernel = {"init": "zeros", "shape": [3, 3]}
    return {"name": name, "layer": "filter2d", "params": {"kernel": kernel, "padding": "valid", **params}}


def false(fact, learn, picture=PART, nodes=None):
    """What is false of one fact in a lesson of one step."""
    words = {"en": "A", "zh_CN": "甲"}
    pipeline = {"example": nodes} if isinstance(nodes, str) else {"nodes": nodes or [node("k")]}
    step = {"text": words, "picture": picture, "pipeline": pipeline, "learn": learn, "facts": [fact]}
    lesson = {"format": "filterlab-lesson/1", "rows": [3], "title": words, "about": words, "steps": [step]}
    return false_facts(Lesson.model_validate(lesson))


@pytest.mark.parametrize(
    ("outcome", "true", "untrue"),
    [
        ("off", [SOBEL, [0, 0.01]], [SOBEL, [0.1, 0.2]]),
        ("off", [fl.kernels.sobel(3).tolist(), [0, 0.01]], [fl.kernels.prewitt(3).tolist(), [0, 0.01]]),
        ("rms", [0, 0.001], [0.01, 1]),
        ("psnr", [60, 1000], [10, 20]),
        ("mixed", ["k", [0.99, 1.01], [-0.01, 0.01], [0.99, 1.01], [0, 0.01]], ["k", *[[2, 3]] * 4]),
    ],
)
def test_outcomes_of_learning(outcome, true, untrue):
    learn = {"target": SOBEL, "optimizer": "lbfgs", "lr": 1, "steps": 60}
    assert false({"learned": {outcome: true}}, learn) == []
    (found,) = false({"learned": {outcome: untrue}}, learn)
    assert found.startswith("lesson '', step 1: learned")


@pytest.mark.parametrize(
    ("figure", "true", "untrue"),
    [
        ("off", [SOBEL, [0, 1e-5]], [SOBEL, [0.1, 1]]),
        ("residual", [0, 1e-5], [0.1, 1]),
        ("psnr", [100, 1000], [10, 20]),
        ("condition", [10, 1000], [1, 2]),
        ("bound", [0, 0.1], [1, 2]),
        ("rim", [1.99, 2.01], [0, 0.1]),
        ("unique", True, False),
    ],
)
def test_figures_of_least_squares(figure, true, untrue):
    learn = {"target": SOBEL, "lr": 1, "steps": 1}
    assert false({"fitted": {"size": 3, figure: true}}, learn) == []
    assert len(false({"fitted": {"size": 3, figure: untrue}}, learn)) == 1


def test_least_squares_with_padding_and_with_other_sizes():
    learn = {"target": {**PART, "through": [node("k", kernel=SOBEL, padding="same")]}, "lr": 1, "steps": 1}
    kernel = [node("k", padding="same")]
    true = {"size": 3, "padding_mode": "zeros", "off": [SOBEL, [0, 1e-5]]}
    assert false({"fitted": true}, learn, nodes=kernel) == []
    assert false({"fitted": {"size": 5, "rim": [0, 1e-5]}}, learn, nodes=kernel) == []


def test_figures_of_a_restoration():
    blur = {"preset": "motion_blur", "size": 5, "theta": 0.6}
    target = {**PART, "through": [node("k", kernel=blur)], "bits": 8}
    learn = {"target": target, "lr": 1, "steps": 1}
    given = {"size": 5, "method": "wiener"}
    assert false({"restored": {**given, "gain": [4, 12], "residual": [0, 0.002]}}, learn) == []
    (found,) = false({"restored": {**given, "gain": [20, 30]}}, learn)
    assert found.startswith("lesson '', step 1: restored")
    few = {"size": 5, "method": "inverse", "iterations": 2, "gain": [0, 3]}
    assert false({"restored": few}, learn) == []
    with pytest.raises(FileError, match="does not say what to learn"):
        false({"restored": few}, None)


def test_classes():
    learn = {"target": {"classes": "digits"}, "optimizer": "adam", "lr": 0.005, "steps": 1, "batch": 64}
    digit = {"sample": "digit_2"}
    true = {"accuracy": [0.7, 1], "held_back": [0.7, 1]}
    assert false({"learned": true}, learn, digit, "digits-untrained") == []
    assert len(false({"learned": {"held_back": [0, 0.1]}}, learn, digit, "digits-untrained")) == 1


def test_a_figure_within_what_is_claimed_is_the_same():
    assert within(2.0, [1, 3]) == (2.0, 2.0)
    assert within(4.0, [1, 3]) == (4.0, 3)
    assert within(0.0, [1, 3]) == (0.0, 1)


def test_peak_signal_to_noise_ratio():
    clean = np.zeros((1, 4, 4), np.float32)
    assert psnr(clean + np.float32(0.1), clean) == pytest.approx(20)
    assert psnr(clean, clean) == np.inf
