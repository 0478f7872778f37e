"""Functions that written PyTorch source brings along, as text: each with the names of those it calls."""

from __future__ import annotations

from collections.abc import Iterable

_PAD = '''
def pad(x, pads, mode="zeros", value=0.0):
    """Add cells above, below, left and right; unlike F.pad, borders of any width repeat the picture."""
    # What is cut off is cut off first: a border repeats only what is left.
    cuts = [max(-n, 0) for n in pads]
    x = x[:, :, cuts[0] : x.shape[2] - cuts[1], cuts[2] : x.shape[3] - cuts[3]]
    top, bottom, left, right = (max(n, 0) for n in pads)
    if mode in ("zeros", "constant"):
        return F.pad(x, (left, right, top, bottom), value=value if mode == "constant" else 0.0)
    rows = cells(x.shape[2], top, bottom, mode).to(x.device)
    cols = cells(x.shape[3], left, right, mode).to(x.device)
    return x[:, :, rows][:, :, :, cols]
'''
_CELLS = '''
def cells(n, before, after, mode):
    """The cell that stands at each place of an axis with a border."""
    places = torch.arange(-before, n + after)
    if mode == "replicate":
        return places.clamp(0, n - 1)
    if mode == "circular":
        return places % n
    period = max(2 * n - 2, 1) if mode == "reflect" else 2 * n
    places = places % period
    return torch.where(places < n, places, period - places - int(mode == "symmetric"))
'''
_SAME = '''
def same(x, kernel, stride, dilation):
    """The border with which ceil(n / stride) windows fit, its odd cell after the picture."""
    pads = []
    for n, k, s, d in zip(x.shape[2:], kernel, stride, dilation):
        total = max((-(-n // s) - 1) * s + d * (k - 1) + 1 - n, 0)
        pads += [total // 2, total - total // 2]
    return pads
'''
_WHOLE = '''
def whole(x, kernel, stride, dilation, pads, ceil_mode):
    """The border with which the windows that are wanted fit exactly; negative where cells are left over."""
    found = []
    for n, k, s, d, before, after in zip(x.shape[2:], kernel, stride, dilation, pads[::2], pads[1::2]):
        span, total = d * (k - 1) + 1, n + before + after
        count = (total - span) // s + 1
        if ceil_mode:
            count = -(-(total - span) // s) + 1
            count -= (count - 1) * s >= n + before
        found += [before, (count - 1) * s + span - n - before]
    return found
'''
_MAX_POOL = '''
def max_pool(x, kernel, stride, dilation, pads, ceil_mode):
    """Max pooling with a border of any width, which never wins."""
    padded = pad(x, whole(x, kernel, stride, dilation, pads, ceil_mode), "constant", float("-inf"))
    return F.max_pool2d(padded, kernel, stride, 0, dilation)
'''
_AVG_POOL = '''
def avg_pool(x, kernel, stride, pads, ceil_mode, count_include_pad):
    """Average pooling with a border of any width."""
    border = whole(x, kernel, stride, (1, 1), pads, ceil_mode)
    sums = F.avg_pool2d(pad(x, border), kernel, stride, divisor_override=1)
    counted = torch.ones_like(x[:1, :1])
    if count_include_pad:
        counted = pad(counted, pads, "constant", 1.0)
        border = [b - p for b, p in zip(border, pads)]
    return sums / F.avg_pool2d(pad(counted, border), kernel, stride, divisor_override=1).clamp(min=1)
'''
_MEDIAN_POOL = '''
def median_pool(x, kernel, stride, ceil_mode, pads):
    """The median of each window; the border is not counted."""
    border = whole(x, kernel, stride, (1, 1), pads, ceil_mode)

    def windows(maps):
        return pad(maps, border).unfold(2, kernel[0], stride[0]).unfold(3, kernel[1], stride[1]).flatten(4)

    values, real = windows(x), windows(torch.ones_like(x)) > 0
    ordered, count = torch.where(real, values, float("inf")).sort(-1).values, real.sum(-1, keepdim=True)
    middle = (ordered.gather(-1, (count - 1) // 2) + ordered.gather(-1, count // 2)) / 2
    broken = (real & values.isnan()).any(-1, keepdim=True)
    return torch.where(broken, float("nan"), middle).squeeze(-1)
'''
_FILTER = '''
def filter2d(x, kernel, stride, dilation, divisor, offset):
    """Every channel by itself, filtered by the same kernel."""
    weight = (kernel.double() / divisor).to(x.dtype).expand(x.shape[1], 1, *kernel.shape)
    return F.conv2d(x, weight, None, stride, 0, dilation, x.shape[1]) + offset
'''
_CROP = '''
def crop(x, height, width):
    """The middle, the odd cell being cut off after it."""
    top, left = (x.shape[2] - height) // 2, (x.shape[3] - width) // 2
    return x[:, :, top : top + height, left : left + width]
'''
_LAYER_NORM = '''
def layer_norm(x, weight, bias, eps):
    """Layer normalisation over the channels of each position."""
    return F.layer_norm(x.permute(0, 2, 3, 1), (x.shape[1],), weight, bias, eps).permute(0, 3, 1, 2)
'''
_RESIZED = '''
def resized(x, size, mode, coordinates, rounding, scales, cubic):
    """Resizing with positions by the formulas of the ONNX operator Resize."""
    for axis, out, scale in zip((2, 3), size, scales):
        weights = resizing_weights(x.shape[axis], out, mode, coordinates, rounding, scale, cubic).to(x)
        x = (x.transpose(axis, 3) @ weights.T).transpose(axis, 3)
    return x
'''
_RESIZING_WEIGHTS = '''
def resizing_weights(n, out, mode, coordinates, rounding, scale, cubic):
    """The weight of each of n cells in each of `out` outputs."""
    scale, places = out / n if scale is None else scale, torch.arange(out, dtype=torch.float32)
    if coordinates == "align_corners":
        center = places * (n - 1) / max(out - 1, 1)
    elif coordinates == "asymmetric":
        center = places / scale
    elif coordinates == "pytorch_half_pixel" and out == 1:
        center = torch.zeros(1)
    else:
        center = (places + 0.5) / scale - 0.5
        if coordinates == "half_pixel_symmetric":
            center = center + n / 2 * (1 - out / (n * scale))
    weights = torch.zeros(out, n, dtype=torch.float64)
    if mode == "nearest":
        up, down = rounding in ("ceil", "round_prefer_floor"), 0.5 * rounding.startswith("round")
        cells = (center - down).ceil() if up else (center + down).floor()
        return weights.scatter_(1, cells.clamp(0, n - 1).long()[:, None], 1.0)
    center = center.double().clamp(0, n - 1) if mode == "bilinear" else center.double()
    for tap in range(0, 2) if mode == "bilinear" else range(-1, 3):
        cell = center.floor() + tap
        d = (cell - center).abs()
        weight = (1 - d).clamp(min=0)
        if mode == "bicubic":
            near = ((cubic + 2) * d - (cubic + 3)) * d * d + 1
            far = ((d - 5) * d + 8) * d * cubic - 4 * cubic
            weight = torch.where(d <= 1, near, torch.where(d < 2, far, 0.0))
        weights.scatter_add_(1, cell.clamp(0, n - 1).long()[:, None], weight[:, None])
    return weights
'''
_TENSORS = '''
class Tensors(nn.Module):
    """Numbers that are loaded with the weights."""

    def __init__(self, **shapes):
        super().__init__()
        for name, shape in shapes.items():
            self.register_buffer(name, torch.zeros(shape))
'''

_SOURCES: dict[str, tuple[str, tuple[str, ...]]] = {
    "cells": (_CELLS, ()),
    "pad": (_PAD, ("cells",)),
    "same": (_SAME, ()),
    "whole": (_WHOLE, ()),
    "max_pool": (_MAX_POOL, ("pad", "whole")),
    "avg_pool": (_AVG_POOL, ("pad", "whole")),
    "median_pool": (_MEDIAN_POOL, ("pad", "whole")),
    "filter2d": (_FILTER, ()),
    "crop": (_CROP, ()),
    "layer_norm": (_LAYER_NORM, ()),
    "resized": (_RESIZED, ("resizing_weights",)),
    "resizing_weights": (_RESIZING_WEIGHTS, ()),
    "Tensors": (_TENSORS, ()),
}


def helper_names() -> list[str]:
    """The names of all helpers."""
    return list(_SOURCES)


def helper_sources(names: Iterable[str]) -> list[str]:
    """The sources of helpers and of those that they call, each once, callees first."""
    found: dict[str, str] = {}

    def take(name: str) -> None:
        source, callees = _SOURCES[name]
        for callee in callees:
            take(callee)
        found.setdefault(name, source.strip("\n"))

    for name in names:
        take(name)
    return list(found.values())
