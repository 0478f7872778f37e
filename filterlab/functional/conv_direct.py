"""Convolution over few channels, tap by tap: no copy of the picture, padded or otherwise.

One loop serves all sizes: every output row is the sum of taps times input rows, row by row, while it stays in
the first-level cache. Rows of padding come from the index of the border mode; only the few columns whose
window sticks out on the left or right look their cells up one by one.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from filterlab.functional.arrays import Array
from filterlab.functional.conv_plan import Plan
from filterlab.functional.memory import empty
from filterlab.functional.threads import run_bands

SMALLEST_BAND = 1 << 14  # outputs that are worth handing to another thread
MOST_PRODUCTS = 256  # that are summed one after the other


def correlate(x: Array, weight: Array, bias: Array | None, plan: Plan) -> Array:
    """The cross-correlation of `plan`; all arrays in the same dtype, `x` and `weight` contiguous."""
    y = empty(plan.out_shape, x.dtype)
    images, outputs, height, width = y.shape
    steps = np.array([plan.stride, plan.dilation])
    additions = np.zeros(outputs, x.dtype) if bias is None else bias
    # Compiled once for read-only arrays, which writeable ones are as well.
    x, additions, nothing = (_read_only(a) for a in (x, additions, np.zeros(outputs, x.dtype)))
    cols = plan.cols
    low, high = _inside(plan)
    fill = _read_only(np.full(max(len(cols.index), plan.size[1]), plan.fill, x.dtype))
    places = plan.rows.index, cols.index, steps, fill, low, high
    flat = y.reshape(images * outputs, height, width)
    # A long sum in one row loses digits: the channels are summed in groups, and then the groups.
    together = max(MOST_PRODUCTS // (weight.shape[2] * weight.shape[3]), 1)
    parts = [_read_only(weight[:, c : c + together]) for c in range(0, weight.shape[1], together)]
    each = np.array([weight.shape[1], outputs // plan.groups])
    scratch = np.empty_like(flat) if len(parts) > 1 else flat
    nine = (plan.kernel, plan.stride, plan.dilation) == ((3, 3), (1, 1), (1, 1))
    loop = nine_loop if nine else rows_loop

    def band(start: int, stop: int) -> None:
        loop(x, parts[0], additions, *places, each, 0, start, stop, flat)
        for number, part in enumerate(parts[1:], start=1):
            loop(x, part, nothing, *places, each, number * together, start, stop, scratch)
            y.reshape(-1, width)[start:stop] += scratch.reshape(-1, width)[start:stop]

    run_bands(band, images * outputs * height, smallest=max(SMALLEST_BAND // width, 1))
    return y


def _read_only(array: Array) -> Array:
    view = np.ascontiguousarray(array)[:]
    view.flags.writeable = False
    return view


def _inside(plan: Plan) -> tuple[int, int]:
    """The outputs, half-open, whose windows lie wholly on columns of the input."""
    cols = plan.cols
    reach = (cols.kernel - 1) * cols.dilation
    low = min(max(-(-cols.inside[0] // cols.stride), 0), cols.out)
    high = max(min((cols.inside[1] - 1 - reach) // cols.stride + 1, cols.out), low)
    return low, high


@njit(cache=True, nogil=True, fastmath={"contract"})
def rows_loop(x, weight, bias, rows, cols, steps, fill, low, high, each, skipped, start, stop, y):  # type: ignore[no-untyped-def]
    """Output rows `start` to `stop`, counted through all images and channels of y (n * outputs, h, w).

    each: input and output channels of a group; weight holds the input channels after the `skipped` ones.
    """
    height = y.shape[1]
    outputs = weight.shape[0]
    stride, gap = steps[0, 1], steps[1, 1]
    for position in range(start, stop):
        plane, i = position // height, position % height
        n, o = plane // outputs, plane % outputs
        first = o // each[1] * each[0] + skipped
        out = y[plane, i]
        out[:] = bias[o]
        for c in range(weight.shape[1]):
            source, taps = x[n, first + c], weight[o, c]
            if low < high:
                begin = cols[low * stride]
                for u in range(taps.shape[0]):
                    line = _row(source, rows[i * steps[0, 0] + u * steps[1, 0]], fill)
                    _add_row(out[low:high], line[begin:], taps[u], stride, gap)
            _add_edge(out, 0, low, source, taps, rows, cols, i, steps, fill)
            _add_edge(out, high, out.shape[0], source, taps, rows, cols, i, steps, fill)


@njit(cache=True, nogil=True, inline="always")
def _row(source, row, fill):  # type: ignore[no-untyped-def]
    return source[row] if row >= 0 else fill


@njit(cache=True, nogil=True, fastmath={"contract"})
def nine_loop(x, weight, bias, rows, cols, steps, fill, low, high, each, skipped, start, stop, y):  # type: ignore[no-untyped-def]
    """As `rows_loop` for 3x3 kernels without stride and dilation: all nine taps in one pass over each row."""
    height, outputs = y.shape[1], weight.shape[0]
    for position in range(start, stop):
        plane, i = position // height, position % height
        n, o = plane // outputs, plane % outputs
        first = o // each[1] * each[0] + skipped
        out = y[plane, i]
        out[:low], out[high:] = bias[o], bias[o]
        for c in range(weight.shape[1]):
            source, taps = x[n, first + c], weight[o, c]
            a, b, d = (
                _row(source, rows[i], fill),
                _row(source, rows[i + 1], fill),
                _row(source, rows[i + 2], fill),
            )
            if low < high:
                begin = cols[low]
                _nine(out[low:high], a[begin:], b[begin:], d[begin:], taps, c == 0, bias[o])
            for j in range(low):
                out[j] += _nine_at(a, b, d, taps, cols[j : j + 3], fill[0])
            for j in range(high, out.shape[0]):
                out[j] += _nine_at(a, b, d, taps, cols[j : j + 3], fill[0])


@njit(cache=True, nogil=True, fastmath={"contract"})
def _nine_at(a, b, d, taps, cols, fill):  # type: ignore[no-untyped-def]
    """The sum of one window that reaches beyond the left or right side."""
    total = taps.dtype.type(0)
    for v in range(3):
        col = cols[v]
        if col >= 0:
            total += taps[0, v] * a[col] + taps[1, v] * b[col] + taps[2, v] * d[col]
        else:
            total += (taps[0, v] + taps[1, v] + taps[2, v]) * fill
    return total


@njit(cache=True, nogil=True, fastmath={"contract"})
def _nine(out, a, b, d, taps, first, bias):  # type: ignore[no-untyped-def]
    """out[j] = the nine products of a 3x3 kernel and the bias, or, unless `first`, what was there, in one pass."""
    a0, a1, a2 = taps[0, 0], taps[0, 1], taps[0, 2]
    b0, b1, b2 = taps[1, 0], taps[1, 1], taps[1, 2]
    d0, d1, d2 = taps[2, 0], taps[2, 1], taps[2, 2]
    # Fixed offsets into three rows: with more pointers than that the compiler gives up on vectors.
    for j in range(out.shape[0]):
        before = bias if first else out[j]
        top = a0 * a[j] + a1 * a[j + 1] + a2 * a[j + 2]
        middle = b0 * b[j] + b1 * b[j + 1] + b2 * b[j + 2]
        out[j] = before + (top + middle + (d0 * d[j] + d1 * d[j + 1] + d2 * d[j + 2]))


@njit(cache=True, nogil=True, fastmath={"contract"})
def _add_row(out, line, taps, stride, gap):  # type: ignore[no-untyped-def]
    """out[j] += sum of taps[v] * line[j * stride + v * gap], several taps a pass."""
    v = 0
    while stride == 1 and gap == 1 and v + 8 <= taps.shape[0]:
        t0, t1, t2, t3 = taps[v], taps[v + 1], taps[v + 2], taps[v + 3]
        t4, t5, t6, t7 = taps[v + 4], taps[v + 5], taps[v + 6], taps[v + 7]
        part = line[v:]
        for j in range(out.shape[0]):
            low = t0 * part[j] + t1 * part[j + 1] + t2 * part[j + 2] + t3 * part[j + 3]
            high = t4 * part[j + 4] + t5 * part[j + 5] + t6 * part[j + 6] + t7 * part[j + 7]
            out[j] += low + high
        v += 8
    while stride == 1 and gap == 1 and v + 3 <= taps.shape[0]:
        t0, t1, t2 = taps[v], taps[v + 1], taps[v + 2]
        part = line[v:]
        for j in range(out.shape[0]):
            out[j] += t0 * part[j] + t1 * part[j + 1] + t2 * part[j + 2]
        v += 3
    while v < taps.shape[0]:
        t0, part = taps[v], line[v * gap :]
        if stride == 1:
            for j in range(out.shape[0]):
                out[j] += t0 * part[j]
        else:
            for j in range(out.shape[0]):
                out[j] += t0 * part[j * stride]
        v += 1


@njit(cache=True, nogil=True, fastmath={"contract"})
def _add_edge(out, low, high, source, taps, rows, cols, i, steps, fill):  # type: ignore[no-untyped-def]
    """Outputs low to high, whose windows reach beyond the left or right side."""
    for u in range(taps.shape[0]):
        line = _row(source, rows[i * steps[0, 0] + u * steps[1, 0]], fill)
        for j in range(low, high):
            for v in range(taps.shape[1]):
                col = cols[j * steps[0, 1] + v * steps[1, 1]]
                out[j] += taps[u, v] * (line[col] if col >= 0 else fill[0])
