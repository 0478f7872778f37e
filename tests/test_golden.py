"""PyTorch's numbers, case by case: forward in float32 and float64, gradients in float64, training step by step."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import filterlab as fl
import filterlab.functional as F

FOLDER = Path(__file__).parent / "data" / "golden"
CASES = json.loads((FOLDER / "torch_golden_dev.json").read_text())["cases"]


@cache
def _archive(name):
    return dict(np.load(FOLDER / name))


def _arrays(case, which):
    archive = _archive(case["npz"])
    return {entry["name"]: archive[entry["key"]] for entry in case[which]}


def _cases(*ops):
    return pytest.mark.parametrize("case", [c for c in CASES if c["op"] in ops], ids=lambda c: c["name"])


def _check(case, **got):
    want = _arrays(case, "outputs")
    assert set(got) == set(want)
    for name, value in got.items():
        if name != "indices":
            assert np.asarray(value).dtype == want[name].dtype, name
        np.testing.assert_allclose(
            value, want[name], rtol=case["rtol"], atol=case["atol"], equal_nan=True, err_msg=name
        )


def _window(case, *names):
    attrs = case["attrs"]
    return {name: _sizes(attrs[name]) for name in names if name in attrs}


def _sizes(value):
    return tuple(value) if isinstance(value, list) else value


CONV = ("stride", "padding", "dilation", "groups", "padding_mode")
TRANSPOSED = ("stride", "padding", "output_padding", "dilation", "groups")
MAX = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
AVERAGE = ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad")


@_cases("conv2d", "conv_transpose2d")
def test_convolution(case):
    options = _window(case, *(CONV if case["op"] == "conv2d" else TRANSPOSED))
    _check(case, y=getattr(F, case["op"])(**_arrays(case, "inputs"), **options))


@_cases("conv2d_grad", "conv_transpose2d_grad")
def test_convolution_gradients(case):
    op = case["op"].removesuffix("_grad")
    options = _window(case, *(CONV if op == "conv2d" else TRANSPOSED))
    arrays = _arrays(case, "inputs")
    dy = arrays.pop("grad_y")
    names = ("grad_x", "grad_weight", "grad_bias")
    gradients = dict(zip(names, getattr(F, f"{op}_backward")(dy, **arrays, **options), strict=True))
    if "bias" not in arrays:
        assert gradients.pop("grad_bias") is None
    _check(case, y=getattr(F, op)(**arrays, **options), **gradients)


@_cases("max_pool2d")
def test_max_pooling(case):
    y, indices = F.max_pool2d_indices(**_arrays(case, "inputs"), **_window(case, *MAX))
    np.testing.assert_array_equal(F.max_pool2d(**_arrays(case, "inputs"), **_window(case, *MAX)), y)
    # PyTorch leaves some index at a window wholly in padding; it points at nothing.
    real = y > -np.inf
    want = _arrays(case, "outputs")["indices"]
    _check(case, y=y, indices=np.where(real, indices, want))


@_cases("avg_pool2d")
def test_average_pooling(case):
    _check(case, y=F.avg_pool2d(**_arrays(case, "inputs"), **_window(case, *AVERAGE)))


@_cases("max_pool2d_grad", "avg_pool2d_grad")
def test_pooling_gradients(case):
    op = case["op"].removesuffix("_grad")
    options = _window(case, *(MAX if op == "max_pool2d" else AVERAGE))
    arrays = _arrays(case, "inputs")
    x, dy = arrays["x"], arrays["grad_y"]
    _check(case, y=getattr(F, op)(x, **options), grad_x=getattr(F, f"{op}_backward")(dy, x, **options))


@_cases("adaptive_avg_pool2d")
def test_adaptive_average(case):
    _check(case, y=F.adaptive_avg_pool2d(**_arrays(case, "inputs"), **_window(case, "output_size")))


@_cases("adaptive_max_pool2d")
def test_adaptive_max(case):
    y, indices = F.adaptive_max_pool2d_indices(**_arrays(case, "inputs"), **_window(case, "output_size"))
    _check(case, y=y, indices=indices)


@_cases("adaptive_avg_pool2d_grad", "adaptive_max_pool2d_grad")
def test_adaptive_gradients(case):
    op = case["op"].removesuffix("_grad")
    size = _window(case, "output_size")
    arrays = _arrays(case, "inputs")
    x, dy = arrays["x"], arrays["grad_y"]
    _check(case, y=getattr(F, op)(x, **size), grad_x=getattr(F, f"{op}_backward")(dy, x, **size))


@_cases("pad2d")
def test_padding(case):
    top, left, bottom, right = case["attrs"]["pads_tlbr"]
    value = case["attrs"]["value"] or 0.0
    x = _arrays(case, "inputs")["x"]
    _check(case, y=F.pad(x, ((top, bottom), (left, right)), mode=case["attrs"]["mode"], value=value))


def _activation(case):
    attrs = {key: value for key, value in case["attrs"].items() if key != "kind"}
    if case["attrs"]["kind"] == "softmax":
        attrs = {"axis": attrs["dim"]}
    return case["attrs"]["kind"], attrs


@_cases("activation")
def test_activation(case):
    kind, options = _activation(case)
    _check(case, y=getattr(F, kind)(*_arrays(case, "inputs").values(), **options))


@_cases("activation_grad")
def test_activation_gradient(case):
    kind, options = _activation(case)
    arrays = _arrays(case, "inputs")
    x, dy = arrays["x"], arrays["grad_y"]
    gradient = getattr(F, f"{kind}_backward")(dy, x, **options)
    _check(case, y=getattr(F, kind)(x, **options), grad_x=gradient)


@_cases("batch_norm_eval")
def test_batch_norm(case):
    _check(case, y=F.batch_norm(**_arrays(case, "inputs"), eps=case["attrs"]["eps"]))


@_cases("local_response_norm")
def test_local_response_norm(case):
    _check(case, y=F.local_response_norm(**_arrays(case, "inputs"), **case["attrs"]))


@_cases("linear")
def test_linear(case):
    _check(case, y=F.linear(**_arrays(case, "inputs")))


@_cases("linear_grad")
def test_linear_gradients(case):
    arrays = _arrays(case, "inputs")
    dy = arrays.pop("grad_y")
    names = ("grad_x", "grad_weight", "grad_bias")
    gradients = dict(zip(names, F.linear_backward(dy, **arrays), strict=True))
    if "bias" not in arrays:
        assert gradients.pop("grad_bias") is None
    _check(case, y=F.linear(**arrays), **gradients)


@_cases("cross_entropy_grad", "mse_loss_grad")
def test_losses(case):
    op = case["op"].removesuffix("_grad")
    x, target = _arrays(case, "inputs").values()
    reduction = case["attrs"]["reduction"]
    gradient = getattr(F, f"{op}_backward")(x, target, reduction)
    name = "grad_logits" if op == "cross_entropy" else "grad_x"
    _check(case, loss=np.asarray(getattr(F, op)(x, target, reduction)), **{name: gradient})


_OPTIONS = {
    "SGD": ("momentum", "dampening", "weight_decay", "nesterov"),
    "Adam": ("betas", "eps", "weight_decay"),
    "AdamW": ("betas", "eps", "weight_decay"),
    "RMSprop": ("alpha", "eps", "weight_decay", "momentum"),
}


@_cases("learn_conv2d")
def test_learning(case):
    arrays, attrs = _arrays(case, "inputs"), case["attrs"]
    layer = fl.Conv2d(
        weight=arrays["weight0"],
        bias=arrays.get("bias0"),
        padding=_sizes(attrs["padding"]),
        padding_mode=attrs["padding_mode"],
        groups=attrs["groups"],
    )
    options = {key: attrs[key] for key in _OPTIONS[attrs["optimizer"]] if key in attrs}
    steps = list(
        fl.learn(
            fl.Pipeline([("conv", layer)]),
            [(arrays["x"], arrays["target"])],
            nodes=["conv"],
            loss="mse",
            optimizer=attrs["optimizer"].lower(),
            lr=attrs["lr"],
            steps=attrs["steps"],
            **options,
        )
    )
    got = {
        "loss_before_step": np.array([step.loss for step in steps]),
        "weight_after_step": np.array([step.pipeline["conv"].weight for step in steps]),
    }
    if attrs["bias"]:
        got["bias_after_step"] = np.array([step.pipeline["conv"].bias for step in steps])
    _check(case, **got)


def test_every_case_is_read():
    read = {mark.args[1][i]["name"] for mark in _marks() for i in range(len(mark.args[1]))}
    assert read == {case["name"] for case in CASES}


def _marks():
    functions = [value for key, value in globals().items() if key.startswith("test_")]
    return [mark for function in functions for mark in getattr(function, "pytestmark", [])]
