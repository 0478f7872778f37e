"""Checking that a window can be opened here, because Qt itself ends the process with a page of text if it cannot.

`python -m filterlab.gui.display [qt]` says in one line what is missing, with exit status 1. With `qt` a screen is
not needed.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from filterlab.errors import FilterLabError
from filterlab.text.messages import say

_LIBRARIES = (
    "libegl1 libgl1 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libglib2.0-0 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0"
)
_HINT = say("install Qt's system libraries, on Debian and Ubuntu: apt install {}", _LIBRARIES)


def check_qt() -> None:
    """Raise FilterLabError, which says what to install, if Qt or a library of the system that it needs is missing."""
    try:
        import PySide6.QtWidgets  # noqa: F401

        if find_spec("pyqtgraph") is None:  # not imported yet: it takes 0.1 s
            raise ImportError("No module named 'pyqtgraph'")
    except ImportError as error:
        system = ".so" in str(error)
        hint = _HINT if system else "install it: pip install PySide6-Essentials pyqtgraph"
        raise FilterLabError(
            say("the window cannot start: {}", error), hint=say("{}; `filterlab run` works without it", hint)
        ) from None


def check_display() -> None:
    """Raise FilterLabError if there is no screen to open a window on. Call `check_qt` first."""
    if os.environ.get("QT_QPA_PLATFORM") or not sys.platform.startswith("linux"):
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        return
    if not os.environ.get("DISPLAY") or not _server_answers():
        raise FilterLabError(
            "there is no display to open a window on",
            hint="start it in a desktop session, or use `filterlab --screenshot OUT.png` or `filterlab run`",
        )
    _load_plugin()


def _server_answers() -> bool:
    """Whether the X server of DISPLAY accepts a connection."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")  # not by `find_library`, which starts a process to look for it
    except OSError:
        return True  # the plugin will say which library is missing
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    try:
        return xcb.xcb_connection_has_error(connection) == 0
    finally:
        xcb.xcb_disconnect(connection)


def _load_plugin() -> None:
    """Load Qt's X11 plugin, as Qt will do later, to find out which system library it misses, if any."""
    import PySide6

    plugin = Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    if not plugin.exists():
        return  # Qt was installed by the system, whose packages bring the libraries they need
    with suppress(AttributeError):
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            raise FilterLabError(say("the window cannot start: {}", error), hint=_HINT) from None


def main(arguments: list[str]) -> int:
    """Say on stderr what is missing, and return the exit status."""
    try:
        check_qt()
        if "qt" not in arguments:
            check_display()
    except FilterLabError as error:
        print(f"filterlab: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
