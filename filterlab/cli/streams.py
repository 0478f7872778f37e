"""Standard input, output and error in any state that a caller may leave them in: closed, full, without a reader."""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from contextlib import suppress
from typing import Any, TextIO

from filterlab.text.system import refusal_text


class OutputError(OSError):
    """Standard output cannot be written, so nobody sees the results. errno: the system's reason."""


def prepare() -> None:
    """Make all three streams usable, whichever were closed. Call it in a process of our own, before it opens a file.

    Characters that the encoding lacks are written escaped. A failing standard output raises OutputError, once; what
    cannot be written to the error stream is dropped, because there is nowhere left to report it.
    """
    _occupy()
    sys.stdin = sys.stdin or open(0, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    sys.stdout = _stream(sys.stdout, 1, _Output)
    sys.stderr = _stream(sys.stderr, 2, _Errors)


def _occupy() -> None:
    """Open the null device in place of closed descriptors; else the first file opened would receive what is printed."""
    # Standard output is opened for reading, so that lost results are noticed; input is empty, errors are dropped.
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                # The system gives the lowest free number, which is this one. Child processes inherit it.
                os.set_inheritable(os.open(os.devnull, flags), True)


class _Output(io.FileIO):
    """Raises OutputError at the first failure, then drops everything: Python would try again, and complain, at exit."""

    failed = False

    def write(self, data: Any, /) -> int:
        if self.failed:
            return memoryview(data).nbytes
        try:
            while (written := super().write(data)) is None:
                select.select((), (self,), ())  # full, and set not to wait by a program that shares it
        except OSError as error:
            self.failed = True
            raise OutputError(error.errno, error.strerror) from None
        return written


class _Errors(io.FileIO):
    """Accepts everything, and drops what cannot be written."""

    def write(self, data: Any, /) -> int:
        written = None  # stays None also where the stream does not wait and cannot take more now
        with suppress(OSError):
            written = super().write(data)
        return memoryview(data).nbytes if written is None else written


def _stream(given: TextIO | None, number: int, kind: type[_Output | _Errors]) -> TextIO:
    """A stream with the encoding of the given one, on a raw file of this kind."""
    if given is not None and not _plain(given):
        with suppress(AttributeError):
            given.reconfigure(errors="backslashreplace")  # type: ignore[attr-defined]
        return given
    encoding = "utf-8" if given is None else given.encoding
    # closefd=False: a stream that is collected must not close the descriptor, which others may use.
    buffer = io.BufferedWriter(kind(number, "w", closefd=False))
    # A person sees each line at once; a program or a file gets blocks, which is much faster.
    immediate = number == 2 or buffer.isatty()
    return io.TextIOWrapper(buffer, encoding, errors="backslashreplace", line_buffering=immediate)


def _plain(stream: TextIO) -> bool:
    """Return whether the stream writes straight to a descriptor, unlike a Windows console or a caller's replacement."""
    buffer = getattr(stream, "buffer", None)
    return type(getattr(buffer, "raw", buffer)) is io.FileIO


def flush_output() -> None:
    """Write what standard output has buffered. Raises OutputError."""
    if sys.stdout is not None:
        sys.stdout.flush()


def output_words(error: OutputError) -> str:
    """The message for the person; empty where the reader has seen enough, as in `filterlab kernels | head`."""
    if error.errno == errno.EPIPE:
        return ""
    reason = "it is closed" if error.errno == errno.EBADF else refusal_text(error, writing=True)
    return f"standard output cannot be written: {reason}"
