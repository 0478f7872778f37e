"""Transforms of real planes in double precision: the innermost work of `frequency.py`.

A plane is transformed down its columns first, many columns side by side in vectors, and then along its rows. The
numbers of a transform are left in the order in which they come about (decimation in frequency, and back in time:
Oppenheim and Schafer, section 9.3): they are only multiplied with others in the same order, and sorting them would
take as long as a third of a transform.

- A column of 2n real cells is n complex numbers, every other cell the imaginary part; their transform and its mirror
  image are taken apart into the n + 1 that are no mirror images of others.
- A row of n vectors is transformed as vectors, all lanes for themselves; then each lane is turned by its factor, and
  squares of as many vectors as lanes change rows with columns, so that the last step also goes over whole vectors.

A complex vector is two: its real part, and `apart` numbers further on its imaginary part. Each function here says in a
plain loop what it computes, and a call in a compiled loop becomes the instructions that are written here (see
`instructions.py` for how). Arrays are flat.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba.core import cgutils

from filterlab.functional.arrays import Array, read_only
from filterlab.functional.conv.instructions import BYTES, store_some
from filterlab.functional.conv.moving import data_of, turned
from filterlab.functional.conv.tiles import micro_kernel

LANES = BYTES // 8  # numbers of a vector
# Vectors that are transformed together. With 8, which take fewer steps, compilers run out of 32 registers: 1.2 times
# the time.
RADICES = (4, 3, 2)

_INT = ir.IntType(64)
_VECTOR = ir.VectorType(ir.DoubleType(), LANES)


class TransformSteps(NamedTuple):
    """A transform of `count` numbers as steps, in the order of decimation in frequency.

    A step transforms `radix` numbers that lie `span` apart, and turns what comes out by factors; there are `groups` of
    span times radix numbers. plan: int64 (steps, 4), the radix, span, groups and first factor of each.
    """

    plan: Array
    factors: Array  # real and imaginary parts in turn
    places: Array  # int64 (count,): where each number of the transform comes to lie


@lru_cache(maxsize=64)
def steps_of(count: int) -> TransformSteps:
    """Return the steps of a transform of count = 2^a * 3^b numbers."""
    plan, factors, left, first = [], [], count, 0
    digits = []
    while left > 1:
        radix = next(radix for radix in RADICES if left % radix == 0)
        span = left // radix
        turns = np.outer(np.arange(span), np.arange(1, radix)).ravel()
        plan.append((radix, span, count // left, first))
        factors.append(roots(left)[turns % left])
        first += 2 * len(turns)
        digits.append((radix, span))
        left = span
    numbers, places = np.arange(count), np.zeros(count, np.int64)
    for radix, span in digits:
        places += numbers % radix * span
        numbers //= radix
    flat = np.concatenate([np.zeros(0, complex), *factors])
    return TransformSteps(
        read_only(np.array(plan, np.int64).reshape(-1, 4)),
        read_only(flat.view(np.float64)),
        read_only(places),
    )


def roots(count: int) -> Array:
    """Return exp(-2 pi i k / count) for k < count; exact where they lie on an axis."""
    k = np.arange(count)
    found = np.exp(-2j * np.pi * k / count)
    exact = 4 * k % count == 0
    found[exact] = np.array([1, -1j, -1, 1j])[4 * k[exact] // count]
    return found


def small_transform(values, back):
    """The transform of a few complex numbers or vectors, without factors; `back`: the reverse, times their number."""
    count = len(values)
    if count == 1:
        return list(values)
    if count == 3:
        first, second, third = values
        total, half = second + third, 0.5
        middle, apart = first - total * half, (second - third) * (sqrt(0.75) * (1j if back else -1j))
        return [first + total, middle + apart, middle - apart]
    even, odd = (small_transform(values[start::2], back) for start in (0, 1))
    turns = roots(count)[: count // 2]
    turns = turns.conjugate() if back else turns
    odd = [value * complex(turn) for value, turn in zip(odd, turns, strict=True)]
    return [a + b for a, b in zip(even, odd, strict=True)] + [a - b for a, b in zip(even, odd, strict=True)]


# -- complex vectors in LLVM's terms ---------------------------------------------------------------------------


class _Complex:
    """A complex vector, whose operators write the instructions that compute them."""

    def __init__(self, builder: Any, real: Any, imaginary: Any) -> None:
        self.builder, self.real, self.imaginary = builder, real, imaginary

    def __add__(self, other: _Complex) -> _Complex:
        add = self.builder.fadd
        return _Complex(self.builder, add(self.real, other.real), add(self.imaginary, other.imaginary))

    def __sub__(self, other: _Complex) -> _Complex:
        sub = self.builder.fsub
        return _Complex(self.builder, sub(self.real, other.real), sub(self.imaginary, other.imaginary))

    def __mul__(self, factor: Any) -> _Complex:
        if isinstance(factor, _Complex):
            return self._times(factor.real, factor.imaginary)
        builder, number = self.builder, complex(factor)
        if number == 1:
            return self
        if number.real == 0:  # a quarter of a turn first
            return _Complex(builder, builder.fneg(self.imaginary), self.real) * number.imag
        if number.imag == 0:
            return _Complex(
                builder, *(builder.fmul(part, _constant(number.real)) for part in (self.real, self.imaginary))
            )
        return self._times(_constant(number.real), _constant(number.imag))

    def _times(self, real: Any, imaginary: Any) -> _Complex:
        builder = self.builder
        crossed = builder.fneg(builder.fmul(self.imaginary, imaginary))
        along = builder.fmul(self.imaginary, real)
        return _Complex(
            builder,
            _fused(builder, self.real, real, crossed),
            _fused(builder, self.real, imaginary, along),
        )

    def conjugate(self) -> _Complex:
        return _Complex(self.builder, self.real, self.builder.fneg(self.imaginary))


def _constant(number: float) -> Any:
    return ir.Constant(_VECTOR, [number] * LANES)


def _fused(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c, with one rounding where the processor can do that."""
    function = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
    name = f"llvm.fmuladd.v{LANES}f64"
    return builder.call(cgutils.get_or_insert_function(builder.module, function, name), [a, b, c])


