"""The person's own work is never lost in a lesson: leaving, closing, undoing, opening something else, a crash."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from filterlab.graph.editing import remove
from filterlab.gui.bench.work import Picture, Work
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.files import Session
from filterlab.gui.files.session.file import SessionState, read_state
from filterlab.gui.lessons import LessonPlayer
from filterlab.lessons import lessons

pytestmark = pytest.mark.usefixtures("predicted")

LESSONS = {lesson.name: lesson for lesson in lessons()}


@pytest.fixture
def play_on(qtbot, settle):
    """Play a step of a lesson on a workbench: `play_on(bench, name, place)`. Returns the one player of that bench."""
    players = {}

    def start(bench, name="stride", place=0):
        player = players[bench] = players.get(bench) or LessonPlayer(bench, bench)
        player.start(LESSONS[name], place)
        qtbot.waitUntil(lambda: not bench.background.busy)
        settle(bench)
        return player

    return start


@pytest.fixture
def play(opened, play_on):
    """The same on the opened workbench: `play(name, place)`."""
    return partial(play_on, opened)


@pytest.fixture
def own(opened, pipeline):
    """Unsaved work on the opened workbench."""
    changed = pipeline.with_layers({"pool": pipeline["pool"].replace(stride=1)})
    opened.document.edit("Change", changed)
    return changed


def edited(pipeline):
    return pipeline.with_layers({"conv": pipeline["conv"].replace(stride=3)})


def test_own_work_is_kept_while_a_lesson_is_played(opened, own, play):
    work, saved = opened.document.work, opened.document.saved_pipeline
    player = play()
    assert opened.own_work.work is work
    assert opened.own_work.saved is saved
    assert opened.own_work.modified
    assert not player.touched
    player.leave()
    assert opened.own_work is None


def test_undone_to_it_and_left_it_is_as_it_was(opened, pipeline, play):
    player = play()
    opened.document.undo()
    assert opened.document.pipeline is pipeline
    player.leave()
    assert opened.document.pipeline is pipeline
    assert not opened.document.modified


def test_what_is_edited_after_undoing_to_it_stays(opened, pipeline, own, play):
    player = play()
    opened.document.undo()
    more = own.with_layers({"pool": own["pool"].replace(padding=1)})
    opened.document.edit("Change more", more)
    player.go(1)
    play(place=1)
    player.leave()
    assert opened.document.pipeline == more
    assert opened.document.saved_pipeline is pipeline


def test_what_is_opened_in_the_middle_is_the_persons_from_then_on(opened, own, pipeline, play, qtbot):
    player = play()
    with qtbot.waitSignal(opened.messages.added) as told:
        opened.document.open_pipeline("Open other", pipeline, None)
    assert "come back with Undo" in told.args[0].text
    assert opened.own_work is None
    other = pipeline.with_layers({"pool": pipeline["pool"].replace(stride=3)})
    opened.document.edit("Change", other)
    play(place=1)
    assert opened.own_work.work.pipeline == other
    player.leave()
    assert opened.document.pipeline == other
    assert opened.document.modified


def test_opening_what_the_step_shows_and_going_on_keeps_it_apart(opened, play):
    player = play()
    same = opened.document.pipeline
    opened.document.open_pipeline("Open the same", same, None)
    play(place=0)
    assert not player.touched
    assert opened.own_work.work.pipeline == same
    player.leave()
    assert opened.own_work is None


def test_another_picture_in_a_lesson_belongs_to_the_lesson(opened, own, picture, play):
    player = play()
    opened.document.show_picture("Open other", Picture("other", np.zeros((1, 9, 9), np.float32)))
    player.leave()
    assert (opened.document.pipeline, opened.document.picture) == (own, picture)


def test_a_pinned_node_that_is_deleted_unpins_and_the_next_step_pins_again(opened, play):
    player = play()
    empty = remove(opened.document.pipeline, ["conv"])
    opened.document.edit("Delete conv", empty)
    assert opened.selection.pin is None
    assert player.touched
    play(place=1)
    assert opened.selection.pin[:1] == ("conv",)


# -- a crash ------------------------------------------------------------------------------------------------


def kept(session, bench, qtbot):
    """Return the content of the recovery file, or None if there is no file."""
    session.recovery.write()
    qtbot.waitUntil(lambda: not bench.background.busy)
    return read_state(session.recovery.file) if session.recovery.file.exists() else None


def test_a_crash_in_a_lesson_brings_back_unsaved_work_with_its_picture(opened, own, play, qtbot):
    session = Session(opened)
    pasted = Picture("pasted picture", np.full((1, 5, 6), 0.25, np.float32))
    opened.document.show_picture("Paste", pasted)
    play()
    state = kept(session, opened, qtbot)
    assert state.pipeline == own
    assert not state.saved
    after = Workbench(opened.folder)
    other = Session(after)
    session.recovery._lock.unlock()
    other.restore()
    qtbot.waitUntil(lambda: after.document.picture is not None)
    np.testing.assert_array_equal(after.document.picture.pixels, pasted.pixels)
    assert after.document.pipeline == own
    after.close()
    session.recovery.end()


def test_entering_a_lesson_keeps_the_recovery_file_and_leaving_too(opened, own, play, qtbot):
    session = Session(opened)
    assert kept(session, opened, qtbot) is None  # nothing has changed since it looks on
    opened.document.edit("Change back", remove(own, ["relu"]))
    assert kept(session, opened, qtbot).pipeline == remove(own, ["relu"])
    player = play()
    assert session.recovery.file.exists()
    player.leave()
    assert kept(session, opened, qtbot).pipeline == remove(own, ["relu"])
    session.recovery.end()


def test_an_edited_lesson_over_saved_work_is_kept_itself(opened, play, qtbot):
    session = Session(opened)
    own = opened.document.pipeline
    play()
    assert kept(session, opened, qtbot).pipeline is not opened.document.pipeline
    assert kept(session, opened, qtbot).pipeline == own
    mine = edited(opened.document.pipeline)
    opened.document.edit("Change stride of conv", mine)
    assert kept(session, opened, qtbot).pipeline == mine
    session.recovery.end()


def test_a_session_written_in_a_lesson_holds_the_persons_work(opened, pipeline, play):
    session = Session(opened)
    play()
    assert session.state().pipeline == pipeline
    assert session.state().saved


def test_a_picture_of_the_session_that_is_read_during_a_lesson_belongs_to_the_own_work(
    bench, pipeline, play_on, qtbot, tmp_path
):
    file = tmp_path / "picture.npy"
    np.save(file, np.full((1, 5, 6), 0.25, np.float32))
    bench.document.restore(Work(pipeline, None, None), saved=True)
    session = Session(bench)
    player = play_on(bench)
    session._read_picture(SessionState(pipeline=pipeline, picture=file, picture_name="mine"), file)
    qtbot.waitUntil(lambda: not bench.background.busy)
    assert bench.document.picture.name == "numbers of the lesson"
    player.leave()
    assert bench.document.pipeline is pipeline
    assert bench.document.picture.name == "mine"
