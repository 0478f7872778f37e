"""The `filterlab` command.

Nothing heavy is imported before a command runs, so that help is there at once.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from filterlab.errors import FilterLabError

DONE, SOME_FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command (`sys.argv` by default) and return its exit status; raises nothing.

    0: all done. 1: some pictures failed. 2: the command or the pipeline was wrong. 130: stopped by Ctrl-C.
    """
    try:
        from filterlab.cli.parser import command_names, make_parser, spell_out
        from filterlab.cli.window import with_command

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # numbers that overflow are shown as they are
            words = with_command(sys.argv[1:] if argv is None else argv, command_names())
            arguments = make_parser().parse_args(spell_out(words))
            status: int = arguments.execute(arguments)
            sys.stdout.flush()
            return status
    except SystemExit as end:  # argparse, after help and after its errors
        return end.code if isinstance(end.code, int) else WRONG
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has seen enough, as in `filterlab kernels | head`; Python must not flush into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_FAILED
    except Exception as error:
        if isinstance(error.__cause__, KeyboardInterrupt):  # Ctrl-C while a class was being made
            return INTERRUPTED
        if os.environ.get("FILTERLAB_DEBUG"):
            raise
        say(_one_line(error))
        return WRONG


def say(message: str) -> None:
    """One line on the error stream."""
    print("filterlab: " + " ".join(message.split()), file=sys.stderr)


def _one_line(error: Exception) -> str:
    if isinstance(error, FilterLabError):
        return str(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory for this"
    name = type(error).__name__
    return f"unexpected {name}: {error} (a fault of this program; FILTERLAB_DEBUG=1 shows where)"


def entry() -> NoReturn:
    """The program: `main`, then out at once, without waiting for threads that still compute."""
    _listen()
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    status = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    if status == INTERRUPTED:
        atexit._run_exitfuncs()  # locks that processes shared are given back; threads are not waited for
        os._exit(_interrupted_status)
    sys.exit(status)


_interrupted_status = INTERRUPTED


def _listen() -> None:
    """Let SIGTERM, and SIGHUP of a terminal that closes, end the program as Ctrl-C does."""
    for name in ("SIGTERM", "SIGHUP"):
        with suppress(ValueError, AttributeError):  # another thread; Windows
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` has it
                signal.signal(number, _terminated)


def _terminated(number: int, frame: FrameType | None) -> None:
    global _interrupted_status
    _interrupted_status = 128 + number
    raise KeyboardInterrupt  # the same way out: half-written files are removed
