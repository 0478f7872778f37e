"""`filterlab learn --least-squares`: the fit, and its table of weights with their standard errors."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from filterlab.errors import ShapeError
from filterlab.learning.fit.fitted import FittedKernel
from filterlab.learning.fit.fitting import fit_kernel
from filterlab.text.numbers import uncertain

WIDEST = 9  # columns of a kernel that is printed
MOST_ROWS = 64


def fitted(arguments: argparse.Namespace, picture: Any, target: Any, border: dict[str, Any]) -> FittedKernel:
    """The kernel between the pictures. Targets of a size that does not fit are registered unasked."""
    options = {
        **border,
        "ridge": arguments.ridge or 0.0,
        "constraint": arguments.constraint,
        "gain": arguments.gain,
    }
    try:
        return fit_kernel(
            picture, target, arguments.kernel, arguments.bias, register=arguments.register, **options
        )
    except ShapeError as error:
        if arguments.register or error.parameter != "target" or len(picture.shape) != len(target.shape):
            raise
        return fit_kernel(picture, target, arguments.kernel, arguments.bias, register=True, **options)


def facts(fit: FittedKernel) -> dict[str, Any]:
    """What `--json` says of a fit; arrays are (outputs, inputs, height, width), or a number for each output."""
    found: dict[str, Any] = {name: getattr(fit, name) for name in ("residual", "r2", "condition", "unique")}
    four = fit.weight.shape
    found |= {
        "weight": fit.weight.tolist(),
        "standard_error": fit.standard_error.reshape(four).tolist(),
        "zero": fit.zero.reshape(four).tolist(),
        "noise": np.atleast_1d(fit.noise).tolist(),
        "correlation": list(fit.correlation),
    }
    for name in ("bias", "gain"):
        value = getattr(fit, name)
        if value is not None:
            found[name] = np.atleast_1d(value).tolist()
            found[f"{name}_error"] = np.atleast_1d(getattr(fit, f"{name}_error")).tolist()
    lies = fit.registration
    if lies is not None:
        found["shift"] = {"found": lies.found, "rows": lies.shift[0], "columns": lies.shift[1]}
        found["shift"]["error"] = list(lies.error)
    return {**found, "notes": list(fit.cautions)}


def table(fit: FittedKernel) -> tuple[str, Sequence[str], list[Sequence[Any]]] | None:
    """The weights and their standard errors; None where they are too many for a screen."""
    outputs, inputs, height, width = fit.weight.shape
    if width > WIDEST or outputs * inputs * height > MOST_ROWS:
        return None
    errors, distinct = (a.reshape(fit.weight.shape) for a in (fit.standard_error, fit.distinct))
    rows: list[Sequence[Any]] = []
    for output, channel, row in product(range(outputs), range(inputs), range(height)):
        place = f"row {row}" if outputs * inputs == 1 else f"output {output}, input {channel}, row {row}"
        at = output, channel, row
        cells = (_cell(*cell) for cell in zip(fit.weight[at], errors[at], distinct[at], strict=True))
        rows.append((place, *cells))
    caption = "weights ± standard errors; in brackets where 0 lies in the 95 % interval:"
    return caption, ("", *(f"column {col}" for col in range(width))), rows


def _cell(weight: float, error: float, distinct: bool) -> str:
    words = uncertain(weight, error)
    return words if distinct else f"({words})"
