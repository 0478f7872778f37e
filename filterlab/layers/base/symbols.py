"""Formulas of single values, in symbols and in numbers: y = max(0, x) = max(0, −0.25) = 0."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from filterlab.text.numbers import MINUS, exact

LISTED = 16  # numbers that are written one by one; of a longer list only the length is shown

_FIELD = re.compile(r"\{(\w+)\}")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "eps": "ε",
    "mean": "μ",
    "var": "σ²",
    "std": "σ",
    "lambda": "λ",
}


def equation(
    template: str, values: Mapping[str, Any], result: Any, symbols_of: Mapping[str, str] | None = None
) -> str:
    """`template`, whose {fields} are the names of `values`, with the names, then with the numbers, then `result`.

    Products, quotients and powers are written with ·, / and ^; a number has as many digits as its dtype distinguishes.
    symbols_of: the symbols of names that are not a letter, such as sums.
    """
    names = {**_GREEK, **(symbols_of or {})}
    # Not str.format: braces are the only signs with a meaning here, and a field that is missing keeps its name.
    symbols = _FIELD.sub(lambda found: names.get(found[1], found[1]), template)
    numbers = _FIELD.sub(lambda found: _number(template, found, values[found[1]]), template)
    # y = x = 0.5 = 0.5 would say the same twice: equal neighbours are written once.
    sides = ["y", symbols, *([numbers] if numbers != symbols else []), exact(result)]
    return " = ".join(side for i, side in enumerate(sides) if i == 0 or side != sides[i - 1])


def _number(template: str, found: re.Match[str], value: Any) -> str:
    """A number as text; a negative one in brackets, unless brackets, bars or commas separate it already."""
    text = exact(value)
    before, after = template[: found.start()], template[found.end() :]
    alone = (not before or before.endswith(("(", "|", ", "))) and (
        not after or after.startswith((")", ",", "|"))
    )
    return text if alone or not text.startswith(MINUS) else f"({text})"


def listed(name: str, values: Sequence[Any]) -> str:
    """name(a, b, c), or name(x₁, …, x₁₀₀) where there are more than `LISTED`."""
    if len(values) > LISTED:
        return f"{name}(x₁, …, x{lowered(len(values))})"
    return f"{name}({', '.join(exact(value) for value in values)})"


def lowered(number: int) -> str:
    """A number as subscript: ₁₂."""
    return str(number).translate(_LOWERED)
