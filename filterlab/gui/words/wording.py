"""How the window words shapes, counts, errors and docstrings, the same everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from filterlab.errors import FilterLabError
from filterlab.gui.words.i18n import tr
from filterlab.layers import layer_types
from filterlab.run.ledger import Problem, count_text


def shape_words(shape: Iterable[int]) -> str:
    """A shape as text: 4 × 400 × 600."""
    return " × ".join(map(str, shape))


def parameters_words(count: int) -> str:
    """A number of parameters as text: 1 parameter, 48.1 k parameters."""
    return tr("1 parameter") if count == 1 else tr("{n} parameters", n=count_text(count))


def macs_words(count: int) -> str:
    """A number of multiply-adds as text: 1 multiply-add, 22.8 M multiply-adds."""
    return tr("1 multiply-add") if count == 1 else tr("{n} multiply-adds", n=count_text(count))


def said(text: str) -> str:
    """A text of the engine in the language of the window, which has titles where Python has names of classes."""
    titles = _titles()
    if text in titles:
        return tr(titles[text])
    # In quotes stand the names that people gave.
    return re.sub(r"(?<!')\b[A-Z]\w+\b(?!')", lambda word: _title(word[0], titles), tr(text))


def _title(word: str, titles: dict[str, str]) -> str:
    # Names such as Add and Mean are words, too, which stand in texts for what they mean.
    named = re.search(r"\d|[a-z][A-Z]", word)
    return tr(titles[word]) if named and word in titles else word


@cache
def _titles() -> dict[str, str]:
    return {kind.__name__: kind.title for kind in layer_types().values()}


def error_words(error: Exception) -> str:
    """An error as text: what is wrong, and what to do."""
    if not isinstance(error, FilterLabError):
        return tr(str(error))
    return f"{said(error.what)} — {said(error.hint)}" if error.hint else said(error.what)


def problem_words(problem: FilterLabError | Problem) -> str:
    """Why a node has no map: what is wrong and what to do, or which other node it waits for."""
    if not isinstance(problem, Problem):
        return error_words(problem)
    if problem.error is None:
        return tr("waits for {node}", node=problem.waits_for)
    return error_words(problem.error)


def first_sentence(doc: str | None) -> str:
    """The first line of a docstring, translated, as menus, tool tips and headers show it."""
    return tr((doc or "").strip().split("\n")[0].strip().replace("`", ""))
