"""`filterlab learn`: kernels, pipelines and classifiers from files."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import numpy as np
import pytest

import filterlab as fl
from filterlab.cli import main
from filterlab.cli.parser import make_parser
from filterlab.learning.descent.optimizers import OPTIMIZERS, asked_options
from filterlab.learning.descent.schedules import SCHEDULES
from filterlab.learning.wishes import CONSTRAINTS
from filterlab.resources import samples

BLUR = np.array([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]], np.float32) / 16


@pytest.fixture
def call(capsys, tmp_path):
    """Call the command with `--out` in a fresh folder: status, the learned pipeline, what was printed."""

    def run(*args, out="k.json"):
        status = main(["learn", *map(str, args), "--out", str(tmp_path / out)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def pair(tmp_path):
    """A picture, and what an unknown blur made of it, as files of 8 bits."""
    before = fl.read_image(samples()["camera"])[:, ::4, ::4]
    after = fl.Pipeline([fl.Filter2d(BLUR)]).run(before)["filter1"]
    for name, picture in (("before", before), ("after", after)):
        fl.write_image(tmp_path / f"{name}.png", picture[0], range=(0, 1))
    return "--input", tmp_path / "before.png", "--target", tmp_path / "after.png"


@pytest.mark.parametrize(
    "how",
    [
        ("--least-squares",),
        (),
        ("--optimizer", "adam", "--lr", "0.05", "--schedule", "cosine", "--steps", "1500"),
        ("--least-squares", "--bias"),
        ("--constraint", "unit_sum", "--constraint", "symmetric"),
        ("--optimizer", "adam", "--lr", "0.03", "--crop", "40", "--schedule", "cosine", "--steps", "1500"),
    ],
)
def test_an_unknown_blur_is_recovered(call, pair, tmp_path, how):
    status, out, err = call(*pair, "--kernel", "3x3", *how)
    assert (status, err) == (0, "")
    assert out.endswith(f": {tmp_path / 'k.json'}\n")
    learned = fl.Pipeline.load(tmp_path / "k.json")
    np.testing.assert_allclose(learned["learned"].weight[0, 0], BLUR, atol=6e-3)
    assert (learned["learned"].bias is not None) == ("--bias" in how)


def test_padding_is_kept_in_the_pipeline(call, pair, tmp_path):
    status, _, _ = call(*pair, "--kernel", 3, "--least-squares", "--padding", "same")
    layer = fl.Pipeline.load(tmp_path / "k.json")["learned"]
    assert (status, layer.padding) == (0, "same")
    np.testing.assert_allclose(layer.weight[0, 0], BLUR, atol=2e-3)


def test_a_constant_picture_is_told_of(call, tmp_path):
    fl.write_image(tmp_path / "flat.png", np.full((9, 9), 0.5), range=(0, 1))
    args = ("--input", tmp_path / "flat.png", "--target", tmp_path / "flat.png", "--kernel", 3)
    status, _, err = call(*args, "--least-squares")
    assert status == 0
    assert "do not determine the kernel" in err


def test_chosen_nodes_of_a_pipeline_are_trained(call, pair, tmp_path):
    start = fl.Pipeline(
        [
            ("a", fl.Filter2d([[0, 0, 0], [0, 1, 0], [0, 0, 0]])),
            ("b", fl.Filter2d(np.ones((3, 3)), divisor=9)),
        ]
    )
    start.save(tmp_path / "start.json")
    args = ("--pipeline", tmp_path / "start.json", "--nodes", "b", "--steps", 150)
    status, out, _ = call(*pair, *args)
    assert status == 0
    assert " steps, loss " in out
    learned = fl.Pipeline.load(tmp_path / "k.json")
    assert learned["a"] == start["a"]
    np.testing.assert_allclose(learned["b"].kernel / 9, BLUR, atol=0.03)


@pytest.fixture
def tones(tmp_path, rng):
    """A folder of two classes, ten pictures of 12 x 10 cells each: dark and light."""
    for name, tone in (("dark", 0.1), ("light", 0.9)):
        (tmp_path / "data" / name).mkdir(parents=True)
        for number in range(10):
            picture = tone + rng.normal(0, 0.03, (12, 10))
            fl.write_image(tmp_path / "data" / name / f"{number}.png", picture, range=(0, 1))
    return tmp_path / "data"


def test_classes_are_learned_from_a_folder(call, tones, tmp_path):
    args = ("--classes", tones, "--epochs", 3, "--size", "8x8", "--head", "average", "--lr", "0.01")
    status, out, err = call(*args, out="net.safetensors")
    assert status == 0
    assert err.count("\n") == 3
    assert "epoch 3 of 3: loss" in err
    assert "100.00% of the pictures held back are recognised" in out
    assert [line.split() for line in out.splitlines()[1:4]] == [
        ["dark", "light"],
        ["dark", "2", "0"],
        ["light", "0", "2"],
    ]
    net = fl.Pipeline.load(tmp_path / "net.safetensors")
    assert net.run(np.full((1, 8, 8), 0.9, np.float32))["classes"].argmax() == 1


def test_chosen_nodes_of_a_network_are_trained_on_classes(call, tones, tmp_path):
    start = fl.Pipeline(
        [
            ("features", fl.Conv2d({"init": "normal", "shape": [4, 1, 3, 3], "seed": 1})),
            ("mean", fl.GlobalAvgPool2d()),
            ("flat", fl.Flatten()),
            ("scores", fl.Linear({"init": "normal", "shape": [2, 4], "seed": 2}, bias=[0, 0])),
        ]
    )
    start.save(tmp_path / "start.json")
    args = (
        "--pipeline",
        tmp_path / "start.json",
        "--nodes",
        "scores",
        "--epochs",
        20,
        "--lr",
        "0.2",
        "--batch",
        4,
    )
    status, out, _ = call("--classes", tones, *args, "--json")
    told = json.loads(out)
    assert (status, told["labels"], told["confusion"]) == (0, ["dark", "light"], [[2, 0], [0, 2]])
    assert len(told["epochs"]) == 20
    assert told["epochs"][-1]["validation_accuracy"] == 1
    assert told["epochs"][-1]["loss"] < told["epochs"][0]["loss"]
    assert fl.Pipeline.load(told["out"])["features"] == start["features"]


def test_lbfgs_is_no_way_to_train_on_classes(call, tones):
    status, _, err = call("--classes", tones, "--optimizer", "lbfgs")
    assert (status, err.count("\n")) == (2, 1)
    assert "choose adamw" in err


def test_what_was_learned_runs_over_pictures(call, pair, tmp_path):
    call(*pair, "--kernel", 3, "--least-squares", "--padding", "same")
    args = ["run", tmp_path / "k.json", pair[1], "--out", tmp_path / "maps", "--format", "npy"]
    assert main([str(arg) for arg in args]) == 0
    after = fl.read_image(pair[3])
    np.testing.assert_allclose(np.load(tmp_path / "maps/before/learned.npy"), after, atol=0.01)


def test_ctrl_c_leaves_nothing(call, pair, tmp_path, monkeypatch):
    def learn(*args, **options):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr("filterlab.learning.descent.learning.learn", learn)
    before = set(tmp_path.iterdir())
    assert call(*pair, "--kernel", 3)[0] == 130
    assert set(tmp_path.iterdir()) == before


def test_a_terminal_sees_a_bar(call, pair, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    status, _, err = call(*pair, "--kernel", 3, "--steps", 5)
    assert status == 0
    assert "loss" in err


def test_existing_files_are_kept_unless_told_otherwise(call, pair, tmp_path):
    (tmp_path / "k.json").write_text("mine")
    status, out, err = call(*pair, "--kernel", 3)
    assert (status, out) == (2, "")
    assert "exists (choose another name, or --overwrite)" in err
    assert (tmp_path / "k.json").read_text() == "mine"
    assert call(*pair, "--kernel", 3, "--steps", 2, "--overwrite")[0] == 0
    assert "learned" in fl.Pipeline.load(tmp_path / "k.json")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "--kernel is missing"),
        (("--kernel", "3x"), "'3x' is not HEIGHTxWIDTH"),
        (("--kernel", "0"), "'0' is not HEIGHTxWIDTH"),
        (("--kernel", "200"), "window of 200 is larger than the input"),
        (("--kernel", "3", "--optimizer", "sgd", "--lr", "100"), "the rate 100 is too large: try 0."),
        (("--kernel", "3", "--lr", "0", "--optimizer", "adam"), "'0' is not a number above 0"),
        (("--kernel", "3", "--lr", "nan"), "'nan' is not a number above 0"),
        (("--kernel", "3", "--momentum", "-0.1"), "'-0.1' is not a number of at least 0"),
        (("--kernel", "3", "--steps", "0"), "'0' is not a whole number, 1 or more"),
        (("--kernel", "3", "--steps", "1.5"), "'1.5' is not a whole number, 1 or more"),
        (("--kernel", "3", "--seed", "-1"), "'-1' is not a whole number, 0 or more"),
        (("--kernel", "3", "--padding", "some"), "padding is 'some'"),
        (("--kernel", "3", "--padding", "full"), "the target is 128x128, the output 130x130"),
        (("--kernel", "3", "--optimizer", "lbfgs", "--momentum", "0.9"), "no option 'momentum'"),
        (("--kernel", "3", "--optimizer", "lbfgs", "--lr", "0.1"), "it searches its own rate"),
        (("--kernel", "3", "--ridge", "1"), "--ridge belongs to --least-squares"),
        (("--kernel", "3", "--gain"), "--gain belongs to --least-squares"),
        (("--kernel", "3", "--register"), "--register belongs to --least-squares"),
        (("--kernel", "3", "--constraint", "separable"), "gradient descent cannot keep the constraint"),
        (("--kernel", "3", "--constraint", "smooth"), "there is no constraint 'smooth'"),
        (("--kernel", "3", "--least-squares", "--constraint", "sum=x"), "no constraint 'sum=x'"),
        (("--kernel", "3", "--nodes", "a"), "--nodes belongs to --classes or --pipeline"),
        (("--kernel", "3", "--epochs", "3"), "--epochs belongs to --classes"),
        (("--kernel", "3", "--least-squares", "--steps", "9"), "--least-squares and --steps do not go"),
        (("--pipeline", "p.json", "--kernel", "3"), "--pipeline and --kernel do not go together"),
        (("--kernel", "3", "--optimizer", "adam", "--momentum", "0.9"), "no option 'momentum'"),
        (("--pipeline", "none.json"), "none.json"),
        (("--pipeline", "p.json", "--least-squares"), "do not go together"),
        (("--classes", "."), "do not go together"),
    ],
)
def test_one_line_says_what_is_wrong_and_nothing_is_written(call, pair, tmp_path, args, message):
    status, out, err = call(*pair, *args)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert not (tmp_path / "k.json").exists()
    assert not list(tmp_path.glob(".*"))


def test_without_an_optimizer_that_is_meant_which_knows_the_options(call, pair, monkeypatch):
    chosen = []

    def learn(*args, optimizer, **options):
        chosen.append(optimizer)
        return iter(())

    monkeypatch.setattr("filterlab.learning.descent.learning.learn", learn)
    for args in ((), ("--lr", 1), ("--crop", 9), ("--momentum", 0.5), ("--weight-decay", 0.1, "--lr", 1)):
        assert call(*pair, "--kernel", 3, "--overwrite", *args)[0] == 0
    assert chosen == ["lbfgs", "adam", "adam", "sgd", "adamw"]


def test_the_loss_that_is_told_is_that_of_the_pipeline_that_is_written(call, pair, tmp_path):
    args = ("--kernel", 3, "--padding", "same", "--steps", 3, "--optimizer", "adam", "--json")
    status, out, _ = call(*pair, *args)
    told = json.loads(out)
    assert (status, told["steps"], len(told["losses"])) == (0, 3, 3)
    before, after = (fl.read_image(tmp_path / f"{name}.png") for name in ("before", "after"))
    learned = fl.Pipeline.load(told["out"]).run(before)["learned"]
    assert told["loss"] == pytest.approx(np.mean((learned - after) ** 2), rel=1e-4)
    assert told["loss"] < told["losses"][-1]


def test_json_of_least_squares(call, pair):
    told = json.loads(call(*pair, "--kernel", 3, "--least-squares", "--json")[1])
    assert told["r2"] > 0.999
    assert told["residual"] < 1 / 255
    assert told["unique"] is True


def test_weights_are_told_with_their_standard_errors(call, pair, tmp_path):
    status, out, err = call(*pair, "--kernel", "3", "--least-squares", "--constraint", "symmetric")
    assert (status, err) == (0, "")
    assert "weights ± standard errors" in out
    first = next(line for line in out.splitlines() if line.startswith("row 0"))
    assert re.search(r"0\.06\d+ ± 0\.00\d+", first)
    told = json.loads(call(*pair, "--kernel", 3, "--least-squares", "--bias", "--json", "--overwrite")[1])
    assert np.shape(told["weight"]) == np.shape(told["standard_error"]) == (1, 1, 3, 3)
    assert 0 < np.max(told["standard_error"]) < 0.01
    assert len(told["bias"]) == len(told["bias_error"]) == len(told["noise"]) == 1
    np.testing.assert_allclose(told["weight"], fl.Pipeline.load(told["out"])["learned"].weight)


def test_weights_that_are_zero_are_told(call, pair, tmp_path):
    fl.write_image(tmp_path / "right.png", fl.read_image(pair[1])[0, :, :-2], range=(0, 1))
    args = ("--input", tmp_path / "right.png", "--target", tmp_path / "right.png", "--kernel", 3)
    status, out, _ = call(*args, "--least-squares", "--constraint", "sparse")
    assert status == 0
    assert "8 of 9 weights are zero" in out
    assert "(0)" in out


@pytest.mark.parametrize("cropped", [False, True])
def test_a_shifted_target_is_registered(call, pair, tmp_path, cropped):
    before, after = (fl.read_image(pair[i])[0] for i in (1, 3))
    moved = after[6:100, 3:110] if cropped else after[:-4, 2:]
    fl.write_image(
        tmp_path / "before.png", before if cropped else before[4:, :-2], range=(0, 1), overwrite=True
    )
    fl.write_image(tmp_path / "after.png", moved, range=(0, 1), overwrite=True)
    asked = () if cropped else ("--register",)
    status, out, err = call(*pair, "--kernel", 3, "--least-squares", *asked)
    assert (status, err) == (0, "")
    assert out.startswith("shift -6.00, -3.00 (rows" if cropped else "shift 4.00, -2.00 (rows")
    learned = fl.Pipeline.load(tmp_path / "k.json")["learned"]
    np.testing.assert_allclose(learned.weight[0, 0], BLUR, atol=6e-3)
    told = json.loads(call(*pair, "--kernel", 3, "--least-squares", *asked, "--json", "--overwrite")[1])
    assert told["shift"]["found"]
    assert told["shift"]["rows"] == (-6 if cropped else 4)


def test_gain_and_offset_are_told_and_kept_out_of_the_filter(call, pair, tmp_path):
    after = fl.read_image(pair[3])[0]
    fl.write_image(tmp_path / "dark.png", 0.6 * after + 0.2, range=(0, 1))
    args = (*pair[:3], tmp_path / "dark.png", "--kernel", 3, "--least-squares", "--gain")
    status, out, _ = call(*args)
    assert status == 0
    assert re.search(r"target = \(0\.[56]\d+ ± \S+\) \* filtered \+ \(0\.[12]\d+ ± ", out)
    assert "the weights add up to 1: only their sum tells gain from kernel" in out
    learned = fl.Pipeline.load(tmp_path / "k.json")["learned"]
    np.testing.assert_allclose(learned.weight[0, 0], BLUR, atol=8e-3)
    assert learned.bias is None
    told = json.loads(call(*args, "--json", "--overwrite")[1])
    assert told["gain"] == [pytest.approx(0.6, abs=0.01)]
    assert told["gain_error"][0] < 0.01


def test_a_loss_that_has_grown_is_told(call, pair, tones):
    status, _, err = call(*pair, "--kernel", 3, "--optimizer", "adam", "--lr", 50, "--steps", 9)
    assert status == 0
    assert "the loss grew from" in err
    _, _, err = call("--classes", tones, "--lr", 1e4, "--epochs", 2, "--overwrite")
    assert "try a smaller --lr" in err.splitlines()[-1]


def test_pictures_with_nan_are_refused(call, tmp_path):
    picture = np.full((1, 9, 9), 0.5, np.float32)
    picture[0, 3, 3] = np.nan
    np.save(tmp_path / "nan.npy", picture)
    args = ("--input", tmp_path / "nan.npy", "--target", tmp_path / "nan.npy", "--kernel", 3)
    for more in ((), ("--optimizer", "adam"), ("--least-squares",)):
        status, _, err = call(*args, *more)
        assert (status, err.count("\n")) == (2, 1)
        assert "the picture holds NaN" in err
    assert not (tmp_path / "k.json").exists()


def test_missing_pictures_and_wrong_places(call, pair, tmp_path):
    assert "--target is missing" in call("--input", pair[1], "--kernel", 3)[2]
    assert "no such file" in call("--input", tmp_path / "no.png", "--target", pair[1], "--kernel", 3)[2]
    assert "use .json or .safetensors" in call(*pair, "--kernel", 3, out="k.txt")[2]
    assert "its folder does not exist" in call(*pair, "--kernel", 3, out="no/k.json")[2]


def test_the_command_offers_every_option_that_persons_are_asked_for(capsys):
    with pytest.raises(SystemExit):
        make_parser().parse_args(["learn", "--help"])
    offered = capsys.readouterr().out
    for name in (*OPTIMIZERS, *SCHEDULES, *CONSTRAINTS):
        assert name in offered
    for option in asked_options():
        assert f"--{option.replace('_', '-')}" in offered


def test_other_commands_do_not_wait_for_what_the_options_of_learn_need():
    code = "import sys; from filterlab.cli.parser import make_parser; make_parser(); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("how", [(), ("--optimizer", "adam", "--lr", "0.05")])
def test_learning_ends_by_itself_once_it_has_converged(call, pair, tmp_path, how):
    status, out, err = call(*pair, "--kernel", 3, "--until-converged", "--json", *how)
    told = json.loads(out)
    assert (status, err, told["converged"]) == (0, "", True)
    assert told["steps"] < 10_000
    learned = fl.Pipeline.load(tmp_path / "k.json")
    np.testing.assert_allclose(learned["learned"].weight[0, 0], BLUR, atol=0.01)


def test_a_run_that_its_steps_cut_off_says_that_the_loss_still_falls(call, pair):
    how = ("--optimizer", "adam", "--lr", "0.01", "--steps", 100, "--until-converged")
    status, out, err = call(*pair, "--kernel", 3, *how)
    assert status == 0
    assert "still falling after 100 steps: go on with more --steps" in err
    assert ", not converged: " in out


def test_a_loss_that_does_not_settle_asks_for_another_rate(call, pair):
    how = ("--optimizer", "adam", "--lr", "0.3", "--crop", 8, "--steps", 200, "--until-converged", "--json")
    status, out, err = call(*pair, "--kernel", 3, *how)
    assert (status, json.loads(out)["converged"]) == (0, False)
    assert "after 200 steps" in err


def test_without_the_option_all_steps_are_made(call, pair):
    how = ("--optimizer", "adam", "--lr", "0.05", "--steps", 320, "--json")
    told = json.loads(call(*pair, "--kernel", 1, *how)[1])
    assert told["steps"] == 320
    assert "converged" not in told
