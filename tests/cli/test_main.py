"""The commands, as a person and as a program call them."""

from __future__ import annotations

import json

import numpy as np
import pytest

import filterlab as fl
from filterlab.cli import main
from filterlab.errors import UNEXPECTED
from filterlab.layers import layer_types
from filterlab.resources import examples, samples


@pytest.fixture
def edges():
    return str(examples()["edges"])


@pytest.fixture
def coins():
    return str(samples()["coins"])


@pytest.fixture
def call(capsys):
    """Call a command; its status and what it printed."""

    def run(*args):
        status = main([str(a) for a in args])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def pipeline_file(tmp_path, *nodes, name="p.json"):
    path = tmp_path / name
    path.write_text(json.dumps({"format": "filterlab/1", "nodes": list(nodes)}))
    return path


class TestRun:
    def test_writes_and_says_where(self, call, edges, coins, tmp_path):
        status, out, err = call("run", edges, coins, "--out", tmp_path / "o")
        assert (status, err) == (0, "")
        assert out == f"1 picture done: 3 files in {tmp_path / 'o'}\n"
        assert (tmp_path / "o" / "coins" / "edges.png").is_file()

    def test_json(self, call, edges, coins, tmp_path):
        missing = tmp_path / "no.png"
        args = ("--out", tmp_path / "o", "--maps", "edges", "--json")
        status, out, err = call("run", edges, coins, missing, *args)
        assert status == 1
        assert json.loads(out) == {
            "done": [{"picture": coins, "outputs": [str(tmp_path / "o" / "coins" / "edges.png")]}],
            "failed": [{"picture": str(missing), "error": "there is no such file"}],
        }
        assert err == f"failed: {missing}: there is no such file\n"

    def test_an_image_of_the_batch_equals_the_pipeline(self, call, edges, coins, tmp_path):
        assert call("run", edges, coins, "--out", tmp_path, "--format", "npy", "--jobs", 2)[0] == 0
        maps = fl.Pipeline.load(edges).run(fl.read_image(coins))
        for name, values in maps.items():
            np.testing.assert_array_equal(np.load(tmp_path / "coins" / f"{name}.npy"), values)

    def test_a_negative_range_is_no_option(self, call, edges, coins, tmp_path):
        args = ("run", edges, coins, "--out", tmp_path, "--maps", "sobel-x", "--range")
        assert call(*args, "-2,2")[0] == 0
        assert call(*args, "-2,2", "--overwrite")[0] == 0
        for wrong in ("2,-2", "-inf,0", "-x,1"):
            status, _, err = call(*args, wrong, "--overwrite")
            assert status == 2
            assert "range is" in err

    def test_existing_files_fail_the_picture(self, call, edges, coins, tmp_path):
        call("run", edges, coins, "--out", tmp_path)
        status, _, err = call("run", edges, coins, "--out", tmp_path)
        assert status == 1
        assert "exists" in err
        assert call("run", edges, coins, "--out", tmp_path, "--resume")[0] == 0
        assert call("run", edges, coins, "--out", tmp_path, "--overwrite")[0] == 0


class TestInfo:
    def test_json_has_the_fields_of_the_contract(self, call):
        status, out, _ = call("info", examples()["lenet-like"], "--size", "1x28x28", "--json")
        rows = json.loads(out)
        assert status == 0
        assert set(rows[0]) == {"name", "layer", "shape", "parameters", "macs", "receptive_field"}
        conv = next(row for row in rows if row["name"] == "conv2")
        assert (conv["layer"], conv["shape"], conv["parameters"]) == ("conv2d", [16, 10, 10], 2416)
        assert set(conv["receptive_field"]) == {"size", "stride", "padding"}

    def test_a_table_for_people(self, call, edges):
        status, out, _ = call("info", edges)
        assert status == 0
        assert "sobel-x  filter2d" in out
        assert "3x224x224" in out

    def test_values_behind_a_global_layer_see_the_whole_picture(self, call, tmp_path):
        path = pipeline_file(
            tmp_path,
            {"name": "blur", "layer": "max_pool2d", "params": {"kernel_size": 3}},
            {"layer": "global_avg_pool2d"},
        )
        _, out, _ = call("info", path, "--size", "1x9x12")
        blur, gap = (line for line in out.splitlines() if "pool2d" in line)
        assert "3x3" in blur
        assert "the whole picture" in gap

    def test_a_branch_without_a_receptive_field_says_why(self, call, tmp_path):
        path = pipeline_file(
            tmp_path,
            {"name": "a", "layer": "max_pool2d", "params": {"kernel_size": 2}},
            {"name": "b", "layer": "upsample", "params": {"scale": 2}, "inputs": ["a"]},
            {"name": "c", "layer": "max_pool2d", "params": {"kernel_size": 2}, "inputs": ["b"]},
            {"name": "d", "layer": "crop", "params": {"size": 112}, "inputs": ["image"]},
            {"name": "e", "layer": "add", "inputs": ["a", "d"]},
        )
        status, out, err = call("info", path, "--size", "1x224x224")
        assert (status, err) == (0, "")
        assert "e has no receptive field" in out

    def test_a_size_that_does_not_fit(self, call, tmp_path):
        path = pipeline_file(
            tmp_path, {"layer": "flatten"}, {"layer": "linear", "params": {"weight": [[1, 2, 3, 4]]}}
        )
        status, _, err = call("info", path)
        assert status == 2
        assert "--size" in err
        assert call("info", path, "--size", "1x2x2")[0] == 0


