"""The window as a process: whoever asks it to end is obeyed, without a traceback."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# The signal comes as soon as the window's loop runs.
PROGRAM = """
import os, signal, sys
from PySide6.QtCore import QTimer
from filterlab.gui.start import make_application, open_window

number = getattr(signal, sys.argv[1])
signal.signal(number, signal.SIG_DFL)  # tests that run under nohup have it ignored
make_application()
QTimer.singleShot(0, lambda: os.kill(os.getpid(), number))
raise SystemExit(open_window([]))
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_it_closes_when_it_is_asked_to_end(tmp_path, name):
    home = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, name],
        env=os.environ | home | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 0
    assert (tmp_path / "filterlab" / "session.json").exists()
