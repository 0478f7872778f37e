from __future__ import annotations

import numpy as np
import pytest

from filterlab.text.numbers import brief, exact


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float32(0.1), "0.1"),
        (np.float32(1.1020001), "1.1020001"),
        (np.float32(-0.044), "−0.044"),
        (np.float32(7), "7"),
        (np.float32(0), "0"),
        (np.float32(1e-20), "1e−20".replace("−", "-")),
        (np.float32(np.nan), "nan"),
        (np.float32(-np.inf), "−inf"),
        (1e6, "1000000"),
        (np.float64(-2500000), "−2500000"),
        (np.float64(0.1) + 0.2, "0.30000000000000004"),
    ],
)
def test_exact_gives_every_digit_that_counts_and_no_more(value, text):
    assert exact(value) == text


def test_exact_reads_back_as_the_same_float32():
    rng = np.random.default_rng(0)
    values = np.concatenate(
        [rng.normal(size=300), rng.normal(size=300) * 1e9, 10.0 ** rng.integers(-30, 30, 99)]
    )
    for value in values.astype(np.float32):
        assert np.float32(float(exact(value).replace("−", "-"))) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.58, "0.580"),
        (1.1024, "1.102"),
        (-0.0444, "−0.044"),
        (0.0, "0"),
        (0.00012, "1.2e-04"),
        (123456.0, "1.235e+05"),
        (float("nan"), "nan"),
    ],
)
def test_brief(value, text):
    assert brief(value) == text
