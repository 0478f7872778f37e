"""The window as a process: whoever asks it to end is obeyed, without a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_it_closes_when_it_is_asked_to_end(tmp_path, name):
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", "filterlab"],
        env=os.environ | home | {"QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            # The start page, once it is up, keeps its thumbnails.
            for _ in range(600):
                if any(tmp_path.rglob("*.png")):
                    break
                time.sleep(0.1)
            process.send_signal(getattr(signal, name))
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert "Traceback" not in errors
    assert process.returncode == 0
    assert (tmp_path / "filterlab" / "session.json").exists()
