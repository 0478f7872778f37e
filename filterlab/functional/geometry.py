"""Sizes and positions: where windows lie, how many there are, and which cell of the input a padded cell shows.

All lengths count cells, of one axis or of (height, width). `before` and `after` are the padding of an axis: at the top
and bottom, or left and right.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from filterlab.errors import NeedsSizeError, ParameterError, ShapeError
from filterlab.functional.arrays import Array
from filterlab.text.messages import say

PaddingMode = Literal["zeros", "reflect", "replicate", "circular", "symmetric", "constant"]
PADDING_MODES: tuple[str, ...] = get_args(PaddingMode)
PADDING_NAMES = ("valid", "same", "full")

Pair = tuple[int, int]

LARGEST = 2**31 - 1  # most cells of anything: products of two such numbers still fit into 64 bits


class Pads(NamedTuple):
    """Cells that padding adds on each side; negative numbers crop."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def sides(self) -> tuple[Pair, Pair]:
        """((top, bottom), (left, right)): before and after the cells of each axis."""
        return (self.top, self.bottom), (self.left, self.right)


def pair(value: Any, name: str, operation: str, minimum: int | None = None) -> Pair:
    """Return an int or (height, width) as (height, width).

    Raises ParameterError for anything else, below `minimum` and beyond LARGEST.
    """
    values = tuple(value) if isinstance(value, (list, tuple, np.ndarray)) else (value, value)
    if len(values) != 2 or not all(is_int(v) for v in values):
        hint = say("give an int or (height, width)")
        raise ParameterError(say("{} is {!r}", name, value), operation, hint, parameter=name)
    if minimum is not None and min(values) < minimum:
        hint = say("it must be at least {}", minimum)
        raise ParameterError(say("{} is {!r}", name, value), operation, hint, parameter=name)
    if max(abs(v) for v in values) > LARGEST:
        hint = say("it must be no more than {}", LARGEST)
        raise ParameterError(say("{} is {!r}", name, value), operation, hint, parameter=name)
    return int(values[0]), int(values[1])


def is_int(value: Any) -> bool:
    """Return whether `value` is an integer, Python's or NumPy's; True and False are not."""
    # True is an int to Python; as a size it is a mistake.
    return isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))


def span(kernel: int, dilation: int) -> int:
    """Return the cells from the first to the last tap of a dilated kernel: (kernel - 1) * dilation + 1."""
    return (kernel - 1) * dilation + 1


def resolve_padding(
    padding: Any,
    size: Pair | None,
    kernel: Pair,
    stride: Pair,
    dilation: Pair,
    operation: str,
    smallest: int | None = 0,
) -> Pads:
    """Return any spelling of padding as cells on each side.

    padding: an int, (h, w), ((top, bottom), (left, right)), "valid", "same" or "full". No number may be below
    `smallest`, where that is given. size: (H, W) of the input; None where it is not known, which is an error only for
    "same" with a stride.

    "valid" is no padding; "same" is TensorFlow's SAME and ONNX's SAME_UPPER: out = ceil(n / stride), the odd cell
    after; "full" is (kernel - 1) * dilation on every side. Raises ParameterError, NeedsSizeError.
    """
    if isinstance(padding, str):
        return _named_padding(padding, size, kernel, stride, dilation, operation)
    sides = padding if isinstance(padding, (list, tuple, np.ndarray)) else (padding, padding)
    try:
        rows, cols = (pair(side, "padding", operation, smallest) for side in sides)
    # ValueError where there are not two sides to unpack. One error names all legal spellings, not those of one side.
    except (ValueError, ParameterError):
        raise _bad_padding(padding, operation) from None
    return Pads(*rows, *cols)


def _named_padding(
    name: str, size: Pair | None, kernel: Pair, stride: Pair, dilation: Pair, operation: str
) -> Pads:
    extra = [span(k, d) - 1 for k, d in zip(kernel, dilation, strict=True)]
    if name == "valid":
        return Pads(0, 0, 0, 0)
    if name == "full":
        return Pads(extra[0], extra[0], extra[1], extra[1])
    if name != "same":
        raise _bad_padding(name, operation)
    # With a stride of 1 the size does not matter (see `same_padding`), and receptive fields can be told without a
    # picture.
    if size is None and stride != (1, 1):
        raise NeedsSizeError(
            'the padding "same" with a stride depends on the size of the picture',
            operation,
            "give size=(height, width)",
        )
    rows, cols = (same_padding(n, e, s) for n, e, s in zip(size or (1, 1), extra, stride, strict=True))
    return Pads(*rows, *cols)


