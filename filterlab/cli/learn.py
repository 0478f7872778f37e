"""`filterlab learn`: a kernel from a picture and what became of it, a pipeline's weights, or a classifier."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from filterlab import cli
from filterlab.cli.parser import path
from filterlab.errors import FileError, ParameterError
from filterlab.files import atomic_write

_EPILOG = """
Examples: filterlab learn --input a.png --target b.png --kernel 5x5 --least-squares --out k.json;
filterlab learn --input a.png --target b.png --pipeline net.json --nodes conv1,conv2 --optimizer adam --out net2.json;
filterlab learn --classes FOLDER --epochs 12 --out digits.json, where FOLDER holds a folder of pictures for each class.
"""
LOSSES = ("sse", "mse", "l1")
OPTIMIZERS = ("sgd", "adam", "adamw", "rmsprop", "lbfgs")
SCHEDULES = ("constant", "step", "exponential", "cosine")
CONSTRAINTS = ("zero_sum", "unit_sum", "symmetric", "nonnegative")


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("learn", help="learn kernels from pictures", description=__doc__, epilog=_EPILOG)
    p.add_argument(
        "--out", metavar="FILE", type=path, required=True, help="the .json or .safetensors to write"
    )
    p.add_argument("--overwrite", action="store_true", help="replace FILE if it exists")
    _add_task(p.add_argument_group("what is learned"))
    _add_descent(p.add_argument_group("gradient descent"))
    p.set_defaults(execute=execute)


def _add_task(p: Any) -> None:
    p.add_argument("--input", metavar="PICTURE", type=path, help="the picture before")
    p.add_argument("--target", metavar="PICTURE", type=path, help="the picture after")
    p.add_argument("--kernel", metavar="HxW", type=_size, help="size of the kernel, as 3x3")
    p.add_argument("--bias", action="store_true", help="learn a bias besides the kernel")
    p.add_argument("--padding", default="valid", help="valid (default), same, full or a number of cells")
    p.add_argument(
        "--padding-mode", default="zeros", help="what the padding holds: zeros (default), reflect, ..."
    )
    p.add_argument("--least-squares", action="store_true", help="solve for the kernel instead of descending")
    p.add_argument(
        "--ridge", metavar="R", type=float, default=0.0, help="least squares: the price of large weights"
    )
    p.add_argument(
        "--pipeline", metavar="FILE", type=path, help="train this pipeline instead of a single kernel"
    )
    p.add_argument(
        "--nodes", metavar="A,B", default="", help="its nodes to train (default: all with weights)"
    )
    p.add_argument(
        "--classes", metavar="DATA", type=path, help="a folder of class folders, or a .npz: a classifier"
    )
    p.add_argument("--size", metavar="HxW", type=_size, help="classes: bring all pictures to this size")
    p.add_argument(
        "--head", choices=("linear", "average"), default="linear", help="classes: how the network ends"
    )
    p.add_argument(
        "--validation", metavar="SHARE", type=float, default=0.2, help="classes: held back (default 0.2)"
    )


def _add_descent(p: Any) -> None:
    p.add_argument("--steps", metavar="N", type=int, default=300, help="default: 300")
    p.add_argument(
        "--epochs", metavar="N", type=int, default=12, help="classes: passes over them (default: 12)"
    )
    p.add_argument(
        "--optimizer", choices=OPTIMIZERS, help="default: lbfgs; adamw for classes and with --batch or --crop"
    )
    p.add_argument(
        "--lr", metavar="RATE", type=float, help="learning rate (default: one that suits the optimizer)"
    )
    p.add_argument("--loss", choices=LOSSES, default="mse", help="default: mse")
    p.add_argument(
        "--schedule", choices=SCHEDULES, help="of the rate (default: constant; cosine for classes)"
    )
    p.add_argument("--constraint", choices=CONSTRAINTS, action="append", default=[], help="may be repeated")
    p.add_argument("--momentum", metavar="M", type=float, help="sgd and rmsprop")
    p.add_argument("--weight-decay", metavar="D", type=float, help="all but lbfgs")
    p.add_argument("--batch", metavar="N", type=int, help="pictures a step (classes: default 32)")
    p.add_argument("--crop", metavar="HxW", type=_size, help="learn from random parts of this size")
    p.add_argument("--seed", metavar="N", type=int, default=0, help="default: 0")


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises FilterLabError where it is wrong or the loss runs away."""
    _check_out(arguments)
    if arguments.classes is not None:
        _forbid(arguments, "--classes", ("input", "target", "kernel", "pipeline"))
        pipeline, told = _classes(arguments)
    else:
        for name in ("input", "target"):
            if getattr(arguments, name) is None:
                raise ParameterError(f"--{name} is missing", "learn", "or give --classes", parameter=name)
        pipeline, told = _pictures(arguments)
    with atomic_write(arguments.out, overwrite=arguments.overwrite) as temporary:
        pipeline.save(temporary)
    print(f"{told}: {arguments.out}")
    return cli.DONE


