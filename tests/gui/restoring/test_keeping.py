"""What becomes of a restored picture: kept, saved, copied as source; and lessons and other windows."""

from __future__ import annotations

import shlex

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

import filterlab as fl
from filterlab.cli import main
from filterlab.gui.bench.work import Picture
from filterlab.gui.restoring.plan import OPEN, OUTPUT, TARGET, RestoreBegun
from filterlab.gui.restoring.record import RestoreRecord
from filterlab.resources import samples
from tests.gui.restoring.conftest import KERNEL


def trigger(bench, name):
    bench.commands.refresh()
    action = bench.commands.action(f"restore.{name}")
    assert action.isEnabled(), name
    action.trigger()


def test_the_picture_in_view_is_kept_as_one_step_that_undo_takes_back(panel, bench, run, blurred):
    record = run(method="inverse")
    panel.session.show(2)
    trigger(bench, "keep")
    kept = bench.document.picture
    np.testing.assert_array_equal(kept.pixels, record.image(2))
    assert kept.name == "street-restored.png"
    assert kept.path is None
    assert bench.document.history.labels[-1] == "Keep the restored picture"
    steps = len(bench.document.history.labels)
    trigger(bench, "keep")
    assert len(bench.document.history.labels) == steps, "it is kept already"
    bench.document.undo()
    assert bench.document.picture is blurred


@pytest.mark.parametrize("suffix", ["png", "tiff", "npy"])
def test_it_is_saved_as_shown_or_as_numbers(panel, bench, run, tmp_path, suffix, qtbot):
    image = run(method="wiener").last.found.image
    dialog = panel.actions_.ask_file()
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
    path = tmp_path / f"restored.{suffix}"
    dialog.fileSelected.emit(str(path))
    dialog.close()
    qtbot.waitUntil(lambda: any(f"Saved restored.{suffix}" in m.text for m in bench.messages.all))
    read = fl.read_image(path)
    if suffix == "png":
        np.testing.assert_allclose(read, np.clip(image, 0, 1), atol=0.5 / 255 + 1e-6)
    else:
        np.testing.assert_array_equal(read, image)


def test_a_file_that_cannot_be_written_is_a_message(panel, bench, run, tmp_path, qtbot):
    image = run(method="wiener").last.found.image
    panel.actions_.save(image, tmp_path / "missing" / "restored.png")
    qtbot.waitUntil(lambda: any("was not written" in m.text for m in bench.messages.all))


def test_a_filter_is_added_as_a_layer_that_does_the_same(panel, bench, run, blur, blurred, qtbot):
    offset = blur["blur"].replace(offset=0.1)
    bench.document.edit("Offset", blur.with_layers({"blur": offset}))
    picture = Picture("brighter", (blurred.pixels + np.float32(0.1)))
    bench.document.show_picture("Open", picture)
    restored = run(method="wiener").last.found.image
    qtbot.waitUntil(panel.comparing)
    trigger(bench, "layer")
    qtbot.waitUntil(lambda: "restored" in bench.document.pipeline)
    assert not panel.comparing(), "the map of the new layer is seen"
    assert bench.selection.node == "restored"
    assert panel.form.kernel.currentData() == "blur", "what undoes a blur is not taken for one"
    assert panel.form.kernel.findData("restored") < 0
    made = bench.document.pipeline.run(picture.pixels)["restored"]
    assert made.shape == restored.shape
    inside = (slice(None), slice(9, -9), slice(9, -9))
    assert np.sqrt(np.mean((made - restored)[inside] ** 2)) < 0.05
    assert np.mean(made[inside]) == pytest.approx(np.mean(restored[inside]), abs=0.01), "the offset is undone"
    bench.document.undo()
    assert "restored" not in bench.document.pipeline


def test_channels_to_which_the_blur_has_added_unequally_are_no_single_layer(
    panel, bench, run, blurred, qtbot
):
    conv = fl.Conv2d(np.stack([KERNEL] * 3)[:, None], bias=[0.1, 0.1, 0.2], groups=3)
    bench.document.show_picture("Open", Picture("colours", np.concatenate([blurred.pixels] * 3)))
    bench.document.edit("Colours", fl.Pipeline([("blur", conv)]))
    run(method="wiener")
    trigger(bench, "layer")
    qtbot.waitUntil(lambda: any("different biases" in m.text for m in bench.messages.all))
    assert "restored" not in bench.document.pipeline


def test_what_depends_on_the_picture_is_no_layer(panel, bench, run):
    run(method="inverse")
    bench.commands.refresh()
    assert not bench.commands.action("restore.layer").isEnabled()


