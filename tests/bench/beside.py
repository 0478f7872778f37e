"""Timing side by side: all programs take turns on the same input, so that what else the machine does hits all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

import numpy as np

from filterlab.functional.threads import thread_count

PAUSE = 0.03  # seconds; the peers' threads spin on after a call and would slow the next one
CALLS = 3  # in a turn: the first of them finds the threads asleep and the cache cold
SLOW = 0.5  # seconds of a call that is worth only one in a turn


def take_turns(
    calls: Mapping[str, Callable[[], Any]], turns: int, seconds: float = np.inf
) -> dict[str, float]:
    """Median seconds of each call, over turns of three calls with rests between; fewer turns after `seconds`."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    began = time.perf_counter()
    for turn in range(turns):
        if turn > 2 and time.perf_counter() - began > seconds:
            break
        for name, call in calls.items():
            time.sleep(PAUSE)
            times[name].append(_turn(call))
    return {name: median(values) for name, values in times.items()}


def _turn(call: Callable[[], Any]) -> float:
    # One thread is timed by the processor's time, which other processes do not lengthen.
    clock = time.process_time if thread_count() == 1 else time.perf_counter
    found: list[float] = []
    while len(found) < CALLS and sum(found) < SLOW:
        start = clock()
        call()
        found.append(clock() - start)
    return median(found)


def compare(title: str, calls: Mapping[str, Callable[[], Any]], turns: int = 25) -> dict[str, float]:
    """Median seconds of each call, printed in milliseconds with the ratio of the fastest other to the first.

    Results of all calls must agree with the first's, else their time means nothing.
    """
    check_same(title, calls)
    found = take_turns(calls, turns)
    ours, *others = found.values()
    row = "  ".join(f"{name} {1000 * seconds:8.2f}" for name, seconds in found.items())
    ratio = f"  ratio {min(others) / ours:5.2f}" if others else ""
    print(f"{title:<44} {row}{ratio}", flush=True)
    return found


def check_same(title: str, calls: Mapping[str, Callable[[], Any]]) -> None:
    """Call each once, which also warms it up, and compare."""
    results = {name: np.squeeze(np.asarray(call())) for name, call in calls.items()}
    ours = next(iter(results.values()))
    for name, result in results.items():
        difference = np.abs(result - ours).max() if result.shape == ours.shape else np.inf
        assert difference <= 1e-4 * (1 + np.abs(ours).max()), f"{title}: {name} differs by {difference}"
