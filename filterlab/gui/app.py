"""Starting the window from the command line, with or without a screen.

What needs Qt is imported after the checks, which say in one line what is missing; Qt itself would take a page.
"""

from __future__ import annotations

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
    # Before Qt: once PySide is there, it reads the source of every module that is imported, which takes 0.1 s here.
    import_module("filterlab.pipeline")
    check_qt()
    if screenshot is None:
        check_display()
        from filterlab.gui.start import open_window

        return open_window(files, theme)
    os.environ["QT_QPA_PLATFORM"] = (
        "offscreen"  # even where there is a screen, so that the picture is the same
    )
    from filterlab.gui.start import render

    render(files, screenshot, theme)
    return 0
