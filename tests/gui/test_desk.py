"""Another language: a new window in the place of the old one, and nothing of the work is lost."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QApplication

import filterlab as fl
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.desk import Desk
from filterlab.gui.learning.trainer import State
from filterlab.gui.spectrum.marks import Notch, SpectrumMarks
from filterlab.gui.window import MainWindow
from filterlab.gui.words import language


@pytest.fixture
def new_desk(qapp, tmp_path, monkeypatch):
    """A desk with settings of its own, whose window was shown and is not complete yet."""
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda place: str(tmp_path))
    made = Desk()
    made.window.show()
    yield made
    made.close()
    made.window.bench.close()
    made.window.deleteLater()
    made.window.bench.deleteLater()
    language.install("en")


@pytest.fixture
def desk(new_desk):
    """A desk whose window is complete."""
    new_desk.window.complete()
    return new_desk


def switch(desk, qtbot, name):
    """Choose a language in the menu and wait for the new window."""
    old = desk.window
    old.bench.commands.action(f"view.language_{name}").trigger()
    qtbot.waitUntil(lambda: desk.window is not old)
    qtbot.waitUntil(
        lambda: [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)] == [desk.window]
    )


def test_work_history_and_look_go_over(desk, qtbot, picture, pipeline, settle):
    bench = desk.window.bench
    bench.document.open_pipeline("Open test", pipeline, None)
    bench.document.show_picture("Open test picture", picture)
    changed = pipeline.with_layers({"pool": fl.AvgPool2d(2)})
    bench.document.edit("Change", changed)
    bench.view.set(mode="single")
    bench.selection.set_pin(Spot("relu", 0, 1, 2))
    switch(desk, qtbot, "zh_CN")
    bench = desk.window.bench
    assert desk.window.isVisible()
    assert desk.window.pages["explain"] is desk.window.tabs.widget(0)
    assert desk.window.tabs.tabText(0) == "解释"
    assert (bench.document.pipeline, bench.document.picture) == (changed, picture)
    assert bench.document.modified
    assert bench.view.look.mode == "single"
    assert bench.selection.pin == Spot("relu", 0, 1, 2)
    settle(bench)
    assert "pool" in bench.results.maps
    bench.document.undo()
    assert bench.document.pipeline is pipeline
    assert not bench.document.modified


def test_no_other_thread_may_collect_between_the_windows(desk, qtbot, monkeypatch):
    turned_on = []
    monkeypatch.setattr(gc, "enable", lambda: turned_on.append(True))
    switch(desk, qtbot, "zh_CN")
    assert not turned_on
    assert not gc.isenabled()


def test_there_and_back(desk, qtbot):
    for name, title in (("zh_CN", "解释"), ("en", "Explain")):
        switch(desk, qtbot, name)
        assert desk.window.tabs.tabText(0) == title


def test_a_lesson_goes_on_where_it_was(desk, qtbot, settle):
    desk.window.lessons.play("stride", 1)
    desk.window.lessons.player.settle(False)  # its prediction, before which there are no layers
    qtbot.waitUntil(lambda: not desk.window.bench.background.busy)
    switch(desk, qtbot, "zh_CN")
    qtbot.waitUntil(lambda: not desk.window.bench.background.busy)
    settle(desk.window.bench)
    player = desk.window.lessons.player
    assert (player.lesson.name, player.place) == ("stride", 1)
    assert desk.window.lessons.page.title.text() == "步幅"
    player.leave()
    assert len(desk.window.bench.document.pipeline) == 0


def test_a_step_that_is_only_being_read_is_shown(desk, qtbot, settle):
    desk.window.lessons.play("stride", 1)
    desk.window.lessons.player.settle(False)  # its prediction, before which there are no layers
    switch(desk, qtbot, "zh_CN")
    qtbot.waitUntil(lambda: not desk.window.bench.background.busy)
    settle(desk.window.bench)
    assert [node.name for node in desk.window.bench.document.pipeline] == ["conv"]
    assert desk.window.bench.selection.pin == Spot("conv", 0, 3, 3)


def test_what_was_edited_in_a_lesson_and_the_work_aside_go_over(desk, qtbot, picture, pipeline, settle):
    bench = desk.window.bench
    bench.document.open_pipeline("Open test", pipeline, None)
    bench.document.show_picture("Open test picture", picture)
    own = pipeline.with_layers({"pool": fl.AvgPool2d(2)})
    bench.document.edit("Change", own)
    desk.window.lessons.play("stride", 1)
    desk.window.lessons.player.settle(False)  # its prediction, before which there are no layers
    qtbot.waitUntil(lambda: not bench.background.busy)
    lesson = bench.document.pipeline
    mine = lesson.with_layers({"conv": lesson["conv"].replace(stride=3)})
    bench.document.edit("Change stride of conv", mine)
    switch(desk, qtbot, "zh_CN")
    bench, player = desk.window.bench, desk.window.lessons.player
    assert bench.document.pipeline == mine
    assert (player.lesson.name, player.place, player.touched) == ("stride", 1, True)
    assert bench.own_work.work.pipeline == own
    assert desk.window.lessons_dock.isVisible()
    player.leave()
    assert (bench.document.pipeline, bench.document.picture) == (own, picture)
    assert bench.document.modified


def test_the_list_of_lessons_stays_beside(desk, qtbot):
    desk.window.lessons_dock.show()
    switch(desk, qtbot, "zh_CN")
    assert desk.window.lessons_dock.isVisible()
    assert desk.window.lessons.list.item(0).text().startswith("1  库存")


def test_what_is_learned_goes_over(desk, qtbot, picture):
    document, panel = desk.window.bench.document, desk.window.learning
    document.show_picture("Open", picture)
    document.open_pipeline("Open", fl.Pipeline([("f", fl.Filter2d(fl.kernels.box(3)))]), None)
    desk.window.bench.commands.action("learn.show").trigger()
    panel.form.target.choose(preset="laplacian")
    panel.form.method.steps.set_value(1_000_000)
    panel.form.method.seed.set_value(5)
    desk.window.bench.commands.action("learn.start").trigger()
    qtbot.waitUntil(lambda: panel.session.count > 2)
    panel.session.show(1)
    record = panel.session.record
    switch(desk, qtbot, "zh_CN")
    panel = desk.window.learning
    assert panel.session.state is State.STOPPED, "its thread went with the old window"
    assert (panel.session.record, panel.session.place) == (record, 1)
    assert panel.form.target.target.preset == "laplacian"
    answers = panel.form.method.answers()
    assert (answers["steps"], answers["seed"]) == (1_000_000, 5)
    desk.window.bench.commands.action("learn.show").trigger()
    assert "已停止" in panel.transport.caption.text
    desk.window.bench.commands.refresh()
    desk.window.bench.commands.action("learn.keep").trigger()
    assert desk.window.bench.document.pipeline["f"].kernel[0, 0] == record.pipeline(1)["f"].kernel[0, 0]


def test_what_is_painted_on_a_spectrum_goes_over(desk, qtbot, picture):
    desk.window.bench.document.show_picture("Open", picture)
    painted = SpectrumMarks((Notch(0.25, 0.125, 0.02),))
    desk.window.spectrum.view.edited.emit(painted)
    switch(desk, qtbot, "zh_CN")
    assert desk.window.spectrum.marks == painted


def test_the_same_language_makes_no_new_window(desk, qtbot):
    old = desk.window
    old.bench.commands.action("view.language_en").trigger()
    qtbot.wait(50)
    assert desk.window is old


def listed(menu):
    """The texts of a menu and of its submenus, line by line."""
    return [(a.text(), listed(a.menu()) if a.menu() else None) for a in menu.actions()]


def test_the_first_window_is_complete_once_it_was_painted(new_desk, qtbot, tmp_path):
    at_once = MainWindow(Workbench(tmp_path / "other"))
    qtbot.addWidget(at_once, before_close_func=lambda window: window.bench.close())
    with qtbot.waitSignal(new_desk.ready):
        pass
    window = new_desk.window
    names, wanted = ({command.name for command in w.bench.commands} for w in (window, at_once))
    assert names == wanted
    assert listed(window.menuBar()) == listed(at_once.menuBar())
    assert {a.objectName() for a in window.actions()} == {a.objectName() for a in at_once.actions()}
    kinds, wanted = ([type(w.tabs.widget(i)) for i in range(w.tabs.count())] for w in (window, at_once))
    assert kinds == wanted
    assert list(window.pages.values()) == [window.tabs.widget(i) for i in range(window.tabs.count())]


def test_work_that_is_there_before_the_window_is_complete_is_seen_by_all_its_parts(
    new_desk, qtbot, picture, pipeline, settle
):
    bench, window = new_desk.window.bench, new_desk.window
    window.show_tab("learn")
    bench.messages.error(ValueError("a fault"))
    bench.document.open_pipeline("Open test", pipeline, None)
    bench.document.show_picture("Open test picture", picture)
    with qtbot.waitSignal(new_desk.ready):
        pass
    assert window.tabs.currentWidget() is window.pages["learn"]
    assert window.learning.isVisible()
    assert window.learning.form.nodes.all == ["blur"]
    assert "1" in window.tabs.tabText(window.tabs.indexOf(window.messages_panel))
    settle(bench)
    bench.selection.set_pin(Spot("relu", 0, 1, 2))
    window.show_tab("explain")
    qtbot.waitUntil(lambda: window.explain.answer is not None)
