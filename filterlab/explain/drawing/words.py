"""The words on sheets."""

from __future__ import annotations

from collections.abc import Callable

from filterlab.explain.account import Account
from filterlab.layers.base.terms import Term, Where
from filterlab.text.numbers import MINUS

Translate = Callable[..., str]
_TENS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def place_text(where: Where, vectors: frozenset[str] = frozenset()) -> str:
    """A cell as "edges [0, 145, 289]"; of a vector "scores [3]"."""
    # Cells of the padding above and on the left have negative positions, hence the minus signs below.
    numbers = where[1:2] if where.node in vectors else where[1:4]
    return f"{where.node} [{', '.join(str(n) for n in numbers).replace('-', MINUS)}]"


def others_text(count: int, tr: Translate) -> str:
    """The terms, or the channels, that are not shown one by one."""
    return tr("1 other") if count == 1 else tr("{count} others", count=f"{count:,}")


def tens_text(scale: int) -> str:
    """A power of ten to follow a number; "" for 0."""
    return f" × 10{str(scale).translate(_TENS)}" if scale else ""


def term_words(account: Account, term: Term, vectors: frozenset[str], tr: Translate) -> str:
    """A term in words, with all its digits."""
    parts = [f"{place_text(term.where, vectors)} = {account.exact(term.value)}"]
    if term.weight is not None and account.sum_of == "w·x" and term.product is not None:
        parts.append(
            tr(
                "times the weight {weight} is {product}",
                weight=account.exact(term.weight),
                product=account.exact(term.product),
            )
        )
    if account.sum_of == "share" and term.share is not None:
        parts.append(tr("adds {share}", share=account.exact(term.share)))
    if term.wins:
        parts.append(tr("the winner"))
    if term.where.padding:
        parts.append(padding_words(term.where, tr))
    return ", ".join(parts)


def padding_words(where: Where, tr: Translate) -> str:
    """The content of a cell of padding."""
    if where.source is None:
        return tr("padding: a constant")
    return tr("padding: shows row {row}, column {col}", row=where.source[0], col=where.source[1])
