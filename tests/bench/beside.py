"""Timing side by side: all programs take turns on the same input, so that what else the machine does hits all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

import numpy as np

PAUSE = 0.03  # seconds; the peers' threads spin on after a call and would slow the next one


def compare(title: str, calls: Mapping[str, Callable[[], Any]], turns: int = 25) -> dict[str, float]:
    """Median seconds of each call, printed in milliseconds with the ratio of the first to the fastest other.

    Results of all calls must agree with the first's, else their time means nothing.
    """
    check_same(title, calls)
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(turns):
        for name, call in calls.items():
            time.sleep(PAUSE)
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    found = {name: median(values) for name, values in times.items()}
    ours, *others = found.values()
    row = "  ".join(f"{name} {1000 * seconds:8.2f}" for name, seconds in found.items())
    ratio = f"  ratio {ours / min(others):5.2f}" if others else ""
    print(f"{title:<44} {row}{ratio}", flush=True)
    return found


def check_same(title: str, calls: Mapping[str, Callable[[], Any]]) -> None:
    """Call each once, which also warms it up, and compare."""
    results = {name: np.squeeze(np.asarray(call())) for name, call in calls.items()}
    ours = next(iter(results.values()))
    for name, result in results.items():
        difference = np.abs(result - ours).max() if result.shape == ours.shape else np.inf
        assert difference <= 1e-4 * (1 + np.abs(ours).max()), f"{title}: {name} differs by {difference}"
