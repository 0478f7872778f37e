"""The arithmetic of an output's shape, written out with its numbers: what the inspector shows.

A layer says which formula is its own by `Layer.shape_formula`; these functions make the lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from filterlab.functional.geometry import Pads, Pair, output_size, span

Shape = tuple[int, ...]

AXES = ("height", "width")
LINES = {"height": ("row", "rows"), "width": ("column", "columns")}
SIDES = {"height": ("above", "below"), "width": ("left", "right")}


class Note(NamedTuple):
    """A remark: a text with {fields}, to be translated, and what goes into them."""

    text: str
    values: dict[str, Any]

    def __str__(self) -> str:
        return self.text.format(**self.values)


@dataclass(frozen=True)
class Line:
    """One axis of the output. formula: arithmetic that gives `result`, with ⌊ ⌋ and ⌈ ⌉ for rounding down and up."""

    axis: str
    formula: str
    result: int
    notes: tuple[Note, ...] = field(default=())


def plain(axis: str, formula: str, result: int, *notes: Note) -> Line:
    """A line that stands as it is given."""
    return Line(axis, formula, result, notes)


def note(text: str, /, **values: Any) -> Note:
    """A remark with its numbers."""
    return Note(text, values)


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

    padding: as the layer declares it, to say what "same" and "full" come to. Raises ShapeError.
    """
    sides = ((pads.top, pads.bottom), (pads.left, pads.right))
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
    rounded = -(-(n + sum(pads) - span(kernel, dilation)) // stride) + 1
    if ceil_mode and result < rounded:
        formula += " − 1"
        notes.append(
            note("a last window would start behind the last {line}, and is left out", line=LINES[axis][0])
        )
    reach = (result - 1) * stride + span(kernel, dilation)
    return Line(axis, formula, result, (*notes, *_remainder(axis, n + sum(pads) - reach, pads[1])))


def _pads_text(pads: Pair) -> str:
    if pads[0] == pads[1]:
        return f" + 2·{pads[0]}" if pads[0] else ""
    return "".join(f" + {p}" for p in pads)


def _span_text(kernel: int, dilation: int) -> str:
    return f" − {kernel}" if dilation == 1 else f" − {dilation}·({kernel} − 1) − 1"


def _named_padding(axis: str, padding: Any, pads: Pair) -> list[Note]:
    if padding not in ("same", "full"):
        return []
    before, after = SIDES[axis]
    text = "“{name}” adds {first} {before} and {last} {after}"
    return [note(text, name=padding, first=pads[0], before=before, last=pads[1], after=after)]


def _remainder(axis: str, left: int, after: int) -> list[Note]:
    """What the windows leave of the padded axis, or by how much the last one sticks out."""
    one, many = LINES[axis]
    if left < 0:
        text = "the last window sticks out by {count} {lines}"
        return [note(text, count=-left, lines=one if left == -1 else many)]
    real = left - max(after, 0)
    if real == 1:
        return [note("the last {line} is not visited", line=one)]
    if real > 1:
        return [note("the last {count} {lines} are not visited", count=real, lines=many)]
    if left > 0:
        text = "{count} {lines} of the padding are not visited"
        if left == 1:
            text = "{count} {lines} of the padding is not visited"
        return [note(text, count=left, lines=one if left == 1 else many)]
    return []


def transposed_lines(
    shape: Shape, kernel: Pair, stride: Pair, dilation: Pair, pads: Pads, extra: Pair, *, padding: Any = None
) -> tuple[Line, ...]:
    """(n - 1) stride + dilation (k - 1) + 1 + output padding - what is cut off, for both axes."""
    sides = ((pads.top, pads.bottom), (pads.left, pads.right))
    lines = []
    for i, axis in enumerate(AXES):
        reach = f"{kernel[i]}" if dilation[i] == 1 else f"{dilation[i]}·({kernel[i]} − 1) + 1"
        more = f" + {extra[i]}" if extra[i] else ""
        formula = f"({shape[1 + i]} − 1)·{stride[i]} + {reach}{more}{_cut_text(sides[i])}"
        result = (shape[1 + i] - 1) * stride[i] + span(kernel[i], dilation[i]) + extra[i] - sum(sides[i])
        named = padding if padding in ("same", "full") else None
        text = "“{name}” cuts {first} {before} and {last} {after}"
        before, after = SIDES[axis]
        values = {"name": named, "first": sides[i][0], "before": before, "last": sides[i][1], "after": after}
        lines.append(Line(axis, formula, result, (note(text, **values),) if named else ()))
    return tuple(lines)


def _cut_text(cuts: Pair) -> str:
    if cuts[0] == cuts[1]:
        return f" − 2·{cuts[0]}" if cuts[0] else ""
    return "".join(f" {'−' if c >= 0 else '+'} {abs(c)}" for c in cuts if c)


def padded_lines(shape: Shape, pads: Pads) -> tuple[Line, ...]:
    """n + before + after for both axes, negative numbers as cells that are cut off."""
    sides = ((pads.top, pads.bottom), (pads.left, pads.right))
    lines = []
    for axis, n, (before, after) in zip(AXES, shape[1:], sides, strict=True):
        terms = "".join(f" {'+' if p >= 0 else '−'} {abs(p)}" for p in (before, after))
        lines.append(Line(axis, f"{n}{terms}", n + before + after))
    return tuple(lines)


def adaptive_lines(shape: Shape, size: tuple[int | None, int | None]) -> tuple[Line, ...]:
    """The size that was asked for, and the windows that give it."""
    lines = []
    for axis, n, wanted in zip(AXES, shape[1:], size, strict=True):
        out = n if wanted is None else wanted
        lines.append(Line(axis, f"{out}", out, (_adaptive_note(axis, n, out),)))
    return tuple(lines)


def _adaptive_note(axis: str, n: int, out: int) -> Note:
    one, many = LINES[axis]
    if n % out == 0:
        size, lines = n // out, one if n == out else many
        return note("windows of {n} / {out} = {size} {lines}", n=n, out=out, size=size, lines=lines)
    spans = {-(-((i + 1) * n) // out) - i * n // out for i in range(out)}
    least, most = min(spans), max(spans)
    text = "window i: ⌊i·{n} / {out}⌋ up to ⌈(i + 1)·{n} / {out}⌉, {least} to {most} {lines}"
    if least == most:
        text = "window i: ⌊i·{n} / {out}⌋ up to ⌈(i + 1)·{n} / {out}⌉, {most} {lines}"
    return note(text, n=n, out=out, least=least, most=most, lines=many)
