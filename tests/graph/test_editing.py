from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab as fl
from filterlab.graph import editing
from filterlab.graph.nodes import IMAGE, Node
from filterlab.layers import layer_types
from filterlab.pipeline import Pipeline


def wires(pipeline):
    """What each node reads, in the order of the list."""
    return {node.name: node.inputs for node in pipeline.nodes}


@pytest.fixture
def chain():
    return Pipeline([("a", fl.ReLU()), ("b", fl.Abs()), ("c", fl.MaxPool2d(2))])


@pytest.fixture
def forked():
    """Two lines from the picture that meet, and a line behind them."""
    return Pipeline(
        [
            Node("a1", fl.ReLU(), ("image",)),
            Node("a2", fl.Abs(), ("a1",)),
            Node("b1", fl.Tanh(), ("image",)),
            Node("b2", fl.Sigmoid(), ("b1",)),
            Node("cat", fl.Concat(), ("a2", "b2")),
            Node("end", fl.ReLU(), ("cat",)),
        ]
    )


# -- looking ----------------------------------------------------------------------------------------------


def test_queries_of_a_graph(forked):
    assert editing.readers(forked, "image") == ["a1", "b1"]
    assert editing.leaves(forked) == ["end"]
    assert editing.ancestors(forked, ["a2", "b1"]) == {"a1", "image"}
    assert editing.descendants(forked, "b1") == {"b2", "cat", "end"}
    assert editing.descendants(forked, "image") == {node.name for node in forked}
    assert editing.legal_inputs(forked, "b2") == ["image", "a1", "a2", "b1"]


def test_free_names_continue_the_numbers(chain):
    assert editing.free_name(chain, fl.ReLU) == "relu1"
    named = Pipeline([("relu1", fl.ReLU()), ("relu3", fl.ReLU())])
    assert editing.free_name(named, fl.ReLU()) == "relu2"


def test_the_successor_of_a_node_that_is_gone(chain):
    assert editing.successor(chain, chain, "b") == "b"
    assert editing.successor(chain, editing.rename(chain, "b", "new"), "b") == "new"
    assert editing.successor(chain, editing.remove(chain, ["b"]), "b") == "c"
    assert editing.successor(chain, editing.remove(chain, ["b", "c"]), "b") == "a"
    assert editing.successor(chain, Pipeline(), "b") == "image"
    assert editing.successor(chain, Pipeline([("other", fl.ReLU())]), "b") == "other"


# -- adding -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("image", {"t": ("image",), "a": ("t",), "b": ("a",), "c": ("b",)}),
        ("a", {"a": ("image",), "t": ("a",), "b": ("t",), "c": ("b",)}),
        ("c", {"a": ("image",), "b": ("a",), "c": ("b",), "t": ("c",)}),
        (None, {"a": ("image",), "b": ("a",), "c": ("b",), "t": ("c",)}),
    ],
)
def test_insert_into_a_chain(chain, after, expected):
    edited, name = editing.insert(chain, fl.Tanh(), after, name="t")
    assert name == "t"
    assert wires(edited) == expected
    assert list(wires(edited)) == list(expected)
    assert all(edited[n] is chain[n] for n in "abc")


def test_insert_into_nothing():
    edited, name = editing.insert(Pipeline(), fl.ReLU())
    assert (name, wires(edited)) == ("relu1", {"relu1": ("image",)})


def test_an_inserted_merge_joins_the_other_leaf(chain):
    forked, second = editing.branch(chain, fl.Tanh(), "a")
    edited, name = editing.insert(forked, fl.Concat(), "c")
    assert edited.node(name).inputs == ("c", second)
    assert editing.leaves(edited) == [name]


def test_a_merge_in_the_middle_makes_no_cycle(chain):
    edited, name = editing.insert(chain, fl.Add(), "a")
    assert edited.node(name).inputs == ("a", "c")
    assert edited.node("b").inputs == ("a",)
    assert [node.name for node in edited][-1] == name


