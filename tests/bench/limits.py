"""What this machine can do at most: the multiply rate, and the time that moving the numbers of a row takes."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from filterlab.functional.conv.instructions import BYTES
from filterlab.functional.threads import thread_count

SUMS = 12  # registers that are added to in turn: more than a multiply-add takes cycles, times two a cycle
LANES = BYTES // 4
ROUNDS = 100_000  # some milliseconds: short enough to fall between the turns of other processes


@intrinsic
def _multiply(typing_context, rounds):
    """ROUNDS times SUMS vectors of multiply-adds, in registers."""

    def write(context, builder, signature, args):
        kind = ir.VectorType(ir.FloatType(), LANES)
        function = ir.FunctionType(kind, [kind] * 3)
        fma = cgutils.get_or_insert_function(builder.module, function, f"llvm.fmuladd.v{LANES}f32")
        factors = [ir.Constant(kind, [value] * LANES) for value in (0.999, 0.001)]
        # None begins with 1, which 1 * 0.999 + 0.001 leaves as it is: the compiler would leave out all its products.
        sums = [cgutils.alloca_once_value(builder, ir.Constant(kind, [i + 2.0] * LANES)) for i in range(SUMS)]
        with cgutils.for_range(builder, args[0]):
            for place in sums:
                # The sum is a factor as well: each product waits for the one before it.
                builder.store(builder.call(fma, [builder.load(place), *factors]), place)
        total = builder.load(sums[0])
        for place in sums[1:]:
            total = builder.fadd(total, builder.load(place))
        return builder.extract_element(total, ir.IntType(32)(0))

    return types.float32(types.int64), write


@njit(nogil=True)
def _multiply_alone(rounds):
    return _multiply(rounds)


@njit(nogil=True)
def _read(x):
    total = x[0]
    for i in range(len(x)):
        total ^= x[i]
    return total


def multiply_rate() -> float:
    """Multiply-adds a second of float32 on all threads, measured in registers alone; the best of many turns."""
    best = np.inf
    with ThreadPoolExecutor(thread_count()) as pool:
        for _ in range(50):
            start = time.perf_counter()
            list(pool.map(_multiply_alone, [ROUNDS] * thread_count()))
            best = min(best, time.perf_counter() - start)
    return ROUNDS * SUMS * LANES * thread_count() / best


def moving(read: int, written: int) -> Callable[[], Any]:
    """A call that reads and writes so many float32 values, into memory that is there already, on all threads."""
    # Written to, as memory that nobody has written to is one page of zeros, however often it is read.
    x, y = np.ones(max(read, written), np.uint32), np.ones(written, np.uint32)
    count = thread_count()
    pool = ThreadPoolExecutor(max(count - 1, 1))
    copied = min(read, written)

    def part(i: int) -> None:
        low, high = copied * i // count, copied * (i + 1) // count
        np.copyto(y[low:high], x[low:high])
        rest, end = copied + (read - copied) * i // count, copied + (read - copied) * (i + 1) // count
        if rest < end:
            _read(x[rest:end])
        rest, end = copied + (written - copied) * i // count, copied + (written - copied) * (i + 1) // count
        y[rest:end] = 0

    def call() -> None:
        others = [pool.submit(part, i) for i in range(1, count)]
        part(0)
        for other in others:
            other.result()

    return call
