"""States, mends and fits in words."""

from __future__ import annotations

from pathlib import Path

from filterlab.errors import FileError, FilterLabError, ImageError
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.classes import ClassPlan
from filterlab.gui.learning.plan import LearningPlan
from filterlab.gui.learning.record import Record
from filterlab.gui.learning.session import LearningSession
from filterlab.gui.learning.trainer import State
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words
from filterlab.learning.fit.closest import Closest
from filterlab.learning.targets import Mend
from filterlab.text.numbers import brief


def state_words(state: State) -> str:
    """What a run does."""
    return {
        State.IDLE: "",
        State.RUNNING: tr("running"),
        State.PAUSED: tr("paused"),
        State.ENDED: tr("done"),
        State.STOPPED: tr("stopped"),
        State.FAILED: tr("ended by an error"),
    }[state]


def run_words(session: LearningSession) -> str:
    """Which step is looked at, its loss, and what the run does."""
    record, plan, place = session.record, session.plan, session.place
    if record is None or plan is None:
        return ""
    if isinstance(plan, ClassPlan):
        words = [tr("epoch {place} of {total}", place=place, total=plan.steps)]
        loss = record.losses[place - 1] if place else None
    else:
        words = [tr("step {place} of {total}", place=place, total=plan.steps)]
        loss = record.loss(place)
    if loss is not None:
        words.append(tr("loss {n}", n=brief(loss)))
    elif record.losses and not record.passes:  # nobody knows that of the newest step yet
        words.append(tr("loss {n} before it", n=brief(record.losses[-1])))
    arrived = session.state is State.ENDED and record.count < plan.steps
    words.append(tr("no step reduces the loss any further") if arrived else state_words(session.state))
    if record.made and session.state in (State.RUNNING, State.PAUSED):
        words[-1] += " " + tr("({made} of {each} steps)", made=record.made, each=record.each)
    return " · ".join(words)


def outdated_words(session: LearningSession, picture: Picture | None) -> str:
    """What the steps have to do with the document as it is now, where that has changed."""
    plan = session.plan
    try:
        session.check()
    except FilterLabError as error:
        return error_words(error)
    if isinstance(plan, LearningPlan) and plan.picture is not picture:
        return tr(
            "These steps learn from {name}, which is no longer the open picture.", name=plan.picture.name
        )
    return ""


def growth_words(record: Record) -> str:
    """That the end is worse than the beginning."""
    last = record.losses[-1] if record.last_loss is None else record.last_loss
    first = brief(record.losses[0])
    return tr(
        "The loss grew from {first} to {last}: the rate may be too large.", first=first, last=brief(last)
    )


def file_error_words(error: FilterLabError) -> str:
    """The same with the file, where it is one of a folder: the folder, too."""
    file = Path(error.where) if isinstance(error, (FileError, ImageError)) and error.where else None
    return error_words(error) if file is None else f"{file.parent.name}/{file.name}: {error_words(error)}"


def mend_words(mend: Mend) -> str:
    """What a button that mends says."""
    return {
        "same": tr('Use padding "same"'),
        "valid": tr("Use no padding"),
        "cropped": tr("Crop the target"),
        "greyed": tr("Take the target in grey"),
    }[mend.kind]


def closest_words(found: Closest | FilterLabError | None) -> str:
    """How good the least-squares kernel is."""
    if found is None:
        return tr("least squares: computing…")
    if isinstance(found, FilterLabError):
        return tr("least squares has no solution here")
    fitted = found.fitted
    words = tr("least squares: RMS error {rms}, R² {r2}", rms=brief(fitted.residual), r2=f"{fitted.r2:.6g}")
    if not fitted.unique:
        return f"{words} · {tr(fitted.note)}"
    return words + " · " + tr("condition {n}", n=brief(fitted.condition, 3))
