"""The PyTorch source of every layer, run: the same numbers."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import subprocess
import sys

import numpy as np
import pytest

import filterlab as fl
from filterlab.interop.exporting.torch import torch_module
from filterlab.interop.exporting.torch.writers import written
from tests.interop.test_exporting import CASES, residual

pytestmark = pytest.mark.bench  # PyTorch is in the extra "bench" alone


@pytest.mark.parametrize("case", CASES)
def test_every_layer_gives_the_same_numbers_as_pytorch(case, rng, tmp_path):
    import torch

    xs = case.inputs(rng, 2)
    tensors = [torch.tensor(x) for x in xs]
    if written(case.layer) is None:
        return  # the test of exporting holds those to the list of what has no equivalent
    if len(xs) > 1:
        call = written(case.layer).call.replace("{xs}", "xs")
        found = eval(call, {"xs": tensors, "torch": torch, "functools": functools})
    else:
        made = torch_module(fl.Pipeline([("layer", case.layer)]))
        found = _loaded(made, tmp_path / "network.py").double()(tensors[0])
    np.testing.assert_allclose(found.detach().numpy(), case.layer.forward(*xs), rtol=1e-5, atol=2e-6)


def _loaded(made, path):
    made.save(path)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.load()


LAYERS = [
    fl.AdaptiveAvgPool2d((None, 4)),
    fl.AdaptiveMaxPool2d((None, None)),
    fl.Reduce("l2", "all"),
    fl.Reduce("mean", "all"),
    fl.Reduce("l2", "space"),
]


@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_settings_that_pytorch_writes_otherwise(layer, rng, tmp_path):
    import torch

    x = rng.random((1, 3, 9, 10), dtype=np.float32)
    found = _loaded(torch_module(fl.Pipeline([("y", layer)])), tmp_path / "network.py")(torch.tensor(x))
    np.testing.assert_allclose(found, layer.forward(x), rtol=1e-5)


def test_all_of_a_vector_is_its_features(rng, tmp_path):
    import torch

    pipeline = fl.Pipeline([("flat", fl.Flatten()), ("y", fl.Reduce("sum", "all"))])
    x = rng.random((3, 9, 10), dtype=np.float32)
    found = _loaded(torch_module(pipeline), tmp_path / "network.py")(torch.tensor(x[None]))
    np.testing.assert_allclose(found[0], pipeline.run(x)["y"], rtol=1e-5)


def test_no_name_of_a_module_is_taken(tmp_path, rng):
    import torch

    taken = {name for name in dir(torch.nn.Module()) if not name.startswith("__")}
    names = [*sorted(taken), *(name.lstrip("_") for name in sorted(taken)), "__init__", "__own"]
    names = [name for name in dict.fromkeys(names) if name != "T_destination"]
    kernel = np.ones((1, 1, 1, 1), np.float32)
    pipeline = fl.Pipeline([(name, fl.Conv2d(kernel)) for name in names])
    found = _loaded(torch_module(pipeline), tmp_path / "network.py")(torch.ones(1, 1, 2, 2))
    assert found.detach().numpy().tolist() == np.ones((1, 1, 2, 2)).tolist()


PROGRAM = """
import numpy as np, torch
from network import load
with torch.no_grad():
    np.save("y.npy", load()(torch.from_numpy(np.load("x.npy"))).numpy())
"""


def test_the_source_runs_as_it_stands_in_a_process_of_its_own(tmp_path, rng):
    x = rng.random((1, 3, 9, 10), dtype=np.float32)
    torch_module(residual()).save(tmp_path / "network.py")
    np.save(tmp_path / "x.npy", x)
    subprocess.run([sys.executable, "-c", PROGRAM], cwd=tmp_path, check=True, timeout=120)
    found = np.load(tmp_path / "y.npy")
    np.testing.assert_allclose(found, residual().run(x)["softmax"], rtol=1e-5)
