"""The normal equations of "which kernel makes y of x": correlations of a picture with itself and with a target.

With the window of output (i, j) as a row of the matrix A, the least-squares kernel solves A'A k = A'y (A' is A
transposed). A is never laid out: A'A holds the sums of P[c, i + u, j + v] * P[c', i + u', j + v'] over all (i, j),
where P is the padded picture, and for rows and columns that all taps see these depend only on u' - u and v' - v. So
each pair of rows is correlated once, and only the few rows and columns at the border are treated tap by tap. Rows are
converted to double precision as they are read, and padded rows and columns are looked up, not copied; memory is that of
a few rows and of the equations themselves.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv.plan import ConvPlan
from filterlab.functional.threads import run_bands

SMALLEST_BAND = 1 << 14  # cells that are worth handing to another thread
BANDS = 64  # at most, on any number of threads, so that sums are rounded in the same way on every machine


@dataclass(frozen=True)
class NormalEquations:
    """Sums over all windows, in double precision; r is the target minus the prediction of a given kernel and bias.

    gram: A'A (n, n), n = channels * kh * kw, None where it was not asked for. cross: A'r (outputs, n).
    inputs: A'1 (n,). errors: the sum of r (outputs,). squares: the sum of r * r (outputs,). count: windows.
    """

    gram: Array | None
    cross: Array
    inputs: Array
    errors: Array
    squares: Array
    count: int


class _Sums(NamedTuple):
    """The sums of one band."""

    inner: Array  # (c, c', u' - u, v, v'): of rows that all taps see
    gram: Array  # (c, u, v, c', u', v'): of rows at the top and bottom
    cross: Array  # (o, c, u, v)
    inputs: Array  # (c, u, v)
    errors: Array  # (o,)
    squares: Array  # (o,)


def normal_equations(
    x: Array, y: Array, plan: ConvPlan, weight: Array, bias: Array, shift: Array, *, gram: bool
) -> NormalEquations:
    """Return the sums for x - shift, x (n, c, h, w), of a plan of one group and stride 1, and y (n, outputs, oh, ow).

    weight (outputs, c, kh, kw), bias (outputs,) and shift (c,) are float64. The first two make the prediction that is
    subtracted from y. The shift is also subtracted from the padding; it keeps a large mean from cancelling the digits
    of what varies.
    """
    images, outputs, height, width = plan.out_shape
    padded = len(plan.rows.index)
    total = _Ordered(plan, gram)
    x, y = (read_only(a) for a in (x, y))
    index = (plan.rows.index, plan.cols.index, plan.fill - shift, shift)

    # A band begins with the kernel's rows, which its neighbour reads too: shorter bands would mostly repeat each other.
    smallest = max(SMALLEST_BAND // (width * plan.channels), 2 * plan.kernel[0])
    bands = min(BANDS, max(images * padded // smallest, 1))
    edges = [images * padded * i // bands for i in range(bands + 1)]

    def work(start: int, stop: int) -> None:
        for number in range(start, stop):
            sums = _empty(plan, gram)
            # Scratch of its own for each band, as bands run side by side.
            lines = np.empty((plan.kernel[0], plan.channels, len(plan.cols.index)))
            rest = np.empty((outputs, width))
            band = edges[number], edges[number + 1]
            add_rows(x, y, *index, weight, bias, gram, *band, lines, rest, sums)
            total.add(number, sums)

    run_bands(work, bands)
    sums = total.sums
    return NormalEquations(
        _joined(sums) if gram else None,
        sums.cross.reshape(outputs, -1),
        sums.inputs.reshape(-1),
        sums.errors,
        sums.squares,
        images * height * width,
    )


class _Ordered:
    """The sums of bands, added in the order of their numbers, not in that of their ends: the order shows in the digits.

    Bands begin in order, so few wait at a time.
    """

    def __init__(self, plan: ConvPlan, gram: bool) -> None:
        self.sums = _empty(plan, gram)
        self._waiting: dict[int, _Sums] = {}
        self._next = 0
        self._lock = threading.Lock()

    def add(self, number: int, sums: _Sums) -> None:
        """Add the sums of one band; each number comes once."""
        with self._lock:
            self._waiting[number] = sums
            while self._next in self._waiting:
                for total, part in zip(self.sums, self._waiting.pop(self._next), strict=True):
                    total += part
                self._next += 1


def _empty(plan: ConvPlan, gram: bool) -> _Sums:
    c, o, (kh, kw) = plan.channels, plan.outputs, plan.kernel
    pairs = c if gram else 0
    return _Sums(
        np.zeros((pairs, pairs, kh, kw, kw)),
        np.zeros((pairs, kh, kw, pairs, kh, kw)),
        np.zeros((o, c, kh, kw)),
        np.zeros((c, kh, kw)),
        np.zeros(o),
        np.zeros(o),
    )


def _joined(sums: _Sums) -> Array:
    """The symmetric matrix A'A: inner sums added at each pair of rows they hold for, the lower half from the upper."""
    gram, inner = sums.gram, sums.inner
    kh = gram.shape[1]
    for u in range(kh):
        for later in range(u, kh):
            # From (c, c', v, v') to the order of the matrix, (c, v, c', v').
            gram[:, u, :, :, later] += inner[:, :, later - u].transpose(0, 2, 1, 3)
            gram[:, later, :, :, u] = gram[:, u, :, :, later].transpose(2, 3, 0, 1)
    n = gram.shape[0] * kh * gram.shape[2]
    return gram.reshape(n, n)


