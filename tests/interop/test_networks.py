"""Networks as PyTorch writes them, beside onnxruntime: every tensor, out again, and in again.

PyTorch has two exporters, which write the same network in other operators. The old one traces, with any version of
the operators; the new one ("dynamo") decomposes, from version 18 on.
"""

from __future__ import annotations

import copy
import subprocess
import sys
import warnings

import numpy as np
import onnx
import pytest

import filterlab as fl
from filterlab.interop.exporting.torch import torch_module
from filterlab.interop.importing import import_onnx
from filterlab.pipeline import Pipeline
from tests.interop.models import TOLERANCE, as_map, distance, figures, runtime, worst_difference

pytestmark = pytest.mark.bench  # PyTorch is in the extra "bench" alone

NETWORKS = [
    "resnet18",
    "resnet50",
    "mobilenet_v2",
    "mobilenet_v3",
    "efficientnet_b0",
    "efficientnet_b0_linear",
    "densenet121",
    "shufflenet",
    "convnext",
    "unet",
    "unet_resized",
    "deeplab",
    "super_resolution",
    "autoencoder",
    "denoiser",
    "detector",
    "inception",
    "resnext",
    "repvgg",
    "ghostnet",
    "pyramid",
    "dncnn",
    "aspp",
    "alexnet",
    "face",
    "style",
]
# The exporter, the version of the operators, and whether the sizes of the picture are left open.
EXPORTS = [
    ("trace", 11, False),
    ("trace", 13, True),
    ("trace", 17, False),
    ("dynamo", 18, False),
    ("dynamo", 20, True),
]


@pytest.fixture(scope="module")
def networks():
    from tests.interop.definitions import network

    made = {}
    return lambda name: made.setdefault(name, network(name))


def exported(net, x, path, exporter, opset, dynamic):
    import torch

    options = {"input_names": ["x"], "opset_version": opset}
    if exporter == "trace":
        options["dynamo"] = False
        options["dynamic_axes"] = {"x": {2: "height", 3: "width"}} if dynamic else None
    else:
        options.update(dynamo=True, external_data=False, verbose=False)
        sizes = {2: torch.export.Dim.DYNAMIC, 3: torch.export.Dim.DYNAMIC}
        options["dynamic_shapes"] = (sizes,) if dynamic else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporters, about themselves
        torch.onnx.export(net, (x,), str(path), **options)
    return onnx.load(path)


@pytest.mark.parametrize(("exporter", "opset", "dynamic"), EXPORTS)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_tensor_of_a_network_is_carried(name, exporter, opset, dynamic, networks, tmp_path):
    net, x = networks(name)
    path = tmp_path / "network.onnx"
    model = exported(net, x, path, exporter, opset, dynamic)
    found = import_onnx(path, x.shape[1:] if dynamic else None, kind=Pipeline)
    assert not found.left_out, found.left_out[:3]
    assert found.outputs == [output.name for output in model.graph.output]
    convolutions = {n.output[0] for n in model.graph.node if n.op_type.startswith("Conv")}
    assert convolutions <= {tensor for _, tensor in found.nodes}
    worst = worst_difference(found, model, x.numpy(), lambda maps: check_doubles(maps, found, net, x))
    print(f"{name} {exporter} {opset}{' dynamic' if dynamic else ''}: {figures(found, model, worst)}")


def check_doubles(maps, found, net, x):
    """Compare our maps in float64 with the outputs of PyTorch; the exporter rounds the norms that it folds."""
    import torch

    with torch.no_grad():
        outputs = copy.deepcopy(net).double()(x.double())
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    nodes = {tensor: node for node, tensor in found.nodes}
    for name, output in zip(found.outputs, outputs, strict=True):
        assert distance(maps[nodes[name]], output.numpy()[0]) <= TOLERANCE


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_goes_out_and_comes_in_again(name, networks, tmp_path):
    net, x = networks(name)
    exported(net, x, tmp_path / "network.onnx", "trace", 17, False)
    first = import_onnx(tmp_path / "network.onnx", kind=Pipeline)
    fl.export_onnx(first.pipeline, tmp_path / "again.onnx", first.size)
    second = import_onnx(tmp_path / "again.onnx", kind=Pipeline)
    assert not second.left_out
    wanted, found = (each.pipeline.run(x.numpy()[0]) for each in (first, second))
    # A layer that is written as several operators comes in under the name of one of them.
    common = wanted.keys() & found.keys()
    assert {node for node, tensor in first.nodes if tensor in first.outputs} <= common
    for node in common:
        assert distance(found[node], wanted[node]) <= TOLERANCE, node
    written = runtime(onnx.load(tmp_path / "again.onnx"), x.numpy(), second.outputs)
    for name, tensor in second.nodes:
        if tensor in second.outputs:
            assert distance(found[name], as_map(written[tensor], found[name].shape)) <= TOLERANCE, tensor


PROGRAM = """
import numpy as np, torch
from network import load
with torch.no_grad():
    np.save("y.npy", load()(torch.from_numpy(np.load("x.npy"))).numpy())
"""


@pytest.mark.parametrize("name", ["efficientnet_b0", "unet"])
def test_the_source_of_a_network_runs_in_a_process_of_its_own(name, networks, tmp_path):
    net, x = networks(name)
    exported(net, x, tmp_path / "network.onnx", "trace", 17, False)
    found = import_onnx(tmp_path / "network.onnx", kind=Pipeline)
    torch_module(found.pipeline).save(tmp_path / "network.py")
    assert (tmp_path / "network.py").read_text() == fl.to_pytorch(found.pipeline)
    np.save(tmp_path / "x.npy", x.numpy())
    subprocess.run([sys.executable, "-c", PROGRAM], cwd=tmp_path, check=True, timeout=120)
    node = next(node for node, tensor in found.nodes if tensor == found.outputs[0])
    assert distance(np.load(tmp_path / "y.npy")[0], found.pipeline.run(x.numpy()[0])[node]) <= TOLERANCE
