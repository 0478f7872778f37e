"""Starting the window from the command line, with or without a screen.

What needs Qt is imported after the checks, which say in one line what is missing; Qt itself would take a page.
"""

from __future__ import annotations

import builtins
import gc
import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from filterlab.gui.display import check_display, check_qt


def run(files: Sequence[Path], screenshot: Path | None = None, theme: str = "") -> int:
    """Open the window with these pictures and pipelines, run until it is closed, and return the exit status.

    screenshot: write a picture of the window to this PNG instead, which needs no display. theme: "light" or "dark"
    in place of the person's own choice. Raises FilterLabError if Qt cannot start, if there is no display, and if a
    file cannot be opened for a screenshot.
    """
    if screenshot is not None:
        # Even where there is a screen, so that the picture is the same.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    load()
    from filterlab.gui.start import open_window, render

    if screenshot is None:
        return open_window(files, theme)
    render(files, screenshot, theme)
    return 0


def load() -> None:
    """Import what the window consists of. Raises FilterLabError if Qt or the display is missing."""
    # Looking for plugins, pydantic reads the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    plain = builtins.__import__
    # Hardly anything that is imported becomes garbage, and looking through all of it for some takes 0.1 s.
    gc.disable()
    try:
        check_qt()
        # PySide replaces this by a function that reads the source of every module, for features that nobody asks for
        # here; that takes 0.1 s, too.
        builtins.__import__ = plain
        check_display()
        import_module("filterlab.gui.start")
    finally:
        # Modules, functions and classes live to the end. Looking through them takes most of a collection, in which the
        # window does not answer.
        gc.freeze()
        gc.enable()
