"""An explanation as lines of text: the terms are branches of a tree, with digits that add up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from filterlab.explain.explanation import Explanation, most
from filterlab.layers.base.terms import Term, Where, sum_exactly
from filterlab.text.messages import count
from filterlab.text.numbers import MINUS, brief
from filterlab.text.tally import Tally, tally

DIGITS = 7  # significant digits of the largest number of a sum, as many as a float32 has


def outline(found: Explanation, top: int | None = None) -> list[str]:
    """The lines of an explanation and of those of its terms.

    top: of each sum or choice, show only this many terms, those that matter most first; one line stands for the others.
    """
    return [f"{place(found.where)} = {found.exact(found.value)}", *_body(found, top)]


def place(where: Where) -> str:
    """A cell as node[channel, row, column], and for padding the cell that the padding mode shows there."""
    text = f"{where.node}[{where.channel}, {where.row}, {where.col}]"
    if not where.padding:
        return text
    return f"{text} padding" + (f", shows {where.source[0]}, {where.source[1]}" if where.source else "")


def _body(found: Explanation, top: int | None) -> list[str]:
    lines = [f"{found.layer}: {found.operation}", *([found.formula] if found.formula else [])]
    shown, others = _chosen(found, top)
    sums = _sums(found, shown, others)
    branches = list(_branches(found, shown, others, sums))
    for i, (head, term) in enumerate(branches):
        last = i == len(branches) - 1
        lines.append(("└─ " if last else "├─ ") + head)
        if term is not None and term.explanation is not None:
            margin = "   " if last else "│  "
            lines += [margin + line for line in _body(term.explanation, top)]
    return lines


def _chosen(found: Explanation, top: int | None) -> tuple[list[Term], list[Term]]:
    """The terms that are shown, the most important first if there are others, and the others."""
    if top is None or top >= len(found.terms):
        return list(found.terms), []
    # `most` keeps the order of the window; a cut list is sorted by size instead, since neighbours are missing.
    shown, others = most(found.terms, top, lambda term: term.size)
    return sorted(shown, key=lambda term: term.size, reverse=True), others


def _sums(found: Explanation, shown: list[Term], others: list[Term]) -> Tally | None:
    """The texts of the products shown, of the sum of the others, and of the bias; None where nothing is summed."""
    # A choice adds nothing up, even though its weights of 1 and 0 give products.
    if found.products is None or not found.terms or found.rule in ("max", "min", "median", "copy"):
        return None
    amounts = [term.product or 0.0 for term in shown]
    if others:
        amounts.append(sum_exactly(term.product or 0.0 for term in others))
    return tally([*amounts, found.bias], found.value, DIGITS)


def _branches(
    found: Explanation, shown: list[Term], others: list[Term], sums: Tally | None
) -> Iterator[tuple[str, Term | None]]:
    """The text of each branch, and the term whose explanation hangs below it, if any."""
    # All rows first, since the columns are as wide as their longest entry.
    rows = [_cells(found, term, _scaled(sums, i)) for i, term in enumerate(shown)]
    widths = [max((len(row[c]) for row in rows), default=0) for c in range(3)]
    for row, term in zip(rows, shown, strict=True):
        yield f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}{row[2]:<{widths[2]}}".rstrip(), term
    if others:
        words = count(len(others), "{} other term", "{} other terms")
        yield f"{words}{_rest(found, others, shown, sums)}", None
    if found.total is not None and shown and shown[0].share is not None:
        yield f"total {found.exact(found.total)}", None
    if sums is not None:
        yield _conclusion(found, sums), None


def _rest(found: Explanation, others: list[Term], shown: list[Term], sums: Tally | None) -> str:
    """The text for the sum of the terms that are left out."""
    if sums is not None:
        return f": {_scaled(sums, len(shown))}"
    if others[0].share is None:
        return ""
    return f" add {found.exact(sum_exactly(term.share or 0.0 for term in others))}"


def _scaled(sums: Tally | None, i: int) -> str:
    if sums is None:
        return ""
    return _with_power(sums.amounts[i], sums.scale)


def _with_power(text: str, scale: int) -> str:
    return f"{text}e{scale}" if scale and text != "0" else text


def _cells(found: Explanation, term: Term, product: str) -> tuple[str, str, str]:
    """The three columns of a term: its place, its value, and how it enters the result."""
    value = found.exact(term.value)
    if term.wins is not None:
        return place(term.where), value, "  wins" if term.wins else ""
    if product and found.rule == "mean":
        return place(term.where), value, f" / {found.divisor:g} = {product}"
    if product and term.weight is not None:
        return place(term.where), value, f" × {found.exact(term.weight)} = {product}"
    if term.share is not None:
        return place(term.where), value, f"  adds {found.exact(term.share)}"
    return place(term.where), value, ""


def _conclusion(found: Explanation, sums: Tally) -> str:
    """The last line of a sum, to which the texts above it add up."""
    if not sums.adds_up:
        return f"products and bias {brief(found.bias)} make {found.exact(found.value)}"
    # Of the texts as they are printed, in decimals, so that anybody who adds them up gets this number.
    total = _decimals(sums.amounts[:-1])
    products = _with_power(f"{total:f}".replace("-", MINUS), sums.scale)
    bias, value = (_with_power(text, sums.scale) for text in (sums.amounts[-1], sums.total))
    return f"products {products} + bias {bias} = {value}" if found.bias else f"products {products}"


def _decimals(texts: tuple[str, ...]) -> Decimal:
    return sum((Decimal(text.replace(MINUS, "-")) for text in texts), Decimal(0))
