"""Sums over windows against the windows laid out one below the other."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

import filterlab.functional as F
from filterlab.functional.conv.plan import plan_conv2d
from filterlab.functional.normal_equations import normal_equations

CASES = [
    # picture, outputs, kernel, padding, mode
    ((2, 3, 12, 15), 2, (3, 5), "valid", "zeros"),
    ((1, 1, 6, 8), 1, (1, 2), "valid", "zeros"),
    ((1, 2, 5, 6), 1, (4, 5), "valid", "zeros"),
    ((1, 1, 3, 3), 1, (3, 3), "valid", "zeros"),
    ((1, 2, 9, 9), 3, (3, 3), ((1, 1), (1, 1)), "reflect"),
    ((3, 1, 4, 4), 1, (3, 3), ((1, 1), (1, 1)), "zeros"),
    ((1, 1, 3, 2), 1, (4, 5), ((3, 3), (4, 4)), "constant"),
    ((1, 1, 200, 300), 1, (9, 11), "valid", "zeros"),
]


@pytest.mark.parametrize(("shape", "outputs", "kernel", "padding", "mode"), CASES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_normal_equations_are_sums_over_all_windows(rng, shape, outputs, kernel, padding, mode, dtype):
    x = rng.random(shape).astype(dtype)
    weight, bias = rng.normal(size=(outputs, shape[1], *kernel)), rng.normal(size=outputs)
    plan = plan_conv2d(
        shape, weight.shape, stride=1, padding=padding, dilation=1, groups=1, padding_mode=mode, value=0.25
    )
    y = rng.random(plan.out_shape).astype(dtype)
    shift = rng.random(shape[1])
    padded = x.astype(np.float64)
    if padding != "valid":
        padded = F.pad(padded, padding, mode=mode, value=0.25)
    windows = sliding_window_view(padded - shift[:, None, None], kernel, axis=(2, 3))
    rows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, shape[1] * kernel[0] * kernel[1])
    rest = y.astype(np.float64).transpose(0, 2, 3, 1).reshape(len(rows), -1)
    rest = rest - rows @ weight.reshape(outputs, -1).T - bias

    sums = normal_equations(x, y, plan, weight, bias, shift, gram=True)

    np.testing.assert_allclose(sums.gram, rows.T @ rows, rtol=1e-11, atol=1e-10)
    np.testing.assert_allclose(sums.cross, rest.T @ rows, rtol=1e-11, atol=1e-10)
    np.testing.assert_allclose(sums.inputs, rows.sum(0), rtol=1e-11, atol=1e-10)
    np.testing.assert_allclose(sums.errors, rest.sum(0), rtol=1e-11, atol=1e-10)
    np.testing.assert_allclose(sums.squares, (rest**2).sum(0), rtol=1e-11)
    assert sums.count == len(rows)
    assert normal_equations(x, y, plan, weight, bias, shift, gram=False).gram is None