def _splat(builder: Any, number: Any) -> Any:
    first = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, ir.IntType(32)(0))
    places = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, ir.Constant(_VECTOR, ir.Undefined), places)


class _Plane:
    """An array of a call, from an offset on, of complex vectors whose parts lie `apart` numbers from each other."""

    def __init__(self, builder: Any, data: Any, offset: Any, apart: Any = None) -> None:
        self.builder, self.first, self.apart = builder, builder.gep(data, [offset]), apart

    def load(self, at: Any) -> _Complex:
        return _Complex(self.builder, *(self.builder.load(place, align=8) for place in self._places(at)))

    def store(self, at: Any, value: _Complex) -> None:
        for place, part in zip(self._places(at), (value.real, value.imaginary), strict=True):
            self.builder.store(part, place, align=8)

    def splat(self, at: Any) -> _Complex:
        """A vector of one complex number, whose imaginary part lies behind the real one."""
        places = (self.builder.gep(self.first, [self.builder.add(at, _INT(i))]) for i in (0, 1))
        return _Complex(self.builder, *(_splat(self.builder, self.builder.load(place)) for place in places))

    def _places(self, at: Any) -> list[Any]:
        first = self.builder.gep(self.first, [at])
        both = first, self.builder.gep(first, [self.apart])
        return [self.builder.bitcast(place, _VECTOR.as_pointer()) for place in both]


def _writer(write: Any) -> Any:
    """From a function of the builder and a call's arguments by name, arrays as pointers: what `micro_kernel` takes."""

    def writer(names: tuple[str, ...], context: Any, builder: Any, signature: Any, args: Any) -> Any:
        given = dict(zip(names, args, strict=True))
        for number, kind in enumerate(signature.args):
            if hasattr(kind, "dtype"):
                given[names[number]] = data_of(context, builder, signature, args, number)
        write(builder, **given)
        return context.get_dummy_value()

    return writer


@contextmanager
def _counted(builder: Any, stop: Any) -> Iterator[Any]:
    """A loop whose index counts from 0 to `stop`, half-open."""
    with cgutils.for_range_slice(builder, _INT(0), stop, _INT(1)) as (index, _):
        yield index


def _vector(data, at, apart, count=LANES):
    return data[at:][:count] + 1j * data[at + apart :][:count]


def _put(data, at, apart, values):
    for part, numbers in ((0, values.real), (apart, values.imag)):
        data[at + part :][: values.size] = numbers.ravel()


def _write_steps(back, builder, data, at, apart, plan, factors, steps):
    with _counted(builder, steps) as number:
        place = builder.mul(builder.sub(builder.sub(steps, _INT(1)), number) if back else number, _INT(4))
        step = [builder.load(builder.gep(plan, [builder.add(place, _INT(i))])) for i in range(4)]
        _write_step(back, builder, _Plane(builder, data, at, apart), factors, *step)


