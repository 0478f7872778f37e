"""The blocks of a large graph, each of which is folded into one card and one column or shows what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QObject, Signal

from filterlab.graph.blocks import GraphBlock, find_blocks
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.selection import Selection
from filterlab.gui.bench.work import Work

# Graphs of more nodes are divided into blocks, all of which are folded at first; a smaller one is seen at a glance.
LARGE = 40


class Folds(QObject):
    """Which blocks are open, for each pipeline as long as the window is open.

    A folded block stands for its nodes by the last of them, whose map it shows. changed: another block is folded.
    """

    changed = Signal()

    def __init__(self, document: Document, selection: Selection, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._selection = document, selection
        self._work = Work()  # that the blocks are of
        self._blocks: tuple[GraphBlock, ...] = ()
        self._folded: dict[str, GraphBlock] = {}
        self._hidden: frozenset[str] = frozenset()
        self._open: dict[object, set[str]] = {}  # by the origin of the work, names of blocks
        document.changed.connect(self._follow)
        selection.node_changed.connect(self._show)

    # -- looking --------------------------------------------------------------------------------------

    @property
    def blocks(self) -> tuple[GraphBlock, ...]:
        """The outermost blocks; none of a small graph."""
        self._divide()
        return self._blocks

    @property
    def folded(self) -> dict[str, GraphBlock]:
        """The blocks that are seen folded, by their last nodes."""
        self._divide()
        return self._folded

    @property
    def hidden(self) -> frozenset[str]:
        """All nodes of these blocks but the last ones."""
        self._divide()
        return self._hidden

    def is_open(self, block: GraphBlock) -> bool:
        """Return whether a block shows what it holds."""
        return block.name in self._names

    def names(self, block: GraphBlock) -> list[str]:
        """The names of the nodes of a block."""
        return [step.name for step in self._document.pipeline.steps[block.start : block.stop]]

    @property
    def _names(self) -> set[str]:
        return self._open.setdefault(self._document.work.origin, set())

    # -- folding --------------------------------------------------------------------------------------

    def set_open(self, block: GraphBlock, open_: bool) -> None:
        """Fold a block or unfold it. A selected node that it hides then gives way to the last one, which is shown."""
        if open_ != self.is_open(block):
            (self._names.add if open_ else self._names.discard)(str(block.name))
            self._hide()

    def set_all(self, open_: bool) -> None:
        """Fold all blocks, or unfold them with all that they hold."""
        names = {str(block.name) for block in self._all()} if open_ else set()
        if names != self._names:
            self._open[self._document.work.origin] = names
            self._hide()

    def reveal(self, node: str) -> None:
        """Unfold the blocks that hold a node."""
        place = next((i for i, s in enumerate(self._document.pipeline.steps) if s.name == node), -1)
        around = {str(block.name) for block in self._all() if block.start <= place < block.stop}
        if not around <= self._names:
            self._names.update(around)
            self._hide()

    def _all(self) -> Iterator[GraphBlock]:
        for block in self.blocks:
            yield from block.walk()

    # -- following ------------------------------------------------------------------------------------

    def _follow(self, _old: Work, _new: Work) -> None:
        self._show(self._selection.node)

    def _divide(self) -> None:
        """Find the blocks of the present pipeline, unless they are known.

        Not only when the document says that it has changed: others hear of it earlier, and ask.
        """
        old, new = self._work, self._document.work
        if old.pipeline is new.pipeline and old.origin is new.origin:
            return
        grown = old.origin is new.origin and not self._blocks
        self._work = new
        self._blocks = find_blocks(new.pipeline) if len(new.pipeline) > LARGE else ()
        if grown:
            # What is being edited is not folded away under the person's hands.
            self._names.update(str(block.name) for block in self._all())
        self._look()

    def _show(self, node: str) -> None:
        if node in self.hidden:
            self.reveal(node)

    def _hide(self) -> None:
        self._look()
        if self._selection.node in self.hidden:
            inside = (
                last for last, block in self.folded.items() if self._selection.node in self.names(block)
            )
            self._selection.select(next(inside))
        self.changed.emit()

    def _look(self) -> None:
        folded = list(self._seen_folded(self._blocks))
        self._folded = {self.names(block)[-1]: block for block in folded}
        self._hidden = frozenset(name for block in folded for name in self.names(block)[:-1])

    def _seen_folded(self, blocks: Iterable[GraphBlock]) -> Iterator[GraphBlock]:
        for block in blocks:
            if self.is_open(block):
                yield from self._seen_folded(block.blocks)
            else:
                yield block
