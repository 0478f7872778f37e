"""The conditions of `--where`: a small grammar of its own, which can say nothing but what is listed here.

    condition   =  both { "or" both }
    both        =  one { "and" one }
    one         =  "not" one  |  "(" condition ")"  |  comparison
    comparison  =  operand relation operand { relation operand }
    relation    =  "<"  |  "<="  |  ">"  |  ">="  |  "=="  |  "!="  |  "like"
    operand     =  field  |  number  |  text

Fields with numbers are width, height, channels, pages and bytes; with texts, suffix and name. A number may end in K, M
or G, powers of 1024. A text stands in quotes; behind `like` it is a pattern with *, ? and [ ], as for files.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from filterlab.batch.options.kinds import Text
from filterlab.errors import ParameterError, nearest, shown
from filterlab.text.messages import say

FIELDS: dict[str, type] = {
    **dict.fromkeys(("width", "height", "channels", "pages", "bytes"), float),
    **dict.fromkeys(("suffix", "name"), str),
}
_RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    **{"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge},
    **{"==": operator.eq, "=": operator.eq, "!=": operator.ne, "like": fnmatchcase},
}
_LONGEST, _DEEPEST = 2_000, 50  # letters; parentheses and "not" within each other
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]{1,15}(?:\.[0-9]{1,15})?)(?P<unit>[KMGkmg]?)(?![\w.])"
    r"|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<word>[^\W\d]\w*)"
    r"|(?P<sign><=|>=|==|!=|[<>=()]))"
)

Test = Callable[[Any], bool]  # of an object that has the fields as attributes


class _Token(NamedTuple):
    kind: str  # "number", "text", "word", "sign" or "end"
    value: Any
    start: int


class _Operand(NamedTuple):
    type: type
    value: Callable[[Any], Any]
    start: int


@lru_cache(maxsize=8)
def condition(text: str) -> Test:
    """The test that a condition asks for. Raises ParameterError naming the place in the text."""
    return _Parser(text).whole()


@dataclass(frozen=True)
class ConditionText(Text):
    """The text of a condition."""

    def parse(self, value: Any, name: str) -> Any:
        condition(super().parse(value, name))
        return value


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        if len(text) > _LONGEST:
            raise self._error(say("it is too long"), _LONGEST, say("at most {:,} letters", _LONGEST))
        self._tokens = list(self._split())
        self._position = 0
        self._depth = 0

    def whole(self) -> Test:
        test = self._condition()
        if self._next.kind != "end":
            raise self._unexpected(say("put and or or between two comparisons"))
        return test

    # -- tokens ---------------------------------------------------------------------------------------

    def _split(self) -> Iterator[_Token]:
        at = 0
        while self._text[at:].strip():
            match = _TOKEN.match(self._text, at)
            if match is None:
                start = at + len(self._text[at:]) - len(self._text[at:].lstrip())
                raise self._error(*self._misspelt(start))
            kind = "number" if match["number"] else str(match.lastgroup)
            start, at = match.start(kind), match.end()
            value: Any = match[kind]
            if kind == "number":
                value = float(value) * _UNITS[match["unit"].lower()]
            yield _Token(kind, value[1:-1] if kind == "text" else value, start)
        yield _Token("end", "", len(self._text))

    def _misspelt(self, start: int) -> tuple[str, int, str]:
        letter = self._text[start]
        if letter in "'\"":
            return say("a quotation mark is not closed"), start, say("end the text with {}", letter)
        if letter.isdigit():
            return say("a number is not understood"), start, say("write it as 1000, 0.5 or 10M")
        return say("{} is not understood", shown(letter)), start, _HINT

    @property
    def _next(self) -> _Token:
        return self._tokens[self._position]

    def _take(self, *values: str) -> _Token | None:
        """The next token where it is one of these words or signs, which is then passed."""
        token = self._next
        if token.kind not in ("word", "sign") or token.value not in values:
            return None
        self._position += 1
        return token

    def _error(self, what: str, start: int, hint: str) -> ParameterError:
        message = say("{} at letter {} of {}", what, start + 1, shown(self._text))
        return ParameterError(message, hint=hint, parameter="where")

    def _unexpected(self, hint: str) -> ParameterError:
        token = self._next
        if token.kind == "end":
            return self._error(say("something is missing"), token.start, hint)
        return self._error(say("{} is not expected", shown(token.value)), token.start, hint)

    # -- grammar --------------------------------------------------------------------------------------

    def _condition(self) -> Test:
        tests = [self._both()]
        while self._take("or"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda facts: any(test(facts) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._take("and"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda facts: all(test(facts) for test in tests)

    def _one(self) -> Test:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error(
                say("it is nested too deeply"), self._next.start, say("write it in a simpler way")
            )
        test = self._inner()
        self._depth -= 1
        return test

    def _inner(self) -> Test:
        if self._take("not"):
            denied = self._one()
            return lambda facts: not denied(facts)
        if self._take("("):
            test = self._condition()
            if not self._take(")"):
                raise self._unexpected(say("close the parenthesis"))
            return test
        return self._comparison()

    def _comparison(self) -> Test:
        operands, relations = [self._operand()], []
        while relation := self._take(*_RELATIONS):
            relations.append(relation)
            operands.append(self._operand())
        if not relations:
            raise self._unexpected(
                say("compare with {}", ", ".join(name for name in _RELATIONS if name != "="))
            )
        pairs = [(*pair, relation) for pair, relation in zip(pairwise(operands), relations, strict=True)]
        tests = [self._related(one, other, relation) for one, other, relation in pairs]
        return lambda facts: all(test(facts) for test in tests)

    def _related(self, one: _Operand, other: _Operand, relation: _Token) -> Test:
        if one.type is not other.type:
            raise self._error(
                say("a number is compared with a text"),
                other.start,
                say("texts stand in quotes, numbers do not"),
            )
        if relation.value == "like" and one.type is not str:
            raise self._error(say("like compares texts"), relation.start, say("use == for numbers"))
        related, left, right = _RELATIONS[relation.value], one.value, other.value
        return lambda facts: related(left(facts), right(facts))

    def _operand(self) -> _Operand:
        token = self._next
        if token.kind in ("number", "text"):
            self._position += 1
            return _Operand(float if token.kind == "number" else str, lambda _: token.value, token.start)
        if token.kind == "word" and token.value not in ("and", "or", "not", "like"):
            if token.value not in FIELDS:
                close = nearest(token.value, FIELDS)
                meant = say("did you mean {}? ", close[0]) if close else ""
                raise self._error(say("{} is not known", shown(token.value)), token.start, meant + _HINT)
            self._position += 1
            return _Operand(FIELDS[token.value], operator.attrgetter(token.value), token.start)
        raise self._unexpected(_HINT)


_HINT = say("fields: {}; texts stand in quotes", ", ".join(FIELDS))