def _write_step(back, builder, cells, factors, radix, span, groups, first):
    done, turned_by = builder.append_basic_block("step.done"), _Plane(builder, factors, first)
    beyond, choice = builder.mul(span, _INT(LANES)), builder.switch(radix, done)
    for size in RADICES:
        block = builder.append_basic_block(f"radix.{size}")
        choice.add_case(_INT(size), block)
        builder.position_at_end(block)
        with builder.if_else(builder.icmp_signed("==", span, _INT(1))) as (last, others):
            with last:
                _write_groups(back, builder, cells, None, _INT(0), size, beyond, groups)
            with others, _counted(builder, span) as j:
                _write_groups(back, builder, cells, turned_by, j, size, beyond, groups)
        builder.branch(done)
    builder.position_at_end(done)


def _write_groups(back, builder, cells, factors, j, radix, beyond, groups):
    """Transform numbers j, j + span, ... of each group; `factors`: None where all are 1."""
    first, turns = builder.mul(j, _INT(2 * (radix - 1))), []
    if factors is not None:
        turns = [factors.splat(builder.add(first, _INT(2 * q))) for q in range(radix - 1)]
    with _counted(builder, groups) as group:
        begin = builder.add(builder.mul(builder.mul(group, beyond), _INT(radix)), builder.mul(j, _INT(LANES)))
        places = [builder.add(begin, builder.mul(beyond, _INT(q))) for q in range(radix)]
        values = [cells.load(place) for place in places]
        for place, value in zip(places, _stepped(back, values, turns), strict=True):
            cells.store(place, value)


def _stepped(back, values, turns):
    first, *others = values if back else small_transform(values, back)
    if turns:
        others = [v * (t.conjugate() if back else t) for v, t in zip(others, turns, strict=True)]
    return small_transform([first, *others], back) if back else [first, *others]


def _steps(back, data, at, apart, plan, factors):
    for radix, span, groups, first in plan[::-1] if back else plan:
        numbers = _vector(data, at, apart, groups * radix * span * LANES).reshape(groups, radix, span, LANES)
        turns = factors[first : first + 2 * span * (radix - 1)].view(complex).reshape(span, radix - 1)
        stepped = _stepped(back, list(numbers.swapaxes(0, 1)), list(turns.T[..., None]))
        _put(data, at, apart, np.stack(stepped, 1))


@micro_kernel(_writer(partial(_write_steps, False)))
def transform(data, at, apart, plan, factors, steps):
    """All `TransformSteps` on complex vectors from `at` on, in place."""
    _steps(False, data, at, apart, plan, factors)


@micro_kernel(_writer(partial(_write_steps, True)))
def transform_back(data, at, apart, plan, factors, steps):
    """The reverse of `transform`, times the number of vectors."""
    _steps(True, data, at, apart, plan, factors)


def _write_load(builder, data, apart, cells, first, stride, rows, half):
    target = _Plane(builder, data, _INT(0), apart)
    short = ir.VectorType(ir.FloatType(), LANES)

    def row(number: Any) -> Any:
        """A row of cells as numbers, zero beyond the last."""
        inside = builder.icmp_signed("<", number, rows)
        # The first row in the place of one that is not there: reading it costs less than a jump.
        at = builder.add(first, builder.mul(builder.select(inside, number, _INT(0)), stride))
        place = builder.bitcast(builder.gep(cells, [at]), short.as_pointer())
        value = builder.fpext(builder.load(place, align=4), _VECTOR)
        return builder.select(inside, value, _constant(0.0))

    with _counted(builder, half) as k:
        both = [row(builder.add(builder.mul(k, _INT(2)), _INT(odd))) for odd in (0, 1)]
        target.store(builder.mul(k, _INT(LANES)), _Complex(builder, *both))


@micro_kernel(_writer(_write_load))
def load_columns(data, apart, cells, first, stride, rows, half):
    """Vectors of neighbouring columns from cell `first` on: rows 2k and 2k + 1 become number k of `half`.

    cells: float32; there are `rows` rows, `stride` apart, and zeros below them.
    """
    for k in range(half):
        for part, row in ((0, 2 * k), (apart, 2 * k + 1)):
            line = cells[first + row * stride :][:LANES] if row < rows else 0
            data[part + k * LANES :][:LANES] = line