class TestExplain:
    def test_json_adds_up(self, call, edges, coins):
        status, out, _ = call("explain", edges, coins, "sobel-x", 0, 10, 20, "--json")
        found = json.loads(out)
        assert status == 0
        assert found["value"] == pytest.approx(sum(t["product"] for t in found["terms"]) + found["bias"])
        assert found["value"] == fl.Pipeline.load(edges).run(fl.read_image(coins))["sobel-x"][0, 10, 20]

    def test_text_names_places_and_the_sum(self, call, edges, coins):
        status, out, _ = call("explain", edges, coins, "sobel-x", 0, 0, 0)
        assert status == 0
        assert out.startswith("sobel-x[0, 0, 0] = ")
        assert "image[0, 1, 1]" in out
        assert "padding" in out
        assert "products" in out

    @pytest.mark.parametrize(
        ("node", "position", "message"),
        [("nothing", (0, 0, 0), "there is no node"), ("edges", (0, 0, 9999), "there is no column 9999"),
         ("edges", (-1, 0, 0), "there is no channel -1")],
    )  # fmt: skip
    def test_places_that_do_not_exist(self, call, edges, coins, node, position, message):
        status, _, err = call("explain", edges, coins, node, *position)
        assert status == 2
        assert message in err

    def test_a_picture_that_is_missing_is_status_one(self, call, edges, tmp_path):
        status, _, err = call("explain", edges, tmp_path / "no.png", "edges", 0, 0, 0)
        assert status == 1
        assert err.count("\n") == 1


class TestListings:
    def test_all_layers(self, call):
        listed = {entry["key"]: entry for entry in json.loads(call("layers", "--json")[1])}
        assert set(listed) == set(layer_types())
        assert all(entry["doc"] for entry in listed.values())
        text = call("layers")[1]
        assert all(key in text for key in listed)

    @pytest.mark.parametrize("key", sorted(layer_types()))
    def test_one_layer(self, call, key):
        status, out, _ = call("layers", key)
        assert status == 0
        assert out.startswith(f"{key}: ")
        assert json.loads(call("layers", key, "--json")[1])["key"] == key

    def test_a_layer_that_does_not_exist(self, call):
        status, _, err = call("layers", "conv3d")
        assert status == 2
        assert "conv2d" in err

    @pytest.mark.parametrize("name", fl.kernels.names())
    def test_one_kernel(self, call, name):
        assert call("kernels", name)[0] == 0
        found = json.loads(call("kernels", name, "--json")[1])
        np.testing.assert_array_equal(np.float32(found["values"]), fl.kernels.make(name))

    def test_a_kernel_with_parameters(self, call):
        found = json.loads(call("kernels", "gaussian", "size=[3,5]", "sigma=0.5", "--json")[1])
        np.testing.assert_array_equal(np.float32(found["values"]), fl.kernels.gaussian((3, 5), sigma=0.5))
        found = json.loads(call("kernels", "sobel", "axis=y", "--json")[1])
        np.testing.assert_array_equal(found["values"], fl.kernels.sobel(3, "y"))

    @pytest.mark.parametrize(
        ("args", "message"),
        [(("gauss",), "gaussian"), (("gaussian", "size=0"), "size is 0"), (("gaussian", "5"), "KEY=VALUE"),
         (("gaussian", "sigm=5"), "did you mean 'sigma'")],
    )  # fmt: skip
    def test_kernels_that_do_not_exist(self, call, args, message):
        status, _, err = call("kernels", *args)
        assert status == 2
        assert message in err

    def test_the_list_of_kernels(self, call):
        assert [d["name"] for d in json.loads(call("kernels", "--json")[1])] == fl.kernels.names()
        assert "gabor" in call("kernels")[1]

    def test_the_schema(self, call):
        status, out, _ = call("schema")
        assert status == 0
        assert set(layer_types()) <= set(json.loads(out)["$defs"])