def _check_out(arguments: argparse.Namespace) -> None:
    """What would go wrong in the end is said before the work begins."""
    out: Path = arguments.out
    if out.suffix not in (".json", ".safetensors"):
        raise FileError(f"the suffix {out.suffix!r} is not known", str(out), "use .json or .safetensors")
    if out.exists() and not arguments.overwrite:
        raise FileError("exists", str(out), "choose another name, or --overwrite")
    if not out.parent.is_dir():
        raise FileError("its folder does not exist", str(out), f"make the folder {out.parent} first")


def _forbid(arguments: argparse.Namespace, chosen: str, others: tuple[str, ...]) -> None:
    for name in others:
        if getattr(arguments, name) is not None:
            raise ParameterError(f"{chosen} and --{name} do not go together", "learn", parameter=name)


# -- from two pictures ------------------------------------------------------------------------------------


def _pictures(arguments: argparse.Namespace) -> tuple[Any, str]:
    from filterlab.images import read_image

    picture, target = read_image(arguments.input), read_image(arguments.target)
    if arguments.pipeline is None and arguments.kernel is None:
        raise ParameterError(
            "--kernel is missing", "learn", "as --kernel 3x3, or give --pipeline", parameter="kernel"
        )
    if arguments.least_squares:
        _forbid(arguments, "--least-squares", ("pipeline",))
        return _least_squares(arguments, picture, target)
    if arguments.pipeline is not None:
        _forbid(arguments, "--pipeline", ("kernel",))
        from filterlab.pipeline import Pipeline

        return _descend(arguments, Pipeline.load(arguments.pipeline), picture, target)
    return _descend(
        arguments, _kernel(arguments, picture, target), picture, _inner(arguments, picture, target)
    )


def _least_squares(arguments: argparse.Namespace, picture: Any, target: Any) -> tuple[Any, str]:
    from filterlab.pipeline.fitting import fit_kernel

    border = {"padding": _padding(arguments.padding), "padding_mode": arguments.padding_mode}
    fit = fit_kernel(picture, target, arguments.kernel, arguments.bias, ridge=arguments.ridge, **border)
    if fit.note:
        cli.say(fit.note)
    told = f"residual {fit.residual:.3g}, R2 {fit.r2:.6f}, condition {fit.condition:.3g}"
    return _single(arguments, fit.weight, fit.bias), told


def _single(arguments: argparse.Namespace, weight: Any, bias: Any) -> Any:
    """The pipeline of one convolution."""
    from filterlab.layers.registry import layer_type
    from filterlab.pipeline import Pipeline

    options = {"padding": _padding(arguments.padding), "padding_mode": arguments.padding_mode}
    if bias is not None:
        options["bias"] = bias
    return Pipeline([("learned", layer_type("conv2d")(weight=weight, **options))])


def _kernel(arguments: argparse.Namespace, picture: Any, target: Any) -> Any:
    """A convolution of the right shape to begin with, at zero: the loss of one layer has no other hollow."""
    shape = [len(target), len(picture), *arguments.kernel]
    bias = {"init": "zeros", "shape": [len(target)]} if arguments.bias else None
    return _single(arguments, {"init": "zeros", "shape": shape}, bias)


