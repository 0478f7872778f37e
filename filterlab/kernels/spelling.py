"""The words of a text that spells a matrix: its characters made alike, then taken apart into tokens."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from filterlab.errors import ParameterError
from filterlab.kernels.editing import MOST_CELLS
from filterlab.text.messages import say

MOST_CHARACTERS = 1_000_000
# Numbers and signs: enough for a kernel of the greatest size in fractions with commas between them.
MOST_TOKENS = 300_000
DEEPEST = 16  # brackets within brackets: a (1, 1, h, w) weight in a call has six
SIZE = say("a kernel has at most {} by {} cells", MOST_CELLS, MOST_CELLS)

# What word processors, spreadsheets and East Asian keyboards put where a plain sign is meant. A wide comma is no
# decimal mark, which the blank after it tells.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("−‐‑‒–﹣－", "-"),
        **{"＋": "+", "．": ".", "，": ", ", "、": ", ", "；": "; "},
        **dict.fromkeys("\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009", " "),
        **dict.fromkeys("\u200a\u202f\u205f\u3000", " "),
        **dict.fromkeys("\x85\u2028\u2029", "\n"),
    }
)
_FIXED = "\xa0\u2007\u2009\u202f"  # the blanks that group digits, as in 10 000
_GROUPED = re.compile(
    rf"(?<![\d.])(?<!\d[{_FIXED}])([1-9]\d{{0,2}})((?:[{_FIXED}]\d{{3}})+)(?![{_FIXED}]*\d)"
)
_COMMA_GROUPS = re.compile(r"(?<![\d.,])([1-9]\d{0,2})((?:,\d{3})+)(?![\d,])")
_POINT_GROUPS = re.compile(r"(?<![\d.,])([1-9]\d{0,2})((?:\.\d{3})+)(?=,\d)")
_COMMA, _TWO_COMMAS = re.compile(r"\d,\d"), re.compile(r"\d,\d+,\d")
_INNER, _BRACKET = re.compile(r";[ \t]*[-+.\d]"), re.compile(r"[\[({]")
_SIGN_APART = re.compile(rf"([-+−])[{_FIXED}]+(?=[\d.])")
_QUOTED = re.compile(
    r'(?<![\w."])"[ \t]*+([+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)[ \t]*+"(?![\w."])'
)
# With three digits behind the comma it may be a thousand in groups; that stays quoted, and is refused.
_QUOTED_COMMA = re.compile(r'(?<![\w."])"[ \t]*+([+-]?\d++),(\d{1,2}|\d{4,}+)[ \t]*+"(?![\w."])')

_NUMBERS = {
    ".": r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?",
    # Neither a second mark nor a point: 1,0,-1 and 1.5 are not written with decimal commas.
    ",": r"[+-]?\d++(?:,\d++)?+(?:[eE][+-]?\d++)?+(?![.,]?\d)",
}
_SIGNS = {
    ".": r"[\[\](){},;=*/+-]",
    # Beside decimal commas, one that parts cells has a blank or a bracket behind it.
    ",": r"[\[\](){};=*/+-]|,(?=\s|\Z|[\[\](){}])",
}
_TOKENS = {
    mark: re.compile(
        # A percent sign behind a digit is no comment: what follows 25 % must not be left out in silence.
        r"(?P<comment>(?:#|(?<![\d.])%)[^\n]*)|(?P<blank>[ \t\f\v]+|\.\.\.[ \t]*\n)|(?P<newline>\n\s*)"
        rf"|(?P<number>{_NUMBERS[mark]})(?P<suffix>[fF]\b)?|(?P<name>[^\W\d][\w.]*)|(?P<sign>{_SIGNS[mark]})"
        r"|(?P<other>.)"
    )
    for mark in _NUMBERS
}


class Token(NamedTuple):
    """kind: number, name, sign, newline or end. gap: the blanks before it; a comment and a new line are a blank."""

    kind: str
    text: str
    line: int
    gap: str


def text_error(what: str, hint: str = "", line: int = 0) -> ParameterError:
    """An error about the text of a kernel, or about a line of it."""
    where = f"line {line}" if line else "kernel text"
    hint = hint if hint else say("write rows of numbers, as 1 2 1 / 0 0 0 on two lines")
    return ParameterError(what, where, hint, parameter="text")


def quoted(text: str) -> str:
    """A piece of the text as an error shows it, on one line and not too long."""
    return repr(text if len(text) <= 30 else text[:29] + "…")


def number_text(value: Any) -> str:
    """The shortest digits that read back as the same number in its own precision: 0.1 for float32(0.1)."""
    text = str(np.asarray(value)[()])
    return text.removesuffix(".0").replace("-0", "0") if text in ("-0.0", "-0") else text.removesuffix(".0")


def spellings(text: str) -> tuple[str, ...]:
    """The text with line ends, signs, quotes and blanks made alike, last; before it, if they differ, its groups joined.

    Groups are the digits of thousands where fixed blanks, or in a table commas or points, may stand between them.
    """
    text = _SIGN_APART.sub(r"\1", text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    joined = [_joined(_GROUPED, text)]
    if _is_table(text):
        # Where others stand between digits, the commas of the groups are like them, and part cells.
        joined += [
            each
            for groups, others in ((_POINT_GROUPS, _TWO_COMMAS), (_COMMA_GROUPS, _COMMA))
            if not others.search(each := _joined(groups, text))
        ]
    return tuple(_alike(each) for each in (*dict.fromkeys(each for each in joined if each != text), text))


def _is_table(text: str) -> bool:
    """Return whether tabs part cells, or semicolons in more than one line, and no brackets are around them."""
    semicolons = (line for line in text.split("\n") if _INNER.search(line))
    return not _BRACKET.search(text) and ("\t" in text or len(list(islice(semicolons, 2))) == 2)


def _joined(groups: re.Pattern[str], text: str) -> str:
    return groups.sub(lambda found: found[1] + re.sub(r"\D", "", found[2]), text)


def _alike(text: str) -> str:
    text = text.translate(_ALIKE)
    return _QUOTED.sub(r"\1", _QUOTED_COMMA.sub(r"\1.\2", text)) if '"' in text else text


def tokens(text: str, mark: str = ".") -> list[Token]:
    """The text taken apart; mark: the decimal mark, "." or ",".

    Raises ParameterError for a character that belongs into no matrix, and for more than a kernel can need.
    """
    found: list[Token] = []
    line, depth, gap = 1, 0, " "
    for match in _TOKENS[mark].finditer(text):
        kind, word = match.lastgroup, match.group()
        if kind == "comment":
            gap += " "
        elif kind == "blank":
            gap += word
        elif kind == "other":
            hint = say("write 0.25 for 25 %") if word == "%" else ""
            raise text_error(say("{!r} does not belong in a matrix", word), hint, line)
        else:
            kind = "number" if kind == "suffix" else kind or ""
            found.append(Token(kind, match["number"] or word, line, gap))
            gap = " " if kind == "newline" else ""
            depth += (word in "[({") - (word in "])}")
            _check_bounds(len(found), depth, line)
        line += word.count("\n")
    return found


def _check_bounds(count: int, depth: int, line: int) -> None:
    if count > MOST_TOKENS:
        raise text_error(say("there are more than {} numbers and signs", MOST_TOKENS), SIZE, line)
    if depth > DEEPEST:
        what = say("brackets are nested more than {} deep", DEEPEST)
        raise text_error(what, "give one matrix: rows of numbers", line)
