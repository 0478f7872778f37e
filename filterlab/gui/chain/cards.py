"""The texts and marks on the card of a node, taken from the document and the results. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import compress

from filterlab.graph import IMAGE, Node
from filterlab.gui.bench.results import Results
from filterlab.gui.bench.work import Picture
from filterlab.gui.chain.lanes import Lane
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import (
    first_sentence,
    macs_words,
    parameters_words,
    problem_words,
    shape_words,
)
from filterlab.run.ledger import Problem, Row, bytes_text

FRESH, STALE, WAITING = "fresh", "stale", "waiting"
# By the group of the layer.
_ICONS = {
    "convolution": "grid-3x3",
    "activation": "activity",
    "pooling": "list-filter",
    "normalization": "sliders-horizontal",
    "tones": "sliders-horizontal",
    "size": "scaling",
    "merge": "git-merge",
    "vector": "share-2",
}


@dataclass(frozen=True)
class Card:
    """One row of the list: a node, or the picture on top.

    icon: the name of its icon. depth: how many open blocks it lies in. row: its row of the ledger, None where it has
    none. error: why, with what to do; "" where nothing is wrong. waits: whether the error is that of a node before it.
    status: FRESH, STALE or WAITING, the state of its map. Texts are made when they are asked for: a pipeline may have
    hundreds of nodes, and few cards are on the screen.
    """

    name: str
    title: str
    lane: Lane
    enabled: bool = True
    hidden: bool = False
    row: Row | None = None
    picture: Picture | None = None
    error: str = ""
    waits: bool = False
    status: str = FRESH
    doc: str = ""
    icon: str = "image"
    depth: int = 0

    @property
    def is_picture(self) -> bool:
        """True if this is the card of the picture."""
        return self.name == IMAGE

    @property
    def label(self) -> str:
        """What stands on it as its name."""
        return self.name

    @property
    def lines(self) -> int:
        """The number of lines of text on it."""
        return 2

    # `cached_property` works in a frozen dataclass: it writes to the `__dict__`, past the guarded `__setattr__`.
    @cached_property
    def shape(self) -> str:
        """Shape and memory as text; "" where they are not known."""
        if self.picture is not None:
            return f"{shape_words(self.picture.shape)} · {bytes_text(self.picture.pixels.nbytes)}"
        return "" if self.row is None else f"{shape_words(self.row.shape)} · {bytes_text(self.row.bytes)}"

    @cached_property
    def size(self) -> str:
        """The shape alone, without spaces; "" where it is not known."""
        shape = (
            self.row.shape if self.row is not None else self.picture.shape if self.picture is not None else ()
        )
        return shape_words(shape).replace(" ", "")

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The kind of layer with the rest of the ledger, in several wordings, the longest first."""
        if self.is_picture:
            return self.numbers
        return (*(f"{self.title} · {numbers}" for numbers in self.numbers), self.title)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The rest of the ledger in several wordings, the longest first; for the picture, its file name."""
        if self.is_picture:
            return (self.picture.name if self.picture is not None else tr("none opened"),)
        return () if self.row is None else ledger_words(self.row)

    @property
    def tip(self) -> str:
        """The tool tip: what the layer does and its complete ledger, or the error."""
        if self.error:
            return self.error
        lines = [self.doc, self.shape, *self.numbers[:1]]
        if self.row is not None and self.row.receptive_field is None:
            lines.append(tr("No single receptive field: {reason}", reason=tr(self.row.reason)))
        return "\n".join(line for line in lines if line)

    @property
    def spoken(self) -> str:
        """The whole card as one line, for screen readers."""
        parts = [self.name, self.title, "" if self.enabled else tr("switched off")]
        parts += [self.error] if self.error else [self.shape, *self.numbers[:1], status_text(self.status)]
        return ", ".join(part for part in parts if part)


def status_text(status: str) -> str:
    """A word for a map that is not up to date; "" for one that is."""
    return {STALE: tr("outdated"), WAITING: tr("computing…")}.get(status, "")


def picture_card(picture: Picture | None, lane: Lane, hidden: bool) -> Card:
    """The card of the picture, which is on top."""
    return Card(IMAGE, tr("picture"), lane, hidden=hidden, picture=picture)


def node_card(node: Node, lane: Lane, results: Results, hidden: bool, depth: int = 0) -> Card:
    """The card of a node."""
    problem = results.problem(node.name)
    error = problem_words(problem) if problem is not None else ""
    return Card(
        node.name,
        tr(node.layer.title),
        lane,
        node.enabled,
        hidden,
        results.row(node.name),
        error=error,
        waits=isinstance(problem, Problem) and problem.error is None,
        # A card with an error says that already, and of a hidden column no map is wanted.
        status=FRESH if error or hidden else status_of(node.name, results),
        doc=first_sentence(type(node.layer).__doc__),
        icon=_ICONS.get(node.layer.group, "grid-3x3"),
        depth=depth,
    )


def status_of(name: str, results: Results) -> str:
    """The state of the map of a node: FRESH, STALE or WAITING."""
    shown = results.maps.get(name)
    if shown is not None and not shown.stale:
        return FRESH
    if results.busy:
        return WAITING
    # Without a map and without an evaluation there is nothing to be outdated: no picture is open, for example.
    return STALE if shown is not None else FRESH


def ledger_words(row: Row) -> tuple[str, ...]:
    """Receptive field, parameters and multiply-adds, without those that are 0; then with fewer and fewer of them."""
    whole = row.receptive_field is not None and row.receptive_field.whole
    field = field_words(row) if whole else tr("field {n}", n=field_words(row))
    words = (field, parameters_words(row.parameters), macs_words(row.macs))
    told = list(compress(words, (True, bool(row.parameters), bool(row.macs))))
    return tuple(" · ".join(told[:count]) for count in range(len(told), 0, -1))


def field_words(row: Row) -> str:
    """The size of the receptive field: 3, 3×5 where height and width differ, in words where all is seen, – for none."""
    if row.receptive_field is None:
        return "–"
    if row.receptive_field.whole:
        return tr("whole picture")
    height, width = row.receptive_field.size
    return str(height) if height == width else f"{height}×{width}"


def total_words(rows: Iterable[Row | Problem]) -> str:
    """Parameters, multiply-adds and memory of all nodes together."""
    # Nodes with a problem have no figures; the total is that of what can be computed.
    known = [row for row in rows if isinstance(row, Row)]
    parts = [
        parameters_words(sum(row.parameters for row in known)),
        macs_words(sum(row.macs for row in known)),
        tr("{size} of maps", size=bytes_text(sum(row.bytes for row in known))),
    ]
    return " · ".join(parts)