def broken(tmp_path):
    """Pipelines that are wrong, and what the message must name."""
    conv = {"name": "c", "layer": "conv2d", "params": {"weight": [[[[1]]]]}}
    cases = {
        "an unknown layer": ([{"layer": "conv3d"}], ["conv3d", "conv2d"]),
        "a cycle": (
            [{"name": "a", "layer": "relu", "inputs": ["b"]}, {"name": "b", "layer": "relu", "inputs": ["a"]}],
            ["a, b", "cycle"],
        ),
        "a zero stride": ([{**conv, "params": {**conv["params"], "stride": 0}}], ["'c'", "stride is 0"]),
        "an unknown parameter": ([{**conv, "params": {**conv["params"], "strid": 2}}], ["'c'", "strid", "stride"]),
        "groups that do not divide": (
            [{**conv, "params": {"weight": [[[[1]]]] * 3, "groups": 2}}], ["'c'", "groups"],
        ),
        "a missing input": ([{**conv, "inputs": ["nothing"]}], ["'c'", "nothing", "image"]),
        "two of one name": ([conv, conv], ["'c'", "2 nodes"]),
    }  # fmt: skip
    for name, (nodes, words) in cases.items():
        yield name, pipeline_file(tmp_path, *nodes, name=f"{name}.json"), words
    (tmp_path / "broken.json").write_text('{"format": "filterlab/1", "nodes": [')
    yield "broken JSON", tmp_path / "broken.json", ["broken.json", "line 1"]
    (tmp_path / "text.json").write_bytes(b"\xff\xfe\x00")
    yield "not text", tmp_path / "text.json", ["text.json"]
    yield "no nodes", pipeline_file(tmp_path, name="none.json"), ["has no nodes", "add a node"]
    yield "a missing file", tmp_path / "missing.json", ["missing.json"]
    yield "a folder", tmp_path, [str(tmp_path)]


def test_wrong_pipelines_are_one_line_and_status_two(call, coins, tmp_path):
    for name, path, words in broken(tmp_path):
        for command in (("run", path, coins, "--out", tmp_path / "o"), ("info", path)):
            status, out, err = call(*command)
            assert (status, out, err.count("\n")) == (2, "", 1), (name, err)
            assert err.startswith("filterlab: ")
            assert all(word in err for word in words), (name, err)
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    "args",
    [
        ["run"],
        ["run", "p.json", "a.png"],
        ["run", "p.json", "a.png", "--out", "o", "--jobs", "0"],
        ["run", "p.json", "a.png", "--out", "o", "--jobs", "two"],
        ["run", "p.json", "a.png", "--out", "o", "--jobs", "9" * 5000],
        ["run", "p.json", "a.png", "--out", ""],
        ["run", "p.json", "", "--out", "o"],
        ["run", "", "a.png", "--out", "o"],
        ["info", ""],
        ["run", "p.json", "a.png", "--out", "o", "--format", "jpg"],
        ["run", "p.json", "a.png", "--out", "o", "--overwrite", "--resume"],
        ["run", "p.json", "a.png", "--out", "o", "--over"],
        ["info", "p.json", "--size", "224"],
        ["info", "p.json", "--size", "3x0x224"],
        ["explain", "p.json", "a.png", "edges", "first"],
    ],
)
def test_wrong_commands_are_one_line_and_status_two(call, args):
    status, out, err = call(*args)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "--help" in err


@pytest.mark.parametrize("args", [["--help"], ["run", "--help"], ["--version"]])
def test_help_is_no_error(call, args):
    status, out, err = call(*args)
    assert (status, err) == (0, "")
    assert "filterlab" in out


def test_a_fault_of_ours_is_one_line_too(call, monkeypatch):
    def fail():
        raise ZeroDivisionError("a\nfault")

    monkeypatch.setattr("filterlab.layers.base.schema.file_schema", fail)
    monkeypatch.delenv("FILTERLAB_DEBUG", raising=False)
    status, _, err = call("schema")
    assert (status, err.count("\n")) == (2, 1)
    assert UNEXPECTED in err
    monkeypatch.setenv("FILTERLAB_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["schema"])


def test_an_interrupt_that_an_import_wraps_is_one_still(call, monkeypatch):
    def fail():
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

    monkeypatch.setattr("filterlab.layers.base.schema.file_schema", fail)
    assert call("schema") == (130, "", "")
