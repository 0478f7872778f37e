"""`filterlab learn`: fit a kernel to two pictures, train the weights of a pipeline, or train a classifier."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits
from filterlab.cli.places import check_out
from filterlab.errors import FileError
from filterlab.files import atomic_write
from filterlab.text.messages import say

if TYPE_CHECKING:
    from filterlab.learning.descent.convergence import Convergence

_EPILOG = """examples:
  filterlab learn --input a.png --target b.png --kernel 5x5 --least-squares --out k.json
  filterlab learn --input a.png --target moved.png --kernel 9 --least-squares --register --out k.json
  filterlab learn --input a.png --target b.png --pipeline net.json --nodes conv1,conv2 --lr 0.01 --out net2.json
  filterlab learn --classes FOLDER --epochs 12 --out digits.json

FOLDER holds one folder of pictures per class. The result is a pipeline that `filterlab run` takes.
"""


@dataclass(frozen=True)
class Learned:
    """The result of learning.

    words: a summary in one line. facts: the document of --json. notes: lines that are printed first; table: a caption,
    headers and rows, printed next.
    """

    pipeline: Any
    words: str
    facts: dict[str, Any]
    table: tuple[str, Sequence[str], list[Sequence[Any]]] | None = field(default=None)
    notes: Sequence[str] = ()


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser(
        "learn",
        help="learn kernels from pictures",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.complete = _complete
    p.set_defaults(execute=execute)


def _complete(p: argparse.ArgumentParser) -> None:
    from filterlab.cli.learn.options import add_options

    add_options(p)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises FilterLabError where its arguments are wrong or the loss diverges."""
    from filterlab.cli.learn.options import optimizer_of, task_of

    task = task_of(arguments)
    optimizer = optimizer_of(arguments, task)
    _check_out(arguments)
    learned = _classes(arguments, optimizer) if task == "classes" else _pictures(arguments, task, optimizer)
    with atomic_write(arguments.out, overwrite=arguments.overwrite) as temporary:
        learned.pipeline.save(temporary)
    if arguments.json:
        from filterlab.cli.tables import print_json

        print_json({"out": str(arguments.out), **learned.facts})
        return exits.DONE
    for note in learned.notes:
        print(note)
    if learned.table is not None:
        from filterlab.cli.tables import print_table

        caption, headers, rows = learned.table
        print(caption)
        print_table(headers, rows, right=range(1, len(headers)))
    print(f"{learned.words}: {arguments.out}")
    return exits.DONE


def _check_out(arguments: argparse.Namespace) -> None:
    """Raise FileError for an output file that could not be written, before the work begins."""
    out = arguments.out
    if out.suffix not in (".json", ".safetensors"):
        raise FileError(
            say("the suffix {!r} is not known", out.suffix), str(out), "use .json or .safetensors"
        )
    check_out(out, arguments.overwrite)


# -- from two pictures ------------------------------------------------------------------------------------


def _pictures(arguments: argparse.Namespace, task: str, optimizer: str) -> Learned:
    from filterlab.images import read_image

    picture, target = read_image(arguments.input), read_image(arguments.target)
    if task == "least_squares":
        return _least_squares(arguments, picture, target)
    if task == "pipeline":
        from filterlab.pipeline import Pipeline

        return _descend(arguments, optimizer, Pipeline.load(arguments.pipeline), picture, target)
    kernel = _kernel(arguments, picture, target)
    return _descend(arguments, optimizer, kernel, picture, _inner(arguments, picture, target))


def _least_squares(arguments: argparse.Namespace, picture: Any, target: Any) -> Learned:
    from filterlab.cli.learn.solving import facts, fitted, table

    fit = fitted(arguments, picture, target, _border(arguments))
    if fit.note:
        exits.say(fit.note)
    words = f"residual {fit.residual:.3g}, R2 {fit.r2:.6f}, condition {fit.condition:.3g}"
    notes = [note for note in fit.cautions if note != fit.note]
    # The gain and the offset of a camera are no part of the filter that is saved.
    pipeline = _single(arguments, fit.weight, None if arguments.gain else fit.bias)
    return Learned(pipeline, words, facts(fit), table(fit), notes)


