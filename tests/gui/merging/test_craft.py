"""Merging, splitting, designed responses and banks by the window's commands and dialogs."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QWidget

import filterlab as fl
from filterlab.gui.inspector import Inspector
from filterlab.gui.merging import KernelCraft
from filterlab.gui.merging.banks import BankDialog
from filterlab.gui.merging.designing import DesignDialog
from filterlab.gui.merging.splitting import SplitDialog

BLUR = fl.Filter2d(kernel={"preset": "gaussian", "size": 5})
PIPELINE = fl.Pipeline(
    [
        ("a", BLUR),
        ("b", BLUR),
        ("c", fl.ScaleShift(weight=[2.0, 1.0, 0.5])),
        fl.Node("diff", fl.Subtract(), ("c", "image")),
        ("relu", fl.ReLU()),
        ("log", fl.Filter2d(kernel={"preset": "log", "size": 7})),
    ]
)


@pytest.fixture
def window(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def inspector(qtbot, bench, picture):
    bench.document.show_picture("open", picture)
    bench.document.edit("open", PIPELINE)
    widget = Inspector(bench)
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def chosen():
    """The names that several commands work on; empty for the selected one."""
    return []


@pytest.fixture
def craft(bench, inspector, window, chosen):
    return KernelCraft(bench, lambda: chosen or [bench.selection.node], inspector.kernel_editor, window)


@pytest.fixture
def run(qtbot, bench, craft):
    """Triggers a command on a node, and waits for what it does in the background."""

    def act(command, node):
        bench.selection.select(node)
        bench.commands.refresh()
        action = bench.commands.action(command)
        assert action.isEnabled()
        action.trigger()
        qtbot.waitUntil(lambda: not bench.background.busy)

    return act


def names(bench):
    return [node.name for node in bench.document.pipeline]


def wait(qtbot, dialog):
    """Wait until what is chosen has been made."""
    qtbot.waitUntil(lambda: dialog.ready)
    return dialog


def accept(dialog):
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()


def test_a_layer_merges_with_the_next_as_one_step_that_can_be_undone(run, bench):
    run("layer.merge_next", "a")
    assert names(bench) == ["b", "c", "diff", "relu", "log"]
    assert bench.selection.node == "b"
    assert "the same numbers but for 2 rows at the top" in bench.messages.all[-1].text
    assert "'b' pads the map of 'a'" in bench.messages.all[-1].text
    bench.document.undo()
    assert bench.document.pipeline == PIPELINE


def test_a_merged_pipeline_is_copied_as_python(run, bench):
    run("layer.merge_branches", "diff")
    names: dict[str, object] = {}
    exec(bench.document.pipeline.to_python(), names)
    assert names["pipeline"] == bench.document.pipeline


def test_selected_layers_merge_with_each_other(run, bench, chosen):
    chosen += ["a", "b", "c"]
    run("layer.merge_next", "a")
    assert names(bench) == ["c", "diff", "relu", "log"]
    assert "Merged 2 layers" in bench.messages.all[-1].text
    assert "in 1 the numbers at the border changed" in bench.messages.all[-1].text


def test_branches_merge_where_they_meet(run, bench):
    run("layer.merge_branches", "diff")
    assert names(bench) == ["diff", "relu", "log"]
    image = bench.document.picture.pixels
    one, other = PIPELINE.run(image)["diff"], bench.document.pipeline.run(image)["diff"]
    np.testing.assert_allclose(other[:, 4:-4, 4:-4], one[:, 4:-4, 4:-4], atol=1e-6)


def test_all_that_is_exact_merges_and_the_rest_says_why(run, bench):
    run("layer.merge_all", "a")
    assert names(bench) == ["a", "c", "diff", "relu", "log"]
    assert "'b' merged into 'c': the same numbers everywhere" in bench.messages.all[-1].text
    assert "the numbers at the border would change" in bench.messages.all[-1].details


def test_a_pipeline_edited_meanwhile_stays_and_nothing_is_said_to_be_merged(qtbot, bench, craft):
    bench.selection.select("a")
    said = len(bench.messages.all)
    craft.merge_next()
    edited = PIPELINE.with_layers({"relu": fl.LeakyReLU()})
    bench.document.edit("change", edited)
    qtbot.waitUntil(lambda: not bench.background.busy)
    assert bench.document.pipeline == edited
    told = [remark.text for remark in bench.messages.all[said:]]
    assert told == ["Nothing was done: the pipeline has changed meanwhile"]


def test_what_cannot_be_merged_is_said_and_changes_nothing(run, bench):
    run("layer.merge_next", "diff")
    assert "Nothing was merged" in bench.messages.all[-1].text
    assert "not a weighted sum" in bench.messages.all[-1].text
    assert bench.document.pipeline == PIPELINE


def test_a_layer_that_nothing_reads_is_refused_in_words_without_a_traceback(run, bench):
    run("layer.merge_next", "log")
    remark = bench.messages.all[-1]
    assert remark.text == "Nothing was merged: no layer reads 'log'"
    assert remark.details == ""
    assert bench.document.pipeline == PIPELINE
    assert bench.selection.node == "log"


def test_commands_are_offered_where_they_make_sense(bench, craft):
    def enabled(node):
        bench.selection.select(node)
        bench.commands.refresh()
        verbs = ("merge_next", "merge_branches", "split")
        return [verb for verb in verbs if bench.commands.action(f"layer.{verb}").isEnabled()]

    assert enabled("image") == []
    assert enabled("a") == ["merge_next", "split"]
    assert enabled("diff") == ["merge_next", "merge_branches"]


@pytest.fixture
def splitting(qtbot, bench, craft, window):
    bench.selection.select("log")
    dialog = craft.split()
    qtbot.waitUntil(lambda: dialog.found is not None)
    return dialog


def test_the_slider_of_ranks_shows_error_and_cost(qtbot, splitting):
    dialog = splitting
    assert isinstance(dialog, SplitDialog)
    assert dialog.rank.maximum() == 3
    exact = dialog.found
    dialog.rank.setValue(1)
    qtbot.waitUntil(lambda: dialog.found is not exact)
    assert dialog.rank_words.text() == "rank 1 of 3"
    assert "relative error 0.3" in dialog.facts.text()
    assert "multiply-adds instead of" in dialog.facts.text()
    before, after = (plane.values for plane in dialog.kernels.sheet.sight.planes)
    error = dialog.error.sheet.sight.planes[0].values
    np.testing.assert_allclose(error, after - before, atol=1e-12)
    assert dialog.scale.text().startswith("±")
    dialog.reject()


def test_a_split_goes_into_the_pipeline_and_is_undone(qtbot, bench, splitting):
    splitting.rank.setValue(1)
    qtbot.waitUntil(lambda: splitting.found is not None and len(splitting.found.names) == 2)
    accept(splitting)
    assert names(bench)[-2:] == ["filter1", "log"]
    assert "split into 2 layers" in bench.messages.all[-1].text
    bench.document.undo()
    assert bench.document.pipeline == PIPELINE


def test_a_cascade_is_chosen_by_the_size_of_its_kernels(qtbot, bench, splitting):
    splitting.by_pieces.setChecked(True)
    qtbot.waitUntil(lambda: splitting.found is not None and len(splitting.found.names) == 3)
    assert not splitting.rank.isEnabled()
    splitting.piece.setCurrentIndex(3)
    splitting.refresh()
    qtbot.waitUntil(lambda: splitting.found is None)
    assert "no larger than a piece of 9" in splitting.facts.text()
    assert not splitting.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    splitting.reject()


def test_a_response_is_designed_into_the_selected_kernel(qtbot, bench, craft):
    bench.selection.select("a")
    dialog = craft.design()
    assert isinstance(dialog, DesignDialog)
    dialog.rows.rows["band"].editor.give("high-pass")
    dialog.rows.rows["size"].editor.give((21, 21))
    assert "dB" in wait(qtbot, dialog).facts.text()
    np.testing.assert_array_equal(dialog.session.kernel, fl.kernels.band_filter(21, "high-pass"))
    accept(dialog)
    recipe = bench.document.pipeline["a"].params()["kernel"]
    assert recipe == {"preset": "band_filter", "band": "high-pass", "size": 21}
    again = craft.design()
    assert again.rows.values == {"band": "high-pass", "size": 21}
    again.reject()


def test_a_response_without_a_kernel_becomes_a_new_filter(qtbot, bench, craft):
    bench.selection.select("relu")
    dialog = craft.design()
    dialog.kind.setCurrentIndex(1)
    dialog.kind.activated.emit(1)
    accept(wait(qtbot, dialog))
    assert names(bench)[-2:] == ["filter1", "log"]
    assert bench.document.pipeline["filter1"].params()["kernel"] == {"preset": "notch"}


def test_a_design_that_cannot_be_says_why(qtbot, bench, craft):
    bench.selection.select("a")
    dialog = craft.design()
    dialog.rows.rows["method"].editor.give("McClellan")
    dialog.rows.rows["size"].editor.give((5, 7))
    qtbot.waitUntil(lambda: "square kernels" in dialog.facts.text())
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.rows.rows["size"].editor.give((4, 4))
    assert "odd" in dialog.rows.rows["size"].problem.text()
    dialog.rows.rows["size"].reset.emit()
    assert wait(qtbot, dialog).buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.reject()


def test_a_wrong_number_is_not_taken_for_the_one_before(qtbot, bench, craft):
    bench.selection.select("a")
    dialog = craft.design()
    cutoff = dialog.rows.rows["cutoff"].editor.field
    wait(qtbot, dialog)
    cutoff.setFocus()
    cutoff.selectAll()
    qtbot.keyClicks(cutoff, "0.9")
    qtbot.keyClick(cutoff, Qt.Key.Key_Return)
    assert dialog.isVisible(), "Enter stands for OK, which cannot be"
    assert "0.9" in dialog.facts.text()
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    cutoff.selectAll()
    qtbot.keyClicks(cutoff, "0.3")
    cutoff.give_waiting()
    accept(wait(qtbot, dialog))
    assert bench.document.pipeline["a"].params()["kernel"] == {"preset": "band_filter", "cutoff": 0.3}


@pytest.mark.parametrize(("side", "fixed"), [(5, True), (4, False)])
def test_one_of_several_kernels_is_designed_in_its_size(qtbot, bench, craft, side, fixed):
    bench.document.edit("conv", fl.Pipeline([("conv", fl.Conv2d(np.ones((2, 1, side, side)), groups=1))]))
    bench.selection.select("conv")
    dialog = wait(qtbot, craft.design())
    assert dialog.rows.rows["size"].isEnabled() is not fixed
    if not fixed:
        accept(dialog)
        assert dialog.isVisible()
        assert not dialog.ready, "no response has an even size"
        dialog.reject()
        return
    shown = dialog.session.kernel
    assert shown.shape == (side, side)
    accept(dialog)
    np.testing.assert_array_equal(bench.document.pipeline["conv"].weight[0, 0], shown)


def test_a_steerable_bank_is_added_with_the_layer_that_steers(qtbot, bench, craft):
    bench.selection.select("image")
    dialog = craft.bank()
    assert isinstance(dialog, BankDialog)
    dialog.kind.setCurrentIndex(1)
    dialog.kind.activated.emit(1)
    dialog.rows.rows["angles"].editor.give(4)
    assert wait(qtbot, dialog).formulas.text().count("\n") == 3
    assert dialog.formulas.text().startswith("G(0°) = 1.0000·G(0°)")
    assert len(dialog.view.sheet.sight.planes) == 3
    accept(dialog)
    pipeline = bench.document.pipeline
    assert bench.selection.node == "steer1"
    assert pipeline.output_shapes(bench.document.picture.shape)["steer1"] == (4, 48, 64)
    assert pipeline.node("a").inputs == ("image",)
    bench.document.undo()
    assert bench.document.pipeline == PIPELINE


def test_escape_closes_a_dialog_without_an_edit(qtbot, bench, craft):
    bench.selection.select("a")
    for opened in (craft.split, craft.design, craft.bank):
        dialog = opened()
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isHidden()
    assert bench.document.pipeline == PIPELINE
