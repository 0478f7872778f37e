"""Kernels as planes to be looked at: those of a split layer beside what they were, and those of a bank."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.explain.drawing.sights import NumberPlane, Sight
from filterlab.functional.arrays import Array
from filterlab.images.display import display_range
from filterlab.kernels.families import Bank
from filterlab.merging.splitting import Split
from filterlab.text.messages import say

_WEIGHTS = "BrBG"
_MOST = 4  # kernels of a split layer that are shown, those with the largest errors first


def kernels_sight(split: Split[Any]) -> Sight:
    """Kernels as they were and as the new layers have them, in one range."""
    both = (_flat(split.wanted), say("before")), (_flat(split.made), say("after"))
    return _signed([NumberPlane(planes[i], title) for i in _worst(split) for planes, title in both])


def error_sight(split: Split[Any]) -> Sight:
    """What the new kernels have too much or too little, in a range of its own."""
    apart = _flat(split.made - split.wanted)
    return _signed([NumberPlane(apart[number], say("after − before")) for number in _worst(split)])


def bank_sight(bank: Bank) -> Sight:
    """The kernels of a bank, each in its own range: those of wide scales have small numbers."""
    kernels = bank.kernels
    largest = np.abs(kernels).max(axis=(1, 2), keepdims=True)
    return _signed([NumberPlane(kernel, "") for kernel in kernels / np.where(largest > 0, largest, 1)])


def _flat(kernels: Array) -> Array:
    return kernels.reshape(-1, *kernels.shape[2:])


def _worst(split: Split[Any]) -> list[int]:
    """The kernels with the largest errors, in their order."""
    errors = ((_flat(split.made) - _flat(split.wanted)) ** 2).sum(axis=(1, 2))
    return sorted(np.argsort(-errors, kind="stable")[:_MOST].tolist())


def _signed(planes: list[NumberPlane]) -> Sight:
    numbers = np.concatenate([plane.values.ravel() for plane in planes])
    return Sight(tuple(planes), display_range(numbers, "symmetric"), _WEIGHTS)
