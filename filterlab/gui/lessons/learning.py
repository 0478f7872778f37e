"""Filling in the learning panel for a step of a lesson, so that Start does what the step says."""

from __future__ import annotations

from typing import Any

from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.plan import CLASSES, PICTURE, PIPELINE, PRESET
from filterlab.gui.learning.setup import LAST, SetupForm
from filterlab.gui.words.i18n import tr
from filterlab.lessons import Learning, Scene, Teacher


def prepare(form: SetupForm, learning: Learning, shown: Scene) -> None:
    """Fill in the form: all nodes learn, from their present weights, towards the target of the scene."""
    # The target first: another kind of target sets the usual numbers, over those of the lesson.
    form.target.choose(**_target(learning, shown), cropped=False, greyed=False)
    form.output.show_data(LAST)
    form.refresh()
    for name in form.nodes.all:
        form.nodes.tick(name)
    method = form.method
    method.start.show_data("keep")
    method.loss.show_data(learning.loss)
    method.optimizer.show_data(learning.optimizer)
    method.schedule.show_data(learning.schedule)
    for name in method.constraints.ticked:
        method.constraints.tick(name, False)
    for field, value in (
        (method.steps, learning.steps),
        (method.crop, learning.crop),
        (method.batch, learning.batch),
        (method.seed, 0),
    ):
        field.set_value(value)
    method.reset_options()
    method.set_rate(learning.lr)
    # `show_data` emits nothing. As if it were chosen by hand, the form now shows the rows of this optimizer.
    method.optimizer.activated.emit(method.optimizer.currentIndex())


def _target(learning: Learning, shown: Scene) -> dict[str, Any]:
    """The fields of the `LearningTarget`."""
    if shown.classes is not None:
        return {"kind": CLASSES, "classes": shown.classes}
    if isinstance(learning.target, Teacher) and learning.target.preset:
        return {"kind": PRESET, "preset": learning.target.preset}
    if shown.teacher is not None:
        return {"kind": PIPELINE, "pipeline": shown.teacher}
    assert shown.target is not None, "a step that learns has a target"
    return {"kind": PICTURE, "picture": Picture(tr("target of the lesson"), shown.target)}