@pytest.mark.parametrize("offset", [0, 0.1])
def test_the_copied_source_gives_the_same_picture(
    panel, bench, run, blur, blurred, tmp_path, monkeypatch, offset
):
    bench.document.edit("Offset", blur.with_layers({"blur": blur["blur"].replace(offset=offset)}))
    path = tmp_path / "street.npy"
    np.save(path, blurred.pixels)
    bench.document.show_picture("Open", Picture("street", blurred.pixels, path))
    panel.form.noise.lineEdit().setText("0.002")
    record = run(method="wiener")
    rounding = 1 / 255 / np.sqrt(12)
    assert record.last.found.noise == pytest.approx(np.hypot(0.002, rounding)), "it is a picture of 8 bits"
    trigger(bench, "copy_python")
    source = QGuiApplication.clipboard().text()
    monkeypatch.chdir(tmp_path)
    exec(compile(source, "copied", "exec"), {})
    np.testing.assert_array_equal(fl.read_image(tmp_path / "restored.tiff"), record.last.found.image)
    assert bench.messages.all[-1].level == "note"


def test_the_copied_command_gives_the_same_picture(panel, bench, run, blur, blurred, tmp_path, monkeypatch):
    np.save(tmp_path / "street.npy", blurred.pixels)
    blur.save(tmp_path / "blur.json")
    bench.document.open_pipeline("Open", blur, tmp_path / "blur.json")
    bench.document.show_picture("Open", Picture("street", blurred.pixels, tmp_path / "street.npy"))
    panel.form.strength.lineEdit().setText("0.01")
    record = run(method="tikhonov", border="replicate")
    trigger(bench, "copy_command")
    words = shlex.split(QGuiApplication.clipboard().text())
    monkeypatch.chdir(tmp_path)
    assert main(words[1:]) == 0
    np.testing.assert_array_equal(fl.read_image(tmp_path / "restored.tiff"), record.last.found.image)
    assert bench.messages.all[-1].level == "note"


def test_what_a_copied_command_needs_is_said(panel, bench, run):
    run(method="tikhonov")
    trigger(bench, "copy_command")
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[:5] == ["filterlab", "restore", "blurred.png", "--kernel", "pipeline.json:blur"]
    assert "save the blurred picture as blurred.png" in bench.messages.all[-1].hint


def test_what_was_learned_is_suggested_with_the_picture_it_was_learned_from(
    panel, learning, bench, sharp, blurred, settle, qtbot, run
):
    start = fl.Pipeline([("blur", fl.Filter2d(kernel=np.zeros((5, 5)), padding="valid"))])
    bench.document.open_pipeline("Open", start, None)
    bench.document.show_picture("Open", Picture("sharp.png", sharp))
    settle(bench)
    learning.form.target.choose(kind="picture", picture=blurred)
    learning.solve()
    qtbot.waitUntil(lambda: learning.session.place == 1)
    panel.bring_to_front()
    assert panel.form.kernel.currentText() == "blur, as learned"
    assert panel.form.picture.currentData() == TARGET
    plan = panel.form.plan()
    np.testing.assert_allclose(plan.blur[0], KERNEL, atol=0.02)
    record = run(method="wiener")
    np.testing.assert_array_equal(record.pair.after, blurred.pixels)
    np.testing.assert_array_equal(record.pair.before, sharp)
    assert record.last.gain > 6
    assert "the target of learning · Wiener" in panel.words.text()
    # Another picture of the same camera is what one wants to undo next.
    bench.document.show_picture("Open", Picture("other.png", blurred.pixels))
    panel.bring_to_front()
    assert panel.form.picture.currentData() == OPEN
    assert panel.form.kernel.currentText() == "blur, as learned"


def test_what_was_learned_stays_chosen_while_its_layer_is_selected(
    panel, learning, bench, sharp, blurred, settle, qtbot
):
    start = fl.Pipeline([("blur", fl.Filter2d(kernel=np.zeros((5, 5)), padding="valid"))])
    bench.document.open_pipeline("Open", start, None)
    bench.document.show_picture("Open", Picture("sharp.png", sharp))
    settle(bench)
    learning.form.target.choose(kind="picture", picture=blurred)
    learning.solve()
    qtbot.waitUntil(lambda: learning.session.place == 1)
    bench.selection.select("blur")
    for _ in range(2):
        panel.bring_to_front()
        assert panel.form.kernel.currentText() == "blur, as learned"
    panel.leave()
    trigger(bench, "start")
    assert panel.form.kernel.currentText() == "blur, as learned", "its own kernel is still zero"
    qtbot.waitUntil(lambda: panel.session.record is not None and panel.session.record.finished)


