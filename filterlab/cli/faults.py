"""Whatever ends a command, as one line for the person.

Our own errors say what to do. What the system refuses (memory, threads, open files, names) arrives as almost any type
of exception, wrapped once or twice by the library that met it. Everything else is a fault of this program. Nothing is
imported while an error is put into words, because a shortage of open files or memory may be what has to be reported.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator

from filterlab.errors import UNEXPECTED, FilterLabError, printable
from filterlab.text.system import refusal_text

LONGEST = 290  # letters of a line, not counting the program's name before it
LONGEST_WORD = 120  # letters of a name or a value in a line

_MEMORY = "there is not enough memory for this"
_THREADS = "no more threads or processes can be started here (`ulimit -u` and `ulimit -v` show the limits)"
_FILES = "too many files are open at once (`ulimit -n` shows the limit)"
_NUMBERS = {
    errno.ENOMEM: _MEMORY,
    errno.EMFILE: _FILES,
    errno.ENFILE: _FILES,
    errno.EAGAIN: _THREADS,
}
# Import errors and the like carry only the system's words, not its error number.
_PHRASES = {
    "failed to map segment": _MEMORY,
    "cannot allocate memory": _MEMORY,
    "unable to allocate": _MEMORY,
    "without exception set": _MEMORY,  # a library that does not check its allocations
    "without setting an exception": _MEMORY,
    "cannot enable executable stack": _MEMORY,
    "too many open files": _FILES,
    "start new thread": _THREADS,
    "create new thread": _THREADS,
}


def in_words(error: BaseException) -> str:
    """The message for the person about an error of any type."""
    if isinstance(error, FilterLabError):
        return str(error)
    shortage = next(filter(None, map(_shortage, _chain(error))), "")
    if shortage:
        return shortage
    if isinstance(error, RecursionError):
        return "what was given is nested too deeply"
    if isinstance(error, OSError) and error.strerror:
        return f"{_names(error)}: {refusal_text(error)}"
    if isinstance(error, ModuleNotFoundError):
        return f"the Python package {error.name} is missing (install filterlab again)"
    if isinstance(error, ImportError):
        return f"{error.name or 'a Python package'} cannot be loaded (install filterlab again)"
    return UNEXPECTED


def one_line(text: str) -> str:
    """Any text as one line for a terminal, of bounded length and without letters that a terminal would obey."""
    words = (_shortened(printable(word), LONGEST_WORD) for word in text.split())
    return _shortened(" ".join(words), LONGEST)


def _shortened(text: str, most: int) -> str:
    """The text without its middle: a line begins with what it is about and ends with what to do."""
    if len(text) <= most:
        return text
    end = most // 2 - 1
    return f"{text[: most - end - 3]}...{text[-end:]}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes, the outermost first."""
    seen: list[BaseException] = []
    found: BaseException | None = error
    # Causes can form a circle where an error is raised anew from within its own handling.
    while found is not None and found not in seen:
        yield found
        seen.append(found)
        found = found.__cause__ or found.__context__


def _shortage(error: BaseException) -> str:
    """The shortage that an error reports, in our words; empty where it reports none."""
    if isinstance(error, MemoryError):
        return _MEMORY
    if isinstance(error, OSError) and error.errno in _NUMBERS:
        return _NUMBERS[error.errno]
    # Only the types that libraries raise for want of something: another error may quote a name with such words in it.
    if isinstance(error, OSError | ImportError | RuntimeError | SystemError):
        text = str(error).lower()
        return next((words for phrase, words in _PHRASES.items() if phrase in text), "")
    return ""


def _names(error: OSError) -> str:
    given = [name for name in (error.filename, error.filename2) if name is not None]
    if given:
        return " and ".join(map(str, given))
    return "the folder this was started in" if _folder_is_gone() else "the system refuses this"


def _folder_is_gone() -> bool:
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False
