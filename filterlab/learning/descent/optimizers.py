"""Optimizers: update rules of gradient descent as torch.optim states them, and L-BFGS.

An optimizer is one class: its name, its words, its options, and what it does. Defining the class registers it; `learn`,
the command line and the learning panel read the declarations.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, ClassVar, TypeVar

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.learning.options import RATE
from filterlab.parameters import (
    Choice,
    Flag,
    Integer,
    Number,
    NumberPair,
    Parameter,
    bind,
    is_number,
    settings,
)
from filterlab.text.messages import say

K = TypeVar("K", bound=Hashable)

MOMENTUM = Parameter(
    "momentum",
    # No upper end, as in PyTorch: from 1 on old steps never fade, and whether that diverges depends on the task.
    Number(minimum=0, slider=(0, 0.99)),
    "The share of the previous step that is carried on, usually below 1",
    0.0,
    title="Momentum",
)
NESTEROV = Parameter(
    "nesterov", Flag(), "Evaluate the gradient ahead, by the momentum (Nesterov)", False, title="Nesterov"
)
DAMPENING = Parameter("dampening", Number(), "The share of the gradient that is left out", 0.0, advanced=True)
EPSILON = Parameter("eps", Number(minimum=0), "Added to what is divided by", 1e-8, advanced=True)


def decay(default: float = 0.0) -> Parameter:
    """The option of weight decay, whose default differs between optimizers."""
    kind = Number(minimum=0)
    return Parameter("weight_decay", kind, "Pulls the weights towards zero", default, title="Weight decay")


OPTIMIZERS: dict[str, type[Optimizer]] = {}  # by name, in the order of definition


class Optimizer:
    """Base of all. The options are read by their declarations and become attributes.

    title, sentence: what the window calls it, and what it does. full_batch: it sees all pictures at every step and
    searches its own rate, so that rate, schedule, batch and crop mean nothing to it.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    sentence: ClassVar[str]
    options: ClassVar[tuple[Parameter, ...]] = ()
    full_batch: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        if "name" in cls.__dict__:  # bases that several optimizers share have none
            OPTIMIZERS[cls.name] = cls

    def __init__(self, /, **options: Any) -> None:
        bound = bind(self.options, (), options, self.name, "there is no option {}")
        vars(self).update(settings(self.options, bound, self.name))


class Rule(Optimizer):
    """An update rule: called once a step with the parameters and their gradients, two mappings with the same keys.

    It returns the new parameters, and keeps what it has to remember. `lr` may be changed between steps.
    """

    def __init__(self, lr: float, /, **options: Any) -> None:
        self.lr: float = RATE.read(lr, self.name)
        super().__init__(**options)

    def __call__(self, values: Mapping[K, Array], gradients: Mapping[K, Array]) -> dict[K, Array]:
        return {key: self._update(key, value, gradients[key]) for key, value in values.items()}

    def _update(self, key: Hashable, value: Array, gradient: Array) -> Array:
        """The new value of one parameter. Raises NotImplementedError in this base."""
        raise NotImplementedError(type(self).__name__)


class SGD(Rule):
    """p -= lr * d, where d is the gradient, or its running sum with `momentum`; Sutskever et al. 2013."""

    name, title = "sgd", "gradient descent"
    sentence = "Steps against the gradient, with momentum where it is set"
    options = (MOMENTUM, NESTEROV, decay(), DAMPENING)
    momentum: float
    nesterov: bool
    weight_decay: float
    dampening: float

    def __init__(self, lr: float, /, **options: Any) -> None:
        # 0 and 1 too, as in PyTorch. Words stay refused: "no" would be true.
        if is_number(options.get("nesterov")):
            options["nesterov"] = bool(options["nesterov"])
        super().__init__(lr, **options)
        if self.nesterov and (self.momentum == 0 or self.dampening != 0):
            what = say("nesterov needs momentum without dampening")
            hint = say("set a momentum above 0 and dampening 0")
            raise ParameterError(what, self.name, hint, parameter="nesterov")
        self._sums: dict[Hashable, Array] = {}

    def _update(self, key: Hashable, value: Array, gradient: Array) -> Array:
        return value - self.lr * self._direction(key, value, gradient)

    def _direction(self, key: Hashable, value: Array, gradient: Array) -> Array:
        if self.weight_decay:
            gradient = gradient + self.weight_decay * value
        if not self.momentum:
            return gradient
        if key in self._sums:
            self._sums[key] = self.momentum * self._sums[key] + (1 - self.dampening) * gradient
        else:
            # The first sum is the gradient itself, without dampening, as in PyTorch.
            self._sums[key] = gradient
        return gradient + self.momentum * self._sums[key] if self.nesterov else self._sums[key]


