"""What is to be restored, and how: the answers of the form as one value. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from itertools import chain
from typing import TYPE_CHECKING, Any

from filterlab.errors import ParameterError
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.course import Cancel, Report
from filterlab.images.statistics import Statistics, statistics
from filterlab.images.views import MapView
from filterlab.learning.fit.blurring import BlurredPair, blur_of, blurred_by
from filterlab.pipeline import Pipeline
from filterlab.text.messages import say

if TYPE_CHECKING:
    from filterlab.functional.arrays import Array
    from filterlab.restoration.results import Restoration

OPEN, OUTPUT, TARGET = "open", "output", "target"  # the blurred pictures


@dataclass(frozen=True, eq=False)
class LearnedKernel:
    """What was learned last: the pipeline at the step shown, and the nodes whose kernels may have blurred a picture.

    run: stands for the run of learning. pair: finds the picture that was learned from and what the output was to match,
    as far as one lies over the other; None where that is not the output of the one node that has learned. picture: the
    whole picture.
    """

    pipeline: Pipeline
    nodes: tuple[str, ...] = ()
    run: object = None
    pair: Callable[[Cancel], tuple[Array, MapView]] | None = None
    picture: Picture | None = None


@dataclass(frozen=True, eq=False)
class RestoreBegun:
    """The first item of a run: both pictures, as far as they are known."""

    pair: BlurredPair


@dataclass(frozen=True, eq=False)
class RestoreStep:
    """The restoration after an iteration.

    gain: by how many decibels it is nearer to the truth than the blurred picture, None where that is not known. doubt:
    the statistics of its uncertainty, None where it has none.
    """

    found: Restoration
    gain: float | None
    doubt: Statistics | None


@dataclass(frozen=True, eq=False)
class RestorePlan:
    """Everything that a run depends on.

    source: which picture was blurred: OPEN for the open one, OUTPUT for what the node makes of it, TARGET for that from
    which the kernel was learned. truth: the picture before, from a file; known: take what the node reads instead.
    """

    pipeline: Pipeline
    picture: Picture | None
    node: str
    source: str
    learned: LearnedKernel
    truth: Picture | None = None
    known: bool = False
    method: str = "tv"
    border: str = "unknown"
    noise: float | None = None
    strength: float | None = None
    iterations: int | None = None

    def check(self) -> None:
        """Raise FilterLabError where something is missing."""
        if self.picture is None:
            raise ParameterError("there is no picture", "restore", "open one", parameter="picture")
        if not self.node:
            what = say("there is no kernel that may have blurred the picture")
            hint = say("add a Filter2d with it, or learn it from a picture before and after")
            raise ParameterError(what, "restore", hint, parameter="kernel")
        _ = self.blur

    def course(self, cancel: Cancel, report: Report) -> Iterator[RestoreBegun | RestoreStep]:
        """The pictures, and then the iterations; the last one has stopped. Raises FilterLabError, Cancelled."""
        # It brings Fourier transforms with it, for which the start of the program need not wait.
        from filterlab.restoration.restoring import restore_steps

        kernel, added = self.blur
        pair = self._pair(cancel)
        pair.check()
        steps = restore_steps(pair.after, kernel, bias=added, cancel=cancel, **self.options)
        # It checks what it is given with the first step: a run that is refused has not begun.
        first = next(steps)
        yield RestoreBegun(pair)
        for found in chain([first], steps):
            doubt = None if found.uncertainty is None else statistics(found.uncertainty)
            yield RestoreStep(found, pair.gain(found.image), doubt)

    @property
    def blur(self) -> tuple[Array, Array]:
        """The kernel that is undone, and what the layer adds to the channels, as `blur_of`."""
        return blur_of(self.pipeline[self.node])

    def answers(self) -> dict[str, Any]:
        """Those of the options that were chosen."""
        usual = {field.name: field.default for field in fields(self)}
        return {name: value for name, value in self.options.items() if value != usual[name]}

    @property
    def options(self) -> dict[str, Any]:
        """The arguments of `restore` besides picture and kernel."""
        names = ("method", "border", "noise", "strength", "iterations")
        return {name: getattr(self, name) for name in names}

    def _pair(self, cancel: Cancel) -> BlurredPair:
        made = self._made(cancel)
        truth = made.before if self.known else None
        return BlurredPair(truth if self.truth is None else self.truth.pixels, made.after)

    def _made(self, cancel: Cancel) -> BlurredPair:
        """The blurred picture, and what it was made of where the program knows that."""
        assert self.picture is not None, "the plan was checked"
        if self.source == OPEN:
            return BlurredPair(None, self.picture.pixels)
        if self.source == OUTPUT:
            return blurred_by(self.pipeline, self.node, self.picture.pixels, cancel)
        assert self.learned.pair is not None, "it is offered only where there is one"
        before, after = self.learned.pair(cancel)
        return BlurredPair(before, after.array)
