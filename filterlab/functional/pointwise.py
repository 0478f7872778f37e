"""Functions of each number by itself, in compiled loops: one pass through memory for what NumPy takes several for.

The functions that are made of exponentials are written as instructions on vectors of single-precision numbers. Each
stands here as a plain loop as well, which says what it computes (see `conv/instructions.py` for how that is done).
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import pi, prod, sqrt
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed
from numba.extending import lower_builtin, type_callable

from filterlab.compiling import compiled
from filterlab.functional.arrays import Array
from filterlab.functional.conv.tiles import micro_kernel
from filterlab.functional.exponential import ABREAST, double_power, multiply_add, power
from filterlab.functional.merging import place_add
from filterlab.functional.pool.combining import operands, splat, write_row
from filterlab.functional.prepared import Change, InPlace, Joining, Loop, Prepared
from filterlab.functional.threads import thread_count

# exp(z^2) * erfc(z) for z >= 0 as a polynomial in 1 / (1 + z / 2), constant first: fitted by reweighted least squares
# to a relative error of 7e-9.
SCALED_ERFC = (
    7.548595132592978e-06,
    0.28186947955908037,
    0.28502024872259163,
    0.22507731492677463,
    0.2788769866323589,
    -0.235866127131296,
    0.6574839782040293,
    -0.9374199331218692,
    0.6204115733742372,
    -0.2017915587791371,
    0.02633048221925018,
)
GELU_ZERO = 15.0  # from where on the density of the normal distribution is 0 in single precision
NEAR = 0.8  # times v, rounded to halves, is near the hyperbolic tangent of v, where that is not 1
MAGIC_HALVES = 1.5 * 2**22  # in a sum with it numbers are rounded to halves
SATURATED = 10.0  # from where on the hyperbolic tangent is 1 in single precision


SMALLEST = 1 << 16  # values that are worth handing to another thread
ALONE = 1 << 22  # values after which a thread that is alone looks whether they are still wanted
TERMS = 5  # of `Scaled`
# Bytes of a result that is written past the cache: it would push out all else there, itself included, and each of its
# lines would be read from memory before it is written.
PAST_CACHE = 1 << 23


@dataclass(frozen=True)
class Scaled(Change):
    """min(max((x - center) * scale + added, low), high), of which each is one number, or has one for each channel.

    terms: these five, (1, 5) or (channels, 5), of the dtype of x. scales, limits: whether it does the one, and the
    other. NaN stays.
    """

    terms: Array
    scales: bool
    limits: bool

    def over(self, shape: tuple[int, ...]) -> Prepared:
        """Return it as a function of arrays of this shape."""
        laid = (1, -1) if len(self.terms) == 1 else (shape[0] * shape[1], prod(shape[2:]))
        return over(scale_rows, shape, self.terms.dtype, (self.terms,), laid)

    def followed_by(self, other: InPlace) -> Change | None:
        if self.limits or not isinstance(other, Scaled) or other.scales:
            return None
        limits = np.broadcast_to(other.terms[:, 3:], (len(self.terms), 2))
        return _scaled(np.hstack([self.terms[:, :3], limits]), scales=self.scales, limits=True)


def over(
    loop: Any,
    shape: tuple[int, ...],
    dtype: Any,
    options: tuple[Any, ...] = (),
    laid: tuple[int, ...] = (-1,),
) -> Prepared:
    """Return a loop over each value of arrays of this shape as a function of them."""
    # A thread that is alone has nobody to share with, and between two bands the interpreter finds its own memory
    # pushed out of the cache.
    smallest = SMALLEST if thread_count() > 1 else ALONE
    return Loop(loop, lambda room: options, shape, dtype, prod(shape), smallest, laid).prepared()


def normalizing(statistics: Array, eps: float) -> Scaled:
    """Return weight * (x - mean) / sqrt(var + eps) + bias; statistics: mean, var, weight and bias, (4, channels)."""
    terms = np.empty((statistics.shape[1], TERMS), statistics.dtype)
    _normalize(statistics, float(eps), terms)
    return _scaled(terms, scales=True, limits=False)


# Compiled, though it is little: when the interpreter comes back to a dozen functions of NumPy, the maps of the call
# before have pushed them out of the cache, and they take longer than a tenth of the maps.
@compiled(error_model="numpy")
def _normalize(statistics, eps, terms):
    mean, var, weight, bias = statistics
    for c in range(len(mean)):
        # Not folded into x * scale + (bias - mean * scale): these cancel where the mean is large against x - mean.
        terms[c, 0] = mean[c]
        # Divided in double precision and rounded once.
        terms[c, 1] = weight[c] / sqrt(np.float64(var[c]) + eps)
        terms[c, 2] = bias[c]
        terms[c, 3], terms[c, 4] = -np.inf, np.inf


def limited(dtype: Any, low: float, high: float) -> Scaled:
    """x, but at least `low` and at most `high`, which decides where it is below `low`; NaN where a limit is that."""
    # What is added is minus zero, as zero would change the sign of a negative one.
    added = np.nan if np.isnan(low) or np.isnan(high) else -0.0
    with np.errstate(over="ignore"):  # a limit beyond the range of the dtype is none
        terms = np.array([[0.0, 1.0, added, low, high]]).astype(dtype)
    return _scaled(terms, scales=False, limits=True)


def _scaled(terms: Array, *, scales: bool, limits: bool) -> Scaled:
    def change(values: Array, channels: slice) -> None:
        # Vectors (n, features) as the only row of a map: their terms do not depend on the feature.
        maps = values if values.ndim == 4 else values[:, None, None]
        rows = _with_rows(maps)
        scale_part(rows, channels.start or 0, terms)
        if rows is not maps:
            maps[...] = rows

    found = Scaled(change, lambda space, x: found.over(x.shape).place(space, x), terms, scales, limits)
    return found


def _with_rows(maps: Array) -> Array:
    """The maps themselves where the cells of a row are adjacent, else a copy."""
    # Maps may be laid out otherwise, as of a padded border, or of a picture whose channels come last.
    return maps if maps.strides[-1] == maps.itemsize else np.ascontiguousarray(maps)


@dataclass(frozen=True)
class Added(Joining):
    """min(max(x + another map, low), high), low and high of `limits`, or x + another map where there are none."""

    limits: tuple[Any, ...]

    def followed_by(self, other: InPlace) -> Change | None:
        if self.limits or not isinstance(other, Scaled) or other.scales or len(other.terms) > 1:
            return None
        return added(tuple(other.terms[0, 3:]))


def added(limits: tuple[Any, ...] = ()) -> Added:
    """Return the change that adds another map, with limits (low, high) of the dtype of both."""

    def change(values: Array, other: Array) -> None:
        if not limits:
            np.add(values, other, out=values)
            return
        rows, beside = _with_rows(values), _with_rows(other)[...]
        beside.flags.writeable = False  # see `arrays.read_only`
        add_part(rows, beside, *limits)
        if rows is not values:
            values[...] = rows

    return Added(change, place_add, limits)


def adjacent(x):
    """x itself, of which compiled code now knows that its cells follow one another: parts of maps do not say so."""
    return x


@type_callable(adjacent)
def _adjacent_type(context):
    return lambda x: x.copy(layout="C")


@lower_builtin(adjacent, types.Array)
def _write_adjacent(context, builder, signature, args):
    return impl_ret_borrowed(context, builder, signature.return_type, args[0])


@compiled
def scale_rows(x, terms, start, end, y):
    """`Scaled` of planes that follow one another, x and y: (planes, cells).

    start, end: of all cells, counted through the planes.
    """
    cells = x.shape[1]
    source, target, each = x.reshape(-1), y.reshape(-1), terms.reshape(-1)
    position = start
    while position < end:
        plane = position // cells
        count = min((plane + 1) * cells, end) - position
        scales(target, position, source, position, each, plane % len(terms) * terms.shape[1], count)
        position += count


@compiled
def scale_part(values, channel, terms):
    """`Scaled` in place, of a part of maps (n, c, h, w) that begins with `channel`; the cells of a row are adjacent."""
    images, channels, rows, cols = values.shape
    whole = values.strides[2] == cols * values.itemsize
    for n in range(images):
        for c in range(channels):
            each = terms[(channel + c) % len(terms)]
            if whole:
                plane = adjacent(values[n, c]).reshape(-1)
                _scale(plane, each, plane)
            else:
                for i in range(rows):
                    row = adjacent(values[n, c, i])
                    _scale(row, each, row)


@compiled
def add_part(values, other, low, high):
    """`Added` in place, of a part of maps (n, c, h, w), with limits; the cells of a row are adjacent."""
    images, channels, rows, _ = values.shape
    for n in range(images):
        for c in range(channels):
            for i in range(rows):
                _add(adjacent(values[n, c, i]), adjacent(other[n, c, i]), low, high)


@compiled(kept=False, inline="always")
def _add(x, other, low, high):
    for j in range(len(x)):
        value = x[j] + other[j]
        value = low if value <= low else value
        x[j] = high if value >= high else value


@compiled(kept=False, inline="always")
def _scale(x, terms, y):
    center, scale, added, low, high = terms[0], terms[1], terms[2], terms[3], terms[4]
    for j in range(len(x)):
        value = (x[j] - center) * scale + added
        # In this form one comparison each: they are false for NaN, which is kept.
        value = low if value <= low else value
        y[j] = high if value >= high else value


class _Numbers:
    """Numbers, or vectors of them, with Python's signs for instructions, so that formulas read as such."""

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder, self.value = builder, value

    def of(self, number: float) -> _Numbers:
        """A constant beside these."""
        kind = self.value.type
        vector = isinstance(kind, ir.VectorType)
        return _Numbers(self.builder, ir.Constant(kind, [number] * kind.count if vector else number))

    def all(self, number: Any) -> _Numbers:
        """One number of the program in the place of each of these."""
        kind = self.value.type
        return _Numbers(
            self.builder, splat(self.builder, number, kind) if isinstance(kind, ir.VectorType) else number
        )

    def __add__(self, other: Any) -> _Numbers:
        return self._do("fadd", other)

    def __sub__(self, other: Any) -> _Numbers:
        return self._do("fsub", other)

    def __mul__(self, other: Any) -> _Numbers:
        return self._do("fmul", other)

    def __truediv__(self, other: Any) -> _Numbers:
        return self._do("fdiv", other)

    def _do(self, name: str, other: Any) -> _Numbers:
        other = other if isinstance(other, _Numbers) else self.of(other)
        return _Numbers(self.builder, getattr(self.builder, name)(self.value, other.value))

    def times_plus(self, factor: _Numbers | float, added: _Numbers | float) -> _Numbers:
        """self * factor + added, rounded once where the processor can."""
        others = [v if isinstance(v, _Numbers) else self.of(v) for v in (factor, added)]
        return _Numbers(self.builder, multiply_add(self.builder, self.value, *(v.value for v in others)))

    def below(self, limit: float, then: _Numbers, otherwise: _Numbers) -> _Numbers:
        """`then` where these are below the limit, else, and for NaN, `otherwise`."""
        chosen = self.builder.fcmp_ordered("<", self.value, self.of(limit).value)
        return _Numbers(self.builder, self.builder.select(chosen, then.value, otherwise.value))

    def held(self, sign: str, limit: _Numbers | float) -> _Numbers:
        """The limit where they compare to it as the sign says; NaN stays."""
        end = limit if isinstance(limit, _Numbers) else self.of(limit)
        beyond = self.builder.fcmp_ordered(sign, self.value, end.value)
        return _Numbers(self.builder, self.builder.select(beyond, end.value, self.value))

    def size(self) -> _Numbers:
        """Without their sign."""
        return self._intrinsic("fabs", self)

    def signed_as(self, other: _Numbers) -> _Numbers:
        """With the sign of others."""
        return self._intrinsic("copysign", self, other)

    def _intrinsic(self, name: str, *arguments: _Numbers) -> _Numbers:
        kind = self.value.type
        suffix = f"v{kind.count}f32" if isinstance(kind, ir.VectorType) else "f32"
        function = cgutils.get_or_insert_function(
            self.builder.module, ir.FunctionType(kind, [kind] * len(arguments)), f"llvm.{name}.{suffix}"
        )
        return _Numbers(self.builder, self.builder.call(function, [v.value for v in arguments]))

    def exp(self) -> _Numbers:
        """Their exponentials, of numbers up to 88."""
        return _Numbers(self.builder, power(self.builder, self.value))

    def double_exp(self) -> tuple[_Numbers, _Numbers]:
        """p and s, a power of 2, of which exp(2 * v) is p * s + s, of numbers from 0 to 40."""
        p, s = double_power(self.builder, self.value)
        return _Numbers(self.builder, p), _Numbers(self.builder, s)


