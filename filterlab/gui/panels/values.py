"""The values of all maps at one point of the picture, as text for the status bar."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from filterlab.graph import IMAGE
from filterlab.gui.bench.results import Results, Shown
from filterlab.gui.bench.selection import Spot
from filterlab.gui.look.strip import StripEntry
from filterlab.gui.words.i18n import tr
from filterlab.pipeline import Pipeline
from filterlab.text.numbers import brief, exact

FEW = 4  # channels of a map that the status bar shows
MANY = 48  # channels that its tool tip shows


def value_text(results: Results, spot: Spot) -> str | None:
    """The value at a spot with all its digits; None where there is none now."""
    value = results.value(spot)
    return None if value is None else exact(value)


def position_entries(results: Results, spot: Spot) -> list[StripEntry]:
    """The entries for the place of a spot in the picture, and for its place and value in its own map."""
    value = value_text(results, spot)
    shown = results.maps.get(spot.node)
    if shown is None or not shown.has(spot):
        return []
    if value is None:  # of a map that is larger than memory: its tile is on its way
        value = tr("not known") if results.is_preview(spot.node) else "…"
    if shown.placement is None:
        return [StripEntry(spot.node, f"[{spot.channel}] = {value}")]
    row, col = picture_cell(shown, spot)
    where = StripEntry("", tr("row {row}, column {col}", row=exact(row), col=exact(col)))
    if spot.node == IMAGE:
        return [where]
    return [where, StripEntry(spot.node, f"[{spot.channel}, {spot.row}, {spot.col}] = {value}")]


def picture_cell(shown: Shown, spot: Spot) -> tuple[int, int]:
    """The cell of the picture under the middle of a spot."""
    y, x = _point(shown, spot)
    # Floor and not int(): a point above or left of the picture must not become its first row or column.
    return int(y // 1), int(x // 1)


def map_entries(results: Results, pipeline: Pipeline, spot: Spot, most: int = FEW) -> list[StripEntry]:
    """An entry for each map: the values of at most `most` channels in the cell under the spot."""
    own = results.maps.get(spot.node)
    # A vector has no place on the picture, so that there is no point to look up in the other maps.
    if own is None or own.placement is None or not own.has(spot):
        return []
    y, x = _point(own, spot)
    maps = _maps(results, pipeline)
    placed = [(name, shown) for name, shown in maps if shown.placement is not None]
    return [_entry(name, shown, y, x, most) for name, shown in placed if not results.is_preview(name)]


def tip_text(results: Results, pipeline: Pipeline, spot: Spot) -> str:
    """Position and values of all maps as an HTML table."""
    rows = [*position_entries(results, spot), *map_entries(results, pipeline, spot, MANY)]
    cells = (
        f"<tr><td><b>{escape(entry.name)}</b>&nbsp;&nbsp;</td><td>{escape(entry.values)}</td></tr>"
        for entry in rows
    )
    return f"<table>{''.join(cells)}</table>"


def _point(shown: Shown, spot: Spot) -> tuple[float, float]:
    assert shown.placement is not None, "a vector has no place on the picture"
    return shown.placement.point(spot.row, spot.col)


def _maps(results: Results, pipeline: Pipeline) -> Iterator[tuple[str, Shown]]:
    """The maps in the order of the pipeline, the picture first."""
    for name in (IMAGE, *(node.name for node in pipeline.nodes)):
        if name in results.maps:
            yield name, results.maps[name]


def _entry(name: str, shown: Shown, y: float, x: float, most: int) -> StripEntry:
    assert shown.placement is not None, "only maps have entries"
    # Maps differ in size: the same point of the picture lies in another cell of each, or in none.
    row, col = shown.placement.cell(y, x)
    if not shown.has(Spot(name, 0, row, col)):
        return StripEntry(name, tr("outside"), faint=True)
    values = shown.view.column(row, col, most)
    if values is None:
        return StripEntry(name, "…", faint=True)
    more = " …" if shown.view.channels > most else ""
    return StripEntry(name, " ".join(brief(value) for value in values) + more, faint=shown.stale_at(row, col))
