"""Compile the loops of the layers before the tests start: `python -m tests.tools.loops float32`, or float64.

The code is kept beside the loops. On a fresh clone, every process that tests would otherwise compile them for itself.
"""

from __future__ import annotations

import importlib
import sys

import numpy as np

from filterlab.layers import layer_types


def main(dtype: str) -> None:
    """Run every layer forwards and backwards on maps of this dtype, by its cases and as it starts in the window."""
    rng = np.random.default_rng(0)
    for key, kind in layer_types().items():
        for case in importlib.import_module(f"tests.layers.test_{key}").CASES:
            xs = case.inputs(rng, 2, dtype)
            y = case.layer.forward(*xs)
            if case.layer.differentiable:
                case.layer.backward(np.ones_like(y), xs, y)
            change = case.layer.pointwise(np.dtype(dtype))
            # Whole maps and parts of them are of two types to the compiler.
            for part in (xs[0].copy(), xs[0].copy()[..., 1:]) if change and xs[0].ndim == 4 else ():
                change(part, slice(None))
        maps = (1, 64) if key == "linear" else (1, 3, 32, 32)
        kind.starter(*[maps[1:]] * kind.arity[0], seed=1).forward(*[np.ones(maps, dtype)] * kind.arity[0])


if __name__ == "__main__":
    main(sys.argv[1])
