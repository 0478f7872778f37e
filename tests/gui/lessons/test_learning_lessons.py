"""Lessons on learning in the real window: they fill in the learning panel, and the runs give what they say."""

from __future__ import annotations

import pytest

from filterlab.gui.bench.work import Work
from filterlab.gui.learning.plan import CLASSES, PICTURE, PIPELINE, PRESET
from filterlab.gui.learning.trainer import State
from filterlab.gui.window import MainWindow
from filterlab.kernels import sobel

SHOWN = {  # the lessons' steps that learn: the kind of target, and the nodes that learn
    "learning-sobel": {1: (PRESET, 1), 2: (PRESET, 1), 3: (PRESET, 1), 4: (PIPELINE, 2)},
    "unknown-blur": {1: (PICTURE, 1), 2: (PICTURE, 1), 3: (PICTURE, 1), 4: (PICTURE, 1)},
    "denoising": {1: (PICTURE, 1), 2: (PICTURE, 3), 3: (PICTURE, 3)},
    "digits": {1: (CLASSES, 3)},
}


@pytest.fixture
def window(qtbot, bench):
    """The window over an empty workbench; what was edited is discarded, or it would be written for recovery."""
    made = MainWindow(bench)
    yield made
    bench.document.restore(Work(), saved=True)
    bench.close()
    made.deleteLater()


@pytest.fixture
def play(window, qtbot, settle):
    """Bring a step of a lesson to the window: `play(name, place)`."""

    def bring(name, place):
        window.lessons.play(name, place)
        qtbot.waitUntil(lambda: not window.bench.background.busy, timeout=20_000)
        settle(window.bench)

    return bring


@pytest.fixture
def run(window, qtbot):
    """Press Start, wait for the end, and return the record of the run."""

    def wait():
        window.learning.begin()
        session = window.learning.session
        qtbot.waitUntil(lambda: session.state is State.ENDED, timeout=60_000)
        return session.record

    return wait


@pytest.mark.parametrize("name", SHOWN)
def test_a_lesson_fills_in_the_form(window, play, name):
    window.lessons.load()
    lesson = next(lesson for lesson in window.lessons.lessons if lesson.name == name)
    assert SHOWN[name].keys() == {i for i, step in enumerate(lesson.steps) if step.learn}
    form = window.learning.form
    for place, (kind, learners) in SHOWN[name].items():
        play(name, place)
        assert window.tabs.currentWidget() is window.learning
        assert form.problem() is None
        wanted, plan = lesson.steps[place].learn, form.plan()
        assert form.target.target.kind == kind
        assert len(plan.nodes) == learners
        assert (plan.optimizer, plan.steps, plan.start) == (wanted.optimizer, wanted.steps, "keep")
        assert plan.options.get("schedule", "constant") == wanted.schedule
        assert plan.options.get("crop") == wanted.crop
        if wanted.optimizer != "lbfgs":
            assert plan.lr == wanted.lr


def test_a_step_after_digits_finds_the_form_as_it_wants_it(window, play, run):
    form = window.learning.form
    play("digits", 1)
    form.method.constraints.tick("zero_sum")
    play("learning", 1)
    plan = form.plan()
    assert (plan.start, plan.steps, plan.lr, plan.loss, dict(plan.options)) == ("keep", 10, 0.03, "sse", {})
    assert run().pipeline(10)["guess"].weight.ravel().tolist() == pytest.approx(
        [1.0087928, -0.965843], rel=1e-5
    )


def test_the_hidden_teacher_is_found(play, run):
    play("learning-sobel", 2)
    record = run()
    learned = record.pipeline(record.count)["student"].kernel
    assert abs(learned - sobel(3)).max() < 0.002


def test_digits_are_learned(window, play, run):
    play("digits", 1)
    record = run()
    assert record.epochs[-1].validation_accuracy > 0.96
    assert record.epochs[-1].labels == tuple("0123456789")
    window.learning.session.keep()
    assert window.bench.document.history.labels[-1].startswith("Keep step 4")


def test_colours_part_and_columns_of_a_step_go_with_it(window, play):
    view = window.bench.view
    view.set(colormap="viridis")
    play("denoising", 4)
    assert view.look.colormap == "gray"
    assert view.look.crop == (96, 68, 28, 28)
    assert view.look.hidden == {"conv1", "relu1", "conv2", "relu2", "difference"}
    play("denoising", 3)
    assert view.look.colormap == "viridis"
    assert view.look.crop is None
    assert view.look.hidden == frozenset()
    play("denoising", 4)
    window.lessons.player.leave()
    assert view.look.colormap == "viridis"


def test_colours_that_the_person_chose_meanwhile_stay(window, play):
    view = window.bench.view
    play("denoising", 4)
    view.set(colormap="magma")
    play("denoising", 3)
    assert view.look.colormap == "magma"
