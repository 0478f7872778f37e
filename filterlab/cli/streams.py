"""Standard input, output and error as a caller may leave them: closed, full, or without a reader."""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from contextlib import suppress
from typing import Any, TextIO


class OutputError(OSError):
    """Standard output cannot be written, so that nobody sees the results. With the system's number of the reason."""


def prepare() -> None:
    """Make all three streams usable, whatever was closed. For a process of our own, before it opens a file.

    Text that an encoding lacks is written escaped. What cannot be written to standard output raises OutputError, once;
    what cannot be written to the error stream is dropped: there is nowhere left to say so.
    """
    _occupy()
    sys.stdin = sys.stdin or open(0, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    sys.stdout = _stream(sys.stdout, 1, _Output)
    sys.stderr = _stream(sys.stderr, 2, _Errors)


def _occupy() -> None:
    """Open the null device in place of closed descriptors: the first picture opened would get what is printed."""
    # Standard output stays unwritable, so that lost results are noticed; input is empty, errors go nowhere.
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                # The lowest free number is given, which is this one. Processes that are started inherit it.
                os.set_inheritable(os.open(os.devnull, flags), True)


class _Output(io.FileIO):
    """Raises OutputError at the first failure. The rest is dropped: Python tries again as it exits, and complains."""

    failed = False

    def write(self, data: Any, /) -> int:
        if self.failed:
            return memoryview(data).nbytes
        try:
            while (written := super().write(data)) is None:
                select.select((), (self,), ())  # shared with a program that set it not to wait, and full
        except OSError as error:
            self.failed = True
            raise OutputError(error.errno, error.strerror) from None
        return written


class _Errors(io.FileIO):
    """Takes everything, and loses what cannot be written."""

    def write(self, data: Any, /) -> int:
        written = None  # also where the stream does not wait and cannot take more now
        with suppress(OSError):
            written = super().write(data)
        return memoryview(data).nbytes if written is None else written


def _stream(given: TextIO | None, number: int, kind: type[_Output | _Errors]) -> TextIO:
    """The stream as it was given, on a descriptor of this kind."""
    if given is not None and not _plain(given):
        with suppress(AttributeError):
            given.reconfigure(errors="backslashreplace")  # type: ignore[attr-defined]
        return given
    encoding = "utf-8" if given is None else given.encoding
    buffer = io.BufferedWriter(kind(number, "w", closefd=False))
    immediate = number == 2 or buffer.isatty()
    return io.TextIOWrapper(buffer, encoding, errors="backslashreplace", line_buffering=immediate)


def _plain(stream: TextIO) -> bool:
    """Whether it writes to a descriptor and nothing else: not a console of Windows, nor a caller's replacement."""
    buffer = getattr(stream, "buffer", None)
    return type(getattr(buffer, "raw", buffer)) is io.FileIO


def flush_output() -> None:
    """Write what is waiting for standard output. Raises OutputError."""
    if sys.stdout is not None:
        sys.stdout.flush()


def output_words(error: OutputError) -> str:
    """What to tell the person; nothing where the reader has seen enough, as in `filterlab kernels | head`."""
    if error.errno == errno.EPIPE:
        return ""
    reason = "it is closed" if error.errno == errno.EBADF else error.strerror
    return f"standard output cannot be written: {reason}"
