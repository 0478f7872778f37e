"""The texts on the cards of blocks, and on the rows of what was left out of a network's file. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from filterlab.errors import FilterLabError
from filterlab.graph.blocks import GraphBlock
from filterlab.gui.bench.results import Results
from filterlab.gui.chain.cards import FRESH, Card, status_of, status_text
from filterlab.gui.chain.lanes import Lane
from filterlab.gui.chain.rows import ListEntry
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import macs_words, parameters_words, problem_words, said, shape_words
from filterlab.layers.base.layer import Shape
from filterlab.run.ledger import bytes_text, count_text


@dataclass(frozen=True)
class BlockCard(Card):
    """A block. shapes: of the map that it reads and of the one that it makes; None where they are not known.

    layers, parameters, macs, bytes: of all its nodes together.
    """

    block: GraphBlock | None = None
    open: bool = False
    shapes: tuple[Shape | None, Shape | None] = (None, None)
    layers: int = 0
    parameters: int = 0
    macs: int = 0
    bytes: int = 0

    @property
    def label(self) -> str:
        """The name of the block."""
        return said(self.block.name) if self.block is not None else ""

    @property
    def lines(self) -> int:
        """A folded block says what it does on two lines below its name; an open one shows it."""
        return 1 if self.open else 3

    @cached_property
    def count(self) -> str:
        """The number of its layers as text."""
        return tr("{n} layers", n=self.layers)

    @cached_property
    def shape(self) -> str:
        """The shapes of what goes in and of what comes out; "" where they are not known."""
        given, made = self.shapes
        if given is None or made is None:
            return ""
        return f"{_compact(given)} → {_compact(made)}"

    @cached_property
    def shapes_told(self) -> tuple[str, ...]:
        """The shapes in several wordings, the longest first; what comes out is the news."""
        made = self.shapes[1]
        return (self.shape, f"→ {_compact(made)}") if self.shape and made is not None else (self.shape,)

    @cached_property
    def size(self) -> str:
        """The number of layers, which stands beside the name of an open block."""
        return self.count

    @property
    def facts(self) -> tuple[str, ...]:
        """The figures: a block has no kind of layer."""
        short = (*self.numbers, count_text(self.parameters))
        return (*(f"{self.count} · {numbers}" for numbers in short), self.count)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Parameters and multiply-adds in several wordings, the longest first."""
        words = parameters_words(self.parameters), macs_words(self.macs)
        counts = count_text(self.parameters), count_text(self.macs)
        short = tr("{parameters} par. · {macs} MACs", parameters=counts[0], macs=counts[1])
        return (" · ".join(words), short, " · ".join(counts))

    @property
    def tip(self) -> str:
        """The error, or all that is known of the block, with how it is folded."""
        known = [f"{self.label} · {self.count}", self.shape] + [self.numbers[0]] * bool(self.shape)
        memory = tr("{size} of maps", size=bytes_text(self.bytes)) if self.bytes else ""
        key = tr("Left folds it") if self.open else tr("Right or Enter unfolds it")
        return "\n".join(line for line in (self.error, *known, memory, key) if line)

    @property
    def spoken(self) -> str:
        """The whole card as one line, for screen readers."""
        state = tr("unfolded") if self.open else tr("folded")
        rest = [self.error] if self.error else [self.shape, self.numbers[0], status_text(self.status)]
        return ", ".join(part for part in (self.label, state, self.count, *rest) if part)


def block_card(
    entry: ListEntry, names: Sequence[str], source: Shape | None, lane: Lane, results: Results, hidden: bool
) -> Card:
    """The card of a block. names: its nodes. source: the shape of what the first of them reads."""
    rows = [row for row in map(results.row, names) if row is not None]
    last = results.row(names[-1])
    error, waits = _error(names, results)
    return BlockCard(
        entry.name,
        "",
        lane,
        hidden=hidden and not entry.open,
        row=last,
        error=error,
        waits=waits,
        status=FRESH if error or hidden or entry.open else status_of(names[-1], results),
        icon="layers",
        depth=entry.depth,
        block=entry.block,
        open=entry.open,
        shapes=(source, last.shape if last is not None else None),
        layers=len(names),
        parameters=sum(row.parameters for row in rows),
        macs=sum(row.macs for row in rows),
        bytes=sum(row.bytes for row in rows),
    )


def _error(names: Sequence[str], results: Results) -> tuple[str, bool]:
    """The first error among nodes, with the name of the node, and whether all of them only wait for another one."""
    troubles = [(name, problem) for name in names if (problem := results.problem(name)) is not None]
    for name, problem in troubles:
        if isinstance(problem, FilterLabError) or problem.error is not None:
            return f"{name}: {problem_words(problem)}", False
    return (problem_words(troubles[0][1]), True) if troubles else ("", False)


@dataclass(frozen=True)
class CutCard(Card):
    """What was left out of the network's file, where it would have followed."""

    operator: str = ""
    reason: str = ""
    more: int = 0

    @property
    def label(self) -> str:
        """The tensor that it would have made."""
        return self.title

    @property
    def lines(self) -> int:
        """One line."""
        return 1

    @cached_property
    def size(self) -> str:
        """The operator."""
        return (
            self.operator
            if not self.more
            else tr("{operator} and {n} more", operator=self.operator, n=self.more)
        )

    @property
    def tip(self) -> str:
        """The operator and the reason."""
        lines = [tr("Left out: {tensor}", tensor=self.title), self.operator, self.reason]
        return "\n".join(
            [line for line in lines if line] + [tr("… and {n} more", n=self.more)] * bool(self.more)
        )

    @property
    def spoken(self) -> str:
        """The whole row as one line, for screen readers."""
        return ", ".join(self.tip.split("\n"))


def cut_card(entry: ListEntry, lane: Lane) -> Card:
    """The row of what was left out."""
    cut = entry.cut
    assert cut is not None, "only rows of what was left out have such a card"
    return CutCard(
        "",
        cut.tensor,
        lane,
        enabled=False,
        icon="circle-slash-2",
        depth=entry.depth,
        operator=cut.operator,
        reason=said(cut.reason),
        more=entry.more,
    )


def _compact(shape: Shape) -> str:
    return shape_words(shape).replace(" ", "")
