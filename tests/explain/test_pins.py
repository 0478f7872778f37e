"""The kernel here on six networks: sums that add up at a hundred pins each, and PyTorch's gradients."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

import filterlab as fl
from filterlab.explain.local_layers import as_layer
from filterlab.resources import examples, samples
from tests.explain.test_local_kernel import total
from tests.explain.test_local_layers import inside

NAMES = ("denoiser", "digits", "tiny-vgg-like", "inception-block", "residual", "imported")


def residual():
    """Two residual blocks with batch norms, the second with a stride and a projection."""
    rng = np.random.default_rng(7)

    def conv(outputs, inputs, size, **more):
        weight = rng.standard_normal((outputs, inputs, size, size)) / (size * inputs**0.5)
        return fl.Conv2d(weight.astype(np.float32), padding=size // 2, **more)

    def norm(channels):
        mean, var, weight, bias = rng.standard_normal((4, channels)).astype(np.float32)
        return fl.BatchNorm2d(mean * 0.1, var**2 + 0.5, weight=1 + 0.2 * weight, bias=0.1 * bias)

    nodes = [fl.Node("stem", conv(8, 3, 3), ("image",)), fl.Node("stem/relu", fl.ReLU(), ("stem",))]
    source, inputs = "stem/relu", 8
    for name, outputs, stride in (("a", 8, 1), ("b", 16, 2)):
        nodes += [
            fl.Node(f"{name}/1", conv(outputs, inputs, 3, stride=stride), (source,)),
            fl.Node(f"{name}/bn1", norm(outputs), (f"{name}/1",)),
            fl.Node(f"{name}/relu1", fl.ReLU(), (f"{name}/bn1",)),
            fl.Node(f"{name}/2", conv(outputs, outputs, 3), (f"{name}/relu1",)),
            fl.Node(f"{name}/bn2", norm(outputs), (f"{name}/2",)),
            fl.Node(f"{name}/skip", conv(outputs, inputs, 1, stride=stride), (source,)),
            fl.Node(f"{name}/add", fl.Add(), (f"{name}/bn2", f"{name}/skip")),
            fl.Node(f"{name}/relu2", fl.ReLU(), (f"{name}/add",)),
        ]
        source, inputs = f"{name}/relu2", outputs
    return fl.Pipeline(nodes)


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    """Pipelines with a picture that fits each."""
    coffee = fl.read_image(samples()["coffee"])[:, 100:196, 200:296]
    found = {name: fl.Pipeline.load(examples()[name]) for name in NAMES[:4]}
    found["residual"] = residual()
    file = tmp_path_factory.mktemp("onnx") / "residual.onnx"
    fl.export_onnx(residual(), file, coffee.shape)
    found["imported"] = fl.Pipeline.load(file)
    return {
        name: (pipe, coffee[:1] if name in ("denoiser", "digits") else coffee) for name, pipe in found.items()
    }


def pins(pipe, picture, count, seed=0):
    """Random places of the last node that is straight all the way back, and its map."""
    rng = np.random.default_rng(seed)
    straight = [node.name for node in pipe.nodes if node.layer.locally_linear]
    made = pipe.run(picture, straight[-1])[straight[-1]]
    shape = (*made.shape, 1, 1)[:3]
    return straight[-1], made, [tuple(int(rng.integers(n)) for n in shape) for _ in range(count)]


def check(pipe, picture, count):
    for dtype, bound in ((np.float32, 1e-5), (np.float64, 1e-10)):
        image = picture.astype(dtype)
        name, made, places = pins(pipe, image, count)
        spread = float(made.max() - made.min())
        for place in places:
            found = pipe.local_kernel(image, name, *place)
            assert found.exact
            assert abs(found.remainder) <= bound * spread
            assert total(found, image) == pytest.approx(found.value, abs=1e-9 * max(spread, 1))


@pytest.mark.parametrize("name", NAMES)
def test_kernel_and_parts_add_up(networks, name):
    check(*networks[name], 3)


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
def test_kernel_and_parts_add_up_at_a_hundred_pins(networks, name):
    check(*networks[name], 100)


@pytest.mark.parametrize("name", ["denoiser", "residual"])
def test_as_a_layer_it_reproduces_the_pin(networks, name):
    pipe, picture = networks[name]
    node, _, places = pins(pipe, picture, 12)
    tried = 0
    for place in places:
        found = pipe.local_kernel(picture, node, *place)
        if inside(found.region, picture.shape):
            alone = fl.Pipeline([("here", as_layer(pipe, found, picture.shape))]).run(picture)["here"]
            assert alone[0, place[1], place[2]] == pytest.approx(found.value, abs=1e-5)
            tried += 1
    assert tried


@pytest.mark.bench
@pytest.mark.parametrize("name", NAMES)
def test_the_kernel_is_the_gradient_of_pytorch(networks, name, tmp_path):
    import torch

    pipe, picture = networks[name]
    pipe.save(tmp_path / "net.safetensors")
    from filterlab.cli import main

    assert (
        main(
            ["export", str(tmp_path / "net.safetensors"), "--to", "pytorch", "--out", str(tmp_path / "m.py")]
        )
        == 0
    )
    spec = importlib.util.spec_from_file_location("m", tmp_path / "m.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for dtype, bound in ((torch.float32, 1e-4), (torch.float64, 1e-7)):
        network = module.load().to(dtype)
        image = picture.astype(np.float32 if dtype == torch.float32 else np.float64)
        ends = [node.name for node in pipe.nodes if not any(node.name in s.inputs for s in pipe.steps)]
        for place in pins(pipe, image, 5, seed=1)[2]:
            x = torch.from_numpy(image[None].copy()).requires_grad_()
            y = network(x)
            name_ = ends[-1]
            y = y[name_] if isinstance(y, dict) else y
            at = place if y.ndim == 4 else place[:1]
            at = tuple(min(i, n - 1) for i, n in zip(at, y.shape[1:], strict=True))
            y[(0, *at)].backward()
            found = pipe.local_kernel(image, name_, *at)
            whole = np.zeros_like(image)
            region = found.region.clipped(image.shape[1:])
            top, left = region.top - found.region.top, region.left - found.region.left
            whole[:, region.top : region.bottom, region.left : region.right] = found.kernel[
                :, top : top + region.bottom - region.top, left : left + region.right - region.left
            ]
            wanted = x.grad.numpy()[0]
            assert np.abs(whole - wanted).max() <= bound * max(np.abs(wanted).max(), 1e-30)
