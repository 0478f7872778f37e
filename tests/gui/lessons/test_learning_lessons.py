"""Lessons on learning in the real window: they fill in the learning panel, and the runs give what they say."""

from __future__ import annotations

import pytest

from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Work
from filterlab.gui.learning.plan import CLASSES, PICTURE, PIPELINE, PRESET
from filterlab.gui.learning.trainer import State
from filterlab.gui.window import MainWindow
from filterlab.kernels import sobel

pytestmark = pytest.mark.usefixtures("predicted")

SHOWN = {  # the lessons' steps that learn: the kind of target, and the nodes that learn
    "learning-sobel": {1: (PRESET, 1), 2: (PRESET, 1), 3: (PRESET, 1), 4: (PIPELINE, 2)},
    "unknown-blur": {1: (PICTURE, 1), 2: (PICTURE, 1), 3: (PICTURE, 1), 4: (PICTURE, 1), 5: (PICTURE, 1)},
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
        qtbot.waitUntil(lambda: not window.bench.background.busy)
        settle(window.bench)

    return bring


@pytest.fixture
def run(window, qtbot):
    """Press Start, wait for the end, and return the record of the run."""

    def wait():
        window.learning.begin()
        session = window.learning.session
        qtbot.waitUntil(lambda: session.state is State.ENDED)
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
        assert window.tabs.currentWidget() is window.pages["learn"]
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


def test_the_unknown_blur_is_undone(window, play, qtbot):
    play("unknown-blur", 5)
    window.learning.solve()
    learning, restoring = window.learning.session, window.restoring
    qtbot.waitUntil(lambda: learning.place == 1)
    action = window.bench.commands.action
    action("restore.show").trigger()
    assert restoring.isVisibleTo(window)
    action("restore.start").trigger()
    qtbot.waitUntil(lambda: restoring.session.record is not None and restoring.session.record.finished)
    assert 8.7 < restoring.session.record.last.gain < 9.5, "as the step says"
    qtbot.waitUntil(lambda: window.comparing.given)
    assert window.centre.currentWidget() is window.comparing.page
    # Another step is about learning again.
    play("unknown-blur", 3)
    assert window.learning.isVisibleTo(window)


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


def switches(window):
    """Every switch of the window that a lesson or what is done in one may change, and what was learned."""
    bench, learning = window.bench, window.learning
    form = learning.form
    return {
        "look": bench.view.look,
        "selected": (bench.selection.node, bench.selection.pin),
        "field": bench.commands.action("view.effective_field").isChecked(),
        "overlay": bench.overlays.field is not None,
        "panel": (window.tabs.currentWidget(), window.tabs.folded, window.explain.level),
        "target": form.target.target,
        "nodes": form.nodes.ticked,
        "output": form.output.currentData(),
        "method": form.plan().steps,
        "run": learning.session.held(),
    }


def set_own_switches(window, qtbot):
    bench, learning = window.bench, window.learning
    bench.view.set(
        mode="overview", scope="common", numbers=False, colormap="viridis", hidden=frozenset({"blur"})
    )
    window.show_tab("learn")
    learning.form.target.choose(kind=PRESET, preset="sobel")
    learning.form.method.steps.set_value(7)
    learning.begin(pause_after=3)
    qtbot.waitUntil(lambda: learning.session.count == 3)
    learning.session.trainer.stop()
    bench.selection.set_pin(Spot("sobel", 0, 3, 3))
    bench.commands.action("view.effective_field").trigger()
    qtbot.waitUntil(lambda: bench.overlays.field is not None)
    window.explain.show_level("unit")


@pytest.mark.parametrize("ending", ["leave", "another lesson", "undone"])
def test_a_lesson_sets_and_gives_back_every_switch(
    window, play, run, qtbot, settle, picture, pipeline, ending
):
    bench = window.bench
    bench.document.open_pipeline("Open", pipeline, None)
    bench.document.show_picture("Open picture", picture)
    settle(bench)
    set_own_switches(window, qtbot)
    before = switches(window)
    play("learning-sobel", 1)
    look = bench.view.look
    assert (look.scope, look.numbers, look.hidden) == ("layer", True, frozenset())
    assert bench.overlays.field is None
    assert not bench.commands.action("view.effective_field").isChecked()
    assert window.learning.session.record is None
    assert not window.learning.weights.isVisibleTo(window.learning)
    run()
    bench.commands.action("view.effective_field").trigger()
    if ending == "another lesson":
        play("digits", 1)
    if ending == "undone":
        bench.document.undo()
    window.lessons.player.leave()
    settle(bench)
    qtbot.waitUntil(lambda: bench.overlays.field is not None)
    assert switches(window) == before


def test_what_is_opened_in_a_lesson_is_looked_at_with_the_own_switches(
    window, play, pipeline, picture, settle
):
    bench = window.bench
    bench.document.show_picture("Open picture", picture)
    bench.view.set(scope="common", colormap="viridis")
    play("denoising", 4)
    bench.document.open_pipeline("Open", pipeline, None)
    assert (bench.view.look.scope, bench.view.look.colormap) == ("common", "viridis")
