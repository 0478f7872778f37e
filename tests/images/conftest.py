"""Fixtures for the tests of pictures."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One folder for all examples of a generated test."""
    return tmp_path_factory.mktemp("pictures")