# Sums may be reordered, so that they run in vectors; but NaN and infinity stay what they are.
_FAST = {"contract", "reassoc", "nsz"}


@compiled
def add_rows(x, y, rows, cols, fill, shift, weight, bias, gram, start, stop, lines, rest, sums):  # type: ignore[no-untyped-def]
    """Add padded rows `start` to `stop`, counted through all pictures, to the sums.

    lines (kh, c, padded width) and rest (outputs, width) are scratch: padded row r of the picture is lines[r % kh], so
    that the kh rows of a window are there at any time, and each is read once.
    """
    kernel, height, padded = lines.shape[0], y.shape[2], len(rows)
    for position in range(start, stop):
        n, a = position // padded, position % padded
        # Within a picture the rows above are still in `lines`; a band or a picture begins with all of them.
        first = a if position == start or a == 0 else a + kernel - 1
        for row in range(first, min(a + kernel, padded)):
            _widen(lines[row % kernel], x[n], rows[row], cols, fill, shift)
        if gram:
            _add_gram(lines, a, height, padded, y.shape[3], sums)
        _add_inputs(lines[a % kernel], a, height, y.shape[3], sums.inputs)
        if a < height:
            _subtract(rest, y[n, :, a], lines, a, weight, bias)
            _add_cross(rest, lines, a, sums)


@compiled
def _widen(line, maps, row, cols, fill, shift):  # type: ignore[no-untyped-def]
    """line = a padded row of all channels, less the shift, in double precision."""
    for c in range(line.shape[0]):
        if row < 0:
            line[c] = fill[c]
            continue
        for j in range(len(cols)):
            line[c, j] = maps[c, row, cols[j]] - shift[c] if cols[j] >= 0 else fill[c]


@compiled
def _add_gram(lines, a, height, padded, width, sums):  # type: ignore[no-untyped-def]
    """Add the products of padded row `a` with itself and with the rows below it that share a window with it."""
    kernel, taps = lines.shape[0], lines.shape[2] - width + 1
    core, values = np.empty(2 * taps - 1), np.empty((taps, taps))
    # All rows of taps see such a row, so that one sum serves each pair (u, u + gap); `_joined` puts it in all their
    # places.
    inside = kernel - 1 <= a < height
    for gap in range(min(kernel, padded - a)):
        for c in range(lines.shape[1]):
            for d in range(lines.shape[1]):
                _row_products(lines[a % kernel, c], lines[(a + gap) % kernel, d], width, core, values)
                if inside:
                    sums.inner[c, d, gap] += values
                    continue
                for u in range(max(a - height + 1, 0), min(kernel - gap, a + 1)):
                    sums.gram[c, u, :, d, u + gap] += values


@compiled
def _row_products(a, b, width, core, values):  # type: ignore[no-untyped-def]
    """values[v, w] = sum of a[v + j] * b[w + j] over j < width.

    For columns v + j from taps - 1 to width, which all v see, the sum depends only on w - v: it is made once for each
    difference (core). The few columns before and after are added for each pair by itself.
    """
    taps = len(values)
    low = taps - 1
    # A map narrower than the kernel has no column that all taps see.
    high = max(width, low)
    core[:] = 0
    _add_dots(a[low:high], b, core)
    for v in range(taps):
        for w in range(taps):
            total = core[w - v + taps - 1]
            for j in range(v, min(low, v + width)):
                total += a[j] * b[j + w - v]
            for j in range(high, v + width):
                total += a[j] * b[j + w - v]
            values[v, w] = total


