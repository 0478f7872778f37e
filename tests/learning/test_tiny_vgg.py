"""A trained network on photographs: the classes, and every layer against PyTorch where that is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import filterlab as fl
from filterlab.resources import samples

WEIGHTS = Path(__file__).parents[3] / "shared" / "golden" / "tinyvgg" / "tinyvgg.npz"
CLASSES = ("lifeboat", "ladybug", "pizza", "bell pepper", "school bus", "koala", "espresso", "red panda", "orange",
           "sport car")  # fmt: skip

pytestmark = pytest.mark.skipif(
    not WEIGHTS.exists(), reason="the trained weights are not part of this repository"
)


@pytest.fixture(scope="module")
def weights():
    return dict(np.load(WEIGHTS))


@pytest.fixture(scope="module")
def network(weights):
    layers = []
    for block in (1, 2):
        for part in (1, 2):
            name = f"conv_{block}_{part}"
            layers.append((name, fl.Conv2d(weights[f"{name}/weight"], weights[f"{name}/bias"])))
            layers.append((f"relu_{block}_{part}", fl.ReLU()))
        layers.append((f"max_pool_{block}", fl.MaxPool2d(2)))
    output = fl.Linear(weights["output/weight_chw"], weights["output/bias"])
    layers += [("flatten", fl.Flatten()), ("output", output), ("softmax", fl.Softmax(labels=CLASSES))]
    return fl.Pipeline(layers)


@pytest.fixture(scope="module")
def picture():
    image = fl.read_image(samples()["coffee"])
    return fl.Resize((64, 64), antialias=True).forward(image[None])[0]


def test_sizes_and_receptive_field(network):
    shapes = network.output_shapes((3, 64, 64))
    assert [shapes[n][1] for n in ("conv_1_1", "conv_1_2", "max_pool_1", "conv_2_1", "conv_2_2", "max_pool_2")] == [
        62, 60, 30, 28, 26, 13]  # fmt: skip
    assert shapes["flatten"] == (1690,)
    field = network.receptive_field("max_pool_2")
    assert (field.size, field.stride, field.padding) == ((16, 16), (4, 4), (0, 0))


def test_a_cup_of_coffee_is_an_espresso(network, picture):
    scores = network.run(picture)["softmax"]
    assert CLASSES[int(scores.argmax())] == "espresso"
    assert scores.sum() == pytest.approx(1, abs=1e-6)


def test_files_of_both_kinds_give_the_same_numbers(network, picture, tmp_path):
    want = network.run(picture)
    for name in ("net.json", "net.safetensors"):
        network.save(tmp_path / name)
        got = fl.Pipeline.load(tmp_path / name).run(picture)
        for node, values in want.items():
            np.testing.assert_array_equal(got[node], values)


@pytest.mark.soak  # PyTorch is no dependency of the tests
def test_every_layer_is_pytorchs(network, weights, picture):
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional

    def layers(dtype):
        x, found = torch.tensor(picture, dtype=dtype)[None], {}
        tensors = {name: torch.tensor(value, dtype=dtype) for name, value in weights.items()}
        for block in (1, 2):
            for part in (1, 2):
                name = f"conv_{block}_{part}"
                found[name] = functional.conv2d(x, tensors[f"{name}/weight"], tensors[f"{name}/bias"])
                found[f"relu_{block}_{part}"] = x = functional.relu(found[name])
            found[f"max_pool_{block}"] = x = functional.max_pool2d(x, 2)
        found["output"] = x.flatten(1) @ tensors["output/weight_chw"].T + tensors["output/bias"]
        return {name: value[0].numpy() for name, value in found.items()}

    got = network.run(picture)
    for name, want in layers(torch.float32).items():
        np.testing.assert_allclose(got[name], want, rtol=1e-4, atol=1e-5, err_msg=name)
    double = network.run(picture.astype(np.float64))["output"]
    np.testing.assert_allclose(double, layers(torch.float64)["output"], atol=1e-9)
