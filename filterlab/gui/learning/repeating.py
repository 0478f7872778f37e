"""The command that repeats a run of learning, for the history. No Qt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filterlab.gui.learning.classes import ClassPlan
from filterlab.gui.learning.plan import PICTURE, LearningPlan
from filterlab.learning.descent.optimizers import OPTIMIZERS


def learn_command(plan: LearningPlan | ClassPlan, steps: int, file: Path | None) -> tuple[str, ...]:
    """The words of the command that makes so many steps; none where the command line cannot repeat them.

    file: of the pipeline, None where it has none yet.
    """
    if isinstance(plan, ClassPlan) or not _repeatable(plan, steps):
        return ()
    target = plan.target.picture
    assert target is not None, "a plan that can be repeated has a target picture"
    rate = () if OPTIMIZERS[plan.optimizer].full_batch else ("--lr", repr(plan.lr))
    return (
        *("filterlab", "learn", "--input", str(plan.picture.path), "--target", str(target.path)),
        *("--pipeline", str(file or "pipeline.json"), "--nodes", ",".join(plan.nodes)),
        *("--loss", plan.loss, "--optimizer", plan.optimizer, *rate),
        *("--steps", str(steps), "--seed", str(plan.seed)),
        *(word for name, value in plan.options.items() for word in _option(name, value)),
        *("--out", "learned.json"),
    )


def _repeatable(plan: LearningPlan, steps: int) -> bool:
    """Whether the weights begin as the pipeline's file has them, and the last node is judged by a file.

    Both pictures must be files that are learned from as a whole. A rate that falls over the run depends on the number
    of all steps, so that such a run is repeated whole or not.
    """
    target = plan.target
    files = plan.picture.path is not None and target.picture is not None and target.picture.path is not None
    changed = target.cropped or target.greyed or target.moved or target.exposed
    plain = target.kind == PICTURE and files and not changed
    whole = steps == plan.steps or "schedule" not in plan.options
    return (
        plain
        and whole
        and not plan.large
        and plan.start == "keep"
        and plan.output == plan.pipeline.steps[-1].name
    )


def _option(name: str, value: Any) -> Iterator[str]:
    """An argument of `learn` as options."""
    option = f"--{name.replace('_', '-')}"
    if name == "constraints":
        yield from (word for one in value for word in ("--constraint", one))
    elif value is True:
        yield option
    elif name == "crop":
        yield from (option, "x".join(map(str, value)) if isinstance(value, tuple | list) else str(value))
    else:
        yield from (option, str(value))
