"""Building pipelines: names, inputs, order, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import ChannelError, ShapeError
from filterlab.run.ledger import survey


def conv(outputs=1, inputs=1):
    return fl.Conv2d(np.ones((outputs, inputs, 3, 3)), padding=1)


def test_names_are_made_up_and_inputs_filled_in():
    pipe = fl.Pipeline([("edges", conv()), fl.ReLU(), fl.MaxPool2d(2), fl.ReLU()])
    assert [node.name for node in pipe.nodes] == ["edges", "relu1", "pool1", "relu2"]
    assert [node.inputs for node in pipe.nodes] == [("image",), ("edges",), ("relu1",), ("pool1",)]
    assert isinstance(pipe["pool1"], fl.MaxPool2d)


def test_made_up_names_avoid_given_ones():
    pipe = fl.Pipeline([fl.ReLU(), ("relu1", fl.ReLU()), fl.ReLU()])
    assert [node.name for node in pipe.nodes] == ["relu2", "relu1", "relu3"]


def test_nodes_may_come_in_any_order():
    pipe = fl.Pipeline(
        [
            fl.Node("sum", fl.Add(), inputs=("a", "b")),
            fl.Node("a", fl.ReLU(), inputs=("image",)),
            fl.Node("b", fl.Abs(), inputs=("image",)),
        ]
    )
    assert [node.name for node in pipe.nodes] == ["sum", "a", "b"]
    assert [step.name for step in pipe.steps] == ["a", "b", "sum"]
    x = np.array([[[-1.0, 2.0]]])
    np.testing.assert_array_equal(pipe.run(x)["sum"], [[[1.0, 4.0]]])


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([("a", fl.ReLU()), ("a", fl.ReLU())], "2 nodes are named 'a'"),
        ([fl.Node("a", fl.ReLU(), inputs=("b",))], "its input 'b' does not exist"),
        (
            [fl.Node("a", fl.ReLU(), ("b",)), fl.Node("b", fl.ReLU(), ("a",))],
            "a, b form a cycle",
        ),
        ([fl.Node("a", fl.ReLU(), ("a",))], "a form a cycle"),
        ([fl.Node("a", fl.Add(), ("image",)), fl.Node("b", fl.ReLU(), ())], "no inputs"),
        ([fl.Node("a", fl.ReLU(), ("image", "image"))], "takes 1 input, not 2"),
        ([fl.Node("a", fl.Subtract(), ("image",))], "takes 2 inputs, not 1"),
        ([fl.Node("a", fl.Add(), ("image",))], "at least 2 inputs, not 1"),
        (["relu"], "neither a layer"),
    ],
)
def test_wrong_graphs_are_refused(nodes, message):
    with pytest.raises(fl.FilterLabError, match=message):
        fl.Pipeline(nodes)


@pytest.mark.parametrize("name", ["image", "", "a b", "../a", "a/../b", ".", "a//b", "/a", "a*", "a/"])
def test_illegal_names(name):
    with pytest.raises(fl.FilterLabError, match="is not allowed"):
        fl.Node(name, fl.ReLU())


@pytest.mark.parametrize("name", ["a", "conv1_2", "block1/unit.3-b", "Kante"])
def test_legal_names(name):
    assert fl.Pipeline([(name, fl.ReLU())])[name] == fl.ReLU()


def test_pipelines_are_values():
    pipe = fl.Pipeline([("a", conv())])
    with pytest.raises(AttributeError):
        pipe.nodes = ()
    with pytest.raises(ValueError, match="read-only"):
        pipe["a"].weight[0] = 3
    assert pipe == fl.Pipeline([("a", conv())])
    assert pipe != fl.Pipeline([("b", conv())])


def test_the_array_of_the_caller_is_not_changed():
    weight = np.ones((1, 1, 3, 3), np.float32)
    layer = fl.Conv2d(weight)
    weight[:] = 7
    assert layer.weight.max() == 1


def test_replacing_a_layer_shares_the_others():
    pipe = fl.Pipeline([("a", conv()), ("b", fl.ReLU())])
    other = pipe.with_layers({"a": conv()})
    assert other["b"] is pipe["b"]
    assert other["a"] is not pipe["a"]
    with pytest.raises(fl.FilterLabError, match="no node 'c'"):
        pipe.with_layers({"c": conv()})


def test_shapes_name_the_node_at_fault():
    pipe = fl.Pipeline([("a", conv(4, 3)), ("b", conv(2, 8))])
    with pytest.raises(ChannelError, match="node 'b'.*given 4 channels and takes 8") as caught:
        pipe.output_shapes((3, 8, 8))
    assert (caught.value.node, caught.value.parameter) == ("b", "weight")


def test_check_finds_the_channels_of_the_picture():
    assert fl.Pipeline([conv(4, 3)]).check() == 3
    assert fl.Pipeline([conv(4, 1)]).check() == 1
    assert fl.Pipeline([conv(4, 192)]).check() == 192
    assert fl.Pipeline([fl.MaxPool2d(2)]).check() == 3
    with pytest.raises(ChannelError, match="node 'b'"):
        fl.Pipeline([("a", conv(4, 3)), ("b", conv(2, 8))]).check()


def test_a_disabled_node_passes_its_first_input_on():
    nodes = [("a", fl.ReLU()), fl.Node("b", fl.MaxPool2d(2), enabled=False), ("c", fl.Abs())]
    pipe = fl.Pipeline(nodes)
    x = np.array([[[-1.0, 2.0]]])
    np.testing.assert_array_equal(pipe.run(x)["c"], [[[0.0, 2.0]]])
    assert pipe.output_shapes((1, 1, 2))["b"] == (1, 1, 2)


def test_an_empty_pipeline_gives_nothing():
    assert fl.Pipeline().run(np.ones((1, 2, 2))) == {}


def test_long_lists_of_names_are_cut_short():
    with pytest.raises(fl.FilterLabError, match=r"\(allowed: image\)$"):
        fl.Pipeline([fl.Node("a", fl.ReLU(), ("b",))])
    many = [fl.Node(f"n{i}", fl.ReLU(), ("image",)) for i in range(3000)]
    with pytest.raises(fl.FilterLabError, match=r"allowed: image, n0, .*, n18, \.\.\.\)$"):
        fl.Pipeline([*many, fl.Node("last", fl.ReLU(), ("nobody",))])
    with pytest.raises(fl.FilterLabError, match=r"nodes: n0, .*, n19, \.\.\.\)$"):
        fl.Pipeline(many).node("nobody")


def test_cycles_are_found_behind_other_nodes():
    nodes = [
        fl.Node("a", fl.ReLU(), ("c",)),
        fl.Node("b", fl.Add(), ("image", "d")),
        fl.Node("c", fl.ReLU(), ("b",)),
        fl.Node("d", fl.ReLU(), ("c",)),
        fl.Node("free", fl.ReLU(), ("image",)),
    ]
    with pytest.raises(fl.FilterLabError, match="the nodes c, b, d form a cycle"):
        fl.Pipeline(nodes)


def test_a_step_that_reads_a_node_twice_waits_for_it_once():
    pipe = fl.Pipeline([fl.Node("sum", fl.Add(), ("a", "a")), fl.Node("a", fl.ReLU(), ("image",))])
    assert [step.name for step in pipe.steps] == ["a", "sum"]


def test_replaced_layers_are_checked_and_run():
    pipe = fl.Pipeline([("a", conv()), fl.Node("off", fl.MaxPool2d(2), enabled=False), ("b", fl.ReLU())])
    other = pipe.with_layers({"b": fl.Abs(), "off": fl.MaxPool2d(3)})
    assert other == fl.Pipeline(other.nodes)
    assert other.steps == fl.Pipeline(other.nodes).steps
    x = np.full((1, 4, 4), -1.0)
    assert other.run(x)["b"].shape == (1, 4, 4)
    assert other.run(x)["b"].min() >= 0
    with pytest.raises(fl.FilterLabError, match="at least 2 inputs, not 1"):
        pipe.with_layers({"b": fl.Add()})
    with pytest.raises(fl.FilterLabError, match="is not a layer"):
        pipe.with_layers({"b": 3})


def test_pipelines_differ_by_any_part_of_a_node():
    pipe = fl.Pipeline([("a", conv()), ("b", fl.ReLU())])
    assert pipe == fl.Pipeline([("a", conv()), ("b", fl.ReLU())])
    for other in (
        [("a", conv())],
        [("a", fl.Conv2d(np.zeros((1, 1, 3, 3)), padding=1)), ("b", fl.ReLU())],
        [("a", conv()), ("b", fl.Abs())],
        [("a", conv()), fl.Node("b", fl.ReLU(), enabled=False)],
        [("a", conv()), fl.Node("b", fl.ReLU(), ("image",))],
    ):
        assert pipe != fl.Pipeline(other)
    assert pipe != 3


def test_a_pipeline_wrong_for_every_picture_is_refused_at_once(monkeypatch):
    """The same complaint for 3, 1 and 2 channels does not depend on them; 510 more would take minutes."""
    chain = [("a", conv(4, 1)), *[(f"n{i}", fl.ReLU()) for i in range(3000)], ("b", conv(2, 8))]
    pipe = fl.Pipeline([("grey", fl.ChannelSlice(stop=1)), *chain])
    tried, real = [], type(pipe).output_shapes
    monkeypatch.setattr(type(pipe), "output_shapes", lambda self, x: tried.append(x[0]) or real(self, x))
    with pytest.raises(ChannelError, match="node 'b'"):
        pipe.check()
    assert tried == [3, 1, 2]


def test_a_lack_of_memory_names_the_node(monkeypatch):
    def fails(*_):
        raise MemoryError

    monkeypatch.setattr(fl.ReLU, "output_shape", fails)
    with pytest.raises(fl.FilterLabError, match="node 'a': there is not enough memory") as caught:
        fl.Pipeline([("a", fl.ReLU())]).output_shapes((1, 2, 2))
    assert caught.value.node == "a"


def test_maps_that_no_memory_will_ever_hold_are_refused():
    nodes = [fl.Node("n0", fl.ReLU(), ("image",))]
    nodes += [fl.Node(f"n{i + 1}", fl.Concat(), (f"n{i}", f"n{i}")) for i in range(100)]
    tower = fl.Pipeline(nodes)
    with pytest.raises(
        ShapeError, match="node 'n27', Concat: its output of 402653184x64x64 would be more than"
    ):
        tower.output_shapes((3, 64, 64))
    rows = {row.name: row for row in survey(tower, (3, 64, 64))}
    assert rows["n26"].shape == (3 * 2**26, 64, 64)
    assert rows["n28"].waits_for == "n27"
