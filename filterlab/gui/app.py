"""Starting the window: what was asked for on the command line, with or without a screen."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from filterlab.gui.display import check_display, check_qt


def run(files: Sequence[Path], screenshot: Path | None = None, theme: str = "") -> int:
    """Open the window with these pictures and pipelines, stay until it is closed and give the exit status.

    screenshot: render the window to this PNG instead, with or without a display. theme: "light" or "dark"
    instead of the person's own. Raises FilterLabError where Qt cannot start, where there is no display, and
    for files that cannot be opened for a screenshot.
    """
    check_qt()
    if screenshot is None:
        check_display()
        from filterlab.gui.start import open_window

        return open_window(files, theme)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # the same picture with and without a screen
    from filterlab.gui.start import render

    render(files, screenshot, theme)
    return 0
