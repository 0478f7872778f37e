"""Imported networks in tiles: a U-Net and a feature pyramid, by way of ONNX files."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl

pytest.importorskip("onnx")

RNG = np.random.default_rng(11)


def conv(channels, inputs, size=3, **options):
    return fl.Conv2d(RNG.normal(0, 0.3, (channels, inputs, size, size)), padding=size // 2, **options)


def unet():
    """Two levels, enlarged by transposed convolutions, with the maps on the way down beside those on the way up."""
    return [
        fl.Node("d0", conv(4, 3), ("image",)),
        fl.Node("d0r", fl.ReLU(), ("d0",)),
        fl.Node("p0", fl.MaxPool2d(2), ("d0r",)),
        fl.Node("d1", conv(8, 4), ("p0",)),
        fl.Node("d1r", fl.SiLU(), ("d1",)),
        fl.Node("p1", fl.MaxPool2d(2), ("d1r",)),
        fl.Node("low", conv(8, 8), ("p1",)),
        fl.Node("u1", fl.ConvTranspose2d(RNG.normal(0, 0.3, (8, 8, 2, 2)), stride=2), ("low",)),
        fl.Node("c1", fl.Concat(), ("u1", "d1r")),
        fl.Node("e1", conv(4, 16), ("c1",)),
        fl.Node("u0", fl.ConvTranspose2d(RNG.normal(0, 0.3, (4, 4, 4, 4)), stride=2, padding=1), ("e1",)),
        fl.Node("c0", fl.Concat(), ("u0", "d0r")),
        fl.Node("out", conv(2, 8, 1), ("c0",)),
    ]


def pyramid():
    """Maps of three sizes, each joined with the enlarged one below it, and a gate by the mean of the smallest."""
    return [
        fl.Node("s1", conv(4, 3, stride=2), ("image",)),
        fl.Node("r1", fl.ReLU(), ("s1",)),
        fl.Node("s2", conv(6, 4, stride=2), ("r1",)),
        fl.Node("r2", fl.ReLU(), ("s2",)),
        fl.Node("s3", conv(8, 6, stride=2), ("r2",)),
        fl.Node("mean", fl.GlobalAvgPool2d(), ("s3",)),
        fl.Node("gate", fl.Sigmoid(), ("mean",)),
        fl.Node("gated", fl.Multiply(), ("s3", "gate")),
        fl.Node("l3", conv(4, 8, 1), ("gated",)),
        fl.Node("l2", conv(4, 6, 1), ("r2",)),
        fl.Node("up3", fl.Upsample(2), ("l3",)),
        fl.Node("m2", fl.Add(), ("up3", "l2")),
        fl.Node("l1", conv(4, 4, 1), ("r1",)),
        fl.Node("up2", fl.Upsample(2), ("m2",)),
        fl.Node("m1", fl.Add(), ("up2", "l1")),
        fl.Node("p1", conv(4, 4), ("m1",)),
        fl.Node("p2", conv(4, 4), ("m2",)),
    ]


@pytest.mark.parametrize("nodes", [unet, pyramid])
@pytest.mark.parametrize("tile", [48, (40, 72)])
def test_an_imported_network_is_the_whole_in_tiles(nodes, tile, tmp_path):
    fl.export_onnx(fl.Pipeline(nodes()), tmp_path / "n.onnx", size=(3, 144, 176))
    pipeline = fl.import_onnx(tmp_path / "n.onnx").pipeline
    image = RNG.uniform(0, 1, (3, 144, 176)).astype(np.float32)
    whole = pipeline.run(image)
    tiled = pipeline.run_tiled(image, tile=tile)
    for name, values in whole.items():
        np.testing.assert_array_equal(tiled[name], values, err_msg=name)
