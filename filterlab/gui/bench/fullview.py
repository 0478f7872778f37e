"""The full view, which tiles show while nothing is zoomed: the picture, and every map that reaches beyond it."""

from __future__ import annotations

from collections.abc import Iterator

from filterlab.fields.maps import Placement
from filterlab.gui.bench.workbench import Workbench

Part = tuple[float, float, float, float]  # (top, left, height, width) in cells of the picture


def full_view(bench: Workbench) -> Part | None:
    """The smallest part of the plane that holds the picture and all maps that the wall shows; None without a picture.

    Maps that are still to be computed count from the start, so that the view does not jump when they come.
    """
    picture = bench.document.picture
    if picture is None:
        return None
    height, width = picture.shape[1:]
    return joined([(0.0, 0.0, float(height), float(width)), *_maps(bench)])


def joined(parts: list[Part]) -> Part:
    """The smallest part that holds all of these."""
    top, left = min(part[0] for part in parts), min(part[1] for part in parts)
    bottom = max(part[0] + part[2] for part in parts)
    right = max(part[1] + part[3] for part in parts)
    return top, left, bottom - top, right - left


def _maps(bench: Workbench) -> Iterator[Part]:
    unseen = bench.view.look.hidden | bench.folds.hidden
    names = [node.name for node in bench.document.pipeline if node.name not in unseen]
    # Each once: the maps of a deep network lie in few ways.
    for found in {_map(bench, name) for name in names}:
        if found is not None:
            yield covered(*found)


def _map(bench: Workbench, name: str) -> tuple[Placement, tuple[int, int]] | None:
    """The placement of the map of a node on the picture, and its size; None for vectors and where there is no map."""
    results = bench.results
    shown, row = results.maps.get(name), results.row(name)
    if shown is not None:
        return (shown.placement, shown.view.size) if shown.placement is not None else None
    if row is None or len(row.shape) != 3 or results.fields is None or results.problem(name) is not None:
        return None
    place = results.fields.placement(name)
    return (place, row.shape[1:]) if place is not None else None


def covered(place: Placement, size: tuple[int, int]) -> Part:
    """The part of the plane that a map covers.

    Rounded to 1e-6 of a cell: a map that is exactly as large as the picture must not reach beyond it by round-off,
    which would move every tile.
    """
    rows, cols = place.top + size[0] * place.height, place.left + size[1] * place.width
    top, left, bottom, right = (round(edge, 6) for edge in (place.top, place.left, rows, cols))
    return top, left, bottom - top, right - left
