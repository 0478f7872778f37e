"""The rules by which terms make one value: a sum, a mean, a choice, a copy. Each returns the complete arithmetic.

`result` is the value itself, as a NumPy scalar: its dtype determines how many digits the formula shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.layers.base.symbols import equation, listed, lowered
from filterlab.layers.base.terms import Arithmetic, Place, Term, Where, check_count, sum_exactly, weighed
from filterlab.layers.base.window import Size, Window
from filterlab.text.numbers import exact


def read(x: Array, cell: Where[int]) -> float:
    """The value of an input (1, C, H, W) or (1, features) at a cell; 0 in the padding."""
    if cell.padding:
        return 0.0
    return float(x[0, cell.channel, cell.row, cell.col] if x.ndim == 4 else x[0, cell.channel])


def at(y: Array, channel: int, row: int, col: int) -> tuple[int, ...]:
    """The index of a value of an output (1, C, H, W) or (1, features)."""
    return (0, channel, row, col) if y.ndim == 4 else (0, channel)


def sum_of_products(operation: str, terms: Sequence[Term[int]], bias: float, result: Any) -> Arithmetic:
    """The sum of the products and a bias."""
    # In the dtype of the map, so that the formula shows no more digits than the computation has.
    total = result.dtype.type(sum_exactly(term.product or 0.0 for term in terms))
    symbols, numbers = "Σ w·x", exact(total)
    if bias:
        symbols, numbers = f"{symbols} + b", f"{numbers} + {_bracketed(result.dtype.type(bias))}"
    # Without a bias the sum is the value. Its exact sum may differ in the last digit, and would look like another step.
    formula = f"y = {symbols} = {numbers} = {exact(result)}" if bias else f"y = {symbols} = {exact(result)}"
    return Arithmetic(operation, tuple(terms), bias, float(result), "sum", formula=formula)


def _bracketed(value: Any) -> str:
    return f"({exact(value)})" if value < 0 else exact(value)


def mean(
    operation: str, places: Sequence[Place], xs: Sequence[Array], divisor: float, result: Any
) -> Arithmetic:
    """The sum of the cells divided by the divisor. Padding counts as 0."""
    weight = 1 / divisor
    values = [read(xs[cell.node], cell) for cell, _ in places]
    terms = tuple(
        Term(value, weight, value * weight, cell, tap)
        for (cell, tap), value in zip(places, values, strict=True)
    )
    total = result.dtype.type(sum_exactly(values))
    formula = f"y = {_mean_symbols(len(values))}/{divisor:g} = {exact(total)}/{divisor:g} = {exact(result)}"
    if not terms:
        formula = f"y = {exact(result)}"
    return Arithmetic(operation, terms, 0.0, float(result), "mean", float(divisor), formula, float(total))


def _mean_symbols(count: int) -> str:
    names = [f"x{lowered(i + 1)}" for i in range(count)] if count <= 4 else ["x₁", "…", f"x{lowered(count)}"]
    return f"({' + '.join(names)})" if count > 1 else "x₁"


def choice(
    operation: str, rule: str, places: Sequence[Place], xs: Sequence[Array], result: Any
) -> Arithmetic:
    """The greatest or the least cell (rule "max" or "min"): the first that equals the result; NaN equals NaN here."""
    values = [read(xs[cell.node], cell) for cell, _ in places]
    return chosen(operation, rule, places, values, [_first(values, float(result))], result)


def _first(values: Sequence[float], wanted: float) -> int:
    alike = np.isnan(values) if np.isnan(wanted) else np.asarray(values) == wanted
    return int(np.argmax(alike)) if len(values) else -1


def median(operation: str, places: Sequence[Place], x: Array, result: Any) -> Arithmetic:
    """The middle cell in order of size, or the mean of the middle two. A NaN in the window is the result."""
    values = [read(x, cell) for cell, _ in places]
    # Stable, as in the loop of the pooling, so that of equal values the same cells are named as winners.
    order = np.argsort(values, kind="stable")
    middle = [int(order[(len(values) - 1) // 2]), int(order[len(values) // 2])] if values else []
    if np.isnan(result) and values:
        middle = [_first(values, float(result))]
    return chosen(operation, "median", places, values, sorted(set(middle)), result)


def chosen(
    operation: str,
    rule: str,
    places: Sequence[Place],
    values: Sequence[float],
    winners: Sequence[int],
    result: Any,
) -> Arithmetic:
    """The arithmetic of a choice whose winners, given by their positions in `places`, share the weight equally."""
    terms = []
    for i, ((cell, tap), value) in enumerate(zip(places, values, strict=True)):
        weight = 1 / len(winners) if i in winners else 0.0
        terms.append(Term(value, weight, weighed(value, weight), cell, tap, i in winners))
    # A window in padding alone had nothing to choose from: its value is a constant.
    bias = 0.0 if terms else float(result)
    formula = _choice_formula(rule, [result.dtype.type(v) for v in values], result)
    return Arithmetic(operation, tuple(terms), bias, float(result), rule, formula=formula)


def _choice_formula(rule: str, values: Sequence[Any], result: Any) -> str:
    if not values:
        return f"y = {exact(result)}"
    return f"y = {listed(rule, values)} = {exact(result)}"


def copy(operation: str, term: Term[int], result: Any) -> Arithmetic:
    """A copy of one cell."""
    return Arithmetic(operation, (term,), 0.0, float(result), "copy", formula=f"y = x = {exact(result)}")


def copied(operation: str, x: Array, cell: Where[int], result: Any) -> Arithmetic:
    """A copy of one cell that lies inside an input."""
    value = read(x, cell)
    return copy(operation, Term(value, 1.0, value, cell), result)


Line = Sequence[tuple[int, int]]  # (tap, cell) along one axis of a window


def taps_inside(n: int, kernel: int, first: int, dilation: int, pads: Pair) -> Line:
    """The taps of a window starting at cell `first` that lie on an axis of `n` cells or in the padding around it."""
    cells = ((tap, first + tap * dilation) for tap in range(kernel))
    return [(tap, cell) for tap, cell in cells if -pads[0] <= cell < n + pads[1]]


def window_places(number: int, channel: int, rows: Line, cols: Line, shape: Sequence[int]) -> list[Place]:
    """The cells of a window in row order; those outside a map of `shape` (..., H, W) are marked as padding."""
    check_count(len(rows) * len(cols), "the layer")
    height, width = shape[-2:]
    places = []
    for u, row in rows:
        for v, col in cols:
            outside = not (0 <= row < height and 0 <= col < width)
            places.append(Place(Where(number, channel, row, col, outside), (u, v)))
    return places


class Windowed(Protocol):
    """Anything with windows: every layer."""

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        """For each input, the rows and columns that an output sees."""


def declared_places(layer: Windowed, number: int, x: Array, channel: int, row: int, col: int) -> list[Place]:
    """The cells of the window that a layer declares for one output on input `number`, with those in the padding."""
    # Only the window over this input is looked at; the inputs before it need some size to be counted.
    sizes: list[Pair] = [(1, 1)] * (number + 1)
    sizes[number] = (x.shape[2], x.shape[3])
    lines = []
    for axis, i in zip(layer.windows(*sizes)[number], (row, col), strict=True):
        first, stop = int(axis.first(np.array(i))), int(axis.stop(np.array(i)))
        lines.append([(cell - first, cell) for cell in range(first, stop)])
    return window_places(number, channel, lines[0], lines[1], x.shape)


def norm(
    operation: str,
    places: Sequence[Place],
    xs: Sequence[Array],
    power: float,
    scale: float,
    result: Any,
) -> Arithmetic:
    """(scale * sum of x^power)^(1 / power). The shares of the terms are scale * x^power.

    The function is homogeneous of degree 1, so that the value is the sum of cells times slopes (Euler's theorem): these
    slopes are the weights. There are none where a power overflows, and at a kink: where the value is 0 and some share
    is not.
    """
    values = [read(xs[cell.node], cell) for cell, _ in places]
    with np.errstate(all="ignore"):
        shares = [float(scale * np.float64(value) ** power) for value in values]
        smooth = np.isfinite(result) and (result != 0 or not any(shares))
        # (x / y)^(power - 1) instead of the quotient of the powers, each of which may overflow or underflow.
        slopes = [float(scale * (np.float64(value) / np.float64(result)) ** (power - 1)) for value in values]
    weights = [
        # At 0 the slope is infinite for powers below 1; a share of 0 adds nothing whatever its slope.
        (slope if share else 0.0) if smooth else None
        for slope, share in zip(slopes, shares, strict=True)
    ]
    terms = [
        Term(value, weight, None if weight is None else value * weight, cell, tap, share=share)
        for (cell, tap), value, weight, share in zip(places, values, weights, shares, strict=True)
    ]
    total = sum_exactly(term.share or 0.0 for term in terms)
    # The squares may overflow the dtype of the map where their root does not; then float64 shows them.
    shown = np.float64(total) if np.isfinite(result) and result else result.dtype.type(total)
    formula = _norm_formula(power, scale, _rounded(shown, result), result)
    return Arithmetic(operation, tuple(terms), 0.0, float(result), "other", formula=formula, total=total)


def _rounded(number: Any, result: Any) -> Any:
    """A number in the dtype of the result, unless it would be 0 or infinite there."""
    rounded = result.dtype.type(number)
    return rounded if np.isfinite(rounded) and rounded else number


def _norm_formula(power: float, scale: float, total: Any, result: Any) -> str:
    factor = "" if scale == 1 else f"{scale:.9g}·"
    if power == 1:
        return f"y = {factor}Σ x = {exact(result)}"
    if power == 2:
        return f"y = √({factor}Σ x²) = √({exact(total)}) = {exact(result)}"
    return f"y = ({factor}Σ x^{power:g})^(1/{power:g}) = ({exact(total)})^(1/{power:g}) = {exact(result)}"


def chained(
    operation: str, sign: str, places: Sequence[Place], xs: Sequence[Array], result: Any
) -> Arithmetic:
    """One cell of each input, joined by a sign: a product ("·") or a quotient ("/"). The terms have no weights."""
    values = [read(xs[cell.node], cell) for cell, _ in places]
    formula = joined(sign, values, result)
    terms = tuple(
        Term(value, None, None, cell, tap) for (cell, tap), value in zip(places, values, strict=True)
    )
    return Arithmetic(operation, terms, 0.0, float(result), "other", formula=formula)


def joined(sign: str, values: Sequence[float], result: Any) -> str:
    """The formula x₁ sign x₂ sign ... with its numbers."""
    names = [f"x{lowered(i + 1)}" for i in range(len(values))]
    template = sign.join(f"{{{name}}}" for name in names)
    return equation(template, dict(zip(names, (result.dtype.type(v) for v in values), strict=True)), result)


def exponentials(
    operation: str, template: str, cells: Sequence[Where[int]], own: Where[int], x: Array, result: Any
) -> Arithmetic:
    """A function of x at `own`, of the greatest cell m, and of s, the sum of exp(x − m) over all cells (softmax)."""
    values = [read(x, cell) for cell in cells]
    # Taken off as the layer does: exp overflows float32 above 88, and the quotient is the same.
    greatest = float(np.max(values))
    with np.errstate(all="ignore"):
        shares = [float(np.exp(np.float64(value) - greatest)) for value in values]
    total, kind = sum_exactly(shares), result.dtype.type
    terms = tuple(
        Term(value, None, None, cell, share=share)
        for cell, value, share in zip(cells, values, shares, strict=True)
    )
    numbers = {"x": kind(read(x, own)), "m": kind(greatest), "s": kind(total)}
    formula = equation(template, numbers, result, {"s": "Σ exp(xᵢ − m)"})
    constants = {"m": greatest}
    return Arithmetic(
        operation, terms, 0.0, float(result), "other", formula=formula, total=total, constants=constants
    )


def linear(
    operation: str,
    x: Array,
    cell: Where[int],
    weight: float,
    bias: float,
    template: str,
    constants: Mapping[str, float],
    result: Any,
) -> Arithmetic:
    """weight * x + bias of one cell, shown by a formula of x and constants."""
    value, kind = read(x, cell), result.dtype.type
    term = Term(value, weight, value * weight, cell)
    numbers = {"x": kind(value), **{name: kind(number) for name, number in constants.items()}}
    formula = equation(template, numbers, result)
    return Arithmetic(
        operation, (term,), bias, float(result), "other", formula=formula, constants=dict(constants)
    )


def standardised(
    layer: Any, x: Array, y: Array, position: tuple[int, int, int], mean: float, var: float
) -> Arithmetic:
    """gamma (x - mean) / sqrt(var + eps) + beta, of a layer with weight (gamma), bias (beta) and eps."""
    channel, row, col = position
    constants = {"mean": mean, "var": var, "eps": layer.eps}
    template, scale, shift = "({x} − {mean})/√({var} + {eps})", 1.0, 0.0
    if layer.weight is not None:
        constants["gamma"] = scale = float(layer.weight[channel])
        template = "{gamma}·" + template
    if layer.bias is not None:
        constants["beta"] = shift = float(layer.bias[channel])
        template += " + {beta}"
    # The weight is rounded as the layer rounds it: where the mean is far from 0, x * weight would otherwise differ
    # from the value by more than the round-off that the bias may take up.
    with np.errstate(all="ignore"):
        weight = float(y.dtype.type(scale / np.sqrt(np.float64(var) + layer.eps)))
        bias = float(shift - np.float64(mean) * weight)
    cell, result = Where(0, channel, row, col), y[0, channel, row, col]
    return linear(layer.title, x, cell, weight, bias, template, constants, result)


Weighted = tuple[Array, Array, Array]  # (start, stop, weights) of each output along an axis


def interpolated(
    operation: str, x: Array, y: Array, position: tuple[int, int, int], axes: Sequence[Weighted]
) -> Arithmetic:
    """The cells around a position, each weighted by the weight of its row times that of its column."""
    channel, row, col = position
    result = y[0, channel, row, col]
    rows, cols = (_weighted_line(axis, i, y.dtype) for axis, i in zip(axes, (row, col), strict=True))
    terms = []
    for u, r, down in rows:
        for v, c, across in cols:
            value, weight = float(x[0, channel, r, c]), down * across
            terms.append(Term(value, weight, value * weight, Where(0, channel, r, c), (u, v)))
    # A position on the middle of a cell, or a mode that repeats cells, reads one cell only.
    if len(terms) == 1:
        return copy(operation, terms[0], result)
    return sum_of_products(operation, terms, 0.0, result)


def _weighted_line(axis: Weighted, i: int, dtype: Any) -> list[tuple[int, int, float]]:
    """(tap, cell, weight) along one axis, the weights in the dtype of the computation, without those that are 0."""
    start, stop, weights = axis
    first = int(start[i])
    own = weights[i, : int(stop[i]) - first].astype(dtype)
    return [(int(t), first + int(t), float(own[t])) for t in np.flatnonzero(own)]


def stepped(operation: str, x: Array, y: Array, position: tuple[int, int, int], limit: float) -> Arithmetic:
    """1 above a limit that the map itself gives, else 0."""
    cell, result = Where(0, *position), y[0, *position]
    value = read(x, cell)
    formula = equation("max(0, sign({x} − {t}))", {"x": x.dtype.type(value), "t": limit}, result)
    term = Term(value, None, None, cell)
    return Arithmetic(
        operation, (term,), 0.0, float(result), "other", formula=formula, constants={"t": limit}
    )
