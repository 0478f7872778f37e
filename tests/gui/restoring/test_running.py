"""Undoing a blur in the window: what is asked, what is shown, and what stands in the way."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

import filterlab as fl
from filterlab.errors import ShapeError
from filterlab.gui.bench.work import Picture
from filterlab.gui.restoring.plan import OPEN, OUTPUT, LearnedKernel, RestorePlan
from tests.gui.restoring.conftest import KERNEL, choose


def seen(panel, page, qtbot, title):
    """Wait until a picture of this title stands on side B."""
    qtbot.waitUntil(lambda: page.view.pair is not None and page.view.pair.b.source.title == title)
    return page.view.pair


def test_it_shows_what_the_engine_restores(panel, page, run, blurred, qtbot):
    record = run(method="wiener")
    assert panel.window().focusWidget() is panel.slider
    expected = fl.restore(blurred.pixels, KERNEL, method="wiener")
    np.testing.assert_array_equal(record.last.found.image, expected.image)
    pair = seen(panel, page, qtbot, f"restored, iteration {record.count}")
    assert pair.a.source.title == "blurred"
    np.testing.assert_array_equal(pair.a.view.array, blurred.pixels)
    np.testing.assert_array_equal(pair.b.view.array, expected.image)
    assert panel.caption.text.startswith(f"iteration {record.count} of {record.count}")
    assert "(estimated)" in panel.words.text()
    assert "(automatic)" in panel.words.text()
    assert f"Stopped after iteration {record.count}" in panel.words.text()


def test_the_document_stays_as_it_is(panel, run, bench):
    before, steps = bench.document.work, len(bench.document.history.labels)
    run(method="inverse")
    assert bench.document.work is before
    assert len(bench.document.history.labels) == steps


def test_the_slider_goes_through_the_iterations(panel, page, run, qtbot):
    record = run(method="inverse")
    assert record.count > 3
    assert len(panel.curve.curves[0].getData()[0]) == record.count
    panel.slider.setFocus()
    QTest.keyClick(panel.slider, Qt.Key.Key_Home)
    assert panel.session.place == 0
    assert "blurred picture" in panel.words.text()
    QTest.keyClick(panel.slider, Qt.Key.Key_Right)
    QTest.keyClick(panel.slider, Qt.Key.Key_Right)
    assert panel.caption.text.startswith(f"iteration 2 of {record.count}")
    pair = seen(panel, page, qtbot, "restored, iteration 2")
    np.testing.assert_array_equal(pair.b.view.array, record.image(2))
    panel.curve.picked.emit(3)
    assert panel.session.place == 3
    assert panel.slider.value() == record.places.index(3)
    for name, place in (("previous", 2), ("next", 3)):
        panel._bench.commands.action(f"restore.{name}").trigger()
        assert panel.session.place == place


def test_what_the_layer_makes_has_a_true_picture_and_a_gain(panel, page, bench, run, sharp, settle, qtbot):
    bench.document.show_picture("Open", Picture("sharp", sharp))
    settle(bench)
    choose(panel.form.picture, OUTPUT)
    record = run(method="wiener")
    step = record.last
    made = fl.Pipeline([("blur", fl.Filter2d(kernel=KERNEL, padding="valid"))]).run(sharp)["blur"]
    np.testing.assert_array_equal(record.pair.after, made)
    assert step.gain > 6
    assert f"gain {step.gain:+.2f} dB" in panel.caption.text
    choose(panel.beside, "true")
    qtbot.waitUntil(lambda: page.view.pair is not None and page.view.pair.a.source.title == "true")
    choose(panel.measure, "gain")
    assert len(panel.curve.curves) == 1
    np.testing.assert_allclose(panel.curve.curves[0].getData()[1], record.gains)


def test_the_uncertainty_is_a_map_with_colours_of_its_own(panel, page, run, qtbot):
    found = run(method="wiener").last.found
    assert "one standard deviation" in panel.words.text()
    choose(panel.beside, "uncertainty")
    qtbot.waitUntil(lambda: page.view.pair is not None and page.view.pair.b.source.title == "uncertainty")
    np.testing.assert_array_equal(page.view.pair.b.view.array, found.uncertainty)
    picture, doubt = page.view.tones()[:2]
    assert picture.colormap == "gray"
    assert doubt.colormap.startswith("sequential")
    assert doubt.scale.high < picture.scale.high
    choose(panel.beside, "blurred")
    qtbot.waitUntil(lambda: page.view.pair is not None and page.view.pair.a.source.title == "blurred")
    assert page.view.same


def test_colours_are_compared_in_colours_again_after_a_map(
    panel, page, bench, blur, sharp, run, settle, qtbot
):
    bench.document.show_picture("Open", Picture("colours", np.concatenate([sharp, sharp[:, ::-1], sharp])))
    settle(bench)
    run(method="tikhonov", picture=OUTPUT)
    for beside, channels in (("blurred", (None, None)), ("uncertainty", (0, 0)), ("blurred", (None, None))):
        choose(panel.beside, beside)
        qtbot.waitUntil(lambda: not panel._comparing.waiting and page.view.pair is not None)
        assert page.view.pair.channels == channels


def test_the_border_follows_the_layer_where_its_output_is_undone(panel, bench, blur):
    layer = blur["blur"].replace(padding="same", padding_mode="circular")
    bench.document.edit("Circular", blur.with_layers({"blur": layer}))
    assert panel.form.border.currentData() == "unknown"
    choose(panel.form.picture, OUTPUT)
    assert panel.form.border.currentData() == "circular"
    choose(panel.form.picture, OPEN)
    assert panel.form.border.currentData() == "unknown"


def test_typed_noise_and_strength_are_used_and_said(panel, run):
    panel.form.noise.lineEdit().setText("0.02")
    panel.form.strength.lineEdit().setText("0.5")
    record = run(method="tikhonov")
    assert (record.plan.noise, record.plan.strength) == (0.02, 0.5)
    assert panel.words.text().count("(as given)") == 2


def test_the_slider_of_the_strength_restores_anew(panel, run, qtbot):
    first = run(method="tikhonov")
    assert panel.form.strength.lineEdit().placeholderText().startswith("automatic: ")
    before = panel.form.slider.value()
    QTest.keyClick(panel.form.slider, Qt.Key.Key_Right)
    assert panel.form.slider.value() == before + 1
    typed = panel.form.strength.value()
    assert typed > first.last.found.strength
    qtbot.waitUntil(lambda: panel.session.record is not first and not panel.session.running)
    assert panel.session.record.plan.strength == typed


def test_only_the_strength_at_which_the_slider_rests_is_restored_with(panel, run, qtbot, monkeypatch):
    first, begun = run(method="tikhonov"), []
    begin = panel.session.begin
    monkeypatch.setattr(panel.session, "begin", lambda plan: (begun.append(plan.strength), begin(plan)))
    slider = panel.form.slider
    slider.setFocus()
    for _ in range(5):
        slider.setValue(slider.value() + 1)
    qtbot.waitUntil(lambda: panel.session.record is not first and not panel.session.running)
    assert begun == [panel.form.strength.value()]
    assert panel.window().focusWidget() is slider


def test_a_method_without_a_strength_is_not_asked_for_one(panel, run):
    panel.form.strength.lineEdit().setText("0.5")
    record = run(method="richardson_lucy")
    assert not panel.form.strength.isEnabled()
    assert not panel.form.slider.isEnabled()
    assert panel.form.strength.lineEdit().placeholderText() == "none"
    assert record.plan.strength is None
    assert run(method="tikhonov").plan.strength == 0.5, "it was kept for the others"


def test_the_handle_of_the_slider_comes_to_the_mouse(panel, run, qtbot):
    record = run(method="inverse")
    slider = panel.slider
    assert record.count > 3

    def at(place):
        across = slider.style().sliderPositionFromValue(0, record.count, place, slider.width() - 12) + 6
        return QPoint(across, slider.height() // 2)

    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=at(2))
    assert panel.session.place == 2
    qtbot.mouseMove(slider, at(3))
    assert panel.session.place == 3
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at(3))
    assert not slider.isSliderDown()


def test_a_panel_that_was_left_is_not_called_back_by_the_strength(pages, panel, run, monkeypatch, qtbot):
    run(method="tikhonov")
    begun = []
    monkeypatch.setattr(panel.session, "begin", begun.append)
    panel.form.slider.setValue(panel.form.slider.value() + 1)
    panel.leave()
    qtbot.waitUntil(lambda: not panel._settling.isActive())
    assert not begun
    assert pages.currentWidget() is not panel


def test_a_wrong_number_is_marked_and_named(panel, bench):
    panel.form.strength.setFocus()
    QTest.keyClicks(panel.form.strength, "-1")
    assert panel.form.strength.property("wrong")
    bench.commands.action("restore.start").trigger()
    assert panel.session.record is None
    assert "strength" in panel.note.text


def test_without_a_kernel_it_says_what_to_do(panel, bench):
    bench.document.edit("Other", fl.Pipeline([("relu", fl.ReLU())]))
    bench.commands.action("restore.start").trigger()
    assert "there is no kernel" in panel.note.text
    assert "learn it" in panel.note.text


def test_without_a_kernel_the_empty_list_and_the_note_say_so_at_once(panel, bench):
    bench.document.edit("Other", fl.Pipeline([("relu", fl.ReLU())]))
    assert panel.form.kernel.currentIndex() == -1
    assert panel.form.kernel.placeholderText() == "no layer has one"
    assert panel.note.text.startswith("Add a Filter with the kernel")


def test_a_result_says_of_which_picture_and_method_it_is(panel, bench, run, blurred):
    run(method="wiener")
    choose(panel.form.method, "tv")
    bench.document.show_picture("Open", Picture("other.png", blurred.pixels))
    assert "street.png · Wiener" in panel.words.text()
    bench.document.show_picture("Open", Picture(f"{'long' * 20}.png", blurred.pixels))
    run(method="wiener")
    assert "…" in panel.words.text()
    assert "long" * 20 not in panel.words.text()


def test_a_kernel_that_cannot_have_blurred_the_picture_is_told_before_the_figures(panel, bench, run, settle):
    stripes = np.arange(40)[None, :, None] % 2 * np.full((1, 40, 50), 0.5) + 0.2
    bench.document.show_picture("Open", Picture("stripes", stripes.astype(np.float32)))
    settle(bench)
    panel.form.noise.lineEdit().setText("0.01")
    run(method="richardson_lucy")
    words = panel.words.text()
    assert 0 <= words.find("another kernel has blurred it") < words.index("<table>")


def test_until_the_first_iteration_the_figures_before_are_not_told(panel, bench, run, qtbot):
    record = run(method="wiener")
    assert panel.caption.text.startswith("iteration")
    bench.commands.action("restore.start").trigger()
    assert panel.session.record is record, "nothing has come yet"
    assert panel.caption.text == "making the first iteration"
    qtbot.waitUntil(lambda: not panel.session.running)
    assert panel.session.record is not record
    assert panel.caption.text.startswith("iteration")


def test_an_error_leaves_the_last_result_and_the_work(panel, bench, run, blurred, qtbot):
    record, work = run(method="wiener"), bench.document.work
    bench.document.show_picture("Tiny", Picture("tiny", blurred.pixels[:, :3, :3]))
    bench.commands.action("restore.start").trigger()
    qtbot.waitUntil(lambda: "larger than the picture" in panel.note.text)
    assert panel.session.record is record
    bench.document.undo()
    assert bench.document.work == work
    assert not [m for m in bench.messages.all if m.level == "error"]


def test_a_kernel_of_other_channels_than_the_picture_is_refused(blurred):
    conv = fl.Conv2d(np.stack([KERNEL] * 3)[:, None], bias=[0.1, 0.2, 0.3], groups=3)
    plan = RestorePlan(fl.Pipeline([("blur", conv)]), blurred, "blur", OPEN, LearnedKernel(fl.Pipeline()))
    with pytest.raises(ShapeError, match="one kernel for each of the 1 channel"):
        next(plan.course(lambda: False, lambda news: None))


def test_a_run_can_be_stopped_and_keeps_what_it_has(panel, bench, qtbot):
    panel.form.iterations.lineEdit().setText("100000")
    choose(panel.form.method, "inverse")
    bench.commands.action("restore.start").trigger()
    qtbot.waitUntil(lambda: panel.session.record is not None and panel.session.record.count > 1)
    bench.commands.refresh()
    assert not bench.commands.action("restore.start").isEnabled()
    bench.commands.action("restore.cancel").trigger()
    assert not panel.session.running
    assert panel.window().focusWidget() is panel.slider, "and not the button that keeps the picture"
    assert panel.session.record.count < 100000
    assert panel.caption.text.endswith("stopped")
    qtbot.waitUntil(lambda: not panel.session.trainer.working)


def test_esc_on_the_page_goes_back_to_the_maps_and_compare_shows_it_again(panel, page, run, bench, qtbot):
    record = run(method="inverse")
    seen(panel, page, qtbot, f"restored, iteration {record.count}")
    QTest.keyClick(page.view, Qt.Key.Key_Escape)
    assert not panel.comparing()
    panel.session.show(1)
    QTest.qWait(0)
    assert not panel.comparing(), "the person has closed it"
    bench.commands.action("restore.compare").trigger()
    seen(panel, page, qtbot, "restored, iteration 1")
    assert panel.comparing()


def test_without_its_picture_the_result_stays_and_the_page_is_closed(panel, run, bench, qtbot):
    record = run(method="wiener")
    qtbot.waitUntil(panel.comparing)
    bench.document.show_picture("Close", None)
    assert not panel.comparing()
    panel.session.show(1)
    panel.compare()
    assert not panel.comparing()
    assert panel.session.record is record
    bench.commands.refresh()
    assert not bench.commands.action("restore.start").isEnabled()
    bench.commands.action("restore.keep").trigger()
    np.testing.assert_array_equal(bench.document.picture.pixels, record.image(1))


def test_learning_is_a_step_back(pages, panel, learning, bench):
    bench.commands.action("restore.back").trigger()
    assert pages.currentWidget() is not panel
    assert learning.isVisible()
    bench.commands.action("restore.show").trigger()
    assert pages.currentWidget() is panel
    assert panel.form.picture.hasFocus()


def test_the_buttons_beside_keep_say_that_a_blur_is_undone_and_not_what_was_learned(panel, learning):
    shown = {
        button.defaultAction(): button.text()
        for widget in (learning.transport, panel)
        for button in widget.findChildren(QToolButton)
        if button.defaultAction() is not None
    }
    action = learning._bench.commands.action
    assert shown[action("restore.show")] == "Undo a blur"
    assert shown[action("restore.start")] == "Undo the blur"
    assert "“Undo the blur”" in panel.note.text


def test_every_field_has_a_name_and_a_reason(panel):
    for name in (
        "picture",
        "kernel",
        "method",
        "border",
        "noise",
        "strength",
        "slider",
        "iterations",
        "truth",
    ):
        widget = getattr(panel.form, name)
        assert widget.accessibleName(), name
        assert widget.toolTip(), name


def test_every_control_is_reached_by_the_keyboard(panel, run):
    run(method="wiener", picture=OUTPUT)
    form, reached = panel.form, set()
    widget = panel.form.picture
    while widget not in reached:
        reached.add(widget)
        widget = widget.nextInFocusChain()
    controls = [form.picture, form.kernel, form.method, form.border, form.noise, form.strength, form.slider]
    controls += [form.iterations, form.truth, panel.slider, panel.measure, panel.beside]
    for control in controls:
        assert control in reached, control
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control
    buttons = {button.text() for button in panel.findChildren(QToolButton) if button.isVisible()}
    assert {"Undo the blur", "Stop", "Keep", "Save…", "As a layer", "Compare"} <= buttons
    for button in panel.findChildren(QToolButton):
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus, button.text()
        assert button.text() or button.accessibleName()


def test_the_key_begins_with_what_is_selected(pages, panel, bench, blur, settle, qtbot):
    two = fl.Pipeline([*blur.nodes, ("other", fl.Filter2d(kernel=fl.kernels.box(3)))])
    bench.document.edit("Add", two)
    settle(bench)
    panel.leave()
    bench.selection.select("blur")
    bench.commands.refresh()
    bench.commands.action("restore.start").trigger()
    assert pages.currentWidget() is panel
    qtbot.waitUntil(lambda: panel.session.record is not None and panel.session.record.finished)
    assert panel.session.record.plan.node == "blur"
