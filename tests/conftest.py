"""Fixtures for all tests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

# The same examples at every run; `make soak` looks at many more, and at others each time. A machine that is busy, or
# that compiles loops while an example is drawn, may be slow.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("fast", max_examples=150, derandomize=True, **PATIENT)
settings.register_profile("soak", max_examples=10_000, **PATIENT)
settings.load_profile("fast")
# Hypothesis mixes in constants of the modules that are imported by then, which are others in each order of the files.
providers._get_local_constants = lambda: providers._local_constants


@pytest.fixture
def rng():
    """Random numbers, the same ones at every run."""
    return np.random.default_rng(20261124)


@pytest.fixture
def patient_disk():
    """A batch that was stopped waits for its last entries until its folder is free for the next, on any disk.

    Syncing waits for what all programs write: half a second may be too short for it.
    """
    from filterlab.batch import journal

    with pytest.MonkeyPatch.context() as patch:  # of its own, since some tests undo what they have patched
        patch.setattr(journal, "_LAST_SYNC", 120)
        yield
