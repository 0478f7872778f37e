"""What the card of a node says: words and marks, taken from the document and the results. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from filterlab.errors import FilterLabError
from filterlab.gui.chain.lanes import Lane
from filterlab.gui.i18n import tr
from filterlab.gui.results import Results
from filterlab.gui.work import Picture
from filterlab.pipeline import IMAGE, Node
from filterlab.pipeline.ledger import Problem, Row, bytes_text, count_text

FRESH, STALE, WAITING = "fresh", "stale", "waiting"


@dataclass(frozen=True)
class Card:
    """One row of the list. shape, numbers: the ledger, `numbers` in several wordings, longest first.

    error: why there is none, in words, with what to do. waits: it is only a node before it that has an error.
    status: how far its map is.
    """

    name: str
    title: str
    lane: Lane
    enabled: bool = True
    hidden: bool = False
    shape: str = ""
    numbers: tuple[str, ...] = ()
    error: str = ""
    waits: bool = False
    status: str = FRESH
    tip: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether it stands for the picture."""
        return self.name == IMAGE

    @property
    def spoken(self) -> str:
        """All of it in one sentence, for screen readers."""
        parts = [self.name, self.title, "" if self.enabled else tr("switched off")]
        parts += [self.error] if self.error else [self.shape, *self.numbers[:1], status_text(self.status)]
        return ", ".join(part for part in parts if part)


def status_text(status: str) -> str:
    """The mark of a map that is not up to date, in a word."""
    return {STALE: tr("outdated"), WAITING: tr("computing…")}.get(status, "")


def picture_card(picture: Picture | None, lane: Lane, hidden: bool) -> Card:
    """The card on top."""
    if picture is None:
        return Card(IMAGE, tr("picture"), lane, numbers=(tr("none opened"),))
    shape = f"{shape_words(picture.shape)} · {bytes_text(picture.pixels.nbytes)}"
    return Card(IMAGE, tr("picture"), lane, True, hidden, shape, (picture.name,), tip=str(picture.path or ""))


def node_card(node: Node, lane: Lane, results: Results, hidden: bool) -> Card:
    """The card of a node."""
    row, problem = results.row(node.name), results.problem(node.name)
    shape, numbers = ledger_words(row) if row is not None else ("", ())
    error = problem_words(problem) if problem is not None else ""
    return Card(
        node.name,
        tr(node.layer.title),
        lane,
        node.enabled,
        hidden,
        shape,
        numbers,
        error,
        isinstance(problem, Problem) and problem.error is None,
        FRESH if error or hidden else _status(node.name, results),
        error or _tip(node, row),
    )


def _status(name: str, results: Results) -> str:
    shown = results.maps.get(name)
    if shown is not None and not shown.stale:
        return FRESH
    if results.busy:
        return WAITING
    return STALE if shown is not None else FRESH


def _tip(node: Node, row: Row | None) -> str:
    doc = tr(first_sentence(type(node.layer).__doc__ or ""))
    if row is None or row.receptive_field is not None:
        return doc
    return doc + "\n" + tr("No single receptive field: {reason}", reason=row.reason)


def problem_words(problem: FilterLabError | Problem) -> str:
    """An error in place: what is wrong and what to do, or what it waits for."""
    if isinstance(problem, Problem):
        if problem.error is None:
            return tr("waits for {node}", node=problem.waits_for)
        problem = problem.error
    return f"{tr(problem.what)} — {tr(problem.hint)}" if problem.hint else tr(problem.what)


def shape_words(shape: Iterable[int]) -> str:
    """4 × 400 × 600."""
    return " × ".join(map(str, shape))


def ledger_words(row: Row) -> tuple[str, tuple[str, ...]]:
    """Shape and memory, and the other numbers in a long and a short wording; those that are 0 are left out."""
    field = field_words(row)
    long, short = [tr("field {size}", size=field)], [tr("field {size}", size=field)]
    if row.parameters:
        long.append(tr("{n} parameters", n=count_text(row.parameters)))
        short.append(tr("{n} params", n=count_text(row.parameters)))
    if row.macs:
        long.append(tr("{n} multiply-adds", n=count_text(row.macs)))
        short.append(tr("{n} MACs", n=count_text(row.macs)))
    return f"{shape_words(row.shape)} · {bytes_text(row.bytes)}", (" · ".join(long), " · ".join(short))


def field_words(row: Row) -> str:
    """The receptive field: 3, or 3 × 5 where height and width differ; – where there is none."""
    if row.receptive_field is None:
        return "–"
    height, width = row.receptive_field.size
    return str(height) if height == width else f"{height} × {width}"


def total_words(rows: Iterable[Row | Problem]) -> str:
    """What all nodes together cost."""
    known = [row for row in rows if isinstance(row, Row)]
    parts = [
        tr("{n} parameters", n=count_text(sum(row.parameters for row in known))),
        tr("{n} multiply-adds", n=count_text(sum(row.macs for row in known))),
        tr("{size} of maps", size=bytes_text(sum(row.bytes for row in known))),
    ]
    return " · ".join(parts)


def first_sentence(doc: str) -> str:
    """The first line of a docstring, which menus and tool tips show."""
    return doc.strip().split("\n")[0].strip()
