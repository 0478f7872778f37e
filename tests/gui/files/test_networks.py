"""A network of another program opens as other files do: what it lacks is said, and what it expects is proposed."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.gui.bench.work import Picture, Work
from filterlab.gui.window import MainWindow
from tests.interop.models import constant, model, node, saved

RNG = np.random.default_rng(0)
KERNEL = constant("w", RNG.standard_normal((2, 3, 3, 3)).astype(np.float32))


def cut(shape=(1, 3, 8, 10)):
    """A convolution, a ReLU, and an operator that no layer carries."""
    nodes = [node("Conv", "x w", "conv"), node("Relu", "conv", "y"), node("NonZero", "y", "places")]
    return model(nodes, "y places", [KERNEL], shape=shape)


def whole(shape=(1, 3, 8, 10)):
    return model([node("Conv", "x w", "conv"), node("Relu", "conv", "y")], "y", [KERNEL], shape=shape)


@pytest.fixture
def main(qtbot, bench):
    made = MainWindow(bench)
    # Unsaved work would ask before the window closes.
    qtbot.addWidget(made, before_close_func=lambda _: bench.document.restore(Work(), saved=True))
    made.show()
    return made


@pytest.fixture
def open_model(main, bench, qtbot, tmp_path, settle):
    """Open a model: `open_model(made)`."""

    def opened(made, *others, name="model.onnx"):
        path = saved(made, tmp_path, name)
        main.files.open_paths([path, *others])
        qtbot.waitUntil(lambda: not bench.background.busy)
        settle(bench)
        return path

    return opened


def buttons(main):
    return {button.text(): button for button in main.preparing.buttons}


def test_the_pipeline_is_what_the_file_holds(main, bench, picture, open_model):
    bench.document.show_picture("Open", picture)
    path = open_model(whole())
    assert bench.document.pipeline == fl.Pipeline.load(path)
    assert (bench.document.path, bench.document.modified) == (path, False)
    assert [m.text for m in bench.messages.all] == ["All of model.onnx is carried: 2 layers for 3 × 8 × 10"]
    assert main.chain.left_out.isHidden()


def test_what_the_file_leaves_open_is_the_size_of_the_picture_opened_with_it(
    main, bench, open_model, tmp_path
):
    picture = tmp_path / "picture.npy"
    np.save(picture, np.zeros((3, 20, 40), np.float32))
    open_model(whole((1, 3, "h", "w")), picture)
    assert main.preparing.text.startswith("The network takes 3 × 20 × 40.")


def test_what_was_left_out_is_told_and_listed(main, bench, open_model):
    open_model(cut())
    (message,) = bench.messages.all
    assert message.level == "warning"
    assert message.text == (
        "model.onnx: 2 layers for 3 × 8 × 10; left out, 1 in all: "
        "places, because NonZero: no layer does what it does"
    )
    row = main.chain.left_out
    assert (row.isVisible(), row.text()) == (True, "Left out: 1 tensor…")
    table = row.open_table().table
    assert [table.item(0, column).text() for column in range(3)] == [
        "places",
        "NonZero",
        "no layer does what it does",
    ]
    bench.document.undo()
    assert row.isHidden()
    bench.document.redo()
    assert row.isVisible()


def test_a_preset_is_put_before_the_network_as_one_edit(main, bench, picture, open_model):
    bench.document.show_picture("Open", picture)
    open_model(whole())
    before = bench.document.pipeline
    assert set(buttons(main)) == {
        "Resize",
        "Resize, ImageNet mean and deviation",
        "Resize, −1 to 1",
        "Resize, 0 to 255",
        "No change",
    }
    buttons(main)["Resize, −1 to 1"].click()
    assert main.preparing.isHidden()
    assert [n.name for n in bench.document.pipeline.nodes] == ["resize", "normalize", "conv", "y"]
    assert bench.document.pipeline.output_shapes(picture.shape)["y"] == (2, 6, 8)
    bench.document.undo()
    assert bench.document.pipeline is before


def test_undo_of_the_answer_and_redo_of_the_opening_ask_again(main, bench, picture, open_model):
    bench.document.show_picture("Open", picture)
    open_model(whole())
    note = main.preparing
    buttons(main)["Resize"].click()
    assert note.isHidden()
    bench.document.undo()
    assert note.isVisible()
    bench.document.undo()
    assert note.isHidden(), "the network is closed"
    bench.document.redo()
    assert note.isVisible()
    bench.document.redo()
    assert note.isHidden(), "it is prepared"
    bench.document.undo()
    buttons(main)["No change"].click()
    bench.document.undo()
    bench.document.redo()
    assert note.isHidden(), "whoever wants no change is not asked twice"


def test_the_question_stands_above_its_buttons_where_they_leave_it_no_room(main, bench, picture, open_model):
    main.chain.setMinimumWidth(290)  # as wide as the cards of a large network
    main.resize(1366, 768)  # the smallest window that is promised
    bench.document.show_picture("Open", picture)
    open_model(whole())
    note = main.preparing
    assert main.width() == 1366, "the question pushed the window beyond the screen"
    assert note.label.width() > note.width() / 2, "the text is squeezed into a column beside the buttons"
    assert note.label.geometry().bottom() < min(button.y() for button in note.buttons)
    assert note.minimumSizeHint().width() < main.width() / 4, "the lessons would have no room beside it"


def test_the_most_likely_preset_is_highlighted(main, bench, open_model):
    classes = constant("classes", RNG.standard_normal((1000, 2, 1, 1)).astype(np.float32))
    nodes = [node("Conv", "x w", "conv"), node("Conv", "conv classes", "y")]
    open_model(model(nodes, "y", [KERNEL, classes], shape=(1, 3, 8, 10)))
    marked = [words for words, button in buttons(main).items() if button.property("role") == "primary"]
    assert marked == ["Resize, ImageNet mean and deviation"]


def test_nothing_and_another_pipeline_end_the_question(main, bench, open_model):
    open_model(whole())
    opened = bench.document.pipeline
    buttons(main)["No change"].click()
    assert main.preparing.isHidden()
    assert bench.document.pipeline is opened
    open_model(whole((1, 3, 9, 9)))
    assert main.preparing.isVisible()
    main.files.new()
    assert main.preparing.isHidden()


def test_a_grey_network_is_not_offered_three_colours(main, open_model):
    grey = constant("w", np.ones((2, 1, 3, 3), np.float32))
    open_model(model([node("Conv", "x w", "y")], "y", [grey], shape=(1, 1, 8, 8)))
    assert "Resize, ImageNet mean and deviation" not in buttons(main)


def test_a_damaged_file_leaves_the_work_as_it_was(main, bench, pipeline, picture, tmp_path, qtbot):
    bench.document.show_picture("Open", picture)
    bench.document.open_pipeline("Open", pipeline, None)
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model at all")
    main.files.open_paths([broken])
    qtbot.waitUntil(lambda: not bench.background.busy)
    assert bench.document.pipeline is pipeline
    assert [m.level for m in bench.messages.all] == ["error"]
    assert main.preparing.isHidden()


def test_saving_asks_for_a_file_of_its_own(main, bench, open_model, qtbot):
    path = open_model(whole())
    before = path.read_bytes()
    bench.commands.action("file.save").trigger()
    from filterlab.gui.files.saving import SaveDialog

    (dialog,) = main.findChildren(SaveDialog)
    assert [name.rpartition("/")[2] for name in dialog.selectedFiles()] == ["model.safetensors"]
    dialog.reject()
    assert path.read_bytes() == before


def test_a_network_of_an_open_size_is_read_again_for_the_picture_of_the_session(qtbot, tmp_path, settle):
    from filterlab.gui.bench.workbench import Workbench
    from filterlab.gui.files import Session

    made = model(
        [node("Conv", "x w", "conv"), node("Flatten", "conv", "y")], "y", [KERNEL], shape=(1, 3, "h", "w")
    )
    path = saved(made, tmp_path)
    np.save(tmp_path / "picture.npy", np.zeros((3, 20, 40), np.float32))
    picture = Picture("picture.npy", np.zeros((3, 20, 40), np.float32), tmp_path / "picture.npy")
    pipeline = fl.Pipeline.load(path, (3, 20, 40))
    home = tmp_path / "home"
    first = Workbench(home)
    session = Session(first)
    first.document.show_picture("Open", picture)
    first.document.open_pipeline("Open", pipeline, path)
    session.save()
    first.close()
    second = Workbench(home)
    again = Session(second)
    again.restore()
    qtbot.waitUntil(lambda: not second.background.busy)
    settle(second)
    assert second.document.pipeline == pipeline
    assert not second.document.modified
    assert [m.level for m in second.messages.all if m.level != "note"] == []
    again.recovery.end()
    second.close()


def normalised():
    """A convolution with a batch norm, and another that a sum reads as well."""
    numbers = [constant(name, np.linspace(1, 2, 2, dtype=np.float32)) for name in ("s", "b", "m", "v")]
    other = constant("w2", RNG.standard_normal((2, 2, 1, 1)).astype(np.float32))
    nodes = [
        node("Conv", "x w", "c1"),
        node("BatchNormalization", "c1 s b m v", "n1"),
        node("Relu", "n1", "r"),
        node("Conv", "r w2", "c2"),
        node("BatchNormalization", "c2 s b m v", "n2"),
        node("Add", "c2 n2", "y"),
    ]
    return model(nodes, "y", [KERNEL, other, *numbers], shape=(1, 3, 8, 10))


def test_batch_norms_are_folded_as_one_edit(main, bench, picture, open_model, qtbot, settle):
    bench.document.show_picture("Open", picture)
    open_model(normalised())
    before = bench.document.pipeline
    bench.commands.refresh()
    bench.commands.action("layer.fold_batch_norms").trigger()
    qtbot.waitUntil(lambda: bench.document.pipeline is not before)
    settle(bench)
    assert [n.name for n in bench.document.pipeline.nodes] == ["n1", "r", "c2", "n2", "y"]
    assert bench.messages.all[-1].text == (
        "Folded 1 layer; not folded, 1 in all: n2: 'c2' is read by 'y', too"
    )
    maps = bench.document.pipeline.run(picture.pixels)
    np.testing.assert_allclose(maps["y"], before.run(picture.pixels)["y"], rtol=1e-4, atol=1e-4)
    bench.document.undo()
    assert bench.document.pipeline is before


def test_folding_drops_no_edit_that_was_made_meanwhile(main, bench, open_model, qtbot):
    open_model(normalised())
    bench.commands.action("layer.fold_batch_norms").trigger()
    edited = bench.document.pipeline.with_layers({"r": fl.Abs()})
    bench.document.edit("Edit", edited)
    qtbot.waitUntil(lambda: not bench.background.busy)
    qtbot.waitUntil(lambda: "changed meanwhile" in bench.messages.all[-1].text)
    assert bench.document.pipeline is edited


def test_a_pipeline_without_batch_norms_stays_as_it_is(main, bench, open_model, qtbot):
    open_model(whole())
    before = bench.document.pipeline
    bench.commands.action("layer.fold_batch_norms").trigger()
    qtbot.waitUntil(lambda: "no batch norm" in bench.messages.all[-1].text)
    assert bench.document.pipeline is before


def test_discarded_changes_leave_what_the_file_could_not_give(main, bench, open_model):
    path = open_model(cut())
    opened = bench.document.pipeline
    bench.document.edit("Edit", opened.with_layers({"y": fl.Abs()}))
    main.files.saving.answer("discard", lambda: None)
    assert (bench.document.pipeline, bench.document.path) == (opened, path)
    assert main.chain.left_out.isVisible()