def _sigmoid(v: _Numbers, factor: _Numbers | None = None) -> _Numbers:
    # Only negative numbers go into exp, so that nothing overflows.
    e = (v.size() * -1.0).exp()
    one = v.of(1.0)
    above, below = (one, e) if factor is None else (factor, factor * e)
    return v.below(0.0, below, above) / (e + 1.0)


def _tanh(v: _Numbers) -> _Numbers:
    # (e - 1) / (e + 1), e = exp(2 * |v|), as a + ((1 - a) * e - (1 + a)) / (e + 1), where a is 0, 1/2 or 1, whichever
    # is near: it has no error, and what is added to it is so small that its own hardly counts.
    size = v.size().held(">", SATURATED)
    p, s = size.double_exp()
    near = (size.times_plus(NEAR, MAGIC_HALVES) - MAGIC_HALVES).held(">", 1.0)
    factor = (v.of(1.0) - near) * s
    above = p.times_plus(factor, factor - (near + 1.0))
    return (above / p.times_plus(s, s + 1.0) + near).signed_as(v)


def _gelu(v: _Numbers) -> _Numbers:
    t = v.of(1.0) / v.size().times_plus(sqrt(0.125), 1.0)
    scaled = v.of(SCALED_ERFC[-1])
    for coefficient in SCALED_ERFC[-2::-1]:
        scaled = scaled.times_plus(t, coefficient)
    # exp(-v^2 / 2), in which what v^2 is rounded off by would be multiplied by its size.
    most = v.size().held(">", GELU_ZERO)
    square = most * most
    rest = most.times_plus(most, square * -1.0)
    density = (square * -0.5).exp()
    density = density.times_plus(rest * -0.5, density)
    half = density * scaled * 0.5
    return v * v.below(0.0, half, v.of(1.0) - half)