@compiled(fastmath=_FAST)
def _add_dots(a, b, sums):  # type: ignore[no-untyped-def]
    """sums[s] += sum of a[j] * b[j + s] over j, several shifts in each pass: a[j] is read once for all of them."""
    s = 0
    while s + 8 <= len(sums):
        t0 = t1 = t2 = t3 = t4 = t5 = t6 = t7 = 0.0
        part = b[s:]
        for j in range(len(a)):
            t0 += a[j] * part[j]
            t1 += a[j] * part[j + 1]
            t2 += a[j] * part[j + 2]
            t3 += a[j] * part[j + 3]
            t4 += a[j] * part[j + 4]
            t5 += a[j] * part[j + 5]
            t6 += a[j] * part[j + 6]
            t7 += a[j] * part[j + 7]
        for k, t in enumerate((t0, t1, t2, t3, t4, t5, t6, t7)):
            sums[s + k] += t
        s += 8
    while s + 3 <= len(sums):
        t0 = t1 = t2 = 0.0
        part = b[s:]
        for j in range(len(a)):
            t0 += a[j] * part[j]
            t1 += a[j] * part[j + 1]
            t2 += a[j] * part[j + 2]
        for k, t in enumerate((t0, t1, t2)):
            sums[s + k] += t
        s += 3
    while s < len(sums):
        t0 = 0.0
        part = b[s:]
        for j in range(len(a)):
            t0 += a[j] * part[j]
        sums[s] += t0
        s += 1


@compiled
def _add_inputs(line, a, height, width, inputs):  # type: ignore[no-untyped-def]
    """Add the sums of padded row `a`, as each column of taps sees it, for the rows of taps that see it."""
    for c in range(inputs.shape[0]):
        # Carried from tap to tap: one column joins and one leaves. The kernel is narrow, so that round-off has no time
        # to grow.
        total = line[c, :width].sum()
        for v in range(inputs.shape[2]):
            if v > 0:
                total += line[c, v + width - 1] - line[c, v - 1]
            for u in range(max(a - height + 1, 0), min(inputs.shape[1], a + 1)):
                inputs[c, u, v] += total


@compiled(fastmath={"contract"})
def _subtract(rest, target, lines, a, weight, bias):  # type: ignore[no-untyped-def]
    """rest = target - bias - prediction, for output row `a`."""
    kernel, width = lines.shape[0], rest.shape[1]
    for o in range(rest.shape[0]):
        out = rest[o]
        for j in range(width):
            out[j] = target[o, j] - bias[o]
        for c in range(weight.shape[1]):
            for u in range(kernel):
                _subtract_row(out, lines[(a + u) % kernel, c], weight[o, c, u])


@compiled(fastmath={"contract"})
def _subtract_row(out, line, taps):  # type: ignore[no-untyped-def]
    """out[j] -= sum of taps[v] * line[j + v] over v, several taps in each pass; a row of zeros costs nothing."""
    # The first call of a fit has a weight of zeros, and predicts nothing but the bias.
    if not taps.any():
        return
    v = 0
    while v + 4 <= len(taps):
        t0, t1, t2, t3, part = taps[v], taps[v + 1], taps[v + 2], taps[v + 3], line[v:]
        for j in range(len(out)):
            out[j] -= t0 * part[j] + t1 * part[j + 1] + t2 * part[j + 2] + t3 * part[j + 3]
        v += 4
    while v < len(taps):
        t0, part = taps[v], line[v:]
        for j in range(len(out)):
            out[j] -= t0 * part[j]
        v += 1


@compiled
def _add_cross(rest, lines, a, sums):  # type: ignore[no-untyped-def]
    """Add A'r, the sum of r and the sum of r * r, for output row `a`."""
    kernel = lines.shape[0]
    for o in range(rest.shape[0]):
        sums.errors[o] += rest[o].sum()
        _add_dots(rest[o], rest[o], sums.squares[o : o + 1])
        for c in range(lines.shape[1]):
            for u in range(kernel):
                _add_dots(rest[o], lines[(a + u) % kernel, c], sums.cross[o, c, u])
