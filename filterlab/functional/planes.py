"""Compiled loops over planes of values: one pass through memory for what NumPy takes several for."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from filterlab.compiling import compiled


@compiled
def scale_rows(x, center, scale, added, start, end, y):
    """y = (x - center) * scale + added, one number of each for a plane; x, y: (planes, cells).

    start, end: of all cells, counted through the planes.
    """
    cells = x.shape[1]
    position = start
    while position < end:
        plane, first = position // cells, position % cells
        stop = min(cells, first + end - position)
        position += stop - first
        a, b, c = center[plane], scale[plane], added[plane]
        source, target = x[plane, first:stop], y[plane, first:stop]
        for j in range(stop - first):
            target[j] = (source[j] - a) * b + c
