"""Compiled loops that are made as one call: they get the arguments that they would get from Python."""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

import numpy as np
import pytest
from numba.core.bytecode import FunctionIdentity

from filterlab.compiling import compiled
from filterlab.compiling.joining import joined


class Given(NamedTuple):
    table: np.ndarray
    pair: tuple[int, tuple[np.float64, np.ndarray]]
    fill: np.float32


@compiled(kept=False)
def all_kinds(x, given, low, start, end, y):
    """Every kind of argument, so that a wrong order or size of one shows in the sum."""
    for i in range(start, end):
        y[i] = x[i] * given.fill + given.table[1, i] + given.pair[0] + low
        y[i] += given.pair[1][0] * given.pair[1][1][i % 2]


@compiled(kept=False)
def divided(x, by, y):
    y[0] = x[0] // by


def arguments(rng, y):
    x, table = rng.random(5, dtype=np.float32), rng.random((2, 5), dtype=np.float32)[::-1, ::-1]
    x.flags.writeable = False
    pair = 3, (np.float64(0.5), np.array([1, 2], np.int64))
    return x, Given(table, pair, np.float32(2.5)), np.int32(-7), 1, 4, y


def test_every_kind_of_argument_arrives(rng):
    y, wanted = np.zeros(5, np.float32), np.zeros(5, np.float32)
    args = arguments(rng, y)
    all_kinds(*args[:-1], wanted)
    assert wanted[1:4].all()
    run = joined([(all_kinds, args)])
    for _ in range(2):
        y[:] = 0
        run()
        np.testing.assert_array_equal(y, wanted)


def test_the_calls_are_made_in_their_order(rng):
    first, second = np.array([40, 0], np.int64), np.zeros(2, np.int64)
    run = joined(
        [(divided, (first, 5, second)), (divided, (second, 2, first)), (divided, (first, 3, second))]
    )
    run()
    assert (first[0], second[0]) == (4, 1)


def made_around(number):
    @compiled(kept=False)
    def constant(y, at):
        y[at] = number

    return constant


def test_loops_that_one_function_makes_are_told_apart(monkeypatch):
    """Those that two processes have kept have the same number in numba's name of their code."""
    y, calls = np.zeros(3, np.int64), []
    for at, number in enumerate((5, 7, 9)):
        monkeypatch.setattr(FunctionIdentity, "_unique_ids", count(10**6))
        loop = made_around(number)
        loop(y, at)
        calls.append((loop, (y, at)))
    y[:] = 0
    joined(calls)()
    assert y.tolist() == [5, 7, 9]


def test_a_loop_that_fails_raises_memory_error():
    x = np.ones(1, np.int64)
    with pytest.raises(MemoryError):
        joined([(divided, (x, 0, x))])()


@pytest.mark.parametrize("argument", [True, 1.5, "text", np.bool_(True)])
def test_what_is_not_known_how_to_hand_over_is_left_to_python(argument):
    @compiled(kept=False)
    def ignoring(argument, y):
        y[0] = 1

    assert joined([(ignoring, (argument, np.zeros(1)))]) is None


def test_functions_of_python_are_left_to_python():
    assert joined([(lambda: None, ())]) is None


def test_the_arguments_live_as_long_as_the_call(rng):
    y, wanted = np.zeros(5, np.float32), np.zeros(5, np.float32)
    run = joined([(all_kinds, arguments(np.random.default_rng(1), y))])
    taken = [rng.random(5, dtype=np.float32) for _ in range(50)]  # would lie where freed arrays lay
    run()
    all_kinds(*arguments(np.random.default_rng(1), wanted))
    np.testing.assert_array_equal(y, wanted)
    assert len(taken) == 50
