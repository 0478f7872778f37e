"""What is said of a restoration."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import inf

from filterlab.gui.look.strip import shortened
from filterlab.gui.restoring.plan import OUTPUT, TARGET, RestorePlan, RestoreStep
from filterlab.gui.restoring.record import RestoreRecord
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import said
from filterlab.parameters import Choice
from filterlab.restoration.options import METHOD
from filterlab.text.numbers import brief

DIGITS = 6  # noise and residual are thousandths, and it is their third digit that differs
LONGEST = 24  # characters of a name, which no line may be broken within
LEAST_SHIFT = 0.01  # pixels; what a learned kernel is off its centre by its errors alone is not worth a line


def place_words(record: RestoreRecord | None, place: int, *, running: bool, beginning: bool) -> str:
    """The iteration in view, with its figures. beginning: the run has none yet, as with large pictures for a while."""
    if beginning:
        return tr("making the first iteration")
    if record is None:
        return ""
    step = record.step(place)
    if step is None:
        words = [tr("the blurred picture")]
    else:
        words = [tr("iteration {place} of {count}", place=place, count=record.count)]
        words.append(tr("residual {n}", n=brief(step.found.residual, DIGITS)))
        if step.gain is not None:
            words.append(tr("gain {n}", n=gain_words(step.gain)))
    if running:
        words.append(tr("running"))
    elif not record.finished:
        words.append(tr("stopped"))
    return " · ".join(words)


def gain_words(gain: float) -> str:
    """A gain in decibels, with its sign."""
    return "∞ dB" if gain == inf else f"{gain:+.2f} dB".replace("-", "−")


def result_words(record: RestoreRecord, place: int) -> str:
    """The figures of the iteration in view, as rich text: what is to be told of them, and a table."""
    step = record.step(place)
    if step is None:
        return f"<p>{escape(tr('This is the blurred picture. Move the slider to see the iterations.'))}</p>"
    rows = "".join(
        f"<tr><td>{escape(name)}&nbsp;&nbsp;</td><td>{escape(value)}</td></tr>"
        for name, value in _rows(record, step)
    )
    # Before the figures, which they put in doubt: in a low panel what follows the table is out of sight.
    remarks = "".join(f"<p>{escape(said(remark))}</p>" for remark in step.found.remarks)
    doubt = "" if step.doubt is None else f"<p>{escape(_doubt_words())}</p>"
    return f"{_ended(record)}{remarks}<table>{rows}</table>{doubt}"


def _rows(record: RestoreRecord, step: RestoreStep) -> Iterator[tuple[str, str]]:
    found, plan = step.found, record.plan
    # The form, and the picture that is open, may be others by now.
    assert isinstance(METHOD.kind, Choice), "it is a list of words"
    method = METHOD.kind.titles[METHOD.kind.options.index(plan.method)]
    yield tr("Restored"), f"{_picture_words(plan)} · {tr(method)}"
    told = tr("as given") if plan.noise is not None else tr("estimated")
    yield tr("Noise"), f"{brief(found.noise, DIGITS)} ({told})"
    yield tr("Residual"), brief(found.residual, DIGITS)
    if found.strength is not None:
        told = tr("as given") if plan.strength is not None else tr("automatic")
        yield tr("Strength"), f"{brief(found.strength, 3)} ({told})"
    if step.gain is not None:
        yield tr("Gain"), gain_words(step.gain)
    if step.doubt is not None:
        mean, largest = (f"± {brief(value, DIGITS)}" for value in (step.doubt.mean, step.doubt.maximum))
        yield tr("Uncertainty"), tr("{mean} on average, {largest} at most", mean=mean, largest=largest)
    if max(map(abs, found.shift)) >= LEAST_SHIFT:
        down, right = (f"{value:+.2f}".replace("-", "−") for value in found.shift)
        yield tr("Shift"), tr("{down} rows, {right} columns, undone", down=down, right=right)


def _picture_words(plan: RestorePlan) -> str:
    if plan.source == TARGET:
        return tr("the target of learning")
    name = plan.node if plan.source == OUTPUT or plan.picture is None else plan.picture.name
    return shortened(name, LONGEST)


def _doubt_words() -> str:
    return tr(
        "The uncertainty is one standard deviation of the error that noise and lost detail cause. Flat areas are "
        "better and edges worse; errors of the kernel and of the border come on top."
    )


def _ended(record: RestoreRecord) -> str:
    if not record.finished or record.last is None:
        return ""
    found = record.last.found
    count = tr("Stopped after iteration {n}: {rule}.", n=found.iterations, rule=said(found.stopped))
    return f"<p>{escape(count)}</p>"
