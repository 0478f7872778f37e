"""What a person sees of a long run, and what a program sees that reads the error stream."""

from __future__ import annotations

import io
import sys

import pytest

from filterlab.cli import watching


class Terminal(io.StringIO):
    def isatty(self):
        return True


def watch(monkeypatch, stream, total):
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(watching, "_PAUSE", 0)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    with watching.watched("pictures", total) as progress:
        for number in range(1, 5):
            progress(number, f"{number - 1} failed" if number > 1 else "")
            progress.line(f"failed: [{number}].png")
    return stream.getvalue()


def test_a_bar_shows_how_many_are_done_and_have_failed_and_the_rate(monkeypatch):
    shown = watch(monkeypatch, Terminal(), 5)
    for words in ("pictures", "4/5", "3 failed", "/s", "failed: [4].png"):
        assert words in shown


@pytest.mark.parametrize(("stream", "total"), [(io.StringIO(), 5), (Terminal(), 1)])
def test_without_a_terminal_or_with_one_step_there_are_only_lines(monkeypatch, stream, total):
    assert watch(monkeypatch, stream, total).splitlines() == [f"failed: [{n}].png" for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(("speed", "words"), [(None, ""), (0, ""), (12.34, "12.3/s"), (0.4, "2.5 s each")])
def test_rates_are_large_numbers(speed, words):
    assert watching._rate(speed) == words
