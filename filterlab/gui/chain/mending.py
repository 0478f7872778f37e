"""The first layer that does not fit: it is gone to when something is opened, and what mends it stands on buttons."""

from __future__ import annotations

from functools import partial

from filterlab.explain.mending import QuickFix, first_cause, quick_fixes
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.work import Work
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.look.note import ObstacleNote
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words
from filterlab.pipeline import Pipeline
from filterlab.run.ledger import Problem


class MendingNote(ObstacleNote):
    """Says which layer is the first that does not fit, and offers the edits after which it does."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._seen = bench.document.work.origin, bench.document.picture
        # Some dozens of edits are tried, which takes a while for a deep network.
        self._computations = Computations(bench.messages, bench)
        self._computations.answered.connect(self._show)
        bench.results.surveyed.connect(self._follow)

    def _follow(self) -> None:
        bench = self._bench
        work = bench.document.work
        cause = first_cause(bench.results.rows.values())
        if cause is None or work.picture is None:
            self._computations.drop()
            self.say("")
        else:
            name, shape = cause.name, work.picture.shape
            self._computations.ask((cause, work), lambda _: quick_fixes(work.pipeline, name, shape))
        # An edit that makes a layer fail is made at that layer or before it; something opened may fail anywhere. A
        # lesson has chosen what to look at.
        opened = work.origin, work.picture
        if opened != self._seen and cause is not None and bench.own_work is None:
            bench.selection.select(cause.name)
        self._seen = opened

    def _show(self, asked: tuple[Problem, Work], fixes: list[QuickFix[Pipeline]]) -> None:
        cause, work = asked
        if work is self._bench.document.work and cause.error is not None:
            buttons = [(fix_words(fix), partial(self._mend, cause.name, fix)) for fix in fixes]
            self.say(error_words(cause.error), buttons, error=True)

    def _mend(self, name: str, fix: QuickFix[Pipeline]) -> None:
        document = self._bench.document
        document.edit(tr("{fix}, for {node}", fix=fix_words(fix), node=name), fix.graph)
        document.seal()


def fix_words(fix: QuickFix[Pipeline]) -> str:
    """What an edit does, for its button and the history."""
    height, width = fix.size or (0, 0)
    return {
        "grey": tr("Make grey"),
        "rgb": tr("Repeat to RGB"),
        "channels": tr("Input channels to {n}", n=fix.channels),
        "resize": tr("Resize to {height} × {width}", height=height, width=width),
    }.get(fix.kind) or tr("Crop the kernel to {height} × {width}", height=height, width=width)