def _unmixed(a, b, turn):
    """Numbers k and half - k of a transform of real numbers, twice, from those of their pairs."""
    b = b.conjugate()
    both, apart = a + b, (a - b) * -1j * turn
    return both + apart, (both - apart).conjugate()


def _mixed(a, b, turn):
    """The reverse of `_unmixed`, twice."""
    b = b.conjugate()
    both, apart = a + b, (a - b) * turn.conjugate() * 1j
    return both + apart, (both - apart).conjugate()


def _write_unmixed(back, builder, data, apart, places, turns, half, rows, at, stride, rows_apart):
    columns, plane = _Plane(builder, data, _INT(0), apart), _Plane(builder, rows, at, rows_apart)
    factors = _Plane(builder, turns, _INT(0))
    last = builder.mul(half, stride)

    def place(k: Any) -> Any:
        return builder.mul(builder.load(builder.gep(places, [k])), _INT(LANES))

    if back:
        low, high = plane.load(_INT(0)).real, plane.load(last).real
        columns.store(_INT(0), _Complex(builder, builder.fadd(low, high), builder.fsub(low, high)))
    else:
        first, nothing = columns.load(_INT(0)), _constant(0.0)
        twice = first + first
        for at_row, write in ((_INT(0), builder.fadd), (last, builder.fsub)):
            plane.store(at_row, _Complex(builder, write(twice.real, twice.imaginary), nothing))
    middle = builder.add(builder.sdiv(half, _INT(2)), _INT(1))
    with cgutils.for_range_slice(builder, _INT(1), middle, _INT(1)) as (k, _):
        mirrored = builder.sub(half, k)
        turn = factors.splat(builder.mul(k, _INT(2)))
        in_columns = columns, [place(i) for i in (k, mirrored)]
        in_rows = plane, [builder.mul(i, stride) for i in (k, mirrored)]
        (source, seen), (target, made) = (in_rows, in_columns) if back else (in_columns, in_rows)
        first, second = (source.load(each) for each in seen)
        values = _mixed(first, second, turn) if back else _unmixed(first, second, turn)
        for each, value in zip(made, values, strict=True):
            target.store(each, value)