def _gelu_tanh(v: _Numbers) -> _Numbers:
    # 1 + tanh(u) is 2 * sigmoid(2 * u), in which nothing cancels.
    square = v * v
    inner = (v * square).times_plus(0.044715, v) * (2 * sqrt(2 / pi))
    return _sigmoid(inner, v)


def _write(
    formula: Callable[..., _Numbers],
    names: tuple[str, ...],
    context: Any,
    builder: Any,
    signature: Any,
    args: Any,
) -> Any:
    """Write a kernel(y, y_offset, x, x_offset, count); `formula` is also given the numbers of an array behind x."""
    given, (target, source, *terms), scalar = operands(names, context, builder, signature, args)
    numbers = [builder.load(builder.gep(terms[0], [ir.IntType(64)(i)])) for i in range(TERMS if terms else 0)]

    def found(cells: list[Any], kind: Any) -> Any:
        values = _Numbers(builder, *cells)
        return formula(values, *(values.all(number) for number in numbers)).value

    whole = context.make_array(signature.args[0])(context, builder, args[0])
    size = builder.mul(whole.nitems, whole.itemsize)
    past = builder.icmp_signed(">=", size, ir.IntType(64)(PAST_CACHE))
    write_row(builder, target, [source], given["count"], scalar, found, abreast=ABREAST, past_cache=past)
    return context.get_dummy_value()


