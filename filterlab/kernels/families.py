"""Families of kernels by a few parameters: banks of Gabor kernels, and steerable ones with their steering formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ParameterError, nearest, shown
from filterlab.kernels.design import choice, flag, number, size
from filterlab.kernels.edges import steerable, steerable_shape
from filterlab.kernels.texture import gabor
from filterlab.parameters import Integer, Parameter, bind, settings
from filterlab.text.messages import say

Numbers = NDArray[Any]
Recipe = dict[str, Any]

_DESIGNS = {"gabor": gabor, "steerable": steerable}
_SHOWN = 5e-5  # smaller factors are 0.0000 in a formula


@dataclass(frozen=True)
class Bank:
    """Kernels of one size, as the recipes of named kernels, by which files keep them.

    recipes: one after the other. steered: the angles in radians at which a steerable family is asked for; mixing: the
    weight (angles, kernels) of each kernel of the bank in the kernel of each of these angles, else None.
    """

    recipes: tuple[Recipe, ...]
    steered: tuple[float, ...] = ()
    mixing: Numbers | None = None

    @property
    def kernels(self) -> Numbers:
        """The numbers, float32 (kernels, h, w)."""
        return np.stack([_made(recipe) for recipe in self.recipes])

    def weight(self, channels: int = 1) -> list[list[Recipe]]:
        """The weight of a convolution with an output for each kernel, which sums over the input channels."""
        return [[dict(recipe)] * channels for recipe in self.recipes]

    def formulas(self) -> list[str]:
        """For each steered angle, the sum of kernels that is the kernel there."""
        if self.mixing is None:
            return []
        names = [f"G({_degrees(recipe['theta'])})" for recipe in self.recipes]
        rows = zip(self.steered, self.mixing, strict=True)
        return [f"G({_degrees(angle)}) = {_sum(row, names)}" for angle, row in rows]


def _degrees(angle: float) -> str:
    return f"{angle * 180 / pi:.4g}°"


def _sum(factors: Numbers, names: list[str]) -> str:
    text = ""
    for factor, name in zip(factors.tolist(), names, strict=True):
        if abs(factor) < _SHOWN:
            continue
        sign = (" − " if factor < 0 else " + ") if text else ("−" if factor < 0 else "")
        text += f"{sign}{abs(factor):.4f}·{name}"
    return text


def _made(recipe: Mapping[str, Any]) -> Numbers:
    return _DESIGNS[recipe["preset"]](**{k: v for k, v in recipe.items() if k != "preset"})


@dataclass(frozen=True)
class Family:
    """A family. Calling it with its parameters gives a `Bank`; as `Design` otherwise. Raises ParameterError."""

    name: str
    title: str
    source: str
    formula: str
    doc: str
    parameters: tuple[Parameter, ...]
    function: Callable[..., Bank] = field(repr=False)

    def __call__(self, /, **values: Any) -> Bank:
        where = f"family '{self.name}'"
        return self.function(**settings(self.parameters, bind(self.parameters, (), values, where), where))


def bank(name: Any, /, **parameters: Any) -> Bank:
    """The kernels of a family, "gabor" or "steerable". Raises ParameterError naming the legal values."""
    return family(name)(**parameters)


def family(name: Any) -> Family:
    """The family of a name. Raises ParameterError naming the nearest."""
    if isinstance(name, str) and name in FAMILIES:
        return FAMILIES[name]
    close = nearest(name, FAMILIES, 2)
    hint = say("did you mean {}?", ", ".join(close)) if close else say("one of {}", ", ".join(FAMILIES))
    raise ParameterError(say("there is no family {}", shown(name)), "family", hint, parameter="family")


def _gabor(
    size: tuple[int, int],
    angles: int,
    scales: int,
    sigma: float | None,
    ratio: float,
    waves: float,
    gamma: float,
    pairs: bool,
) -> Bank:
    recipes = []
    for width in _widths(size, sigma, scales, ratio):
        for step in range(angles):
            for psi in (0.0, pi / 2) if pairs else (0.0,):
                # As in the kernel itself: a wave of two cells or fewer is aliased.
                recipe = {"preset": "gabor", "size": _side(size), "theta": round(step * pi / angles, 9)}
                recipe |= {"sigma": round(width, 9), "wavelength": round(max(width * waves, 3.0), 9)}
                recipe |= {"gamma": gamma, "psi": round(psi, 9)}
                recipes.append(recipe)
    return Bank(tuple(recipes))


def _steerable(
    size: tuple[int, int], order: str, scales: int, sigma: float | None, ratio: float, angles: int
) -> Bank:
    count = int(order) + 1
    recipes, rows = [], []
    turns = tuple(step * pi / angles for step in range(angles))
    widths = _widths(size, sigma, scales, ratio)
    for place, width in enumerate(widths):
        basis = []
        for step in range(count):
            recipe = {"preset": "steerable", "size": _side(size), "theta": round(step * pi / count, 9)}
            basis.append(recipe | {"order": order, "sigma": round(width, 9)})
        mixed = steering(basis, turns)
        rows.append(np.pad(mixed, ((0, 0), (place * count, (len(widths) - 1 - place) * count))))
        recipes += basis
    mixing = np.concatenate(rows) if angles else None
    return Bank(tuple(recipes), turns * len(widths) if angles else (), mixing)


def steering(basis: list[Recipe], angles: tuple[float, ...]) -> Numbers:
    """The weight (angles, kernels) of each kernel of a steerable basis in that of each angle.

    A derivative of order n of a Gaussian is a sum of n + 1 of them, at angles θj = jπ / (n + 1), with the weights
    (1 / (n + 1)) · sum over m of cos(m (θ - θj)), m = n, n - 2, ..., -n (Freeman and Adelson: The design and use of
    steerable filters, 1991). Named kernels are scaled each by itself, which these weights take back.
    """
    order = int(basis[0]["order"])
    sizes = np.array([_size(recipe) for recipe in basis])
    harmonics = np.arange(-order, order + 1, 2)
    weights = []
    for angle in angles:
        turned = np.array([angle - recipe["theta"] for recipe in basis])
        shares = np.cos(np.outer(turned, harmonics)).sum(axis=1) / (order + 1)
        weights.append(shares * sizes / _size({**basis[0], "theta": angle}))
    return np.array(weights).reshape(len(angles), len(basis))


def _size(recipe: Recipe) -> float:
    """The sum of magnitudes that a named kernel was divided by, up to a factor that all angles share."""
    values = {k: v for k, v in recipe.items() if k != "preset"}
    side = values["size"]
    values["size"] = (side, side) if isinstance(side, int) else tuple(side)
    return float(np.abs(steerable_shape(**values)).sum())


def _widths(size: tuple[int, int], sigma: float | None, scales: int, ratio: float) -> list[float]:
    """The standard deviations of the scales, the finest first; by default the widest is a sixth of the shorter side."""
    finest = min(size) / 6 / ratio ** (scales - 1) if sigma is None else sigma
    return [finest * ratio**step for step in range(scales)]


def _side(size: tuple[int, int]) -> Any:
    return size[0] if size[0] == size[1] else list(size)


def _count(default: int, most: int, doc: str, least: int = 1) -> Parameter:
    return Parameter("", Integer(minimum=least, maximum=most, slider=(least, most)), doc, default)


def _declared(**parameters: Parameter) -> tuple[Parameter, ...]:
    return tuple(replace(parameter, name=name) for name, parameter in parameters.items())


_SIGMA = number(
    None,
    "Standard deviation of the finest scale; by default the widest is a sixth of the shorter side.",
    0.1,
    100,
    (0.5, 10),
    "cells",
)
_RATIO = number(2.0, "Width of each scale over that of the finer one before it.", 1.01, 10, (1.1, 4))
_SCALES = _count(1, 8, "Number of widths.")

FAMILIES = {
    one.name: one
    for one in (
        Family(
            "gabor",
            "Gabor bank",
            "Daugman 1985; Jain and Farrokhnia 1991",
            "a Gabor kernel for each of angles x scales, the angles evenly from 0 to 180 degrees",
            "Waves under Gaussian envelopes, of evenly spaced directions and of widths that grow by a ratio.",
            _declared(
                size=size(15, 3),
                angles=_count(4, 36, "Number of directions."),
                scales=_SCALES,
                sigma=_SIGMA,
                ratio=_RATIO,
                waves=number(
                    2.0,
                    "Wavelength over the standard deviation; no wave is shorter than 3 cells.",
                    0.5,
                    20,
                    (1, 9),
                ),
                gamma=number(
                    0.5, "Width across the stripes, divided by the length along them.", 0.01, 10, (0.1, 2)
                ),
                pairs=flag(False, "Each with its odd partner, a quarter of a wave on."),
            ),
            _gabor,
        ),
        Family(
            "steerable",
            "Steerable bank",
            "Freeman and Adelson 1991",
            "order n: G(θ) = sum over j = 0..n of k_j(θ) G(jπ / (n + 1)), "
            "k_j(θ) = (1 / (n + 1)) sum over m = -n, 2 - n, ..., n of cos(m (θ - jπ / (n + 1)))",
            "The few derivatives of a Gaussian of which every other direction is a stated sum.",
            _declared(
                size=size(9, 3),
                order=choice(("1", "2", "3", "4"), "Order of the derivative.", "2"),
                scales=_SCALES,
                sigma=_SIGMA,
                ratio=_RATIO,
                angles=_count(0, 36, "Number of directions that are steered to; 0 for the bank alone.", 0),
            ),
            _steerable,
        ),
    )
}
