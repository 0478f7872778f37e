"""The window as a process: whoever asks it to end is obeyed, without a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from filterlab.gui.files.session.file import read_state

# The signal comes as soon as the window's loop runs.
PROGRAM = """
import os, signal, sys
from PySide6.QtCore import QTimer
from filterlab.gui import start

number = getattr(signal, sys.argv[1])
signal.signal(number, signal.SIG_DFL)  # tests that run under nohup have it ignored
start.make_application()
start.GRACE = 100  # a slow machine must not decide
QTimer.singleShot(0, lambda: os.kill(os.getpid(), number))
raise SystemExit(start.open_window([]))
"""

# Work that nobody has saved, and the question about it open; with another argument the window does nothing any more.
UNSAVED = """
import os, signal, sys, time
from PySide6.QtCore import QTimer
from filterlab import Filter2d, kernels
from filterlab.gui import start

def work():
    (window,) = [w for w in start.QApplication.topLevelWidgets() if isinstance(w, start.MainWindow)]
    node = ("box", Filter2d(kernels.box(3)))
    window.bench.document.edit("Edit", type(window.bench.document.pipeline)([node]))
    window.close()
    os.kill(os.getpid(), getattr(signal, sys.argv[1]))
    if "hang" in sys.argv:
        time.sleep(100)

start.GRACE = 0.1 if "hang" in sys.argv else 100
for name in ("SIGINT", "SIGTERM", "SIGHUP"):
    signal.signal(getattr(signal, name), signal.SIG_DFL)
start.make_application()
QTimer.singleShot(0, work)
raise SystemExit(start.open_window([]))
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_it_closes_when_it_is_asked_to_end(tmp_path, name):
    done = run(tmp_path, PROGRAM, name)
    assert "Traceback" not in done.stderr
    assert done.returncode == 0
    assert (tmp_path / "filterlab" / "session.json").exists()


def test_unsaved_work_is_left_to_the_next_start_without_a_question(tmp_path):
    done = run(tmp_path, UNSAVED, "SIGTERM")
    assert "Traceback" not in done.stderr
    assert done.returncode == 0
    (file,) = (tmp_path / "filterlab" / "recovery").glob("*.json")
    state = read_state(file)
    assert [node.name for node in state.pipeline.nodes] == ["box"]
    assert not state.saved
    assert not file.with_suffix(".lock").exists(), "the next start takes it for its own"


def test_a_window_that_does_not_answer_is_ended(tmp_path):
    assert run(tmp_path, UNSAVED, "SIGTERM", "hang").returncode == 128 + signal.SIGTERM


def run(tmp_path, program, *arguments):
    home = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(tmp_path))
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=os.environ | home | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
