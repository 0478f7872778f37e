"""Waiting for the window to be done."""

from __future__ import annotations

import pytest

from filterlab.errors import FilterLabError
from filterlab.gui.start import wait_until


def test_what_was_reached_once_counts_although_it_has_passed(qapp):
    answers = iter([False, True])
    wait_until(lambda: next(answers, False), 30, every=1)


def test_what_is_never_reached_is_said(qapp):
    with pytest.raises(FilterLabError, match=r"not finished after 0\.01 seconds"):
        wait_until(lambda: False, 0.01, every=1)
