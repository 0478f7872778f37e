"""The compiled loop of the bilateral filter of single-precision maps."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils

from filterlab.compiling import compiled
from filterlab.functional.conv.instructions import BYTES
from filterlab.functional.conv.tiles import micro_kernel
from filterlab.functional.exponential import exponentials, power
from filterlab.functional.pool.combining import operands

LANES = BYTES // 4  # cells whose windows are summed side by side in registers
# With fewer than 32 registers, the numbers of the exponential are read anew for each cell, and strips are faster.
IN_REGISTERS = BYTES == 64
_INT = ir.IntType(64)

STRIP = 512  # columns, of which all sums stay in the first level of the cache


def _write_smooth(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
    given, (target, own, far, steep), scalar = operands(names, context, builder, signature, args)
    single = ir.VectorType(scalar, LANES)
    double = ir.VectorType(ir.DoubleType(), LANES)

    def read(pointer: Any, at: Any) -> Any:
        place = builder.bitcast(builder.gep(pointer, [at]), single.as_pointer())
        return builder.load(place, align=4)

    def splat(pointer: Any) -> Any:
        nothing = ir.Constant(single, ir.Undefined)
        first = builder.insert_element(nothing, builder.load(pointer), ir.IntType(32)(0))
        return builder.shuffle_vector(
            first, nothing, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        )

    def fused(a: Any, b: Any, c: Any) -> Any:
        function = ir.FunctionType(double, [double] * 3)
        name = f"llvm.fmuladd.v{LANES}f64"
        return builder.call(cgutils.get_or_insert_function(builder.module, function, name), [a, b, c])

    slope, last = splat(steep), builder.sub(given["count"], _INT(LANES))
    sums = [cgutils.alloca_once(builder, double) for _ in range(2)]
    with cgutils.for_range_slice(builder, _INT(0), given["count"], _INT(LANES)) as (start, _):
        # The last vector ends with the row, and computes some cells again.
        at = builder.select(builder.icmp_signed("<", start, last), start, last)
        cell = read(own, at)
        for each in sums:
            builder.store(ir.Constant(double, [0.0] * LANES), each)
        with (
            cgutils.for_range_slice(builder, _INT(0), given["rows"], _INT(1)) as (u, _),
            cgutils.for_range_slice(builder, _INT(0), given["cols"], _INT(1)) as (v, _),
        ):
            place = builder.add(builder.mul(u, given["stride"]), builder.add(given["corner"], v))
            other = read(own, builder.add(at, place))
            step = builder.fmul(builder.fsub(other, cell), slope)
            less = splat(builder.gep(far, [builder.add(builder.mul(u, given["cols"]), v)]))
            weight = power(builder, builder.fsub(builder.fneg(builder.fmul(step, step)), less))
            weight, value = (builder.fpext(each, double) for each in (weight, other))
            total, divisor = (builder.load(each) for each in sums)
            builder.store(fused(weight, value, total), sums[0])
            builder.store(builder.fadd(divisor, weight), sums[1])
        mean = builder.fdiv(*(builder.load(each) for each in sums))
        place = builder.bitcast(builder.gep(target, [at]), single.as_pointer())
        builder.store(builder.fptrunc(mean, single), place, align=4)
    return context.get_dummy_value()


@micro_kernel(_write_smooth)
def smooth_cells(y, y_offset, x, x_offset, corner, stride, far, far_offset, rows, cols, steep, count):
    """y[y_offset + j] = the mean of the window around x[x_offset + j], for j < count, at least LANES.

    The window's first cell lies `corner` cells from its own, and its rows `stride` apart; far: as for `smooth_rows`,
    rows by cols from far_offset on; steep: of one number. All are float32 and flat. The digits are those of strips.
    """
    own, total, divisor = x[x_offset : x_offset + count], np.zeros(count), np.zeros(count)
    for u in range(rows):
        for v in range(cols):
            other = x[x_offset + corner + u * stride + v :][:count]
            step = (other - own) * steep[0]
            weight = np.exp(-(step * step) - far[far_offset + u * cols + v])
            total += weight.astype(np.float64) * other
            divisor += weight
    y[y_offset : y_offset + count] = total / divisor


@compiled(error_model="numpy")
def smooth_rows(x, far, before, steep, start, stop, y):
    """Rows `start` to `stop`, counted through the images, of the bilateral filter of x (n, channels, h, w), float32.

    far: (kh, kw), d^2 / (2 sigma_space^2) of each place of the window. before: rows and columns of the window before
    its own cell. steep: 1 / (sqrt(2) sigma_value). The sums of a cell are made in the order of the window.
    """
    _, channels, height, width = x.shape
    (above, left), (rows, cols) = before, far.shape
    inner = max(width - cols + 1, 0)  # columns whose windows lie within the row
    slope, flat, target, distances = np.array([steep], x.dtype), x.reshape(-1), y.reshape(-1), far.reshape(-1)
    sums = np.empty((channels, STRIP)), np.empty(STRIP)
    for number in range(start, stop):
        image, i = number // height, number % height
        if not IN_REGISTERS or channels > 1 or inner < LANES:
            _smooth_strips(x, far, before, steep, image, i, 0, width, sums, y)
            continue
        first, last = max(above - i, 0), min(height - i + above, rows)
        at = number * width + left
        corner = (first - above) * width - left
        smooth_cells(
            target, at, flat, at, corner, width, distances, first * cols, last - first, cols, slope, inner
        )
        _smooth_strips(x, far, before, steep, image, i, 0, left, sums, y)
        _smooth_strips(x, far, before, steep, image, i, left + inner, width, sums, y)


@compiled(kept=False, error_model="numpy")
def _smooth_strips(x, far, before, steep, image, i, start, stop, sums, y):
    """Columns `start` to `stop` of a row, all of a strip for each place of the window."""
    _, channels, height, width = x.shape
    total, divisor = sums
    apart, less, weights = np.empty(STRIP, x.dtype), np.empty(STRIP, x.dtype), np.empty(STRIP, x.dtype)
    for left in range(start, stop, STRIP):
        right = min(left + STRIP, stop)
        total[:], divisor[:] = 0, 0
        for u in range(len(far)):
            row = i + u - before[0]
            if row < 0 or row >= height:
                continue
            for v in range(far.shape[1]):
                shift = v - before[1]
                first, last = max(left, -shift), min(right, width - shift)
                if first >= last:
                    continue
                count, place = last - first, first - left
                less[:count] = far[u, v]
                for c in range(channels):
                    own, other = (
                        x[image, c, i, first:last],
                        x[image, c, row, first + shift : last + shift],
                    )
                    _take_off_square(own, other, steep, c, apart)
                exponentials(weights, 0, apart, 0, less, count)
                _add(divisor[place : place + count], weights)
                for c in range(channels):
                    other = x[image, c, row, first + shift : last + shift]
                    _add_weighed(total[c, place : place + count], weights, other)
        for c in range(channels):
            target, each = y[image, c, i, left:right], total[c]
            for j in range(right - left):
                target[j] = each[j] / divisor[j]


@compiled(kept=False)
def _take_off_square(own, other, steep, channel, apart):
    """Take the square of what a channel differs by off the exponents, which begin with the first channel."""
    if channel == 0:
        for j in range(len(own)):
            # The difference first: of two equal numbers it is 0, also where their products are infinite.
            step = (other[j] - own[j]) * steep
            apart[j] = -(step * step)
    else:
        for j in range(len(own)):
            step = (other[j] - own[j]) * steep
            apart[j] -= step * step


@compiled(kept=False)
def _add_weighed(total, weights, values):
    for j in range(len(total)):
        total[j] += np.float64(weights[j]) * np.float64(values[j])


@compiled(kept=False)
def _add(total, weights):
    for j in range(len(total)):
        total[j] += weights[j]
