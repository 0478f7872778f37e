"""`filterlab [FILE...]`: when the window is meant, and what is said where there is none."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

import filterlab as fl
from filterlab.cli import main
from filterlab.cli.window import with_command
from filterlab.resources import examples, samples

COMMANDS = ["run", "info", "window"]


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ([], ["window"]),
        (["a.png"], ["window", "a.png"]),
        (["--screenshot", "o.png", "a.png"], ["window", "--screenshot", "o.png", "a.png"]),
        (["run", "p.json"], ["run", "p.json"]),
        (["--help"], ["--help"]),
        (["--version"], ["--version"]),
        (["window"], ["window"]),
    ],
)
def test_without_a_command_the_window_is_meant(argv, expected):
    assert with_command(argv, COMMANDS) == expected


def test_a_word_that_is_neither_file_nor_command(capsys):
    assert main(["rnu"]) == 2
    assert "no such file or command (did you mean the command 'run'?)" in capsys.readouterr().err


def filterlab(*arguments, **environment):
    plain = {
        k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        [sys.executable, "-m", "filterlab", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**plain, **environment},
    )


@pytest.mark.parametrize("display", [{}, {"DISPLAY": ":987"}])
def test_without_a_display_one_line_says_what_to_do(display):
    done = filterlab(samples()["coffee"], **display)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "no display" in done.stderr
    assert "--screenshot" in done.stderr


def test_a_screenshot_needs_no_display(tmp_path):
    done = filterlab("--screenshot", tmp_path / "w.png", samples()["coffee"], examples()["edges"])
    assert (done.returncode, done.stderr) == (0, "")
    shown = fl.read_image(tmp_path / "w.png")
    assert shown.shape == (3, 1000, 1600)
    assert len(np.unique(shown)) > 100  # the picture and its maps are on it


def test_a_screenshot_of_a_broken_file_says_why(tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    done = filterlab("--screenshot", tmp_path / "w.png", broken)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "broken.png" in done.stderr
    assert not (tmp_path / "w.png").exists()


def test_missing_system_libraries_are_named():
    """As on a machine where Qt is installed and a library that it needs is not."""
    code = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "PySide6.QtWidgets":
            raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
sys.meta_path.insert(0, Missing())
from filterlab.gui.display import main
sys.exit(main(["qt"]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "libEGL.so.1" in done.stderr
    assert "apt install" in done.stderr
