"""How the window words shapes, counts, errors and docstrings, the same everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from filterlab.errors import FilterLabError
from filterlab.gui.words.i18n import tr
from filterlab.layers import layer_types
from filterlab.parameters import Parameter
from filterlab.run.ledger import Problem, count_text
from filterlab.text.messages import Message

# Only names that no sentence has as words, and that are no part of a path; ASCII, since no blanks stand around them in
# Chinese.
_UNDERSCORED = re.compile(r"(?<![\w'\"./-])[a-z]+(?:_[a-z]+)+(?![\w'\"/-]|\.\w)", re.ASCII)


def shape_words(shape: Iterable[int]) -> str:
    """A shape as text: 4 × 400 × 600."""
    return " × ".join(map(str, shape))


def parameters_words(count: int) -> str:
    """A number of parameters as text: 1 parameter, 48.1 k parameters."""
    return tr("1 parameter") if count == 1 else tr("{n} parameters", n=count_text(count))


def macs_words(count: int) -> str:
    """A number of multiply-adds as text: 1 multiply-add, 22.8 M multiply-adds."""
    return tr("1 multiply-add") if count == 1 else tr("{n} multiply-adds", n=count_text(count))


def readable(name: str) -> str:
    """A parameter's name as a label: "padding_mode" is "Padding mode"."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def label_of(parameter: Parameter) -> str:
    """What the window calls a parameter, not translated."""
    return parameter.title or readable(parameter.name)


def said(text: str) -> str:
    """A text of the engine in the language of the window.

    It has titles and labels where Python has names of classes and parameters.
    """
    # Only where a text may hold such names are the layers asked for them, which loads all their modules.
    if text.isidentifier() and text in _titles():
        return tr(_titles()[text])
    words = text.translated(_named) if isinstance(text, Message) else tr(text)
    # In quotes stand the names that people gave.
    words = re.sub(r"(?<!')\b[A-Z]\w+\b(?!')", lambda word: _title(word[0]), words)
    return _UNDERSCORED.sub(lambda name: _named(name[0]), words)


def _named(text: str) -> str:
    """A parameter's label where a text is its name alone; any other text is translated."""
    label = _labels().get(text) if text.isidentifier() else None
    return tr(text) if label is None else tr(label).lower()


def _title(word: str) -> str:
    # Names such as Add and Mean are words, too, which stand in texts for what they mean.
    named = re.search(r"\d|[a-z][A-Z]", word)
    return tr(_titles()[word]) if named and word in _titles() else word


@cache
def _labels() -> dict[str, str]:
    kinds = layer_types().values()
    return {p.name: label_of(p) for kind in kinds for p in (*kind.sizes, *kind.declarations())}


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