def test_a_merge_reads_what_fits():
    pipeline = Pipeline([("a", fl.ReLU()), ("b", fl.MaxPool2d(2))])
    shapes = {"image": (3, 8, 8), **pipeline.output_shapes((3, 8, 8))}
    assert editing.merge_inputs(pipeline, fl.Add(), "a") == ("a", "b")
    assert editing.merge_inputs(pipeline, fl.Add(), "a", shapes) == ("a", "image")
    assert editing.merge_inputs(Pipeline(), fl.Divide(), "image") == ("image", "image")


def test_a_merge_of_chosen_inputs(forked):
    edited, name = editing.insert(forked, fl.Mean(), inputs=["a1", "b1"])
    assert edited.node(name).inputs == ("a1", "b1")
    assert edited.node("b2").inputs == (name,)
    assert edited.node("a2").inputs == ("a1",)


def test_branch_leaves_the_readers(forked):
    edited, name = editing.branch(forked, fl.ELU(), "image")
    assert edited.node(name).inputs == ("image",)
    assert [n.name for n in edited] == ["a1", "a2", "b1", "b2", name, "cat", "end"]
    assert {n: i for n, i in wires(edited).items() if n != name} == wires(forked)


def test_a_taken_name_is_refused(chain):
    with pytest.raises(fl.FilterLabError, match="there is a node 'a' already"):
        editing.insert(chain, fl.ReLU(), "b", name="a")


def test_an_unknown_place_is_refused(chain):
    with pytest.raises(fl.FilterLabError, match="no node 'z'"):
        editing.insert(chain, fl.ReLU(), "z")


def test_a_starter_suits_what_it_reads():
    pipeline = Pipeline([("a", fl.PixelUnshuffle(2)), ("wrong", fl.MaxPool2d(99))])
    layer, inputs = editing.starter(fl.Conv2d, pipeline, "a", (3, 8, 8))
    assert inputs == ("a",)
    assert layer.shape_of("weight") == (8, 12, 3, 3)
    assert layer.params()["weight"]["seed"] == 2
    for after, picture in (("wrong", (3, 8, 8)), ("a", None)):
        assert editing.starter(fl.Conv2d, pipeline, after, picture)[0].shape_of("weight") == (8, 3, 3, 3)


@pytest.mark.parametrize("kind", layer_types().values(), ids=list(layer_types()))
def test_a_starter_of_every_type_runs(kind):
    chain = Pipeline([("a", fl.ReLU()), ("flat", fl.Flatten())])
    after = "flat" if kind is fl.Linear else "a"
    layer, inputs = editing.starter(kind, chain, after, (3, 32, 32))
    pipeline, name = editing.insert(chain, layer, after, inputs=inputs)
    assert pipeline.output_shapes((3, 32, 32))[name]


def test_duplicate_shares_the_layer(chain):
    edited, name = editing.duplicate(editing.set_enabled(chain, ["b"], False), "b")
    assert edited[name] is chain["b"]
    assert not edited.node(name).enabled
    assert wires(edited) == {"a": ("image",), "b": ("a",), name: ("b",), "c": (name,)}


def test_duplicate_of_a_merge_stands_beside_it(forked):
    edited, name = editing.duplicate(forked, "cat")
    assert edited.node(name).inputs == ("a2", "b2")
    assert edited.node("end").inputs == ("cat",)


# -- changing ---------------------------------------------------------------------------------------------


def test_remove_bridges(chain, forked):
    assert wires(editing.remove(chain, ["b"])) == {"a": ("image",), "c": ("a",)}
    assert wires(editing.remove(chain, ["a", "b"])) == {"c": ("image",)}
    assert wires(editing.remove(forked, ["cat"]))["end"] == ("a2",)
    assert wires(editing.remove(forked, ["b1", "b2"]))["cat"] == ("a2", "image")
    assert len(editing.remove(chain, ["a", "b", "c"])) == 0