def test_a_target_that_was_registered_is_restored_where_it_lies(
    panel, learning, bench, blur, settle, qtbot, run
):
    camera = fl.read_image(samples()["camera"])[:, 100:180, 200:290]
    moved = np.round(blur.run(camera)["blur"][:, 7:, 5:] * 255) / 255
    start = fl.Pipeline([("blur", fl.Filter2d(kernel=np.zeros((5, 5)), padding="valid"))])
    bench.document.open_pipeline("Open", start, None)
    bench.document.show_picture("Open", Picture("sharp.png", camera))
    settle(bench)
    target = Picture("moved.png", moved.astype(np.float32))
    learning.form.target.choose(kind="picture", picture=target, registered=True)
    learning.solve()
    qtbot.waitUntil(lambda: learning.session.place == 1)
    panel.bring_to_front()
    record = run(method="wiener")
    assert record.last.gain > 3
    assert record.pair.before.shape[1] < camera.shape[1], "only what lies under the target"


def test_a_true_picture_is_read_from_a_file(panel, sharp, tmp_path, run, qtbot):
    path = tmp_path / "before.npy"
    np.save(path, sharp)
    panel.form.read_truth(path)
    qtbot.waitUntil(lambda: panel.form.truth.currentData() == "before.npy")
    assert run(method="wiener").last.gain > 6


def test_a_true_picture_of_another_size_is_refused(panel, bench, sharp, tmp_path, qtbot):
    path = tmp_path / "before.npy"
    np.save(path, sharp[:, :10])
    panel.form.read_truth(path)
    qtbot.waitUntil(lambda: panel.form.truth.currentData() == "before.npy")
    trigger(bench, "start")
    qtbot.waitUntil(lambda: "the true picture is" in panel.note.text)
    missing = tmp_path / "missing.png"
    panel.form.read_truth(missing)
    qtbot.waitUntil(lambda: "missing.png" in panel.note.text)
    assert panel.form.truth.currentData() == "none"


def test_a_lesson_begins_anew_and_gives_back_what_was_restored(panel, pages, bench, run):
    record = run(method="wiener")
    bench.lesson_began.emit()
    assert panel.session.record is None
    assert pages.currentWidget() is not panel
    bench.lesson_ended.emit()
    assert panel.session.record is record


def test_the_place_that_is_put_aside_is_still_kept_when_the_run_has_handed_on_all(
    panel, bench, run, monkeypatch
):
    session, record = panel.session, run(method="inverse")
    session.show(3)
    step, waiting = record.step(3), [record.step(3)] * 8
    monkeypatch.setattr(record, "_budget", 2 * step.found.image.nbytes)

    def stop():
        items = waiting[:]
        waiting.clear()
        if items:
            session.trainer.produced.emit(items)

    monkeypatch.setattr(session.trainer, "stop", stop)
    bench.lesson_began.emit()
    bench.lesson_ended.emit()
    assert session.record is record
    assert 3 not in record.places
    assert session.place in record.places


def test_another_window_takes_over_answers_and_iterations(panel, bench, run, other_panel):
    panel.form.noise.lineEdit().setText("0.01")
    record = run(method="tikhonov", picture=OUTPUT)
    other = other_panel()
    other.take_over(panel)
    assert other.session.record is record
    assert other.form.method.currentData() == "tikhonov"
    assert other.form.picture.currentData() == OUTPUT
    assert other.form.noise.value() == 0.01


def test_a_panel_that_was_never_shown_has_no_answers_to_take_over(panel, bench, other_panel):
    before, after = other_panel(), other_panel()
    before.form.kernel.clear()
    after.take_over(before)
    assert after.form.kernel.currentData() == "blur"


def test_a_long_run_keeps_as_many_pictures_as_fit_evenly_spread(run):
    record = run(method="inverse")
    one = record.image(1).nbytes
    thin = RestoreRecord(record.plan, RestoreBegun(record.pair), budget=4 * one)
    step = record.step(1)
    for _ in range(40):
        thin.add(step)
    assert thin.count == 40
    assert len(thin.places) <= 6
    assert thin.places[0] == 0
    assert thin.places[-1] == 40
    gaps = {b - a for a, b in zip(thin.places, thin.places[1:], strict=False)}
    assert len(gaps) <= 2
    assert thin.nearest(39) in thin.places
