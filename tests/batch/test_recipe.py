"""Recipes: what stands in one is what is done, and what cannot stand there is named."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab as fl
from filterlab.batch.options.declared import OPTIONS, RunOptions
from filterlab.batch.options.recipe import Recipe, read_recipe
from filterlab.cli import main
from tests.batch.outcomes import files

_VALUES = {
    "maps": st.lists(st.text(min_size=1, max_size=5, alphabet=st.characters(codec="utf-8")), max_size=3).map(
        tuple
    ),
    "page": st.one_of(st.integers(1, 9), st.just("all")),
    "format": st.sampled_from(["png", "npy"]),
    "range": st.sampled_from(["symmetric", (-0.1, 1 / 3), "percentile:1,99"]),
    "name": st.sampled_from(["{stem}/{node}", '{node} "\\ {channel:03}\x7f']),
    "where": st.sampled_from(["width > 1", "name == 'ü\"'"]),
    "split": st.booleans(),
    "jobs": st.integers(1, 256),
    "recursive": st.booleans(),
}


@given(st.fixed_dictionaries({}, optional=_VALUES))
def test_a_recipe_reads_back_as_it_was(tmp_path_factory, values):
    recipe = Recipe("p.json", ("a b.png", "ü/*"), "out", RunOptions.read(values))
    path = tmp_path_factory.mktemp("r") / "job.toml"
    path.write_text(recipe.to_toml(), encoding="utf-8")
    found = read_recipe(path, {})
    folder = str(path.parent)
    assert found.options == recipe.options
    assert found.images == tuple(os.path.join(folder, image) for image in recipe.images)
    assert (found.pipeline, found.out) == (os.path.join(folder, "p.json"), os.path.join(folder, "out"))


def test_every_flag_has_its_key():
    from filterlab.cli.parser import make_parser

    arguments = make_parser().parse_args(["run", "p.json", "a.png", "--out", "o"])
    text = Recipe("p.json", ("a",), "o", RunOptions()).to_toml()
    keys = {line.removeprefix("# ").partition(" = ")[0] for line in text.splitlines() if " = " in line}
    assert {option.key for option in OPTIONS.values()} | {"pipeline", "images", "out"} <= keys
    assert not set(OPTIONS) & set(vars(arguments)), "what is not given has no place among the arguments"


@pytest.fixture
def place(tmp_path, rng, monkeypatch):
    """A folder with a pipeline, pictures, and a recipe in a folder below."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jobs" / "in").mkdir(parents=True)
    fl.Pipeline([("blur", fl.Filter2d(fl.kernels.box(3))), ("abs", fl.Abs())]).save("jobs/p.json")
    for name in ("a.png", "b.png"):
        fl.write_image(tmp_path / "jobs" / "in" / name, rng.random((3, 6, 8)), range=(0, 1))
    return tmp_path


def write(place, **keys):
    keys = {"pipeline": "p.json", "images": ["in"], "out": "maps", **keys}
    lines = [
        f"{key.replace('_', '-')} = {json.dumps(value)}" for key, value in keys.items() if value is not None
    ]
    (place / "jobs" / "job.toml").write_text("\n".join(lines), encoding="utf-8")


def contents(folder):
    return {name: (folder / name).read_bytes() for name in files(folder) if not name.startswith(".")}


def test_print_run_and_equal_files(place, capsys):
    flags = ["--maps=abs", "--format=tiff", "--where", "name like 'a*'", "--name", "{node}/{stem}"]
    assert main(["run", "jobs/p.json", "jobs/in", "--out", "one", *flags]) == 0
    capsys.readouterr()
    assert main(["run", "jobs/p.json", "jobs/in", "--out", "one", *flags, "--print-recipe"]) == 0
    (place / "again.toml").write_text(capsys.readouterr().out)
    assert main(["run", "again.toml", "--out", "two"]) == 0
    assert list(contents(place / "one")) == ["abs/a.tiff"]
    assert contents(place / "one") == contents(place / "two")


def test_paths_are_relative_to_the_recipe(place, capsys):
    (place / "jobs" / "list").write_text("in/b.png\n")
    write(place, images=["@list", "in/[a].png"], format="npy", maps=["blur"])
    assert main(["run", "jobs/job.toml"]) == 0
    assert list(contents(place / "jobs" / "maps")) == ["a/blur.npy", "b/blur.npy"]


def test_a_mark_of_the_encoding_is_no_part_of_a_recipe(place):
    write(place, format="npy", maps=["blur"])
    recipe = place / "jobs" / "job.toml"
    recipe.write_text(recipe.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert read_recipe(recipe, {}).options.format == "npy"


def test_an_empty_text_is_called_empty(place):
    write(place, where="")
    with pytest.raises(fl.FilterLabError, match=r"where is '' \(it must be a text that is not empty\)"):
        read_recipe(place / "jobs" / "job.toml", {})


def test_flags_win_over_keys(place, capsys):
    write(place, format="npy", split=True, resume=True, verify=True, maps=["blur"])
    words = [
        "--format",
        "png",
        "--no-split",
        "--overwrite",
        "--maps",
        "abs",
        "--out",
        "here",
        "jobs/in/a.png",
    ]
    assert main(["run", "jobs/job.toml", *words]) == 0
    assert list(contents(place / "here")) == ["a/abs.png"]
    assert not (place / "jobs" / "maps").exists()


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"fromat": "npy"}, "there is no key 'fromat' (did you mean 'format'?"),
        ({"fail_fats": True}, "there is no key 'fail-fats' (did you mean 'fail-fast'?"),
        ({"format": "jpg"}, "format is 'jpg' (it must be one of png, tiff, npy)"),
        ({"jobs": "many"}, "jobs is 'many'"),
        ({"jobs": True}, "jobs is True"),
        ({"split": "yes"}, "split is 'yes' (it must be true or false)"),
        ({"range": [1, 0]}, "range is"),
        ({"name": "{steam}"}, "did you mean {stem}?"),
        ({"where": "widht > 1"}, "did you mean width?"),
        ({"resume": True, "overwrite": True}, "--resume and --overwrite do not go together"),
        ({"out": None}, "out is missing"),
        ({"images": []}, "images is missing"),
        ({"pipeline": 3}, "pipeline is 3"),
    ],
)
def test_what_is_wrong_is_named_with_the_file(place, capsys, keys, message):
    write(place, **keys)
    assert main(["run", "jobs/job.toml"]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "job.toml" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"pipeline = ", "it is no TOML"),
        (b"a = " + b"[" * 5000, "it is no TOML"),
        (b"\xff", "no text in UTF-8"),
        (b"#" * (2 << 20), "more than 1,048,576 bytes"),
        (None, "the recipe cannot be read"),
    ],
)
def test_what_is_no_recipe_is_refused(place, capsys, content, message):
    if content is not None:
        (place / "job.toml").write_bytes(content)
    assert main(["run", "job.toml"]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1


def test_a_name_that_is_no_text_cannot_be_printed(place, capsys):
    assert main(["run", "jobs/p.json", os.fsdecode(b"\xff.png"), "--out", "o", "--print-recipe"]) == 2
    assert "no text" in capsys.readouterr().err


def test_what_is_missing_on_the_command_line_is_named(place, capsys):
    assert main(["run", "jobs/p.json", "--out", "o"]) == 2
    assert "images is missing" in capsys.readouterr().err
    assert main(["run", "jobs/p.json", "jobs/in"]) == 2
    assert "out is missing" in capsys.readouterr().err