def same_padding(n: int, extra: int, stride: int) -> Pair:
    """Return (before, after) so that ceil(n / stride) windows of `extra` + 1 cells fit; the odd cell after."""
    # With a stride of 1 the formula gives `extra` whatever n is.
    total = max((-(-n // stride) - 1) * stride + extra + 1 - n, 0)
    return total // 2, total - total // 2


def _bad_padding(padding: Any, operation: str) -> ParameterError:
    return ParameterError(
        say("padding is {!r}", padding),
        operation,
        'give an int, (h, w), ((top, bottom), (left, right)), "valid", "same" or "full"; pad() crops',
        parameter="padding",
    )


def output_size(
    n: int,
    kernel: int,
    stride: int,
    dilation: int,
    before: int,
    after: int,
    *,
    ceil_mode: bool = False,
    operation: str = "",
) -> int:
    """Return how many windows fit: floor((n + before + after - span) / stride) + 1.

    With `ceil_mode` the quotient is rounded up: the last window, which may be the only one, may stick out at the end by
    less than the stride, but must start inside the input or the padding before it (PyTorch's rule). Raises ShapeError
    where no window fits.
    """
    room = n + before + after - span(kernel, dilation)
    if room <= -stride or (room < 0 and not ceil_mode):
        raise ShapeError(
            _too_large(n, kernel, dilation, before, after),
            operation,
            "use a smaller kernel or dilation, more padding or a larger picture",
            parameter="kernel_size",
        )
    if not ceil_mode:
        return room // stride + 1
    count = -(-room // stride) + 1
    # Without this, a window could lie wholly in the padding at the end, and its maximum would be that of no cell.
    return count - 1 if (count - 1) * stride >= n + before else count


def _too_large(n: int, kernel: int, dilation: int, before: int, after: int) -> str:
    """The sentence about a window that is larger than its input, with the dilation and padding that count."""
    window, padding = (kernel, dilation, span(kernel, dilation)), (before, after)
    if dilation > 1 and any(padding):
        return say(
            "the window of {} (dilation {}: {} cells) is larger than the input of {} with padding {} + {}",
            *window,
            n,
            *padding,
        )
    if dilation > 1:
        return say("the window of {} (dilation {}: {} cells) is larger than the input of {}", *window, n)
    if any(padding):
        return say(
            "the window of {} is larger than the input of {} with padding {} + {}", kernel, n, *padding
        )
    return say("the window of {} is larger than the input of {}", kernel, n)


def check_border(n: int, before: int, after: int, mode: str, operation: str = "pad") -> None:
    """Check that an axis of `n` cells can be padded like this; negative `before` and `after` crop.

    Raises ParameterError for an unknown mode and for padding larger than the mode can fill, ShapeError where nothing
    is left.
    """
    if mode not in PADDING_MODES:
        legal = ", ".join(PADDING_MODES)
        what = say("the padding mode is {!r}", mode)
        raise ParameterError(what, operation, say("one of {}", legal), parameter="padding_mode")
    if n + before + after <= 0:
        raise ShapeError(
            say("cropping {} and {} leaves nothing of {} cell(s)", -before, -after, n), operation, "crop less"
        )
    # One reflection or one turn at most, as in PyTorch; `border_cells` relies on it.
    limit = {"reflect": n - 1, "circular": max(_left(n, before, after), 0), "symmetric": n}.get(mode)
    if limit is not None and max(before, after) > limit:
        raise ParameterError(
            say("padding {} with mode {!r} on an input of {} cell(s)", max(before, after), mode, n),
            operation,
            say("at most {} here; pad less, or use 'replicate' or 'zeros'", limit),
            parameter="padding",
        )


def _left(n: int, before: int, after: int) -> int:
    """Cells of an axis that cropping leaves."""
    return n - max(-before, 0) - max(-after, 0)


def border_index(n: int, before: int, after: int, mode: str, operation: str = "pad") -> Array:
    """Return which input cell each cell of the padded axis shows: int64 (before + n + after,), -1 for the fill.

    Negative `before` and `after` crop. Of the cells a b c d, "reflect" shows d c b | a b c d | c b a, which leaves the
    edge out, "symmetric" b a | a b c d | d c, "replicate" a a | a b c d | d d, and "circular" goes round the cells that
    cropping leaves. Raises as `check_border`.
    """
    check_border(n, before, after, mode, operation)
    return border_cells(np.arange(-before, n + after), n, before, after, mode)


def border_cells(places: Array, n: int, before: int, after: int, mode: str) -> Array:
    """As `border_index` for some places of the padded axis alone, cell 0 of the input being place 0."""
    first, left, i = max(-before, 0), _left(n, before, after), places
    if mode == "reflect":
        # Folded once at either end, which suffices within the limits of `check_border`.
        return (n - 1) - np.abs((n - 1) - np.abs(i))
    if mode == "symmetric":
        i = np.where(i < 0, -1 - i, i)
        return np.where(i >= n, 2 * n - 1 - i, i)
    if mode == "replicate":
        return np.clip(i, 0, n - 1)
    if mode == "circular":
        return first + (i - first) % left
    if mode not in ("zeros", "constant"):  # a new word without a branch here must not pass for zeros
        raise NotImplementedError(mode)
    return np.where((i >= 0) & (i < n), i, -1)


def adaptive_bounds(n: int, out: int) -> tuple[Array, Array]:
    """Return (start, stop) of each adaptive window: floor(i * n / out) and ceil((i + 1) * n / out)."""
    # int64: i * n stays in its range, as no size is above LARGEST.
    i = np.arange(out)
    return i * n // out, -(-((i + 1) * n) // out)