def test_rename_is_followed(forked):
    edited = editing.rename(forked, "b2", "right/last")
    assert edited.node("cat").inputs == ("a2", "right/last")
    assert edited["right/last"] is forked["b2"]
    assert editing.rename(forked, "b2", "b2") is forked


@pytest.mark.parametrize("name", ["", "image", "two words", "../up", "a1"])
def test_rename_refuses(forked, name):
    with pytest.raises(fl.FilterLabError) as caught:
        editing.rename(forked, "b2", name)
    assert caught.value.hint


def test_set_enabled(chain):
    edited = editing.set_enabled(chain, ["a", "c"], False)
    assert [node.enabled for node in edited] == [False, True, False]
    assert editing.set_enabled(edited, ["a"], False) is edited


def test_set_inputs_sorts_the_list(forked):
    edited = editing.set_inputs(forked, "a1", ["b2"])
    assert [node.name for node in edited] == ["b1", "b2", "a1", "a2", "cat", "end"]
    assert edited.node("cat").inputs == ("a2", "b2")


@pytest.mark.parametrize(
    ("name", "inputs", "words"),
    [
        ("a1", ["end"], "'end', which depends on it"),
        ("a1", ["a1"], "read itself"),
        ("a1", ["nobody"], "'nobody' does not exist"),
        ("a1", ["image", "b1"], "takes 1 input, not 2"),
        ("a1", [], "no inputs"),
    ],
)
def test_set_inputs_refuses(forked, name, inputs, words):
    with pytest.raises(fl.FilterLabError, match=words):
        editing.set_inputs(forked, name, inputs)


# -- moving -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "index", "expected"),
    [("a", 1, "bac"), ("a", 2, "bca"), ("c", 0, "cab"), ("c", 1, "acb"), ("b", 0, "bac"), ("b", 2, "acb")],
)
def test_move_in_a_chain_makes_the_chain_of_that_order(chain, name, index, expected):
    edited = editing.move(chain, name, index)
    sources = ["image", *expected]
    assert wires(edited) == {n: (sources[i],) for i, n in enumerate(expected)}
    assert all(edited[n] is chain[n] for n in "abc")


def test_move_after(chain):
    assert editing.move(chain, "a", after="c") == editing.move(chain, "a", 2)
    assert editing.move(chain, "c", after="image") == editing.move(chain, "c", 0)
    assert editing.move(chain, "b", after="a") is chain


def test_move_onto_a_wire_of_another_branch(forked):
    edited = editing.move(forked, "a1", 2)  # between b1 and b2
    assert wires(edited) == {
        "a2": ("image",),
        "b1": ("image",),
        "a1": ("b1",),
        "b2": ("a1",),
        "cat": ("a2", "b2"),
        "end": ("cat",),
    }


def test_move_between_branches_is_only_a_place_in_the_list(forked):
    single = editing.branch(forked, fl.ELU(), "image", name="lone")[0]
    edited = editing.move(single, "lone", 2)  # between a2, which cat reads, and b1, which reads the picture
    assert wires(edited) == wires(single)
    assert [node.name for node in edited] == ["a1", "a2", "lone", "b1", "b2", "cat", "end"]


def test_move_up_across_the_start_of_the_line(forked):
    edited = editing.move(forked, "b2", 2)  # above b1, below a2: other lines
    assert wires(edited)["b2"] == ("image",)
    assert wires(edited)["b1"] == ("b2",)
    assert wires(edited)["cat"] == ("a2", "b1")


def test_a_merge_does_not_stand_above_what_it_reads(forked):
    with pytest.raises(fl.FilterLabError, match="stand before 'b2'"):
        editing.move(forked, "cat", 3)


def test_a_list_in_another_order_is_moved_as_it_runs():
    mixed = Pipeline([Node("b", fl.Abs(), ("a",)), Node("a", fl.ReLU(), ("image",))])
    assert wires(editing.move(mixed, "b", 0)) == {"b": ("image",), "a": ("b",)}


