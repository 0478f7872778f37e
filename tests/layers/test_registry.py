"""Adding a layer touches one file: a type defined here appears everywhere by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Annotated, ClassVar

import numpy as np
import pytest
from pydantic import Field

import filterlab as fl
from filterlab import layers
from filterlab.cli import main
from filterlab.layers.base.layer import Gradients, Layer
from filterlab.layers.base.schema import file_schema
from filterlab.layers.families.elementwise import Elementwise
from filterlab.parameters import Number
from filterlab.run import Evaluator, files


@pytest.fixture
def power():
    class Power(Elementwise):
        """|x| to a power."""

        key: ClassVar[str] = "toy_power"
        title: ClassVar[str] = "Power"
        stem: ClassVar[str] = "power"

        exponent: Annotated[float, Number(slider=(0, 4)), Field(default=2.0, description="The power.")]

        def forward(self, *xs):
            return np.abs(xs[0]) ** self.exponent

        def backward(self, dy, xs, y):
            return Gradients(
                (dy * self.exponent * np.abs(xs[0]) ** (self.exponent - 1) * np.sign(xs[0]),), {}
            )

    yield Power
    Layer.types.pop("toy_power")


def test_it_is_found_by_key_and_by_name(power):
    assert layers.layer_type("toy_power") is power
    assert fl.Power is power
    assert "Power" in dir(layers)


def test_it_is_in_the_schema(power):
    node = file_schema()["$defs"]["toy_power"]
    assert node["properties"]["params"]["properties"]["exponent"]["default"] == 2.0


def test_it_is_in_the_list_of_the_command_line(power, capsys):
    assert main(["layers", "--json"]) == 0
    listed = {entry["key"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert listed["toy_power"]["parameters"][0]["name"] == "exponent"
    assert main(["layers"]) == 0
    assert "toy_power" in capsys.readouterr().out


def test_the_file_format_reads_and_writes_it(power):
    pipeline = fl.Pipeline([power(3.0)])
    document = json.loads(files.to_text(pipeline))
    assert document["nodes"][0] == {
        "name": "power1",
        "layer": "toy_power",
        "inputs": ["image"],
        "params": {"exponent": 3.0},
    }
    assert files.from_dict(document) == pipeline


def test_the_evaluator_runs_it(power, rng):
    x = rng.standard_normal((1, 4, 4))
    y = Evaluator().run(fl.Pipeline([("p", power(3.0)), fl.ReLU()]), x)
    np.testing.assert_allclose(y["p"], np.abs(x) ** 3)


def test_two_types_cannot_share_a_key(power):
    with pytest.raises(fl.FilterLabError, match="names Power already"):

        class Other(Elementwise):
            """Another."""

            key: ClassVar[str] = "toy_power"
            title: ClassVar[str] = "Other"


def test_a_pipeline_loads_the_layers_that_it_has_and_no_others():
    code = """
import sys
from filterlab.layers import layer_type
print(layer_type("relu").__name__, "filterlab.layers.conv2d" in sys.modules)
try:
    layer_type("base")
except Exception as error:
    print(type(error).__name__, "filterlab.layers.conv2d" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["ReLU", "False", "ParameterError", "True"], done.stderr


def test_unknown_keys_name_the_nearest():
    with pytest.raises(fl.FilterLabError, match="did you mean conv2d"):
        layers.layer_type("conv2")
    with pytest.raises(AttributeError, match="Conv3d"):
        _ = layers.Conv3d
