"""The command of a learning run gives the weights that the window learned; none is given where it would not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import filterlab as fl
from filterlab.cli import main
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.plan import PICTURE, PRESET, LearningPlan, LearningTarget
from filterlab.gui.learning.repeating import learn_command


@pytest.fixture
def plan(tmp_path):
    """Two pictures in files, and a pipeline of one filter."""
    pixels = np.random.default_rng(0).random((1, 14, 16)).astype(np.float32)
    pipeline = fl.Pipeline([("blur", fl.Filter2d(kernel=np.full((3, 3), 0.1)))])
    files = tmp_path / "a.npy", tmp_path / "b.npy"
    np.save(files[0], pixels)
    np.save(files[1], fl.Pipeline([("wanted", fl.Filter2d(kernel=[[0, 1, 0]]))]).run(pixels)["wanted"])
    pictures = [Picture(file.name, fl.read_image(file), file) for file in files]
    target = LearningTarget(kind=PICTURE, picture=pictures[1])
    return LearningPlan(
        pipeline, pictures[0], target, "blur", ("blur",), optimizer="sgd", lr=0.05, steps=6, start="keep"
    )


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [
        ("sgd", {"momentum": 0.8, "nesterov": True}),
        ("adam", {"schedule": "cosine", "crop": (8, 8)}),
        ("lbfgs", {}),
        ("sgd", {"constraints": ["unit_sum", "symmetric"]}),
    ],
)
def test_the_command_learns_the_same_weights(plan, tmp_path, monkeypatch, optimizer, options):
    plan = replace(plan, optimizer=optimizer, options=options)
    monkeypatch.chdir(tmp_path)
    plan.pipeline.save("own.json")
    words = learn_command(plan, 6, tmp_path / "own.json")
    assert main([*words[1:], "--json"]) == 0
    arguments = {"loss": plan.loss, "optimizer": optimizer, "lr": plan.lr, "steps": 6, "seed": 0, **options}
    pairs = [(plan.picture.pixels, plan.target.picture.pixels)]
    *_, last = fl.learn(plan.pipeline, pairs, nodes=["blur"], **arguments)
    assert fl.Pipeline.load("learned.json") == last.pipeline


def test_what_the_command_line_cannot_repeat_has_no_command(plan):
    assert learn_command(plan, 3, None)
    assert not learn_command(replace(plan, start="random"), 3, None)
    assert not learn_command(replace(plan, options={"schedule": "cosine"}), 3, None)
    assert not learn_command(replace(plan, target=replace(plan.target, cropped=True)), 3, None)
    assert not learn_command(replace(plan, target=replace(plan.target, kind=PRESET)), 3, None)
    pasted = Picture("pasted", plan.picture.pixels)
    assert not learn_command(replace(plan, picture=pasted), 3, None)
