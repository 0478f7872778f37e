"""Checks of what a pipeline does to pictures that are made by seed."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.learning.classify.labelled import read_classes
from filterlab.learning.classify.training import split
from filterlab.lessons.exercises.check import Check, size_text
from filterlab.lessons.exercises.pictures import SeededPicture, dot_places
from filterlab.lessons.exercises.trial import Trial
from filterlab.lessons.learned import HELD, SEED, psnr
from filterlab.pipeline import Pipeline
from filterlab.resources import labelled
from filterlab.run.files import FORMAT, from_dict
from filterlab.text.messages import say
from filterlab.text.numbers import brief

_RING = 4  # cells at the border: a map that is wrong only there has the right weights and another padding
_WIDE = 3  # cells around a peak in which no other is looked for
_NEAR = 1  # cells by which a peak may miss its dot

Pictures = Annotated[list[SeededPicture], Field(min_length=1)]


def _inner(values: Array, border: int) -> Array:
    """Maps without `border` cells on every side; vectors whole."""
    return values[:, border:-border, border:-border] if border and values.ndim == 3 else values


class ReferenceCheck(Check):
    """The answer to pictures beside that of a reference pipeline, `border` cells of each side left out.

    nodes: as in a pipeline file. tolerance: relative to the largest value of the reference.
    """

    nodes: Annotated[list[dict[str, Any]], Field(min_length=1)]
    pictures: Pictures
    border: int = 0
    tolerance: float = 1e-4

    def fault(self, trial: Trial) -> str:
        """The first fault in any of the pictures."""
        reference = Pipeline.of(from_dict({"format": FORMAT, "nodes": self.nodes}))
        last = reference.nodes[-1].name
        for picture in self.pictures:
            pixels = picture.pixels()
            want, found = reference.run(pixels, [last])[last], trial.run(pixels)
            if found.shape != want.shape:
                texts = size_text(pixels.shape), size_text(found.shape), size_text(want.shape)
                return say("a picture of {} becomes {}, and should become {}", *texts)
            fault = self.compared(_inner(found, self.border), _inner(want, self.border))
            if fault:
                return fault
        return ""

    def slack(self, want: Array) -> float:
        """By how much values may differ."""
        return self.tolerance * float(np.abs(want).max())

    @abstractmethod
    def compared(self, found: Array, want: Array) -> str:
        """The fault of an answer of the right shape, or ""."""


class MapCheck(ReferenceCheck):
    """The same values as the reference."""

    kind: ClassVar[str] = "map"

    def compared(self, found: Array, want: Array) -> str:
        """A fault that is told by its form: a factor, a constant, the border, or else how much is wrong."""
        slack = self.slack(want)
        wrong = np.abs(found - want) > slack
        if not wrong.any():
            return ""
        factor = float((found * want).sum() / max(float((want * want).sum()), 1e-12))
        if abs(factor) > slack and np.abs(found - factor * want).max() <= 2 * abs(factor) * slack:
            return say("all values are {} times what they should be", brief(factor))
        constant = float((found - want).mean())
        if np.abs(found - want - constant).max() <= 2 * slack:
            return say("all values are right but for a constant that is added: {}", brief(constant))
        # Of a small map, too little is inside to tell.
        if min(want.shape[-2:]) > 3 * _RING and not _inner(wrong, _RING).any():
            return say("the values are right inside, and wrong near the border")
        share, largest = 100 * float(wrong.mean()), float(np.abs(found - want).max())
        return say(
            "{} % of the values are wrong on a picture that you have not seen, by up to {}",
            brief(share),
            brief(largest),
        )


class SignCheck(ReferenceCheck):
    """The same signs as the reference: positive, negative or 0 within the tolerance."""

    kind: ClassVar[str] = "signs"

    def compared(self, found: Array, want: Array) -> str:
        """The first value with another sign."""
        signs = [np.where(np.abs(x) <= self.slack(x) + 1e-6, 0, np.sign(x)) for x in (found, want)]
        wrong = np.argwhere(signs[0] != signs[1])
        if not len(wrong):
            return ""
        place = tuple(wrong[0])
        names = {1: say("positive"), -1: say("negative"), 0: say("0")}
        row, col = (int(n) + self.border for n in place[-2:])
        given = brief(float(found[place])) if signs[0][place] else names[0]
        return say(
            "on a picture that you have not seen, the value in row {}, column {} is {}, and should be {}",
            row,
            col,
            given,
            names[int(signs[1][place])],
        )


class GainCheck(Check):
    """The peak signal-to-noise ratio of pictures with noise rises by at least `gain` dB. noise: standard deviation."""

    kind: ClassVar[str] = "gain"
    pictures: Pictures
    noise: float
    gain: float

    def fault(self, trial: Trial) -> str:
        """The gain over all pictures."""
        gains = []
        for picture in self.pictures:
            clean = picture.pixels()
            # A seed of its own, or the noise would be the numbers that the picture was made of.
            rng = np.random.default_rng([picture.seed, 1])
            noisy = (clean + rng.normal(0, self.noise, clean.shape)).astype(np.float32)
            found = trial.run(noisy)
            if found.shape != clean.shape:
                texts = size_text(clean.shape), size_text(found.shape), size_text(clean.shape)
                return say("a picture of {} becomes {}, and should become {}", *texts)
            gains.append(psnr(found, clean) - psnr(noisy, clean))
        mean = sum(gains) / len(gains)
        if mean >= self.gain:
            return ""
        return say(
            "the signal-to-noise ratio changes by {} dB on pictures that you have not seen, and should rise by {}",
            brief(mean),
            brief(self.gain),
        )


class LinearCheck(Check):
    """The answer to a sum is the sum of the answers, and to 0 it is 0."""

    kind: ClassVar[str] = "linear"
    picture: SeededPicture

    def fault(self, trial: Trial) -> str:
        """One sentence: there are not many ways to fail."""
        first = self.picture.pixels()
        second = self.picture.model_copy(update={"seed": self.picture.seed + 1}).pixels()
        a, b, both = (trial.run(x) for x in (first, second, first - 2 * second))
        scale = max(float(np.abs(a).max()), float(np.abs(b).max()), 1e-6)
        if np.abs(a - 2 * b - both).max() <= 1e-4 * scale:
            return ""
        return say("it is not linear: the answer to a sum of pictures is not the sum of the answers")


class FlatCheck(Check):
    """A flat picture of value v becomes v times `gain`, the sum of the weights, away from the border."""

    kind: ClassVar[str] = "flat"
    picture: SeededPicture  # only its shape counts
    gain: float
    border: int = 4
    tolerance: float = 1e-4

    def fault(self, trial: Trial) -> str:
        """The first value of the picture whose answer is another."""
        for value in (0.25, 0.75):
            found = _inner(trial.run(np.full(self.picture.shape, value, np.float32)), self.border)
            furthest = (
                float(found.flat[int(np.abs(found - value * self.gain).argmax())]) if found.size else np.nan
            )
            if not abs(furthest - value * self.gain) <= self.tolerance:
                return say("a flat picture of {} becomes {:.4g}", value, furthest)
        return ""


class OddCheck(Check):
    """The answer to the picture seen in a mirror, left and right exchanged, is minus the mirrored answer, and not 0."""

    kind: ClassVar[str] = "odd"
    picture: SeededPicture

    def fault(self, trial: Trial) -> str:
        """Two ways to fail: no sign that turns, and no answer at all."""
        pixels = self.picture.pixels()
        found, mirrored = trial.run(pixels), trial.run(np.ascontiguousarray(pixels[..., ::-1]))
        scale = float(np.abs(found).max())
        if scale < 1e-4:
            return say("the answer is 0 everywhere")
        if np.abs(found + mirrored[..., ::-1]).max() <= 1e-4 * scale:
            return ""
        return say("the sign does not turn where left and right are exchanged")


class PeaksCheck(Check):
    """The largest values of the answer, one map as large as the picture, lie on the dots of pictures with dots."""

    kind: ClassVar[str] = "peaks"
    pictures: Pictures

    def fault(self, trial: Trial) -> str:
        """How many dots of the first picture with a miss are found."""
        for picture in self.pictures:
            _, height, width = picture.shape
            found = trial.run(picture.pixels())
            if found.shape != (1, height, width):
                texts = size_text(picture.shape), size_text(found.shape), size_text((1, height, width))
                return say("a picture of {} becomes {}, and should become {}", *texts)
            places = dot_places(np.random.default_rng(picture.seed), picture.shape)
            peaks = _peaks(found[0], len(places))
            hits = sum(any(max(abs(r - row), abs(c - col)) <= _NEAR for r, c in peaks) for row, col in places)
            if hits < len(places):
                return say(
                    "the {} largest peaks lie on {} dot(s) of a picture that you have not seen",
                    len(places),
                    hits,
                )
        return ""


def _peaks(values: Array, count: int) -> list[tuple[int, int]]:
    """The places of the largest values, each with its surroundings left out before the next is looked for."""
    left, places = np.array(values, np.float64), []
    for _ in range(count):
        row, col = (int(n) for n in np.unravel_index(left.argmax(), left.shape))
        places.append((row, col))
        left[max(row - _WIDE, 0) : row + _WIDE + 1, max(col - _WIDE, 0) : col + _WIDE + 1] = -np.inf
    return places


class AccuracyCheck(Check):
    """The share of labelled pictures, of those that training holds back, that get the largest score for their class.

    noise: the standard deviation of what is added to them, so that they are new.
    """

    kind: ClassVar[str] = "accuracy"
    classes: str
    least: float
    noise: float = 0.0

    def fault(self, trial: Trial) -> str:
        """The share."""
        data = read_classes(labelled()[self.classes])
        held = split(data, HELD, SEED)[1]
        rng = np.random.default_rng(SEED)
        pictures = data.x[held] + rng.normal(0, self.noise, data.x[held].shape).astype(np.float32)
        scores = trial.run(pictures).reshape(len(held), -1)
        if scores.shape[1] != len(data.labels):
            return say(
                "there are {} score(s) for a picture, and there should be one for each of {} classes",
                scores.shape[1],
                len(data.labels),
            )
        share = float((scores.argmax(1) == data.y[held]).mean())
        if share >= self.least:
            return ""
        return say(
            "{} % of the pictures get the right class, and {} % should",
            brief(100 * share),
            brief(100 * self.least),
        )