def _single(arguments: argparse.Namespace, weight: Any, bias: Any) -> Any:
    """A pipeline of one convolution."""
    from filterlab.layers.base.registry import layer_type
    from filterlab.pipeline import Pipeline

    options = _border(arguments)
    if bias is not None:
        options["bias"] = bias
    return Pipeline([("learned", layer_type("conv2d")(weight=weight, **options))])


def _border(arguments: argparse.Namespace) -> dict[str, Any]:
    padding = "valid" if arguments.padding is None else arguments.padding
    # Everything else goes on as it is: the layer knows the legal words, and names them in its error.
    number = int(padding) if re.fullmatch("[0-9]{1,6}", padding) else padding
    return {"padding": number, "padding_mode": arguments.padding_mode or "zeros"}


def _kernel(arguments: argparse.Namespace, picture: Any, target: Any) -> Any:
    """A convolution of the right shape to start from, all zeros: the loss of a single layer has only one minimum."""
    shape = [len(target), len(picture), *arguments.kernel]
    bias = {"init": "zeros", "shape": [len(target)]} if arguments.bias else None
    return _single(arguments, {"init": "zeros", "shape": shape}, bias)


def _inner(arguments: argparse.Namespace, picture: Any, target: Any) -> Any:
    """The part of the target that windows without padding reach, where the target has the size of the picture."""
    height, width = (n - k + 1 for n, k in zip(picture.shape[1:], arguments.kernel, strict=True))
    padded = _border(arguments)["padding"] != "valid"
    if padded or target.shape[1:] != picture.shape[1:] or min(height, width) < 1:
        return target
    # The part that `fit_kernel` takes, so that both ways of learning find the same kernel.
    top, left = ((k - 1) // 2 for k in arguments.kernel)
    return target[:, top : top + height, left : left + width]


def _descend(
    arguments: argparse.Namespace, optimizer: str, pipeline: Any, picture: Any, target: Any
) -> Learned:
    from filterlab.cli.learn.options import given_options
    from filterlab.cli.watching import watched
    from filterlab.learning.descent.convergence import Convergence
    from filterlab.learning.descent.learning import learn
    from filterlab.learning.options import MANY, USUAL
    from filterlab.learning.targets import check_target

    check_target(pipeline, pipeline.steps[-1].name, picture.shape, target.shape)
    loss, total = arguments.loss or "mse", arguments.steps or (MANY if arguments.until_converged else USUAL)
    convergence = Convergence() if arguments.until_converged else None
    steps = learn(
        pipeline,
        [(picture, target)],
        nodes=_nodes(arguments),
        loss=loss,
        optimizer=optimizer,
        lr=_rate(arguments, optimizer, pipeline, picture, target),
        steps=total,
        seed=arguments.seed,
        crop=arguments.crop,
        schedule=arguments.schedule or "constant",
        constraints=arguments.constraint,
        until=convergence,
        **given_options(arguments),
    )
    losses: list[float] = []
    with watched("steps", total) as tell:
        for step in steps:
            losses.append(step.loss)
            pipeline = step.pipeline
            tell(step.index + 1, f"loss {step.loss:.4g}")
    learned = _descended(pipeline, picture, target, loss, losses)
    if convergence is None:
        return learned
    # Fewer steps than allowed: lbfgs found no direction in which the loss still falls.
    converged = convergence.reached or len(losses) < total
    if not converged:
        _say_why_not(convergence, total)
    words = f"{learned.words}, {'converged' if converged else 'not converged'}"
    return replace(learned, words=words, facts={**learned.facts, "converged": converged})


def _say_why_not(convergence: Convergence, total: int) -> None:
    if convergence.falling:
        exits.say(f"still falling after {total} steps: go on with more --steps")
    else:
        exits.say(
            f"after {total} steps the loss has not come to rest: try a smaller --lr, or --schedule cosine"
        )


def _descended(pipeline: Any, picture: Any, target: Any, loss: str, losses: list[float]) -> Learned:
    """The result after the last step. Each step reports the loss before it, so the final loss is computed here."""
    from filterlab.images.views import MapView
    from filterlab.learning.targets import judge

    output = pipeline.steps[-1].name
    # It cannot be cancelled here: a Ctrl-C ends the process anyway.
    last = judge(pipeline, picture, MapView(target), output, loss, lambda: False).loss
    facts = {"steps": len(losses), "loss": last, "losses": losses}
    _warn_of_growth([*losses, last])
    if not losses:
        return Learned(pipeline, f"no step lowers the loss of {last:.4g}", facts)
    count = f"{len(losses)} step{'s' if len(losses) > 1 else ''}"
    return Learned(pipeline, f"{count}, loss {losses[0]:.4g} to {last:.4g}", facts)


def _rate(arguments: argparse.Namespace, optimizer: str, pipeline: Any, picture: Any, target: Any) -> float:
    from filterlab.learning.descent.curvature import suggest_rate

    rate: float | None = arguments.lr
    if rate is None and optimizer == "sgd":
        loss = arguments.loss or "mse"
        rate = suggest_rate(pipeline, [(picture, target)], nodes=_nodes(arguments), loss=loss)
    return 1e-2 if rate is None else rate


def _warn_of_growth(losses: Sequence[float]) -> None:
    """Warn where the loss grew: a learning rate that is too large need not end in infinities."""
    if losses[-1] > losses[0]:
        exits.say(f"the loss grew from {losses[0]:.4g} to {losses[-1]:.4g}: try a smaller --lr")


def _nodes(arguments: argparse.Namespace) -> list[str] | None:
    if arguments.nodes is None:
        return None
    return [name.strip() for name in arguments.nodes.split(",") if name.strip()]


# -- from classes -----------------------------------------------------------------------------------------


def _classes(arguments: argparse.Namespace, optimizer: str) -> Learned:
    from filterlab.cli.learn.options import given_options
    from filterlab.cli.watching import watched
    from filterlab.pipeline import Pipeline, train_classifier

    network = None if arguments.pipeline is None else Pipeline.load(arguments.pipeline)
    done = []
    with watched("steps", None) as tell:
        epochs = train_classifier(
            arguments.classes,
            network,
            nodes=_nodes(arguments),
            epochs=arguments.epochs or 12,
            batch=arguments.batch or 32,
            validation=arguments.validation or 0.2,
            size=arguments.size,
            head=arguments.head or "linear",
            optimizer=optimizer,
            lr=3e-3 if arguments.lr is None else arguments.lr,
            schedule=arguments.schedule or "cosine",
            seed=arguments.seed,
            crop=arguments.crop,
            constraints=arguments.constraint,
            step=lambda made, total, loss: tell(made, f"loss {loss:.4g}", total),
            **given_options(arguments),
        )
        for epoch in epochs:
            done.append(epoch)
            tell.line(
                f"epoch {epoch.index + 1} of {epoch.epochs}: loss {epoch.loss:.4g}, accuracy {epoch.accuracy:.2%}, "
                f"held back {epoch.validation_accuracy:.2%}"
            )
    return _trained(done)


def _trained(epochs: list[Any]) -> Learned:
    last = epochs[-1]
    _warn_of_growth([epoch.loss for epoch in epochs])
    confusion = last.confusion.tolist()
    names = ("loss", "accuracy", "validation_loss", "validation_accuracy")
    facts = {
        "epochs": [{name: getattr(epoch, name) for name in names} for epoch in epochs],
        "labels": list(last.labels),
        "confusion": confusion,
    }
    rows: list[Sequence[Any]] = [(name, *row) for name, row in zip(last.labels, confusion, strict=True)]
    caption = "held-back pictures of each class (rows), and what they were taken for:"
    words = f"{last.validation_accuracy:.2%} of the pictures held back are recognised"
    return Learned(last.pipeline, words, facts, (caption, ("", *last.labels), rows))
