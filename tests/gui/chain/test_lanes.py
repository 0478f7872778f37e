from __future__ import annotations

import filterlab as fl
from filterlab.graph import Node
from filterlab.gui.chain.lanes import Lane, lanes
from filterlab.pipeline import Pipeline


def test_a_chain_is_one_line():
    pipeline = Pipeline([fl.ReLU(), fl.Abs()])
    assert lanes(pipeline) == [Lane(0, read=True), Lane(0, (), (0,), True), Lane(0, (), (0,))]


def test_nothing_is_a_dot():
    assert lanes(Pipeline()) == [Lane(0)]


def test_branches_run_beside_each_other_and_meet():
    pipeline = Pipeline(
        [
            Node("a1", fl.ReLU(), ("image",)),
            Node("a2", fl.ReLU(), ("a1",)),
            Node("b", fl.Abs(), ("image",)),
            Node("sum", fl.Add(), ("a2", "b")),
            Node("end", fl.ReLU(), ("sum",)),
        ]
    )
    assert lanes(pipeline) == [
        Lane(0, read=True),
        Lane(1, (0,), (0,), True),  # the picture's wire runs on to b
        Lane(1, (0,), (1,), True),
        Lane(0, (1,), (0,), True),  # its last reader takes its place
        Lane(0, (), (0, 1), True),
        Lane(0, (), (0,)),
    ]


def test_a_shortcut_runs_beside_what_it_skips():
    pipeline = Pipeline(
        [
            Node("in", fl.ReLU(), ("image",)),
            Node("deep", fl.Abs(), ("in",)),
            Node("sum", fl.Add(), ("deep", "in")),
        ]
    )
    assert lanes(pipeline)[2:] == [Lane(1, (0,), (0,), True), Lane(0, (), (0, 1))]


def test_a_switched_off_merge_reads_its_first_input_only():
    pipeline = Pipeline(
        [
            Node("a", fl.ReLU(), ("image",)),
            Node("b", fl.Abs(), ("image",)),
            Node("sum", fl.Add(), ("a", "b"), enabled=False),
        ]
    )
    assert lanes(pipeline)[-1] == Lane(1, (), (1,))
