"""Learning from a picture that is larger than memory: from the part of it that is seen."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning import LearningPanel
from filterlab.gui.learning.trainer import State
from filterlab.images.parts.levels import PictureLevels
from tests.gui.learning.conftest import OVER, command, set_method
from tests.gui.wall.large.conftest import NEAR, VALUES, whole

SOBEL = fl.kernels.sobel()
SEEN = "The picture is larger than memory: learning takes the part that is seen, rows {} to {} and columns {} to {}."


@pytest.fixture
def panel(opening, qtbot):
    """A panel over a filter of 3 x 3 that reflects at the border; a part of the large picture is seen."""
    bench = opening(fl.Pipeline([("edge", fl.Filter2d(np.zeros((3, 3)), padding_mode="reflect"))]))
    bench.view.set(crop=NEAR)
    widget = LearningPanel(bench)
    qtbot.addWidget(widget)
    widget.resize(1100, 260)
    with qtbot.waitExposed(widget):
        widget.show()
    set_method(widget, optimizer="lbfgs", steps=40)
    return widget


def ended(panel, qtbot, action="start"):
    """Trigger a command, and wait until the run has ended and its last step is judged."""
    judged = []
    panel.session.judged.connect(judged.append)
    panel.check()
    command(panel, action).trigger()
    qtbot.waitUntil(lambda: panel.session.state in OVER)
    assert panel.session.state is State.ENDED, panel.note.text
    qtbot.waitUntil(lambda: panel.session.record.last_loss is not None)
    return judged[-1]


def errors(panel):
    return [message.text for message in panel._bench.messages.all if message.level == "error"]


def target_file(tmp_path, values):
    path = tmp_path / "target.tif"
    tifffile.imwrite(path, values, photometric="minisblack", tile=(64, 64), compression="zlib")
    return path


def test_a_known_kernel_is_learned_from_the_part_that_is_seen(panel, qtbot):
    bench = panel._bench
    panel.check()
    assert panel.note.text.endswith(SEEN.format(199, 260, 299, 380)), "with the pixels that windows reach"
    judged = ended(panel, qtbot)
    expected = whole(fl.Pipeline([("edge", fl.Filter2d(SOBEL, padding_mode="reflect"))]))["edge"]
    np.testing.assert_array_equal(judged.target.array, expected[:, 200:260, 300:380])
    np.testing.assert_allclose(panel.session.shown["edge"].kernel, SOBEL, atol=1e-3)
    command(panel, "keep").trigger()
    assert bench.document.pipeline["edge"].padding == "same"
    assert [node.name for node in bench.document.pipeline.nodes] == ["edge"]
    assert errors(panel) == []
    bench.view.set(crop=(0.0, 0.0, 60.0, 80.0))
    qtbot.waitUntil(lambda: "Start takes what is seen now" in panel.note.text)
    assert "rows 199 to 260 and columns 299 to 380" in panel.note.text
    judged = ended(panel, qtbot)
    np.testing.assert_array_equal(judged.target.array, expected[:, 1:60, 1:80])
    assert panel.note.text.endswith(SEEN.format(0, 60, 0, 80))


def test_a_picture_that_fits_is_not_called_larger_than_memory(panel, qtbot):
    ended(panel, qtbot)
    panel._bench.document.show_picture("Open", Picture("small", VALUES[None, :40, :50] / np.float32(255)))
    panel.check()
    assert panel.note.text.startswith("These steps learn from large, which is no longer the open picture.")
    words = "These steps learn from rows 199 to 260 and columns 299 to 380 of a picture that is larger than memory."
    assert panel.note.text.endswith(words)
    judged = ended(panel, qtbot)
    assert judged.target.array.shape == (1, 40, 50)
    assert "larger than memory" not in panel.note.text


@pytest.mark.parametrize("action", ["start", "solve"])
def test_another_picture_is_learned_from_at_the_same_place(panel, qtbot, tmp_path, action):
    teacher = fl.Pipeline([("edge", fl.Filter2d(fl.kernels.gaussian(3), padding_mode="reflect"))])
    values = whole(teacher)["edge"][0]
    panel.form.target.read(target_file(tmp_path, values), "picture")
    qtbot.waitUntil(lambda: panel.form.target.target.picture is not None)
    assert isinstance(panel.form.target.target.picture.pixels, PictureLevels), "it does not fit either"
    judged = ended(panel, qtbot, action)
    np.testing.assert_array_equal(judged.target.array[0], values[200:260, 300:380])
    np.testing.assert_allclose(panel.session.shown["edge"].kernel, fl.kernels.gaussian(3), atol=1e-3)
    assert judged.rms < 1e-4
    command(panel, "keep").trigger()
    assert panel._bench.document.pipeline["edge"].padding == "same"
    assert panel._bench.document.work.command == (), "no command learns from a part"
    assert errors(panel) == []


@pytest.mark.parametrize("kind", ["pipeline", "picture"])
def test_a_target_that_is_cropped_to_the_output_is_read_where_it_lies(panel, qtbot, tmp_path, kind):
    bench = panel._bench
    bench.document.edit("No padding", fl.Pipeline([("edge", fl.Filter2d(np.zeros((5, 5)), padding="valid"))]))
    teacher = fl.Pipeline([("edge", fl.Filter2d(fl.kernels.gaussian(5), padding_mode="reflect"))])
    expected = whole(teacher)["edge"]
    if kind == "picture":
        panel.form.target.read(target_file(tmp_path, expected[0]), "picture")
        qtbot.waitUntil(lambda: panel.form.target.target.picture is not None)
    panel.form.target.choose(kind=kind, pipeline=teacher, cropped=True)
    judged = ended(panel, qtbot)
    # An output without padding lies two cells beside the pixel that its window begins with.
    (top, bottom), (left, right) = panel.session.plan.part.at
    np.testing.assert_array_equal(
        judged.target.array, expected[:, top + 2 : bottom + 2, left + 2 : right + 2]
    )
    assert judged.rms < 1e-4


def test_a_target_of_another_size_is_refused_with_what_to_do(panel, qtbot, tmp_path):
    panel.form.target.read(target_file(tmp_path, VALUES[:500, :700]), "picture")
    qtbot.waitUntil(lambda: panel.form.target.target.picture is not None)
    panel.check()
    assert "the picture is 600x800: before and after must be of one size" in panel.note.text
    assert "Find where the target lies" not in [button.text() for button in panel.note.buttons]
    panel.form.target.choose(registered=True)
    panel.check()
    assert "the target is 500x700, the picture 600x800" in panel.note.text
    assert "crop them to the same place" in panel.note.text
    command(panel, "start").trigger()
    assert panel.session.record is None
    assert errors(panel) == []


def test_a_shifted_target_is_laid_over_the_part(panel, qtbot, tmp_path):
    values = np.roll(VALUES, (3, -2), (0, 1))
    panel.form.target.read(target_file(tmp_path, values), "picture")
    qtbot.waitUntil(lambda: panel.form.target.target.picture is not None)
    panel.form.target.choose(registered=True)
    judged = ended(panel, qtbot, "solve")
    assert judged.rms < 1e-5
    assert panel.session.lesson.registration.found
    np.testing.assert_allclose(panel.session.shown["edge"].kernel, fl.kernels.identity(3), atol=1e-4)


def test_a_layer_that_needs_the_whole_picture_is_refused_with_what_to_do(panel, qtbot):
    bench = panel._bench
    nodes = [("norm", fl.InstanceNorm2d()), ("edge", fl.Filter2d(np.zeros((3, 3))))]
    bench.document.edit("Normalize", fl.Pipeline(nodes))
    panel.check()
    assert "sees all of the picture" in panel.note.text
    assert "compare a node that sees a part of it" in panel.note.text
    command(panel, "start").trigger()
    assert panel.session.record is None
    assert errors(panel) == []


def test_zoomed_out_the_middle_is_learned_from_as_far_as_memory_goes(panel, qtbot):
    panel._bench.view.set(crop=None)
    qtbot.waitUntil(lambda: "learning takes the middle of what is seen, rows" in panel.note.text)
    ended(panel, qtbot)
    (top, bottom), (left, right) = panel.session.plan.part.rows, panel.session.plan.part.cols
    assert (top, left) == ((600 - bottom + top) // 2, (800 - right + left) // 2)
    assert 200 < bottom - top == right - left < 300
    np.testing.assert_allclose(panel.session.shown["edge"].kernel, SOBEL, atol=1e-3)