@micro_kernel(partial(_write, lambda v: v.held("<=", 0.0)))
def rectifies(y, y_offset, x, x_offset, count):
    """y[y_offset + j] = max(0, x[x_offset + j]), or NaN, for j < count; both are flat and of one dtype; y is not x."""
    values = x[x_offset : x_offset + count]
    y[y_offset : y_offset + count] = np.where(values <= 0, 0, values)


def _scaled_numbers(
    v: _Numbers, center: _Numbers, scale: _Numbers, added: _Numbers, low: _Numbers, high: _Numbers
) -> _Numbers:
    return ((v - center) * scale + added).held("<=", low).held(">=", high)


@micro_kernel(partial(_write, _scaled_numbers))
def scales(y, y_offset, x, x_offset, terms, terms_offset, count):
    """`Scaled` by the five terms from terms[terms_offset] on; otherwise as `rectifies`."""
    _scale(x[x_offset : x_offset + count], terms[terms_offset:], y[y_offset : y_offset + count])


@micro_kernel(partial(_write, _sigmoid))
def sigmoids(y, y_offset, x, x_offset, count):
    """y[y_offset + j] = 1 / (1 + exp(-x[x_offset + j])) for j < count; both float32 and flat, and y is not x."""
    y[y_offset : y_offset + count] = 1 / (1 + np.exp(-x[x_offset : x_offset + count]))


