"""What went wrong, where, and what to do about it.

Every error that a person can cause is a `FilterLabError`. The command line prints it as one line, the
window shows it beside the thing that caused it; neither shows a traceback.
"""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Iterable
from os import PathLike
from typing import Any

MOST_SHOWN = 60  # letters of a value in a message
_LONGEST_PATH = 150  # letters of a path in a message
_MOST_COMPARED = 60  # letters of a word for which similar ones are looked up
# For an exception that nothing here foresaw: its own words would be those of a library.
UNEXPECTED = "something went wrong inside this program (FILTERLAB_DEBUG=1 shows what and where)"


class _Shown(reprlib.Repr):
    """Visits no more of a value than a message has room for, however large or deeply nested it is."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = MOST_SHOWN

    def repr_int(self, value: int, level: int) -> str:
        # Python refuses to write out whole numbers of more than 4,300 digits.
        bits = value.bit_length()
        return super().repr_int(value, level) if bits < 10_000 else f"<a number of {bits} bits>"

    def repr_float(self, value: float, level: int) -> str:
        return repr(value)


_SHOWN = _Shown()


def shown(value: Any, most: int = MOST_SHOWN) -> str:
    """A value as a message shows it: one line of at most `most` letters."""
    text = " ".join(_SHOWN.repr(value).split())
    return text if len(text) <= most else text[: most - 3] + "..."


def printable(text: str) -> str:
    """Text with escapes in place of letters that a terminal would obey, or that no encoding has."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def shown_path(path: str | PathLike[str], most: int = _LONGEST_PATH) -> str:
    """A path as a message shows it: on one line that no terminal obeys, and of a long one the end."""
    text = printable(str(path))
    return text if len(text) <= most else "..." + text[3 - most :]


def nearest(word: Any, legal: Iterable[str], count: int = 1) -> list[str]:
    """Up to `count` legal words that `word` may be a misspelling of, the most likely first."""
    if not isinstance(word, str) or len(word) > _MOST_COMPARED:
        return []  # the time of a comparison grows with the length, which a hostile file may choose
    return difflib.get_close_matches(word, list(legal), count)


class FilterLabError(Exception):
    """An error for the person at the keyboard.

    what: the rule that was broken, with the numbers that broke it.
    where: the operation, node, parameter or file concerned.
    hint: what to do about it.
    parameter: the parameter at fault, where there is one, so that a form can mark its field.
    node: the pipeline node at fault, filled in by `at_node`.
    """

    def __init__(
        self, what: str, where: str = "", hint: str = "", *, parameter: str = "", node: str = ""
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint
        self.parameter = parameter
        self.node = node

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} ({self.hint})" if self.hint else text

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments need help to cross from a worker process to its parent.
        return _rebuild, (type(self), self.what, self.where, self.hint, self.parameter, self.node)

    def at_node(self, name: str) -> FilterLabError:
        """The same error, of the same type, saying that it happened at pipeline node `name`."""
        where = f"node {shown(name)}" + (f", {self.where}" if self.where else "")
        error = _rebuild(type(self), self.what, where, self.hint, self.parameter, name)
        return error.with_traceback(self.__traceback__)


def _rebuild(
    kind: type[FilterLabError], what: str, where: str, hint: str, parameter: str, node: str
) -> FilterLabError:
    return kind(what, where, hint, parameter=parameter, node=node)


class ShapeError(FilterLabError):
    """Array shapes or sizes that do not fit together."""


class ChannelError(ShapeError):
    """A wrong number of channels, which no other size of the picture would mend."""


class ParameterError(FilterLabError):
    """A parameter outside its legal values."""


class GradientError(FilterLabError):
    """A gradient is needed of a layer that has none."""


class NeedsSizeError(FilterLabError):
    """The answer depends on the size of the picture, and none was given."""


class ImageError(FilterLabError):
    """A picture that cannot be read or written."""


class FileError(FilterLabError):
    """A pipeline or kernel file that is missing, broken or cannot be written."""


class Cancelled(FilterLabError):  # noqa: N818 - it reports a wish, not a mistake
    """Work that was stopped at its caller's request."""
