"""The options of `filterlab learn`: what they are, and which of them go together."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import Any

from filterlab.cli.parser import number, path, whole_number
from filterlab.errors import ParameterError, shown
from filterlab.learning import options
from filterlab.learning.descent.optimizers import OPTIMIZER, OPTIMIZERS, asked_options, takes
from filterlab.learning.descent.schedules import SCHEDULE
from filterlab.learning.wishes import CONSTRAINT, CONSTRAINTS
from filterlab.parameters import Choice, Flag, Integer, Kind, Number, Parameter
from filterlab.text.messages import say

_ALWAYS = {"out", "overwrite", "json", "seed", "execute"}
_DESCENT = {"optimizer", "lr", "schedule", "constraint", "crop", *asked_options()}
_PICTURES = {"input", "target"}
_KERNEL = {"kernel", "bias", "padding", "padding_mode"}
# What is asked for, by the option that says so, and what may be said besides. The first that is given counts.
TASKS = {
    "classes": {"pipeline", "nodes", "size", "head", "validation", "epochs", "batch", *_DESCENT},
    "least_squares": {"ridge", "constraint", "gain", "register", *_PICTURES, *_KERNEL},
    "pipeline": {"nodes", "steps", "until_converged", "loss", *_PICTURES, *_DESCENT},
    "kernel": {"steps", "until_converged", "loss", *_PICTURES, *_KERNEL, *_DESCENT},
}
_OWN_RATE = ("lr", "schedule")  # lbfgs searches its own


def add_options(p: argparse.ArgumentParser) -> None:
    """Add them to a parser. What is not given is None, or False, or an empty list."""
    p.add_argument(
        "--out", metavar="FILE", type=path, required=True, help="the .json or .safetensors to write"
    )
    p.add_argument("--overwrite", action="store_true", help="replace FILE if it exists")
    p.add_argument("--json", action="store_true", help="print losses or accuracies as JSON")
    p.add_argument(
        "--constraint",
        metavar="WORD",
        action="append",
        default=[],
        help=f"{CONSTRAINT.doc[0].lower()}{CONSTRAINT.doc[1:]}: {', '.join(CONSTRAINTS)}; of least squares also "
        "sum=S, separable, sparse (as few weights as the target allows) and sparse=N; may be repeated",
    )
    _add_pictures(p.add_argument_group("from a picture and what became of it"))
    _add_classes(p.add_argument_group("from labelled pictures"))
    _add_descent(p.add_argument_group("gradient descent"))


def _add_pictures(p: Any) -> None:
    p.add_argument("--input", metavar="PICTURE", type=path, help="the picture before")
    p.add_argument("--target", metavar="PICTURE", type=path, help="the picture after")
    p.add_argument("--kernel", metavar="HxW", type=size, help="learn one kernel of this size, as 3x3")
    p.add_argument("--bias", action="store_true", help="and a bias")
    p.add_argument("--padding", metavar="P", help="valid (default), same, full or a number of cells")
    p.add_argument(
        "--padding-mode", metavar="MODE", help="what the padding holds: zeros (default), reflect, ..."
    )
    p.add_argument("--least-squares", action="store_true", help="solve for the kernel instead of descending")
    _declare(p, options.RIDGE, "default: 0", metavar="R")
    p.add_argument(
        "--gain",
        action="store_true",
        help="least squares: fit the camera's gain and offset, too, and hold the sum of the weights at 1",
    )
    p.add_argument(
        "--register",
        action="store_true",
        help="least squares: find the shift of the target, to a fraction of a pixel, and take it out (always where "
        "the sizes differ)",
    )
    p.add_argument("--pipeline", metavar="FILE", type=path, help="train this pipeline instead of one kernel")
    p.add_argument("--nodes", metavar="A,B", help="its nodes to train (default: all that have weights)")


def _add_classes(p: Any) -> None:
    p.add_argument(
        "--classes", metavar="DATA", type=path, help="a folder with a folder for each class, or a .npz file"
    )
    p.add_argument("--size", metavar="HxW", type=size, help="bring all pictures to this size")
    p.add_argument(
        "--head", choices=("linear", "average"), help="how the network ends (default: linear); or --pipeline"
    )
    _declare(p, options.VALIDATION, "default: 0.2", metavar="SHARE")
    _declare(p, options.EPOCHS, "default: 12", metavar="N")
    _declare(p, options.BATCH, "default: 32", metavar="N")


def _add_descent(p: Any) -> None:
    most = f"of two pictures; default: {options.USUAL}, with --until-converged {options.MANY}"
    _declare(p, options.STEPS, most, metavar="N")
    p.add_argument(
        "--until-converged",
        action="store_true",
        help="end where the gradient is level or the loss at rest, or say that it still falls after N steps",
    )
    usual = "default: adamw for classes, else lbfgs; with --lr, --schedule, --crop adam; with --momentum sgd"
    _declare(p, OPTIMIZER, usual)
    _declare(p, options.RATE, "default: one that suits the optimizer", metavar="RATE")
    _declare(p, options.LOSS, "of two pictures; default: mse")
    _declare(p, SCHEDULE, "default: constant; cosine for classes")
    for name, option in asked_options().items():
        _declare(p, option, ", ".join(o for o, kind in OPTIMIZERS.items() if takes(kind, name)))
    p.add_argument("--crop", metavar="HxW", type=size, help="each step sees random parts of this size")
    _declare(p, options.SEED, "default: 0", metavar="N", default=0)


def _declare(p: Any, parameter: Parameter, more: str, **settings: Any) -> None:
    """Add an option as it is declared; `more` is said in brackets after what it does."""
    kind = parameter.kind
    if isinstance(kind, Flag):
        settings["action"] = "store_true"
    elif isinstance(kind, Choice):
        settings["choices"] = kind.options
    else:
        settings = {"type": _reader(kind), "metavar": parameter.name[0].upper(), **settings}
    words = f"{parameter.doc[0].lower()}{parameter.doc[1:]} ({more})"
    p.add_argument(_spelt(parameter.name), help=words.replace("%", "%%"), **settings)


# -- values -----------------------------------------------------------------------------------------------


def _reader(kind: Kind) -> Callable[[str], Any]:
    """The function that reads the text of an option. Ranges are those of the kind; digits are only those of ASCII."""
    assert kind.minimum is not None, "an option of the command line is nowhere negative"
    if isinstance(kind, Integer):
        return whole_number(int(kind.minimum))
    assert isinstance(kind, Number), f"no text is read as {kind.editor}"
    assert kind.maximum is None or kind.open_maximum, "`number` leaves the upper end out"
    return number(kind.minimum, kind.maximum, above=kind.open_minimum)


def size(text: str) -> tuple[int, int]:
    """3x5 as (3, 5), 3 as (3, 3), for `type=`."""
    parts = re.split("[x×,]", text.strip().lower())
    if not 1 <= len(parts) <= 2 or not all(re.fullmatch("[1-9][0-9]{0,5}", part) for part in parts):
        raise argparse.ArgumentTypeError(f"{shown(text)} is not HEIGHTxWIDTH, as 3x3")
    return int(parts[0]), int(parts[-1])


# -- what goes together -----------------------------------------------------------------------------------


def task_of(arguments: argparse.Namespace) -> str:
    """Which of TASKS is asked for. Raises ParameterError for an option that would have no effect, or one missing."""
    given = {name for name, value in vars(arguments).items() if value not in (None, False, [])} - _ALWAYS
    task = next((name for name in TASKS if name in given), "")
    if not task:
        hint = say("as --kernel 3x3, or give --pipeline or --classes")
        raise ParameterError("--kernel is missing", "learn", hint, parameter="kernel")
    for name in sorted(given - TASKS[task] - {task}):
        others = " or ".join(_spelt(o) for o, known in TASKS.items() if name in known and o not in given)
        what = say("{} and {} do not go together", _spelt(task), _spelt(name))
        hint = (
            say("{} belongs to {}", _spelt(name), others)
            if others and name not in TASKS
            else say("leave one out")
        )
        raise ParameterError(what, "learn", hint, parameter=name)
    needed = set() if task == "classes" else {"input", "target", "kernel"} & {task, *TASKS[task]}
    for name in sorted(needed - given):
        raise ParameterError(say("{} is missing", _spelt(name)), "learn", "see --help", parameter=name)
    return task


def optimizer_of(arguments: argparse.Namespace, task: str) -> str:
    """The optimizer that is meant. Raises ParameterError where "lbfgs" is told what it does not know."""
    chosen: str | None = arguments.optimizer
    if chosen is not None and OPTIMIZERS[chosen].full_batch:
        if task == "classes":
            what = say("lbfgs sees all pictures at every step, which is no way to train on many")
            raise ParameterError(what, "learn", "choose adamw, adam or sgd", parameter="optimizer")
        for name in _OWN_RATE:
            if getattr(arguments, name) is not None:
                what = say("lbfgs and {} do not go together", _spelt(name))
                hint = say("it searches its own rate; choose another optimizer")
                raise ParameterError(what, "learn", hint, parameter=name)
    if chosen is not None:
        return chosen
    given = given_options(arguments)
    if given or task == "classes":
        # The first that takes what is given, the best for most networks before the others.
        preferred = ("adamw", "sgd", *OPTIMIZERS)
        return next((n for n in preferred if all(takes(OPTIMIZERS[n], o) for o in given)), "sgd")
    rated = any(getattr(arguments, name) is not None for name in (*_OWN_RATE, "crop"))
    return "adam" if rated else "lbfgs"


def given_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """The options of the optimizer that are given, by name."""
    found = {name: getattr(arguments, name) for name in asked_options()}
    return {name: value for name, value in found.items() if value is not None and value is not False}


def _spelt(name: str) -> str:
    return "--" + name.replace("_", "-")
