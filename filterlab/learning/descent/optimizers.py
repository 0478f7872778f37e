"""Update rules of gradient descent, as torch.optim states them.

A rule is made by name with its options, and called once a step with the parameters and their gradients, both
dictionaries with the same keys; it returns the new parameters and keeps what it must remember.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Protocol

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.learning.ranges import INFINITY, decay, number, rate
from filterlab.text.messages import say

Values = Mapping[Hashable, Array]


class SGD:
    """p -= lr * d, where d is the gradient, or its running sum with `momentum`; Sutskever et al. 2013."""

    def __init__(
        self,
        lr: float,
        *,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        self.lr, self.nesterov = rate(lr, "sgd"), bool(nesterov)
        self.momentum = number(momentum, "momentum", "sgd")
        self.dampening = number(dampening, "dampening", "sgd", -INFINITY)
        self.weight_decay = number(weight_decay, "weight_decay", "sgd")
        if nesterov and (self.momentum == 0 or self.dampening != 0):
            what, hint = (
                say("nesterov needs momentum without dampening"),
                say("set a momentum above 0 and dampening 0"),
            )
            raise ParameterError(what, "sgd", hint, parameter="nesterov")
        self._sums: dict[Hashable, Array] = {}

    def __call__(self, values: Values, gradients: Values) -> dict[Hashable, Array]:
        return {
            key: value - self.lr * self._direction(key, value, gradients[key])
            for key, value in values.items()
        }

    def _direction(self, key: Hashable, value: Array, gradient: Array) -> Array:
        if self.weight_decay:
            gradient = gradient + self.weight_decay * value
        if not self.momentum:
            return gradient
        if key in self._sums:
            self._sums[key] = self.momentum * self._sums[key] + (1 - self.dampening) * gradient
        else:
            self._sums[key] = gradient
        return gradient + self.momentum * self._sums[key] if self.nesterov else self._sums[key]


class Adam:
    """Running mean and square of the gradient, corrected for their start at zero; Kingma and Ba 2015."""

    name = "adam"
    decoupled = False  # weight decay is added to the gradient
    decay = 0.0

    def __init__(
        self,
        lr: float,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float | None = None,
    ) -> None:
        self.lr, self.betas = rate(lr, self.name), _two(betas, self.name)
        self.eps = number(eps, "eps", self.name)
        given = self.decay if weight_decay is None else weight_decay
        self.weight_decay = number(given, "weight_decay", self.name)
        self._means: dict[Hashable, Array] = {}
        self._squares: dict[Hashable, Array] = {}
        self._steps = 0

    def __call__(self, values: Values, gradients: Values) -> dict[Hashable, Array]:
        self._steps += 1
        return {key: self._update(key, value, gradients[key]) for key, value in values.items()}

    def _update(self, key: Hashable, value: Array, gradient: Array) -> Array:
        if self.decoupled:
            value = value * (1 - self.lr * self.weight_decay)
        elif self.weight_decay:
            gradient = gradient + self.weight_decay * value
        first, second = self.betas
        mean = first * self._means.get(key, np.zeros_like(value)) + (1 - first) * gradient
        square = second * self._squares.get(key, np.zeros_like(value)) + (1 - second) * gradient**2
        self._means[key], self._squares[key] = mean, square
        scale = np.sqrt(square) / (1 - second**self._steps) ** 0.5 + self.eps
        return value - self.lr / (1 - first**self._steps) * mean / scale


class AdamW(Adam):
    """Adam with the weight decay (0.01 if not given) taken from the weights; Loshchilov and Hutter 2019."""

    name = "adamw"
    decoupled = True
    decay = 0.01


class RMSprop:
    """The gradient over the root of its running square; Tieleman and Hinton 2012."""

    def __init__(
        self,
        lr: float,
        *,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
    ) -> None:
        self.lr, self.alpha = rate(lr, "rmsprop"), number(alpha, "alpha", "rmsprop", 0, 1)
        self.eps = number(eps, "eps", "rmsprop")
        self.weight_decay = number(weight_decay, "weight_decay", "rmsprop")
        self.momentum = number(momentum, "momentum", "rmsprop")
        self._squares: dict[Hashable, Array] = {}
        self._sums: dict[Hashable, Array] = {}

    def __call__(self, values: Values, gradients: Values) -> dict[Hashable, Array]:
        return {key: self._update(key, value, gradients[key]) for key, value in values.items()}

    def _update(self, key: Hashable, value: Array, gradient: Array) -> Array:
        if self.weight_decay:
            gradient = gradient + self.weight_decay * value
        square = self.alpha * self._squares.get(key, np.zeros_like(value)) + (1 - self.alpha) * gradient**2
        self._squares[key] = square
        direction = gradient / (np.sqrt(square) + self.eps)
        if self.momentum:
            direction = self._sums[key] = (
                self.momentum * self._sums.get(key, np.zeros_like(value)) + direction
            )
        return value - self.lr * direction


def _two(betas: Any, where: str) -> tuple[float, float]:
    """How much the running mean and the running square keep."""
    try:
        first, second = betas
    except (TypeError, ValueError):
        hint = say("give two numbers, as (0.9, 0.999)")
        raise ParameterError(say("betas is {!r}", betas), where, hint, parameter="betas") from None
    return decay(first, "betas", where), decay(second, "betas", where)


class Rule(Protocol):
    """One step from values and gradients to new values; `lr` may be changed between steps."""

    lr: float

    def __call__(self, values: Any, gradients: Any) -> Any: ...


RULES: dict[str, type] = {"sgd": SGD, "adam": Adam, "adamw": AdamW, "rmsprop": RMSprop}


def check_options(
    name: str, made: Callable[..., Any], options: Mapping[str, Any], known: Iterable[str]
) -> None:
    """Raise ParameterError for an option that `made` does not take, or that is `known` to be given otherwise."""
    legal = [p for p in inspect.signature(made).parameters if p not in known]
    for key in options:
        if key not in legal:
            hint = say("allowed: {}", ", ".join(legal))
            raise ParameterError(say("there is no option {!r}", key), name, hint, parameter=key)


def make_rule(name: str, lr: float, options: Mapping[str, Any]) -> Rule:
    """The rule of one of the names in RULES. Raises ParameterError for an unknown option or a value out of range."""
    kind = RULES[name]
    check_options(name, kind, options, known=("lr",))
    rule: Rule = kind(lr, **options)
    return rule
