"""Doing what a recipe says, and telling what becomes of each picture: once, or of all that arrive."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from filterlab.batch import Outcome, Settings, plan
from filterlab.batch.options.declared import Choosing
from filterlab.batch.options.recipe import Recipe
from filterlab.batch.running import carry_out
from filterlab.cli import exits
from filterlab.cli.run.report import Report
from filterlab.cli.watching import ProgressWatch, watched
from filterlab.text.messages import say


def follow(recipe: Recipe, settings: Settings, standard_input: Path | None) -> int:
    """Do it and return the exit status. Raises FilterLabError where it cannot be done at all."""
    if recipe.options.watch:
        return _watch(recipe, settings)
    chosen = recipe.options.part(Choosing)
    planned = plan(recipe.images, standard_input=standard_input, out=settings.out, base=recipe.base, **chosen)
    report = Report(planned)
    with (
        _stopping(
            lambda: say("{} of {}", len(report.done), say("{} picture(s)", len(planned.jobs))),
            report if recipe.options.json else None,
        ),
        watched("pictures", len(planned.jobs), in_parts=settings.in_tiles) as watch,
        closing(_told(recipe, settings, report, watch)) as outcomes,
    ):
        for _ in outcomes:
            _show(report, watch)
    report.show(recipe.out, as_json=recipe.options.json)
    return exits.SOME_FAILED if report.failed else exits.DONE


def _watch(recipe: Recipe, settings: Settings) -> int:
    """Do what arrives, until it is interrupted, or a picture fails where that is to end it."""
    from filterlab.batch.watching import Watched

    chosen = recipe.options.part(Choosing)
    arrivals = Watched(settings, recipe.images, recipe.base, **chosen)
    exits.say(f"watching {', '.join(arrivals.folders)} (Ctrl-C ends it)")
    done = 0
    with _stopping(lambda: say("{} picture(s)", done)), closing(arrivals.plans()) as plans:
        for planned in plans:
            report = Report(planned)
            with closing(_told(recipe, settings, report, ProgressWatch())) as outcomes:
                for outcome in outcomes:
                    done += not outcome.error
                    report.tell(outcome, as_json=recipe.options.json)
            if report.failed and recipe.options.fail_fast:
                return exits.SOME_FAILED
    return exits.DONE


def _told(recipe: Recipe, settings: Settings, report: Report, watch: ProgressWatch) -> Generator[Outcome]:
    """The outcome of each picture of a report's plan as it comes, after the lines that tell of it."""
    for name in report.plan.repeated:
        watch.line(f"named more than once, done once: {name}")
    # Closed at once after Ctrl-C too, which ends the workers and unlocks the folder; an open generator waits for the
    # collector.
    jobs, options = report.plan.jobs, recipe.options
    with closing(
        carry_out(settings, jobs, options, recipe.out, lambda part: _show(report, watch, part))
    ) as outcomes:
        for outcome in outcomes:
            for line in report.lines(outcome):
                watch.line(line)
            yield outcome


def _show(report: Report, watch: ProgressWatch, part: float = 0.0) -> None:
    """Show how far it is. part: of the pictures under way."""
    failed = len(report.failed)
    watch(len(report.done) + failed + part, f"{failed} failed" if failed else "")


@contextmanager
def _stopping(done: Callable[[], str], document: Report | None = None) -> Iterator[None]:
    """Say how far it has come where it is interrupted; in a document as well, for programs."""
    try:
        yield
    except KeyboardInterrupt:
        with suppress(OSError, ValueError):  # the terminal may be gone
            exits.say(f"stopped: {done()} done (--resume does the others)")
            if document is not None:
                document.show("", as_json=True)
                sys.stdout.flush()
        raise
