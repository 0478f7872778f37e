"""Playing lessons on the real panel: what they open, how they continue, and the person's own work."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from filterlab.gui.bench.selection import Spot
from filterlab.gui.chain.copying import Copying
from filterlab.gui.lessons import LessonsPanel
from filterlab.gui.window import MainWindow
from filterlab.lessons import scene

pytestmark = pytest.mark.usefixtures("predicted")


@pytest.fixture
def panel(qtbot, bench):
    """The panel over an empty workbench."""
    made = LessonsPanel(bench)
    qtbot.addWidget(made)
    made.resize(320, 700)
    made.show()
    return made


@pytest.fixture
def ready(qtbot, settle):
    """Wait until the step is opened and computed: `ready(bench)`."""

    def wait(bench):
        qtbot.waitUntil(lambda: not bench.background.busy)
        settle(bench)

    return wait


def test_all_lessons_are_listed(panel):
    assert panel.list.count() == len(panel.lessons) == 29
    assert panel.list.item(0).text().startswith("1  Stock, and why the kernel is flipped  3/3\n")


def test_a_step_opens_picture_and_pipeline_and_pins(panel, bench, ready, qtbot):
    with qtbot.waitSignal(panel.tab_wanted) as wanted:
        panel.play("correlation")
    ready(bench)
    assert wanted.args == ["explain"]
    assert bench.document.picture.shape == (1, 3, 3)
    assert [node.name for node in bench.document.pipeline] == ["correlation"]
    assert bench.selection.pin == Spot("correlation", 0, 0, 0)
    assert bench.view.look.mode == "side"
    assert bench.results.maps["correlation"].view.value(0, 0, 0) == 19
    assert "= 19\n" in panel.page.text.accessibleName()
    assert "step 1 of 3" in panel.page.progress.text()


def test_the_pipeline_of_a_step_is_copied(panel, bench, ready):
    Copying(bench, panel)
    panel.play("correlation")
    ready(bench)
    menu = panel.page.copy_button.menu()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == [
        "Copy as Python",
        "Copy as PyTorch",
        "Copy as ONNX file",
        "Copy as command line",
    ]
    panel.player.go(1)
    ready(bench)
    menu.actions()[0].trigger()
    scope = {}
    exec(QGuiApplication.clipboard().text(), scope)
    assert scope["pipeline"] == scene(panel.player.lesson, 1).pipeline


def test_the_modules_of_pytorch_stand_below_the_words(panel, bench, ready):
    panel.play("layer")
    ready(bench)
    words = "In PyTorch:\nnn.Conv2d(1, 1, (1, 2), bias=False)\nPyTorch adds a bias by default"
    assert panel.page.torch.text() == words
    assert panel.page.torch.isVisible()
    panel.player.go(2)
    ready(bench)
    assert panel.page.torch.text() == "In PyTorch:\nnn.Conv2d(1, 1, (1, 2))"
    panel.play("padding", 2)
    panel.player.settle(False)
    ready(bench)
    words = "nn.Conv2d(1, 1, 3, padding=1, bias=False, padding_mode='replicate')"
    assert panel.page.torch.text() == f"In PyTorch:\n{words}\nPyTorch adds a bias by default"
    assert panel.page.torch.isVisible()
    panel.play("padding", 3)
    panel.player.settle(False)
    ready(bench)
    assert not panel.page.torch.isVisible()


def test_next_and_back_by_the_keyboard(panel, bench, ready, qtbot):
    panel.play("correlation")
    ready(bench)
    picture = bench.document.picture
    qtbot.keyClick(panel.page.next_button, Qt.Key.Key_Space)
    ready(bench)
    assert [node.name for node in bench.document.pipeline] == ["correlation", "convolution", "difference"]
    assert bench.document.picture is picture
    qtbot.keyClick(panel.page.back_button, Qt.Key.Key_Space)
    ready(bench)
    assert len(bench.document.pipeline) == 1
    assert not panel.page.back_button.isEnabled()


def test_the_keyboard_stays_in_the_panel(panel, bench, ready, qtbot):
    panel.ask()
    qtbot.waitUntil(panel.list.hasFocus)
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    ready(bench)
    assert panel.player.lesson.name == "correlation"
    assert panel.page.next_button.hasFocus()
    panel.player.go(1)
    qtbot.keyClick(panel.page.card.button, Qt.Key.Key_Space)
    assert panel.page.card.answer.isVisible()
    panel.page.leave_button.setFocus()
    qtbot.keyClick(panel.page.leave_button, Qt.Key.Key_Space)
    assert panel.list.hasFocus()


def test_commands_move_too(panel, bench, ready):
    bench.commands.refresh()
    assert not bench.commands.action("help.lesson_next").isEnabled()
    panel.play("stride")
    ready(bench)
    bench.commands.action("help.lesson_next").trigger()
    ready(bench)
    assert panel.player.place == 1
    assert bench.commands.action("help.lesson_back").isEnabled()
    bench.commands.action("help.lesson_back").trigger()
    assert panel.player.place == 0


def test_the_answer_is_shown_when_it_is_asked_for(panel, bench, ready):
    panel.play("stride")
    ready(bench)
    card = panel.page.card
    assert card.isVisible()
    assert not card.answer.isVisible()
    card.button.click()
    assert card.answer.isVisible()
    assert "row 7 is left over" in card.answer.accessibleName()
    panel.player.go(1)
    assert not card.isVisible()
    panel.player.go(0)
    assert not card.answer.isVisible()


def test_the_last_step_is_remembered_and_leads_on(panel, bench, ready):
    panel.play("depth")
    panel.player.go(2)
    ready(bench)
    names = [lesson.name for lesson in panel.lessons]
    assert "✓" in panel.list.item(names.index("depth")).text()
    assert panel.page.next_button.text() == "Next lesson"
    panel.page.next_button.click()
    ready(bench)
    assert panel.player.lesson.name == "receptive-field"
    assert panel.list.currentRow() == names.index("receptive-field")


def test_the_very_last_step_leads_nowhere(panel, bench, ready):
    panel.play("own-network")
    panel.player.go(5)
    ready(bench)
    assert not panel.page.next_button.isEnabled()


def test_leaving_brings_back_what_was_open(panel, opened, ready, pipeline):
    document = opened.document
    changed = pipeline.with_layers({"pool": pipeline["pool"].replace(stride=1)})
    document.edit("Change", changed)
    opened.view.set(mode="single")
    opened.selection.set_pin(Spot("relu", 1, 2, 3))
    work, saved = document.work, document.saved_pipeline
    panel.play("padding")
    ready(opened)
    panel.player.go(2)
    ready(opened)
    panel.page.leave_button.click()
    assert (document.work.pipeline, document.picture) == (changed, work.picture)
    assert document.modified
    assert document.saved_pipeline is saved
    assert opened.view.look.mode == "single"
    assert opened.selection.pin == Spot("relu", 1, 2, 3)
    assert panel.player.lesson is None
    assert panel.currentWidget() is not panel.page


def test_each_step_is_one_step_of_the_history(panel, opened, ready, pipeline):
    before = opened.document.history.labels
    panel.play("correlation")
    ready(opened)
    assert opened.document.history.labels == [*before, "Lesson “Cross-correlation and convolution”, step 1"]
    opened.document.undo()
    assert opened.document.pipeline == pipeline
    opened.document.redo()
    assert [node.name for node in opened.document.pipeline] == ["correlation"]


def test_a_step_that_only_points_makes_no_history(panel, bench, ready):
    panel.play("three-levels")
    ready(bench)
    labels = bench.document.history.labels
    panel.player.go(1)
    ready(bench)
    assert bench.document.history.labels == labels
    assert bench.selection.pin == Spot("conv", 0, 0, 0)


def test_what_was_changed_by_hand_comes_back_with_undo(panel, bench, ready):
    panel.play("stride")
    ready(bench)
    mine = bench.document.pipeline.with_layers({"conv": bench.document.pipeline["conv"].replace(stride=3)})
    bench.document.edit("Change stride of conv", mine)
    panel.player.go(1)
    ready(bench)
    assert bench.document.pipeline == scene(panel.player.lesson, 1).pipeline
    bench.document.undo()
    assert bench.document.pipeline == mine


def test_a_file_opened_meanwhile_stays(panel, opened, ready, pipeline):
    panel.play("correlation")
    ready(opened)
    opened.document.open_pipeline("Open other", pipeline, None)
    panel.player.leave()
    assert opened.document.pipeline is pipeline
    assert opened.document.history.labels[-1] == "Open other"


def test_a_second_lesson_keeps_the_work_of_before_the_first(panel, opened, ready, pipeline):
    for name in ("correlation", "stride"):
        panel.play(name)
        ready(opened)
    panel.player.leave()
    assert opened.document.pipeline is pipeline


@pytest.mark.parametrize("unsaved", [False, True])
def test_closing_keeps_what_is_not_saved(panel, opened, ready, pipeline, unsaved):
    own = pipeline.with_layers({"pool": pipeline["pool"].replace(stride=1)}) if unsaved else pipeline
    if unsaved:
        opened.document.edit("Change", own)
    panel.play("stride")
    ready(opened)
    lesson = opened.document.pipeline
    mine = lesson.with_layers({"conv": lesson["conv"].replace(stride=3)})
    opened.document.edit("Change stride of conv", mine)
    panel.player.close()
    assert opened.document.pipeline == (own if unsaved else mine)
    assert opened.document.modified


def test_closing_an_untouched_lesson_brings_back_the_work(panel, opened, ready, pipeline):
    panel.play("stride")
    ready(opened)
    panel.player.close()
    assert opened.document.pipeline is pipeline
    assert not opened.document.modified


def test_fast_moves_show_the_last_step_only(panel, bench, ready):
    panel.play("adaptive-pooling")
    panel.player.go(1)
    panel.player.go(2)
    ready(bench)
    assert bench.document.pipeline == scene(panel.player.lesson, 2).pipeline
    assert len(bench.document.history.labels) == 2


def test_a_lesson_that_cannot_be_opened_is_said(panel, bench, ready):
    panel.load()
    lesson = panel.lessons[0]
    step = lesson.steps[0].model_copy(update={"picture": None})
    panel.player.start(lesson.model_copy(update={"steps": [step]}))
    ready(bench)
    (message,) = [m for m in bench.messages.all if m.level == "error"]
    assert "there is no picture" in message.text
    assert bench.document.picture is None


def test_learning_has_more_room_while_a_lesson_is_about_it(qtbot, bench, ready):
    window = MainWindow(bench)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.show_tab("explain")
    before = window.heights.sizes()
    window.lessons.play("learning")
    ready(bench)
    assert window.heights.sizes() == before
    assert before[0] > before[1]
    window.lessons.player.go(1)
    ready(bench)
    assert window.heights.sizes()[1] > window.heights.sizes()[0]
    window.lessons.player.leave()
    assert window.heights.sizes() == before
    window.heights.setSizes([100, sum(before) - 100])
    own = window.heights.sizes()
    window.lessons.play("learning", 1)
    ready(bench)
    window.lessons.player.leave()
    assert window.heights.sizes() == own


def test_a_step_chooses_the_level_of_the_explanation(qtbot, bench, ready):
    window = MainWindow(bench)
    qtbot.addWidget(window)
    for place, level in enumerate(("overview", "unit", "window")):
        window.lessons.play("three-levels", place)
        ready(bench)
        assert window.explain.level == level
    window.lessons.play("input-channels")
    ready(bench)
    assert window.explain.level == "unit"
    window.lessons.play("output-channels", 1)
    ready(bench)
    assert window.explain.level == "unit"
    window.lessons.play("stride")
    ready(bench)
    assert window.explain.level == "window"


def test_a_lesson_sets_the_learning_panel_and_learning_finds_the_kernel(qtbot, bench, ready):
    window = MainWindow(bench)
    qtbot.addWidget(window)
    window.lessons.play("learning", 1)
    ready(bench)
    assert window.tabs.currentWidget() is window.pages["learn"]
    plan = window.learning.form.plan()
    assert (plan.loss, plan.optimizer, plan.lr, plan.steps, plan.start) == ("sse", "sgd", 0.03, 10, "keep")
    assert window.learning.form.problem() is None
    window.learning.begin()
    session = window.learning.session
    qtbot.waitUntil(lambda: session.record is not None and session.record.count == 10)
    learned = session.record.pipeline(10)["guess"].weight.ravel().tolist()
    assert learned == pytest.approx([1.0087928, -0.965843], rel=1e-5)
