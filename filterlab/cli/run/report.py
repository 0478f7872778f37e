"""What became of a batch, as lines for a person and as the document of --json."""

from __future__ import annotations

import json
from collections.abc import Iterator

from filterlab.batch import BatchReport, Outcome
from filterlab.batch.running import named
from filterlab.text.messages import say


class Report(BatchReport):
    """The outcomes of a batch, and the lines that tell of them."""

    def lines(self, outcome: Outcome) -> Iterator[str]:
        """Take in an outcome; yields the lines to print at once."""
        self.add(outcome)
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
            print(json.dumps({**named(outcome), **result}), flush=True)
        elif not outcome.error:
            print(f"done: {outcome.picture}: {say('{} file(s)', len(outcome.outputs))}", flush=True)

    def show(self, out: str, *, as_json: bool) -> None:
        """Print the summary, or the document of --json, on standard output."""
        if as_json:
            from filterlab.cli.tables import print_json

            print_json(self.document())
            return
        files = sum(len(o.outputs) for o in self.done)
        print(f"{self.summary()}: {say('{} file(s)', files)} in {out}")


def _pages(pages: tuple[int, ...]) -> str:
    first, last = pages[0], pages[-1]
    return f"page {first}" if first == last else f"pages {first} to {last}"
