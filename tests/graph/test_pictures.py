from __future__ import annotations

import numpy as np

import filterlab as fl
from filterlab.graph.pictures import picture_nodes


def test_nodes_that_only_filter_the_picture():
    pipe = fl.Pipeline(
        [
            ("blur", fl.Filter2d(fl.kernels.gaussian(3))),
            ("pool", fl.MaxPool2d(2)),
            fl.Node("conv", fl.Conv2d(np.ones((3, 3, 1, 1), np.float32)), ("image",)),
            fl.Node("relu", fl.ReLU(), ("conv",)),
            fl.Node("sum", fl.Add(), ("pool", "relu")),
            fl.Node("both", fl.Add(), ("pool", "blur")),
            fl.Node("cat", fl.Concat(), ("pool",)),
        ]
    )
    assert picture_nodes(pipe, 3) == {"blur", "pool", "both"}
    assert picture_nodes(pipe, 5) == set()


def test_a_disabled_layer_passes_the_picture_on():
    weight = np.ones((3, 3, 1, 1), np.float32)
    nodes = [fl.Node("conv", fl.Conv2d(weight=weight), ("image",), enabled=False), ("relu", fl.ReLU())]
    assert picture_nodes(fl.Pipeline(nodes), 3) == {"conv", "relu"}


def test_layers_that_keep_or_make_colours_give_pictures():
    pipe = fl.Pipeline(
        [
            fl.Node("smooth", fl.Bilateral(3), ("image",)),
            fl.Node("tones", fl.RGBToHSV(), ("smooth",)),
            fl.Node("smooth-tones", fl.Bilateral(3), ("tones",)),
            fl.Node("back", fl.HSVToRGB(), ("smooth-tones",)),
            fl.Node("dark", fl.Clamp(max=0.5), ("back",)),
        ]
    )
    assert picture_nodes(pipe, 3) == {"smooth", "back", "dark"}
