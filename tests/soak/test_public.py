"""Public models beside onnxruntime, tensor by tensor: those that `make models` fetches, and graphs of the onnx package.

The latter come without weights; these are drawn at random here.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

import filterlab as fl
from filterlab.interop.importing import import_onnx
from filterlab.pipeline import Pipeline
from tests.interop.models import distance, figures, worst_difference

pytestmark = pytest.mark.soak

FETCHED = Path(__file__).parents[2] / "out" / "models"
SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
# The picture, where the file leaves its size open, and the operators that are cut.
PUBLIC = {
    "pnet": ((3, 60, 70), set()),
    "rnet": (None, set()),
    "onet": (None, set()),
    "ch_PP-OCRv4_det_infer": ((3, 96, 160), set()),
    "ch_ppocr_mobile_v2.0_cls_infer": ((3, 48, 192), set()),
    # The attention of its last stage, which starts by laying the map out as a sequence.
    "ch_PP-OCRv4_rec_infer": ((3, 48, 320), {"MatMul"}),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_model(name, tmp_path):
    path = FETCHED / f"{name}.onnx"
    if not path.exists():
        pytest.skip("it has not been fetched: run `make models`")
    size, cut = PUBLIC[name]
    found = hold(path, size, tmp_path)
    assert bool(found.left_out) == bool(cut)
    assert cut <= {entry.operator for entry in found.left_out}


@pytest.mark.parametrize("path", sorted(LIGHT.glob("*.onnx")), ids=lambda path: path.stem)
def test_a_graph_of_the_onnx_package(path, tmp_path):
    seeded = tmp_path / path.name
    seeded.write_bytes(with_weights(onnx.load(path)).SerializeToString())
    assert not hold(seeded, None, tmp_path).left_out


def hold(path, size, folder):
    """Every tensor as onnxruntime has it, every convolution that does not stand behind a cut, and out and in again."""
    model = onnx.load(path)
    found = import_onnx(path, size, kind=Pipeline)
    carried, cut = {tensor for _, tensor in found.nodes}, {entry.tensor for entry in found.left_out}
    for node in model.graph.node:
        if node.op_type.startswith("Conv") and not behind(node, model, cut):
            assert node.output[0] in carried, node.output[0]
    x = picture(found.size)
    print(f"{path.stem}: {figures(found, model, worst_difference(found, model, x))}")
    fl.export_onnx(found.pipeline, folder / "again.onnx", found.size)
    again = import_onnx(folder / "again.onnx", kind=Pipeline)
    assert not again.left_out
    wanted, got = found.pipeline.run(x[0]), again.pipeline.run(x[0])
    for node in wanted:
        assert distance(got[node], wanted[node]) <= 1e-5, node
    return found


def picture(size):
    """A photograph: of noise, two scores of a trained network are nearly the same, and rounding decides."""
    photograph = fl.read_image(SAMPLES / "astronaut.png")
    return fl.Resize(size=size[1:]).forward(photograph[None]).astype(np.float32)


def behind(node, model, cut):
    """Whether an operator reads, over any number of steps, a tensor that was cut."""
    made_by = {name: each for each in model.graph.node for name in each.output}
    waiting, seen = list(node.input), set()
    while waiting:
        name = waiting.pop()
        if name in cut:
            return True
        if name in made_by and name not in seen:
            waiting += made_by[name].input
        seen.add(name)
    return False


def with_weights(model):
    """Random weights of a scale that keeps the maps', for the shapes that the graph gives instead of weights."""
    rng, graph = np.random.default_rng(0), model.graph
    shapes = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    kept = []
    for node in graph.node:
        if node.op_type != "ConstantOfShape":
            kept.append(node)
            continue
        shape = [int(n) for n in shapes[node.input[0]]]
        # Vectors are factors, offsets, means and variances, none of which may be 0 for all channels.
        values = rng.uniform(0.5, 1.5, shape)
        if len(shape) > 1:
            values = rng.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float32), node.output[0]))
    del graph.node[:]
    graph.node.extend(kept)
    return model
