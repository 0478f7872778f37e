"""The arithmetic of an output's shape, written out with its numbers, as the inspector shows it.

`Layer.shape_formula` chooses the formula of a layer; the functions here write its lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from filterlab.functional.geometry import Pads, Pair, output_size, span
from filterlab.text.messages import Message, say

Shape = tuple[int, ...]

AXES = ("height", "width")
LINES = {"height": ("row", "rows"), "width": ("column", "columns")}
SIDES = {"height": ("above", "below"), "width": ("left", "right")}


@dataclass(frozen=True)
class Line:
    """One axis of the output. formula: arithmetic that gives `result`, with ⌊ ⌋ and ⌈ ⌉ for rounding down and up."""

    axis: str
    formula: str
    result: int
    notes: tuple[Message, ...] = field(default=())


def plain(axis: str, formula: str, result: int, *notes: Message) -> Line:
    """A line whose formula is given."""
    return Line(axis, formula, result, notes)


def sliced_line(axis: str, taken: range) -> Line:
    """The number of positions that a slice takes, from its ends and its step."""
    start, stop, step = (
        (taken.start, taken.stop, taken.step) if taken.step > 0 else (taken.stop, taken.start, -taken.step)
    )
    # The end of a slice that runs to position 0 backwards is -1, and reads as an addition.
    low = f" − {start}" if start > 0 else f" + {-start}" if start < 0 else ""
    return Line(axis, f"⌈({stop}{low}) / {step}⌉", len(taken))


def window_lines(
    shape: Shape,
    kernel: Pair,
    stride: Pair,
    dilation: Pair,
    pads: Pads,
    *,
    padding: Any = None,
    ceil_mode: bool = False,
) -> tuple[Line, ...]:
    """floor((n + pads - dilation (k - 1) - 1) / stride) + 1 for both axes, and what the floor leaves out.

    padding: as the layer declares it, to explain how many cells "same" and "full" are. Raises ShapeError.
    """
    sides = pads.sides
    return tuple(
        _window_line(
            AXES[i], shape[1 + i], kernel[i], stride[i], dilation[i], sides[i], padding, ceil_mode=ceil_mode
        )
        for i in range(2)
    )


def _window_line(
    axis: str, n: int, kernel: int, stride: int, dilation: int, pads: Pair, padding: Any, *, ceil_mode: bool
) -> Line:
    result = output_size(n, kernel, stride, dilation, *pads, ceil_mode=ceil_mode)
    opening, closing = "⌈⌉" if ceil_mode else "⌊⌋"
    formula = f"{opening}({n}{_pads_text(pads)}{_span_text(kernel, dilation)}) / {stride}{closing} + 1"
    notes = _named_padding(axis, padding, pads)
    # The plain ceiling. `output_size` gives one less where the last window would start in the padding at the end
    # (PyTorch's rule), and then the written formula has to say so.
    rounded = -(-(n + sum(pads) - span(kernel, dilation)) // stride) + 1
    if ceil_mode and result < rounded:
        formula += " − 1"
        notes.append(say("a last window would start beyond the last {}, and is left out", LINES[axis][0]))
    reach = (result - 1) * stride + span(kernel, dilation)
    return Line(axis, formula, result, (*notes, *_remainder(axis, n + sum(pads) - reach, pads[1])))


def _pads_text(pads: Pair) -> str:
    if pads[0] == pads[1]:
        return f" + 2·{pads[0]}" if pads[0] else ""
    return "".join(f" + {p}" for p in pads)


def _span_text(kernel: int, dilation: int) -> str:
    # The general form gives the same without dilation, but hides the simple n − k that most layers have.
    return f" − {kernel}" if dilation == 1 else f" − {dilation}·({kernel} − 1) − 1"


def _named_padding(axis: str, padding: Any, pads: Pair) -> list[Message]:
    # Only these names hide a number that depends on the layer; "valid" is always 0.
    if padding not in ("same", "full"):
        return []
    before, after = SIDES[axis]
    return [say("“{}” adds {} {} and {} {}", padding, pads[0], before, pads[1], after)]


def _remainder(axis: str, left: int, after: int) -> list[Message]:
    """Notes on the lines of the padded axis that no window reaches, or on how far the last window sticks out."""
    one, many = LINES[axis]
    if left < 0:
        return [say("the last window reaches {} {} beyond the end", -left, one if left == -1 else many)]
    # The padding lies last, so that it is skipped before any cell of the picture is. Negative padding has cropped
    # already.
    real = left - max(after, 0)
    if real == 1:
        return [say("the last {} is skipped", one)]
    if real > 1:
        return [say("the last {} {} are skipped", real, many)]
    if left > 0:
        if left == 1:
            return [say("1 {} of the padding is skipped", one)]
        return [say("{} {} of the padding are skipped", left, many)]
    return []


def transposed_lines(
    shape: Shape, kernel: Pair, stride: Pair, dilation: Pair, pads: Pads, extra: Pair, *, padding: Any = None
) -> tuple[Line, ...]:
    """(n - 1) stride + dilation (k - 1) + 1 + output padding - padding, for both axes."""
    lines = []
    for i, (axis, cuts) in enumerate(zip(AXES, pads.sides, strict=True)):
        reach = f"{kernel[i]}" if dilation[i] == 1 else f"{dilation[i]}·({kernel[i]} − 1) + 1"
        more = f" + {extra[i]}" if extra[i] else ""
        formula = f"({shape[1 + i]} − 1)·{stride[i]} + {reach}{more}{_cut_text(cuts)}"
        result = (shape[1 + i] - 1) * stride[i] + span(kernel[i], dilation[i]) + extra[i] - sum(cuts)
        (before, after), (first, last) = SIDES[axis], cuts
        cut = say("“{}” cuts {} {} and {} {}", padding, first, before, last, after)
        lines.append(Line(axis, formula, result, (cut,) if padding in ("same", "full") else ()))
    return tuple(lines)


def _cut_text(cuts: Pair) -> str:
    if cuts[0] == cuts[1]:
        return f" − 2·{cuts[0]}" if cuts[0] else ""
    # The padding of a transposed convolution takes cells away; negative padding adds them.
    return "".join(f" {'−' if c >= 0 else '+'} {abs(c)}" for c in cuts if c)


def padded_lines(shape: Shape, pads: Pads) -> tuple[Line, ...]:
    """n + before + after for both axes; negative numbers are cells that are cut off."""
    lines = []
    for axis, n, (before, after) in zip(AXES, shape[1:], pads.sides, strict=True):
        terms = "".join(f" {'+' if p >= 0 else '−'} {abs(p)}" for p in (before, after))
        lines.append(Line(axis, f"{n}{terms}", n + before + after))
    return tuple(lines)


def adaptive_lines(shape: Shape, size: tuple[int | None, int | None]) -> tuple[Line, ...]:
    """The requested size, and the windows that lead to it."""
    lines = []
    for axis, n, wanted in zip(AXES, shape[1:], size, strict=True):
        out = n if wanted is None else wanted
        lines.append(Line(axis, f"{out}", out, (_adaptive_note(axis, n, out),)))
    return tuple(lines)


def _adaptive_note(axis: str, n: int, out: int) -> Message:
    one, many = LINES[axis]
    if n % out == 0:
        size, lines = n // out, one if n == out else many
        return say("windows of {} / {} = {} {}", n, out, size, lines)
    spans = {-(-((i + 1) * n) // out) - i * n // out for i in range(out)}
    least, most = min(spans), max(spans)
    span = f"{most}" if least == most else say("{} to {}", least, most)
    return say("window i: ⌊i·{0} / {1}⌋ up to ⌈(i + 1)·{0} / {1}⌉, {2} {3}", n, out, span, many)