def _inner(arguments: argparse.Namespace, picture: Any, target: Any) -> Any:
    """Of a target in the picture's size, what windows without padding give."""
    height, width = (n - k + 1 for n, k in zip(picture.shape[1:], arguments.kernel, strict=True))
    if arguments.padding != "valid" or target.shape[1:] != picture.shape[1:] or min(height, width) < 1:
        return target
    top, left = ((k - 1) // 2 for k in arguments.kernel)
    return target[:, top : top + height, left : left + width]


def _descend(arguments: argparse.Namespace, pipeline: Any, picture: Any, target: Any) -> tuple[Any, str]:
    from filterlab.cli.watching import watched
    from filterlab.pipeline.curvature import suggest_rate
    from filterlab.pipeline.learning import learn

    optimizer = arguments.optimizer or ("lbfgs" if arguments.batch is arguments.crop is None else "adamw")
    nodes = [name for name in arguments.nodes.split(",") if name] or None
    pairs, rate = [(picture, target)], arguments.lr
    if rate is None and optimizer == "sgd":
        rate = suggest_rate(pipeline, pairs, nodes=nodes, loss=arguments.loss)
    steps = learn(
        pipeline,
        pairs,
        nodes=nodes,
        loss=arguments.loss,
        optimizer=optimizer,
        lr=1e-2 if rate is None else rate,
        steps=arguments.steps,
        seed=arguments.seed,
        batch=arguments.batch,
        crop=arguments.crop,
        schedule=arguments.schedule or "constant",
        constraints=arguments.constraint,
        **_options(arguments),
    )
    first = last = None
    with watched("steps", arguments.steps) as tell:
        for step in steps:
            first, last = first or step, step
            tell(step.index + 1, f"loss {step.loss:.4g}")
    if first is None or last is None:
        return pipeline, "nothing to learn"
    return last.pipeline, f"{last.index + 1} steps, loss {first.loss:.4g} to {last.loss:.4g}"


def _options(arguments: argparse.Namespace) -> dict[str, Any]:
    given = {"momentum": arguments.momentum, "weight_decay": arguments.weight_decay}
    return {name: value for name, value in given.items() if value is not None}


# -- from classes -----------------------------------------------------------------------------------------


def _classes(arguments: argparse.Namespace) -> tuple[Any, str]:
    from filterlab.cli.watching import watched
    from filterlab.pipeline.training import train_classifier

    with watched("steps", None) as tell:
        epochs = train_classifier(
            arguments.classes,
            epochs=arguments.epochs,
            batch=32 if arguments.batch is None else arguments.batch,
            validation=arguments.validation,
            size=arguments.size,
            head=arguments.head,
            optimizer=arguments.optimizer or "adamw",
            lr=3e-3 if arguments.lr is None else arguments.lr,
            schedule=arguments.schedule or "cosine",
            seed=arguments.seed,
            crop=arguments.crop,
            constraints=arguments.constraint,
            step=lambda made, total, loss: tell(made, f"loss {loss:.4g}", total),
            **_options(arguments),
        )
        for epoch in epochs:
            last = epoch
            tell.line(
                f"epoch {epoch.index + 1} of {epoch.epochs}: loss {epoch.loss:.4f}, accuracy {epoch.accuracy:.2%}, "
                f"held back {epoch.validation_accuracy:.2%}"
            )
    _print_confusion(last)
    return last.pipeline, f"{last.validation_accuracy:.2%} of the pictures held back are told right"


def _print_confusion(epoch: Any) -> None:
    from filterlab.cli.tables import print_table

    print("held-back pictures of each class (rows), and what they were taken for:")
    rows = [(name, *counts) for name, counts in zip(epoch.labels, epoch.confusion.tolist(), strict=True)]
    print_table(("", *epoch.labels), rows, right=range(1, len(epoch.labels) + 1))


# -- words ------------------------------------------------------------------------------------------------


def _size(text: str) -> tuple[int, int]:
    """3x5 as (3, 5), 3 as (3, 3), for `type=`."""
    parts = re.split("[x×,]", text.strip().lower())
    if not 1 <= len(parts) <= 2 or not all(re.fullmatch("[1-9][0-9]{0,5}", part) for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is not HEIGHTxWIDTH, as 3x3")
    return int(parts[0]), int(parts[-1])


def _padding(text: str) -> int | str:
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else text
