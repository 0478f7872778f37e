"""Putting the kernel of a value beside the network, as layers."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from filterlab.explain.local_kernel import LocalKernel
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.work import Work
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.words.i18n import tr


class Using(QObject):
    """Fits the best single kernel in the background, and edits the pipeline in one step."""

    def __init__(self, parent: QObject, bench: Workbench) -> None:
        super().__init__(parent)
        self._bench = bench
        self._computations = Computations(bench.messages, bench)
        self._computations.answered.connect(self._take)

    def begin(self, found: LocalKernel) -> None:
        """Put a kernel beside the network that is open; it is the kernel of the present picture."""
        work = self._bench.document.work
        if work.picture is not None:
            pixels = work.picture.pixels
            make = partial(work.pipeline.with_local_kernel, pixels, found)
            self._computations.ask(work, lambda cancel: make(cancel=cancel))

    def _take(self, work: Work, made: Any) -> None:
        bench = self._bench
        # The network may have been edited while the best kernel was fitted; the answer is about the one before.
        if bench.document.work.pipeline is not work.pipeline:
            return
        bench.document.edit(tr("Use the kernel here"), made.pipeline)
        bench.selection.select(made.names["bent"])
        note = tr(
            "{here} is the kernel here as a layer; {bent} is 0 where it is enough.",
            here=made.names["here"],
            bent=made.names["bent"],
        )
        if made.refused:
            note += " " + tr("No best single kernel: {why}.", why=tr(made.refused))
        bench.messages.note(note)