class Adam(Rule):
    """Running mean and square of the gradient, corrected for their start at zero; Kingma and Ba 2015."""

    name, title = "adam", "Adam"
    sentence = "Adapts the learning rate of each weight; Kingma and Ba 2015"
    options = (
        decay(),
        Parameter(
            "betas",
            NumberPair(minimum=0, maximum=1, open_maximum=True),
            "How much of themselves the running mean and the running square keep at each step",
            (0.9, 0.999),
            advanced=True,
        ),
        EPSILON,
    )
    decoupled: ClassVar[bool] = False  # the decay is part of the gradient, and is scaled as it is
    weight_decay: float
    betas: tuple[float, float]
    eps: float

    def __init__(self, lr: float, /, **options: Any) -> None:
        super().__init__(lr, **options)
        self._means: dict[Hashable, Array] = {}
        self._squares: dict[Hashable, Array] = {}
        self._steps = 0

    def __call__(self, values: Mapping[K, Array], gradients: Mapping[K, Array]) -> dict[K, Array]:
        self._steps += 1
        return super().__call__(values, gradients)

    def _update(self, key: Hashable, value: Array, gradient: Array) -> Array:
        if self.decoupled:
            # From the weights before the step, as in PyTorch, so that the decay does not depend on the gradient's
            # scale.
            value = value * (1 - self.lr * self.weight_decay)
        elif self.weight_decay:
            gradient = gradient + self.weight_decay * value
        first, second = self.betas
        mean = first * self._means.get(key, np.zeros_like(value)) + (1 - first) * gradient
        square = second * self._squares.get(key, np.zeros_like(value)) + (1 - second) * gradient**2
        self._means[key], self._squares[key] = mean, square
        # Epsilon is added after the correction of the root, as in PyTorch; the paper's other form gives other first
        # steps.
        scale = np.sqrt(square) / (1 - second**self._steps) ** 0.5 + self.eps
        return value - self.lr / (1 - first**self._steps) * mean / scale


class AdamW(Adam):
    """Adam whose weight decay is taken from the weights themselves; Loshchilov and Hutter 2019."""

    name, title = "adamw", "AdamW"
    sentence = "Adam with the decay taken from the weights themselves"
    options = (decay(0.01), *Adam.options[1:])
    decoupled = True


class RMSprop(Rule):
    """The gradient over the root of its running square; Tieleman and Hinton 2012."""

    name, title = "rmsprop", "RMSprop"
    sentence = "The gradient over the root of its running square"
    options = (
        MOMENTUM,
        decay(),
        Parameter(
            "alpha",
            Number(minimum=0, maximum=1),
            "How much of itself the running square keeps at each step",
            0.99,
            advanced=True,
        ),
        EPSILON,
    )
    momentum: float
    weight_decay: float
    alpha: float
    eps: float

    def __init__(self, lr: float, /, **options: Any) -> None:
        super().__init__(lr, **options)
        self._squares: dict[Hashable, Array] = {}
        self._sums: dict[Hashable, Array] = {}

    def _update(self, key: Hashable, value: Array, gradient: Array) -> Array:
        if self.weight_decay:
            gradient = gradient + self.weight_decay * value
        square = self.alpha * self._squares.get(key, np.zeros_like(value)) + (1 - self.alpha) * gradient**2
        self._squares[key] = square
        # Epsilon outside of the root, as in PyTorch; TensorFlow has it inside.
        direction = gradient / (np.sqrt(square) + self.eps)
        if self.momentum:
            direction = self._sums[key] = (
                self.momentum * self._sums.get(key, np.zeros_like(value)) + direction
            )
        return value - self.lr * direction


class LBFGS(Optimizer):
    """Limited-memory BFGS: a quasi-Newton descent for few parameters and full batches; see `lbfgs`."""

    name, title = "lbfgs", "L-BFGS"
    sentence = "Chooses its own step size: for few weights and whole pictures"
    options = (
        Parameter(
            "history", Integer(minimum=0), "Steps from which the curvature is estimated", 10, advanced=True
        ),
    )
    full_batch = True
    history: int


# Below all classes, which enter `OPTIMIZERS` as they are defined; a test compares the two.
OPTIMIZER = Parameter(
    "optimizer",
    Choice(
        options=tuple(OPTIMIZERS),
        titles=tuple(kind.title for kind in OPTIMIZERS.values()),
        sentences=tuple(kind.sentence for kind in OPTIMIZERS.values()),
    ),
    "How the weights are updated from the gradient",
    "sgd",
    title="Optimizer",
)


def optimizer_type(name: str) -> type[Optimizer]:
    """The optimizer of a name. Raises ParameterError naming all of them."""
    if name not in OPTIMIZERS:
        hint = say("one of {}", ", ".join(OPTIMIZERS))
        raise ParameterError(say("there is no optimizer {!r}", name), "learn", hint, parameter="optimizer")
    return OPTIMIZERS[name]


def asked_options() -> dict[str, Parameter]:
    """The options that forms and commands ask for, by name, each as the first optimizer that has it declares it."""
    found: dict[str, Parameter] = {}
    for kind in OPTIMIZERS.values():
        for option in kind.options:
            if not option.advanced:
                found.setdefault(option.name, option)
    return found


def takes(kind: type[Optimizer], option: str) -> bool:
    """Return whether an optimizer has an option of that name."""
    return any(p.name == option for p in kind.options)
