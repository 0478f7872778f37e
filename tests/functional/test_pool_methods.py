"""The tables of the ways to pool: which is chosen, and that the package's page is theirs."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab.functional as F
from filterlab.errors import ParameterError
from filterlab.functional import pool
from filterlab.functional.pool import methods
from filterlab.functional.pool.windows import adaptive_windows

SHAPE = (3, 200, 300)


def test_the_page_of_the_package_is_made_from_the_tables():
    assert methods.page() in pool.__doc__


@pytest.mark.parametrize(
    ("operation", "kernel", "options", "name"),
    [
        ("max_pool2d", 2, {}, "direct"),
        ("min_pool2d", 3, {"stride": 2, "padding": 1}, "direct"),
        ("avg_pool2d", (3, 7), {"stride": 1}, "direct"),
        ("avg_pool2d", 5, {"stride": 1}, "strips"),
        ("max_pool2d", 3, {"stride": 3}, "strips"),
        ("median_pool2d", 3, {"stride": 1, "padding": 1}, "network"),
        ("median_pool2d", 4, {"stride": 2}, "network"),
        ("median_pool2d", 4, {"stride": 2, "padding": 1}, "alone"),
        ("median_pool2d", 5, {"percentile": 20}, "alone"),
        ("median_pool2d", 5, {"stride": 1, "percentile": 20}, "network"),
        ("median_pool2d", 33, {"stride": 1}, "alone"),
    ],
)
def test_the_method_says_its_reason(operation, kernel, options, name):
    method = F.pool2d_method(operation, SHAPE, kernel, **options)
    assert method.name == name
    assert method.reason
    assert method.runs


def test_windows_of_unequal_sizes_are_reduced_one_by_one():
    windows = adaptive_windows(SHAPE[1:], 7, "adaptive_avg_pool2d")
    assert methods.choose(methods.MEANS, windows, 4).name == "uneven"


def test_a_map_has_the_method_of_its_parts():
    for operation in methods.TABLES:
        found = {F.pool2d_method(operation, (1, n, 400 - n), 3, stride=1).name for n in (5, 50, 300)}
        assert len(found) == 1


def test_another_operation_is_refused():
    with pytest.raises(ParameterError, match="max_pool2d, min_pool2d"):
        F.pool2d_method("maximum", SHAPE, 2, dtype=np.float64)
