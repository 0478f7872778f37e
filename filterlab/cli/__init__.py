"""The `filterlab` command.

Nothing heavy is imported before a command runs, so that `--help` answers at once.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import warnings
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn

from filterlab.cli import limits, streams
from filterlab.cli.exits import INTERRUPTED, SOME_FAILED, WRONG, say
from filterlab.cli.faults import in_words
from filterlab.notices import tell


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command (`sys.argv` by default) and return its exit status; raises nothing.

    0: everything was done. 1: some pictures failed, or the results could not be printed. 2: the command or the pipeline
    was wrong. 130: stopped by Ctrl-C.
    """
    tell(say)
    try:
        status = _run(sys.argv[1:] if argv is None else argv)
        # Inside the try: a full disk or a closed pipe often shows only when the last buffer is written.
        streams.flush_output()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except streams.OutputError as error:
        words = streams.output_words(error)
        if words:
            say(words)
        return SOME_FAILED
    except Exception as error:
        # Python wraps a Ctrl-C that comes while it creates a class.
        if isinstance(error.__cause__, KeyboardInterrupt):
            return INTERRUPTED
        if _debugging():
            raise
        say(in_words(error))
        return WRONG
    finally:
        # A program that calls `main` must not find its own notices printed as ours afterwards.
        tell(None)


def _run(argv: Sequence[str]) -> int:
    from filterlab.cli.parser import command_names, make_parser, spell_out
    from filterlab.cli.window import with_command

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # overflowing numbers are results here: infinities are shown as such
        try:
            arguments = make_parser().parse_args(spell_out(with_command(argv, command_names())))
        except SystemExit as end:  # argparse, after help and after its errors
            return end.code if isinstance(end.code, int) else WRONG
        status: int = arguments.execute(arguments)
        return status


def entry() -> NoReturn:
    """Run `main` as a program, and exit without waiting for threads that still compute."""
    streams.prepare()
    limits.watch_imports()
    _listen()
    if not _debugging():
        sys.unraisablehook = _lost
        threading.excepthook = _thread_ended
    status = main()
    if status == INTERRUPTED:
        atexit._run_exitfuncs()  # removes what libraries keep outside the process; threads are not joined
        os._exit(_interrupted_status)
    sys.exit(status)


def _debugging() -> bool:
    return bool(os.environ.get("FILTERLAB_DEBUG"))


def _lost(unraisable: Any) -> None:
    """Ignore errors that Python cannot raise, as in a destructor when memory is short: they change no result."""


def _thread_ended(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        say(in_words(arguments.exc_value))


_interrupted_status = INTERRUPTED


def _listen() -> None:
    """Make SIGTERM, and the SIGHUP of a closing terminal, end the program as Ctrl-C does."""
    for name in ("SIGTERM", "SIGHUP"):
        with suppress(ValueError, AttributeError):  # not the main thread; no such signal on Windows
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` sets that, and means it
                signal.signal(number, _terminated)


def _terminated(number: int, frame: FrameType | None) -> None:
    global _interrupted_status
    _interrupted_status = 128 + number
    raise KeyboardInterrupt  # leaves by the same way as Ctrl-C, which removes half-written files