@micro_kernel(partial(_write, lambda v: _sigmoid(v, v)))
def silus(y, y_offset, x, x_offset, count):
    """x / (1 + exp(-x)), as `sigmoids`."""
    values = x[x_offset : x_offset + count]
    y[y_offset : y_offset + count] = values / (1 + np.exp(-values))


@micro_kernel(partial(_write, _tanh))
def tanhs(y, y_offset, x, x_offset, count):
    """The hyperbolic tangent, as `sigmoids`."""
    y[y_offset : y_offset + count] = np.tanh(x[x_offset : x_offset + count])


@micro_kernel(partial(_write, _gelu))
def gelus(y, y_offset, x, x_offset, count):
    """x * Phi(x), as `sigmoids`."""
    from scipy.special import ndtr

    values = x[x_offset : x_offset + count]
    y[y_offset : y_offset + count] = values * ndtr(values.astype(np.float64))


@micro_kernel(partial(_write, _gelu_tanh))
def tanh_gelus(y, y_offset, x, x_offset, count):
    """0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))), as `sigmoids`."""
    values = x[x_offset : x_offset + count]
    inner = sqrt(2 / pi) * (values + 0.044715 * values**3)
    y[y_offset : y_offset + count] = 0.5 * values * (1 + np.tanh(inner))


def _loop(kernel: Callable[..., None]) -> Callable[..., None]:
    @compiled
    def pointwise(x, start, end, y):
        kernel(y, start, x, start, end - start)

    return pointwise


# For arrays that are flat, and of float32 but for the first: loop(x, start, end, y).
LOOPS = {
    "relu": _loop(rectifies),
    "sigmoid": _loop(sigmoids),
    "silu": _loop(silus),
    "tanh": _loop(tanhs),
    "gelu": _loop(gelus),
    "gelu_tanh": _loop(tanh_gelus),
}
