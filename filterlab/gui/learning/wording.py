"""States, mends and fits in words."""

from __future__ import annotations

from filterlab.errors import FilterLabError
from filterlab.gui.i18n import tr
from filterlab.gui.learning.session import LearningSession
from filterlab.gui.learning.trainer import State
from filterlab.gui.words import error_words
from filterlab.images.numbers import brief
from filterlab.pipeline.closest import Closest
from filterlab.pipeline.targets import Mend


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
    if record.passes:
        words = [tr("pass {place} of {total}", place=place, total=plan.steps)]
        loss = record.losses[place - 1] if place else None
    else:
        words = [tr("step {place} of {total}", place=place, total=plan.steps)]
        loss = record.loss(place)
    if loss is not None:
        words.append(tr("loss {n}", n=brief(loss)))
    arrived = session.state is State.ENDED and record.count < plan.steps
    words.append(tr("no step lowers the loss any more") if arrived else state_words(session.state))
    return " · ".join(words)


def mend_words(mend: Mend) -> str:
    """What a button that mends says."""
    return {
        "same": tr('Use padding "same"'),
        "valid": tr("Use no padding"),
        "cropped": tr("Crop the target"),
        "greyed": tr("Take the target in grey"),
    }[mend.kind]


def closest_words(found: Closest | FilterLabError | None) -> str:
    """How good the least-squares kernel is, or why there is none."""
    if found is None:
        return tr("least squares: being worked out…")
    if isinstance(found, FilterLabError):
        return error_words(found)
    fitted = found.fitted
    words = tr("least squares: RMS error {rms}, R² {r2}", rms=brief(fitted.residual), r2=f"{fitted.r2:.6g}")
    if not fitted.unique:
        return f"{words} · {tr(fitted.note)}"
    return words + " · " + tr("condition {n}", n=brief(fitted.condition, 3))
