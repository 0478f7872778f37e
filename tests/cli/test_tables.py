"""Tables and bars on a terminal, and where there is none."""

from __future__ import annotations

import sys
import threading

import pytest

from filterlab.cli.tables import print_table
from filterlab.cli.watching import watched


def test_no_cell_tells_a_terminal_what_to_do(capsys):
    print_table(("class",), [("\x1b[31mred\udcff",), ("é 中",)])
    rows = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert rows == ["class", "\\x1b[31mred\\udcff", "é 中"]


@pytest.mark.parametrize("columns", ["1", "0", "20"])
def test_a_table_on_a_narrow_screen_is_wrapped_not_emptied(capsys, monkeypatch, columns):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", columns)
    print_table(("name", "what it does"), [("sobel", "strong answers to edges, " * 10)])
    printed = capsys.readouterr().out
    assert printed.count("strong") == printed.count("edges") == 10
    assert max(map(len, printed.splitlines()[1:])) <= 60


def test_a_bar_needs_no_thread(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(threading.Thread, "start", lambda self: pytest.fail("a thread was started"))
    with watched("steps", 3) as tell:
        tell(1, "loss 0.5")
        tell.line("epoch\n1 \x1b[31m")
    printed = capsys.readouterr().err
    assert "1/3" in printed
    assert "loss 0.5" in printed
    assert "epoch 1 \\x1b[31m" in printed


@pytest.mark.parametrize("stream", ["closed", "a file"])
def test_nobody_sees_a_bar(capsys, monkeypatch, stream):
    if stream == "closed":
        monkeypatch.setattr(sys, "stderr", None)
    with watched("steps", 3) as tell:
        tell(1, "loss 0.5")
        tell.line("epoch 1")
    assert capsys.readouterr().err == ("" if stream == "closed" else "epoch 1\n")
