"""`filterlab [FILE...]`: open the window, or render it to a picture."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable, Sequence
from typing import Any

from filterlab.cli.parser import path
from filterlab.errors import FileError
from filterlab.text.messages import say

NAME = "window"
_THEMES = ("system", "light", "dark")
_EPILOG = "`filterlab FILE...` is short for `filterlab window FILE...`, and `filterlab` alone for `filterlab window`."


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser(
        NAME, help="open the window (the default without a command)", description=__doc__, epilog=_EPILOG
    )
    p.add_argument(
        "files", metavar="FILE", nargs="*", type=path, help="a picture, pipeline or kernel to open"
    )
    p.add_argument(
        "--screenshot",
        metavar="OUT.png",
        type=path,
        help="render the window to this file and exit; needs no display",
    )
    p.add_argument(
        "--theme",
        choices=_THEMES,
        default="",
        help="the theme to use instead of the one chosen in the window",
    )
    p.set_defaults(execute=execute)


def with_command(argv: Sequence[str], commands: Iterable[str]) -> list[str]:
    """`argv` with the command `window` inserted where it names no command."""
    first = argv[0] if argv else ""
    # A picture that is named like a command has to be given with its folder: ./run.
    if first in ("-h", "--help", "--version") or first in commands:
        return list(argv)
    return [NAME, *argv]


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises FilterLabError for missing files and where no window can be opened."""
    for file in arguments.files:
        if not file.exists():
            from filterlab.cli.parser import command_names

            # A word that is no command is taken for a file, so that misspelt commands end up here.
            close = difflib.get_close_matches(str(file), command_names(), 1)
            hint = (
                say("did you mean the command {!r}?", close[0])
                if close
                else say("`filterlab --help` lists the commands")
            )
            raise FileError("there is no such file or command", str(file), hint)
    from filterlab.cli.limits import check_window

    check_window()
    from filterlab.gui.app import run

    return run(arguments.files, arguments.screenshot, arguments.theme)
