"""What the learned examples come from: `python -m tests.tools.networks` makes their pictures and weights anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

import filterlab as fl
from filterlab.layers.base.layer import Layer
from filterlab.learning.classify.labelled import read_classes
from filterlab.learning.classify.training import Epoch
from filterlab.learning.descent.learning import LearningStep
from filterlab.resources import examples, labelled, resource, samples

SHOWN = {"digit_2": 1437, "digit_5": 5, "digit_8": 784}  # places in scikit-learn's set
LEARNED_FROM = ("astronaut", "brick", "chelsea", "coffee", "coins", "rocket")  # not from "camera" and "text"
NOISE = 0.1
NOISY = (60, 180, 192, 192)  # the part of "camera": top, left, height, width
DECIMALS = 4  # of the stored weights, so that a person can read the file


def main(folder: Path) -> None:
    """Write all of it into the resources' folder."""
    write_digits(folder)
    write_noisy(folder / "samples" / "noisy_camera.png")
    *_, last = train_denoiser()
    rounded(last.pipeline).save(folder / "pipelines" / "denoiser.json")
    *_, best = train_digits()
    print(f"digits: {best.validation_accuracy:.2%} of those held back")
    best.pipeline.save(folder / "pipelines" / "digits.safetensors")


def write_digits(folder: Path) -> None:
    """All digits as labelled pictures, and some of them as sample pictures: 0 ... 16 become 0 ... 255."""
    found = load_digits()
    x = np.round(found.images * (255 / 16)).astype(np.uint8)
    np.savez_compressed(folder / "labelled" / "digits.npz", x=x, y=found.target.astype(np.uint8))
    for name, place in SHOWN.items():
        fl.write_image(folder / "samples" / f"{name}.png", x[place] / np.float32(255), range=(0, 1))


def write_noisy(path: Path) -> None:
    """A part of a photograph with noise, rounded as a camera does."""
    top, left, height, width = NOISY
    clean = grey("camera")[0, top : top + height, left : left + width]
    fl.write_image(path, noisy(clean, 0), range=(0, 1))


def grey(name: str) -> np.ndarray:
    """A sample picture (1, H, W)."""
    return fl.read_image(samples()[name]).mean(0, keepdims=True, dtype=np.float32)


def noisy(clean: np.ndarray, seed: int) -> np.ndarray:
    """The picture with normal noise."""
    noise = np.random.default_rng(seed).normal(0, NOISE, clean.shape)
    return clean + noise.astype(np.float32)


def train_denoiser(steps: int = 4000) -> Iterator[LearningStep]:
    """Three layers that tell the noise of six photographs, from a random part of each at a time."""
    pairs = [(noisy(grey(name), seed), grey(name)) for seed, name in enumerate(LEARNED_FROM, start=1)]
    start = fl.Pipeline.load(examples()["denoiser-untrained"])
    how = {"optimizer": "adam", "lr": 5e-3, "schedule": "cosine", "batch": 6, "crop": 64}
    return fl.learn(start, pairs, steps=steps, **how)


def train_digits(epochs: int = 12) -> Iterator[Epoch]:
    """A small network that tells digits apart, with a fifth of them held back."""
    start = fl.Pipeline.load(examples()["digits-untrained"])
    return fl.train_classifier(read_classes(labelled()["digits"]), start, epochs=epochs)


def rounded(pipeline: fl.Pipeline) -> fl.Pipeline:
    """With weights of a few decimals."""
    return pipeline.with_layers({node.name: _rounded(node.layer) for node in pipeline})


def _rounded(layer: Layer) -> Layer:
    return layer.replace(**{name: np.round(value, DECIMALS) for name, value in layer.trainable().items()})


if __name__ == "__main__":
    main(resource())
