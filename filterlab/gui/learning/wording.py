"""States, mends and fits in words."""

from __future__ import annotations

from filterlab.errors import FilterLabError
from filterlab.gui.i18n import tr
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
