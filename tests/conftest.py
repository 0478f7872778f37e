"""Fixtures for all tests."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture
def rng():
    """Random numbers, the same ones at every run."""
    return np.random.default_rng(20261124)
