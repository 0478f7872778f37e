"""The command that folds batch norms into the convolutions beside them, as one edit of the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from filterlab.gui.bench.messages import Remark
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import said

if TYPE_CHECKING:
    from filterlab.merging.batch_norms import Folding
    from filterlab.pipeline import Pipeline


class BatchNormFolding(QObject):
    """Declares `layer.fold_batch_norms`."""

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        bench.commands.add(
            "layer.fold_batch_norms",
            tr("Fold batch norms"),
            self.fold,
            menu=tr("&Layer"),
            tip=tr("Put each batch norm into the convolution beside it: the same numbers from fewer layers"),
            enabled=lambda: len(bench.document.pipeline) > 0,
        )

    def fold(self) -> None:
        """Fold in the background: the weights of a large network are many."""
        bench, pipeline = self._bench, self._bench.document.pipeline

        def done(found: Folding[Pipeline]) -> None:
            # An edit that was made meanwhile must not be lost.
            if bench.document.pipeline is not pipeline:
                bench.messages.warn(tr("Nothing was folded: the pipeline has changed meanwhile"))
                return
            if found.folded:
                bench.document.edit(tr("Fold batch norms"), found.pipeline)
                bench.document.seal()
            bench.messages.add(_account(found))

        def fail(error: Exception, details: str) -> None:
            bench.messages.error(error, tr("Nothing was folded"), details)

        bench.background.submit(pipeline.fold_batch_norms, done, fail)


def _account(found: Folding[Pipeline]) -> Remark:
    """What was folded, and what stays and why."""
    if not found.folded and not found.kept:
        return Remark("note", tr("There is no batch norm in this pipeline"))
    n = len(found.folded)
    text = tr("Folded 1 layer") if n == 1 else tr("Folded {n} layers", n=n)
    if not found.kept:
        return Remark("note", text)
    reasons = [f"{name}: {said(reason)}" for name, reason in found.kept.items()]
    text = tr("{folded}; not folded, {n} in all: {first}", folded=text, n=len(reasons), first=reasons[0])
    return Remark("note", text, details="\n".join(reasons))
