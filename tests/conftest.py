"""Fixtures for all tests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import settings

# The same examples at every run; `make soak` looks at many more, and at others each time.
settings.register_profile("fast", deadline=None, max_examples=150, derandomize=True)
settings.register_profile("soak", deadline=None, max_examples=10_000)
settings.load_profile("fast")


@pytest.fixture
def rng():
    """Random numbers, the same ones at every run."""
    return np.random.default_rng(20261124)