@micro_kernel(_writer(partial(_write_unmixed, False)))
def unmix_columns(data, apart, places, turns, half, rows, at, stride, rows_apart):
    """The transform of columns of 2 * half real numbers, twice, from that of their pairs.

    Number k becomes row k <= half of `rows`, from `at` on and `stride` apart. places: see `TransformSteps`; turns:
    those of 2 * half numbers.
    """
    for k in range(half // 2 + 1):
        first, second = (_vector(data, places[i % half] * LANES, apart) for i in (k, half - k))
        values = _unmixed(first, second, complex(turns[2 * k], turns[2 * k + 1]))
        for i, value in zip((k, half - k), values, strict=True):
            _put(rows, at + i * stride, rows_apart, value)


@micro_kernel(_writer(partial(_write_unmixed, True)))
def mix_columns(data, apart, places, turns, half, rows, at, stride, rows_apart):
    """The reverse of `unmix_columns`, twice; what is imaginary in the first and the last row is left out."""
    for k in range(half // 2 + 1):
        first, second = (_vector(rows, at + i * stride, rows_apart) for i in (k, half - k))
        if k == 0:
            first, second = first.real, second.real
        values = _mixed(first, second, complex(turns[2 * k], turns[2 * k + 1]))
        for i, value in list(zip((k, half - k), values, strict=True))[: 1 if k == 0 else 2]:
            _put(data, places[i] * LANES, apart, value)


def _write_store(builder, target, first, stride, data, apart, rows, cols, limits):
    source = _Plane(builder, data, _INT(0), apart)
    bias, least = (_splat(builder, builder.load(builder.gep(limits, [_INT(number)]))) for number in (0, 1))
    short = ir.VectorType(ir.FloatType(), LANES)
    absolute = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(_VECTOR, [_VECTOR]), f"llvm.fabs.v{LANES}f64"
    )
    pairs = builder.sdiv(builder.add(rows, _INT(1)), _INT(2))
    with _counted(builder, pairs) as k:
        both = source.load(builder.mul(k, _INT(LANES)))
        for odd, sums in enumerate((both.real, both.imaginary)):
            row = builder.add(builder.mul(k, _INT(2)), _INT(odd))
            with builder.if_then(builder.icmp_signed("<", row, rows)):
                small = builder.fcmp_ordered("<", builder.call(absolute, [sums]), least)
                total = builder.fadd(bias, builder.select(small, _constant(0.0), sums))
                place = builder.gep(target, [builder.add(first, builder.mul(row, stride))])
                store_some(builder, place, builder.fptrunc(total, short), cols, 4)


@micro_kernel(_writer(_write_store))
def store_columns(target, first, stride, data, apart, rows, cols, limits):
    """Round the first rows and columns of what `load_columns` reads to float32, the first cell to target[first].

    limits: what is added, and what a sum is at least, or else taken for zero.
    """
    cols = min(cols, LANES)
    for row in range(rows):
        sums = data[apart * (row % 2) + row // 2 * LANES :][:cols]
        target[first + row * stride :][:cols] = limits[0] + np.where(abs(sums) < limits[1], 0, sums)


def _write_lanes(back, builder, data, at, apart, turns, vectors):
    cells, factors = _Plane(builder, data, at, apart), _Plane(builder, turns, _INT(0))
    factors.apart = builder.mul(vectors, _INT(LANES))
    with cgutils.for_range_slice(builder, _INT(0), factors.apart, _INT(LANES**2)) as (start, _):
        places = [builder.add(start, _INT(LANES * i)) for i in range(LANES)]
        values = [cells.load(place) for place in places]
        if back:
            values = _turned_square(builder, small_transform(values, back))
            values = [v * factors.load(place).conjugate() for v, place in zip(values, places, strict=True)]
        else:
            values = [v * factors.load(place) for v, place in zip(values, places, strict=True)]
            values = small_transform(_turned_square(builder, values), back)
        for place, value in zip(places, values, strict=True):
            cells.store(place, value)


def _turned_square(builder: Any, values: list[_Complex]) -> list[_Complex]:
    parts = ([getattr(value, name) for value in values] for name in ("real", "imaginary"))
    return [_Complex(builder, *both) for both in zip(*(turned(builder, part) for part in parts), strict=True)]


def _lanes(data, at, apart, turns, vectors, back):
    shape, count = (vectors // LANES, LANES, LANES), vectors * LANES
    factors = (turns[:count] + 1j * turns[count:]).reshape(shape)
    values = _vector(data, at, apart, count).reshape(shape)
    if back:
        values = np.stack(small_transform(list(values.swapaxes(0, 1)), back), 2) * factors.conj()
    else:
        values = np.stack(small_transform(list(np.moveaxis(values * factors, 2, 0)), back), 1)
    _put(data, at, apart, values)


@micro_kernel(_writer(partial(_write_lanes, False)))
def join_lanes(data, at, apart, turns, vectors):
    """The last step of a row's transform, from those of its lanes: `vectors` complex vectors from `at` on, in place.

    turns: see `lane_turns`.
    """
    _lanes(data, at, apart, turns, vectors, False)


@micro_kernel(_writer(partial(_write_lanes, True)))
def part_lanes(data, at, apart, turns, vectors):
    """The reverse of `join_lanes`, times the number of lanes."""
    _lanes(data, at, apart, turns, vectors, True)


@lru_cache(maxsize=64)
def lane_turns(vectors: int) -> Array:
    """Return the factor of each lane of the vectors of a row, all real parts before the imaginary ones."""
    count = vectors * LANES
    turns = np.empty((vectors, LANES), complex)
    turns[steps_of(vectors).places] = roots(count)[np.outer(np.arange(vectors), np.arange(LANES)) % count]
    return read_only(np.stack([turns.real.ravel(), turns.imag.ravel()]).ravel())


def _write_product(builder, target, at, a, a_at, b, b_at, apart, count, adds):
    planes = [_Plane(builder, *each, apart) for each in ((target, at), (a, a_at), (b, b_at))]
    for more in (False, True):
        with (
            builder.if_then(builder.icmp_signed("==", adds, _INT(int(more)))),
            cgutils.for_range_slice(builder, _INT(0), count, _INT(LANES)) as (place, _),
        ):
            into, first, second = planes
            product = first.load(place) * second.load(place)
            into.store(place, into.load(place) + product if more else product)


@micro_kernel(_writer(_write_product))
def multiply_rows(target, at, a, a_at, b, b_at, apart, count, adds):
    """Products of `count` complex numbers of two rows; where `adds` is 1, added to what there is."""
    product = _vector(a, a_at, apart, count) * _vector(b, b_at, apart, count)
    _put(target, at, apart, _vector(target, at, apart, count) + product if adds else product)
