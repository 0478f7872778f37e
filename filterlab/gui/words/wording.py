"""How the window words shapes, counts, errors and docstrings, the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable

from filterlab.errors import FilterLabError
from filterlab.gui.words.i18n import tr
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


def error_words(error: Exception) -> str:
    """An error as text: what is wrong, and what to do."""
    if not isinstance(error, FilterLabError):
        return tr(str(error))
    return f"{tr(error.what)} — {tr(error.hint)}" if error.hint else tr(error.what)


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
