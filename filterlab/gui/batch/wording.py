"""How far a batch has come, in words."""

from __future__ import annotations

from filterlab.gui.batch.order import BatchOrder, BatchProgress
from filterlab.gui.learning.trainer import State
from filterlab.gui.words.i18n import tr
from filterlab.text.numbers import brief


def progress_words(progress: BatchProgress, state: State) -> str:
    """The count of pictures, and while it runs the rate and the time left, else the time that it took."""
    if state is State.IDLE:
        return tr("Nothing has been run yet.")
    if progress.total is None and state is State.RUNNING:
        return tr("Looking for the pictures…")
    words = [tr("{n} of {total} pictures", n=f"{progress.finished:,}", total=f"{progress.total or 0:,}")]
    if progress.failed:
        words.append(tr("failed: {n}", n=f"{progress.failed:,}"))
    words.append(tr("files: {n}", n=f"{progress.files:,}"))
    return " · ".join([*words, *_time_words(progress, state)])


def _time_words(progress: BatchProgress, state: State) -> list[str]:
    if state is not State.RUNNING:
        took = duration_words(progress.seconds)
        if state is State.STOPPED:
            return [tr("stopped after {time}", time=took)]
        failed = state is State.FAILED
        return [
            tr("ended by an error after {time}", time=took) if failed else tr("done in {time}", time=took)
        ]
    rate, left = progress.rate(), progress.left()
    if rate is None or left is None:
        return []
    return [tr("{n} a second", n=brief(rate, 3)), tr("{time} left", time=duration_words(left))]


def duration_words(seconds: float) -> str:
    """A time in its two largest units, as 1 h 5 min or 12 s."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours:
        return tr("{hours} h {minutes} min", hours=hours, minutes=minutes)
    if minutes:
        return tr("{minutes} min {seconds} s", minutes=minutes, seconds=whole % 60)
    return tr("{seconds} s", seconds=whole)


def failures_words(rows: int) -> str:
    """The heading of the list of failures and remarks."""
    return tr("Failures and remarks: {n}", n=f"{rows:,}") if rows else tr("Failures and remarks")


def kept_words(progress: BatchProgress) -> str:
    """The note that files existed and were kept."""
    return tr("Files of {n} pictures exist already and were kept.", n=f"{progress.kept:,}")


def stopped_words(order: BatchOrder) -> str:
    """The note that a stopped batch can go on."""
    return tr("What is done stays in {folder}, and the rest can be done later.", folder=order.settings.out)
