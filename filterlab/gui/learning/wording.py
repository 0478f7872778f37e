"""What the panel says about states, runs, ways to make a target fit, and least squares."""

from __future__ import annotations

from pathlib import Path

from filterlab.errors import FileError, FilterLabError, ImageError
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.classes import ClassPlan
from filterlab.gui.learning.plan import Assignment, LearningPlan
from filterlab.gui.learning.record import Record
from filterlab.gui.learning.session import LearningSession
from filterlab.gui.learning.trainer import State
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words, said
from filterlab.learning.fit.closest import Closest
from filterlab.learning.parts import LearnedPart
from filterlab.learning.targets import Mend
from filterlab.text.numbers import brief


def state_words(state: State) -> str:
    """A state in one word; "" before the first run."""
    return {
        State.IDLE: "",
        State.RUNNING: tr("running"),
        State.PAUSED: tr("paused"),
        State.ENDED: tr("done"),
        State.STOPPED: tr("stopped"),
        State.FAILED: tr("ended by an error"),
    }[state]


def run_words(session: LearningSession) -> str:
    """The step in view, its loss, and the state of the run."""
    record, plan, place = session.record, session.plan, session.place
    if record is None or plan is None:
        return ""
    if isinstance(plan, ClassPlan):
        words = [tr("epoch {place} of {total}", place=place, total=record.limit)]
        loss = record.losses[place - 1] if place else None
    else:
        words = [tr("step {place} of {total}", place=place, total=record.limit)]
        loss = record.loss(place)
    if record.solved:
        words = [tr("least squares") if place else tr("start")]
    if loss is not None:
        words.append(tr("loss {n}", n=brief(loss)))
    elif (
        record.losses and not record.epochs and not record.solved
    ):  # the loss of the newest step is not known yet
        words.append(tr("loss {n} before this step", n=brief(record.losses[-1])))
    words.append(_end_words(session))
    if record.steps_into_epoch and session.state in (State.RUNNING, State.PAUSED):
        made, total = record.steps_into_epoch, record.steps_per_epoch
        words[-1] += " " + tr("(batch {made} of {total})", made=made, total=total)
    return " · ".join(words)


def _end_words(session: LearningSession) -> str:
    if session.state is not State.ENDED or session.solved or isinstance(session.plan, ClassPlan):
        return state_words(session.state)
    if session.converged:
        return tr("converged")
    return tr("still falling: go on") if session.falling else tr("not converged")


def unfinished_words(session: LearningSession) -> str:
    """The note on a run that ended at its number of steps before it had converged."""
    if session.falling:
        return tr("The loss still falls after {n} steps, so the weights are not yet right.", n=session.count)
    return tr("The loss has not come to rest after {n} steps: a smaller rate may help.", n=session.count)


def solvable_words() -> str:
    """Why least squares is offered first."""
    return tr(
        "The output is linear in the kernel and the loss is a square, so least squares finds the best kernel at once. "
        "Start learns the same kernel step by step."
    )


def outdated_words(session: LearningSession, picture: Picture | None) -> str:
    """Why the steps no longer fit the document, or that they learned from another picture; "" where neither holds."""
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


def part_words(session: LearningSession, now: LearnedPart | None) -> str:
    """What is learned from of a picture that is larger than memory; "" for any other. now: by a run that starts now."""
    plan = session.plan if session.record is not None else None
    learned = plan.part if isinstance(plan, LearningPlan) else None
    part = learned or now
    if part is None:
        return ""
    (top, bottom), (left, right) = part.rows, part.cols
    at = {"a": top, "b": bottom - 1, "c": left, "d": right - 1}
    if learned is not None and now is None:  # perhaps another picture is open, which fits
        return tr(
            "These steps learn from rows {a} to {b} and columns {c} to {d} of a picture that is larger than memory.",
            **at,
        )
    if learned is not None and now != learned:
        return tr(
            "These steps learn from rows {a} to {b} and columns {c} to {d}; Start takes what is seen now.",
            **at,
        )
    if not part.complete:
        return tr(
            "The picture is larger than memory: learning takes the middle of what is seen, rows {a} to {b} and columns "
            "{c} to {d}.",
            **at,
        )
    return tr(
        "The picture is larger than memory: learning takes the part that is seen, rows {a} to {b} and columns {c} "
        "to {d}.",
        **at,
    )


def growth_words(record: Record) -> str:
    """The note that the loss is larger at the end than at the start."""
    last = record.losses[-1] if record.last_loss is None else record.last_loss
    first = brief(record.losses[0])
    return tr(
        "The loss grew from {first} to {last}: the rate may be too large.", first=first, last=brief(last)
    )


def file_error_words(error: FilterLabError) -> str:
    """The words of an error, after the name of its file where it has one."""
    # With its folder, which is the class: the files of class folders often have the same names.
    file = Path(error.where) if isinstance(error, (FileError, ImageError)) and error.where else None
    return error_words(error) if file is None else f"{file.parent.name}/{file.name}: {error_words(error)}"


def mend_words(mend: Mend) -> str:
    """The text of the button that makes the target fit in this way."""
    return {
        "same": tr('Use padding "same"'),
        "valid": tr("Use no padding"),
        "cropped": tr("Crop the target"),
        "greyed": tr("Convert the target to grey"),
        "registered": tr("Find where the target lies"),
    }[mend.kind]


def fit_words(session: LearningSession) -> str:
    """How the target lies, what was taken out of it, and how well least squares fits where it is shown; lines."""
    lesson, lines = session.lesson, []
    if isinstance(lesson, Assignment):
        lines += [said(lesson.registration.words)] if lesson.registration is not None else []
        lines += [said(lesson.camera.camera)] if lesson.camera is not None else []
    found: Closest | FilterLabError | None = session.solution
    if found is None and session.comparing:
        found = session.closest
        lines += [closest_words(found)] if not isinstance(found, Closest) else []
    if isinstance(found, Closest):
        lines.append(closest_words(found))
        lines += [said(text) for text in found.fitted.cautions if text != found.fitted.note]
    return "\n".join(lines)


def closest_words(found: Closest | FilterLabError | None) -> str:
    """How well the least-squares kernel fits."""
    if found is None:
        return tr("least squares: computing…")
    if isinstance(found, FilterLabError):
        return tr("least squares has no solution here")
    fitted = found.fitted
    words = tr("least squares: RMS error {rms}, R² {r2}", rms=brief(fitted.residual), r2=f"{fitted.r2:.6g}")
    if not fitted.unique:
        return f"{words} · {tr(fitted.note)}"
    return words + " · " + tr("condition {n}", n=brief(fitted.condition, 3))
