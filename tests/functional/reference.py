"""Plain loops in float64: slow, and easy to see right."""

from __future__ import annotations

import math

import numpy as np


def span(kernel, dilation):
    return (kernel - 1) * dilation + 1


def sides(padding, size, kernel, stride, dilation):
    """((top, bottom), (left, right)) of any spelling of padding."""
    if padding == "valid":
        return (0, 0), (0, 0)
    if padding == "full":
        return tuple(((k - 1) * d,) * 2 for k, d in zip(kernel, dilation, strict=True))
    if padding == "same":
        result = []
        for n, k, s, d in zip(size, kernel, stride, dilation, strict=True):
            total = max((math.ceil(n / s) - 1) * s + span(k, d) - n, 0)
            result.append((total // 2, total - total // 2))
        return tuple(result)
    if isinstance(padding, int):
        return (padding, padding), (padding, padding)
    return tuple((p, p) if isinstance(p, int) else tuple(p) for p in padding)


def source(i, n, mode):
    """The cell of an axis of n that position i shows, walking step by step; None for the fill."""
    while not 0 <= i < n:
        if mode in ("zeros", "constant"):
            return None
        if mode == "replicate":
            i = 0 if i < 0 else n - 1
        elif mode == "circular":
            i = i + n if i < 0 else i - n
        elif mode == "reflect":
            i = -i if i < 0 else 2 * (n - 1) - i
        else:
            i = -1 - i if i < 0 else 2 * n - 1 - i
    return i


def pad(x, padding, mode="zeros", value=0.0):
    """x: (N, C, H, W); padding ((top, bottom), (left, right)), negative numbers crop."""
    (top, bottom), (left, right) = padding
    if mode == "circular":
        # What is cut off is no part of the circle.
        rows, cols = (
            slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(x.shape[2:], padding, strict=True)
        )
        x = x[:, :, rows, cols]
        top, bottom, left, right = (max(side, 0) for side in (top, bottom, left, right))
    n, c, height, width = x.shape
    y = np.full((n, c, height + top + bottom, width + left + right), value if mode == "constant" else 0.0)
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            row, col = source(i - top, height, mode), source(j - left, width, mode)
            if row is not None and col is not None:
                y[:, :, i, j] = x[:, :, row, col]
    return y


def conv2d(x, weight, bias, stride, padding, dilation, groups, mode="zeros", value=0.0):
    """y[o, i, j] = bias[o] + sum of weight[o, c, u, v] * padded[group of o + c, i s + u d, j s + v d]."""
    outputs, channels, kh, kw = weight.shape
    x = pad(x, sides(padding, x.shape[2:], (kh, kw), stride, dilation), mode, value)
    height = (x.shape[2] - span(kh, dilation[0])) // stride[0] + 1
    width = (x.shape[3] - span(kw, dilation[1])) // stride[1] + 1
    y = np.zeros((len(x), outputs, height, width))
    for o in range(outputs):
        first = o // (outputs // groups) * channels
        for i in range(height):
            for j in range(width):
                for c in range(channels):
                    for u in range(kh):
                        for v in range(kw):
                            cell = i * stride[0] + u * dilation[0], j * stride[1] + v * dilation[1]
                            y[:, o, i, j] += weight[o, c, u, v] * x[:, first + c, *cell]
        y[:, o] += 0.0 if bias is None else bias[o]
    return y


def conv_transpose2d(x, weight, bias, stride, padding, output_padding, dilation, groups):
    """Every value lays down a copy of the kernel; then the padding is cut off."""
    channels, outputs, kh, kw = weight.shape
    n, _, height, width = x.shape
    full = np.zeros(
        (
            n,
            outputs * groups,
            (height - 1) * stride[0] + span(kh, dilation[0]) + output_padding[0],
            (width - 1) * stride[1] + span(kw, dilation[1]) + output_padding[1],
        )
    )
    for c in range(channels):
        first = c // (channels // groups) * outputs
        for o in range(outputs):
            for i in range(height):
                for j in range(width):
                    for u in range(kh):
                        for v in range(kw):
                            cell = i * stride[0] + u * dilation[0], j * stride[1] + v * dilation[1]
                            full[:, first + o, *cell] += weight[c, o, u, v] * x[:, c, i, j]
    if bias is not None:
        full += bias[:, None, None]
    (top, bottom), (left, right) = padding
    return full[:, :, top : full.shape[2] - bottom, left : full.shape[3] - right]


def axis_windows(n, kernel, stride, dilation, before, after, ceil_mode):
    """For each window of one axis: the cells of the input in it, and how many lie inside the padded input."""
    reach = n + before + after - span(kernel, dilation)
    out = (math.ceil(reach / stride) if ceil_mode else reach // stride) + 1
    if ceil_mode and (out - 1) * stride >= n + before:
        out -= 1  # the last window must start inside the input or its leading padding
    windows = []
    for i in range(out):
        cells = [i * stride - before + u * dilation for u in range(kernel)]
        windows.append(([p for p in cells if 0 <= p < n], len([p for p in cells if p < n + after])))
    return windows


def adaptive_axis_windows(n, out):
    """As `axis_windows`, for an adaptive pooling."""
    cells = [range(math.floor(i * n / out), math.ceil((i + 1) * n / out)) for i in range(out)]
    return [(list(window), len(window)) for window in cells]


def pool(x, rows, cols, reduce):
    """reduce(values of a window (a list), number of its cells inside the padded input)."""
    y = np.zeros((*x.shape[:2], len(rows), len(cols)))
    for n, c, i, j in np.ndindex(*y.shape):
        values = [x[n, c, p, q] for p in rows[i][0] for q in cols[j][0]]
        y[n, c, i, j] = reduce(values, rows[i][1] * cols[j][1])
    return y
