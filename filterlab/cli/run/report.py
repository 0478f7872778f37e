"""What became of a batch, as lines for a person and as the document of --json."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filterlab.batch import Outcome, Plan
from filterlab.text.messages import say


class Report:
    """The outcomes of a batch, sorted into done and failed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.done: list[Outcome] = []
        self.failed: list[Outcome] = []

    def add(self, outcome: Outcome) -> Iterator[str]:
        """Take in an outcome; yields the lines to print at once."""
        (self.failed if outcome.error else self.done).append(outcome)
        page = f", page {outcome.page}" if outcome.page is not None else ""
        if outcome.error:
            yield f"failed: {outcome.picture}{page}: {outcome.error}"
        for remark in outcome.remarks:
            yield f"note: {outcome.picture}{page}: {remark}"
        if outcome.left_out:
            yield f"left out: {outcome.picture}: {_pages(outcome.left_out)} (--page all does every page)"

    def tell(self, outcome: Outcome, *, as_json: bool) -> None:
        """Print a line about a picture that is done, or its object of --json, on standard output at once."""
        if as_json:
            result = {"error": outcome.error} if outcome.error else {"outputs": list(outcome.outputs)}
            print(json.dumps({**_named(outcome), **result}), flush=True)
        elif not outcome.error:
            print(f"done: {outcome.picture}: {say('{} file(s)', len(outcome.outputs))}", flush=True)

    def show(self, out: Path, *, as_json: bool) -> None:
        """Print the summary, or the document of --json, on standard output."""
        if as_json:
            from filterlab.cli.tables import print_json

            print_json(self._document())
            return
        files = sum(len(o.outputs) for o in self.done)
        tail = f", {len(self.failed)} failed" if self.failed else ""
        tail += f", {len(self.plan.repeated)} repeated" if self.plan.repeated else ""
        left = len(self.plan.jobs) - len(self.done) - len(self.failed)
        tail += f", {left} not begun or not ended" if left else ""  # --fail-fast
        tail += f", {len(self.plan.not_chosen)} not chosen" if self.plan.not_chosen else ""
        done, written = say("{} picture(s)", len(self.done)), say("{} file(s)", files)
        print(f"{done} done{tail}: {written} in {out}")

    def _document(self) -> dict[str, Any]:
        """The document of --json. `done` and `failed` are always there, other keys only where they hold something."""
        more = {
            "repeated": list(self.plan.repeated),
            "not_chosen": list(self.plan.not_chosen),
            "left_out": [{**_named(o), "pages": list(o.left_out)} for o in self.done if o.left_out],
            "remarks": [{**_named(o), "remark": r} for o in (*self.done, *self.failed) for r in o.remarks],
        }
        return {
            "done": [{**_named(o), "outputs": list(o.outputs)} for o in self.done],
            "failed": [{**_named(o), "error": o.error} for o in self.failed],
            **{key: values for key, values in more.items() if values},
        }


def _named(outcome: Outcome) -> dict[str, Any]:
    picture: dict[str, Any] = {"picture": outcome.picture}
    return picture if outcome.page is None else {**picture, "page": outcome.page}


def _pages(pages: tuple[int, ...]) -> str:
    first, last = pages[0], pages[-1]
    return f"page {first}" if first == last else f"pages {first} to {last}"