def test_a_disabled_node_moves_as_it_is(chain):
    off = editing.set_enabled(chain, ["a"], False)
    assert not editing.move(off, "a", 2).node("a").enabled


# -- anything ---------------------------------------------------------------------------------------------

LAYERS = (fl.ReLU(), fl.Abs(), fl.Tanh(), fl.Add(), fl.Mean(), fl.Subtract())


@st.composite
def edits(draw, pipeline):
    """One edit of a pipeline, done; the pipeline itself where it was refused in words."""
    names = [node.name for node in pipeline.nodes]
    places = st.sampled_from([IMAGE, *names])
    layer = draw(st.sampled_from(LAYERS))
    kinds = ["insert", "branch"]
    if names:
        kinds += ["remove", "rename", "duplicate", "move", "enable", "inputs"]
    kind, some = draw(st.sampled_from(kinds)), draw(places)
    one = some if some != IMAGE else (names or [IMAGE])[0]
    try:
        if kind == "insert":
            return editing.insert(pipeline, layer, some)[0]
        if kind == "branch":
            return editing.branch(pipeline, layer, some)[0]
        if kind == "remove":
            return editing.remove(pipeline, draw(st.sets(st.sampled_from(names), min_size=1, max_size=3)))
        if kind == "rename":
            return editing.rename(pipeline, one, draw(st.text("ab/. ", max_size=3)))
        if kind == "duplicate":
            return editing.duplicate(pipeline, one)[0]
        if kind == "move":
            return editing.move(pipeline, one, draw(st.integers(0, len(names))))
        if kind == "enable":
            return editing.set_enabled(pipeline, [one], draw(st.booleans()))
        return editing.set_inputs(pipeline, one, draw(st.lists(places, min_size=1, max_size=3)))
    except fl.FilterLabError:
        return pipeline


@st.composite
def edited_pipelines(draw, most=15):
    pipeline = Pipeline()
    for _ in range(draw(st.integers(1, most))):
        pipeline = draw(edits(pipeline))
    return pipeline


@given(edited_pipelines())
def test_edits_give_valid_pipelines_in_order(pipeline):
    assert Pipeline(pipeline.nodes) == pipeline
    assert [step.name for step in pipeline.steps] == [node.name for node in pipeline.nodes]
    maps = pipeline.run(np.ones((1, 2, 2), np.float32))
    assert set(maps) == {node.name for node in pipeline.nodes}


@given(edited_pipelines(), st.data())
def test_rename_keeps_what_comes_out(pipeline, data):
    if not len(pipeline):
        return
    old = data.draw(st.sampled_from([node.name for node in pipeline]))
    renamed = editing.rename(pipeline, old, "other-name")
    picture = np.linspace(-1, 1, 12, dtype=np.float32).reshape(1, 3, 4)
    before, after = pipeline.run(picture), renamed.run(picture)
    for name, array in before.items():
        np.testing.assert_array_equal(after["other-name" if name == old else name], array)
    assert editing.rename(renamed, "other-name", old) == pipeline


@given(edited_pipelines(), st.data())
def test_what_is_inserted_is_taken_out_again(pipeline, data):
    place = data.draw(st.sampled_from([IMAGE, *(node.name for node in pipeline)]))
    edited, name = editing.insert(pipeline, fl.Sigmoid(), place)
    assert editing.remove(edited, [name]) == pipeline
    branched, name = editing.branch(pipeline, fl.Sigmoid(), place)
    assert editing.remove(branched, [name]) == pipeline


@given(edited_pipelines(), st.data())
def test_layers_are_shared_by_identity(pipeline, data):
    after = data.draw(edits(pipeline))
    known = {node.name: node for node in pipeline}
    for node in after:
        if node.name in known and node == known[node.name]:
            assert node.layer is known[node.name].layer
