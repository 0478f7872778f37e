"""Small maps on a sheet, with the cells that a value sees of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from filterlab.explain.account import Group
from filterlab.explain.drawing.answer import Looks, spot_in
from filterlab.explain.drawing.scene import Item, Mark, Thumb
from filterlab.graph.nodes import Spot
from filterlab.images.vector import Area, Point
from filterlab.text.numbers import brief


def fitted(thumb: Thumb, width: float, height: float) -> tuple[float, float]:
    """The size of a small map within a box, with square cells and no side below a few pixels."""
    tall, wide = thumb.view.size
    scale = min(width / wide, height / tall)
    # A map of one row would otherwise be a line that nobody can see or point at.
    return max(wide * scale, 6.0), max(tall * scale, 6.0)


def map_item(
    looks: Looks,
    key: tuple[object, ...],
    at: tuple[str, int],
    box: Area,
    *,
    mark: Mark | None = None,
    thumb: Thumb | None = None,
    description: str = "",
    **changes: Any,
) -> Item:
    """A small map, at = (node, channel), in the middle of a box; the name of the map where it is not held."""
    found, words = thumb or looks.thumb(*at), description or named(looks, *at)
    # The wall holds no map of a hidden node; its name still serves as a link.
    if found is None:
        return Item(box, f"{at[0]} {at[1]}", key, "cell", description=words, **{**changes, "faint": True})
    width, height = fitted(found, box.width, box.height)
    place = Area(box.left + (box.width - width) / 2, box.top + (box.height - height) / 2, width, height)
    marked = replace(found, marks=(mark,) if mark is not None else ())
    return Item(place, key=key, kind="map", thumb=marked, description=words, **changes)


def mark_of(spot: Spot) -> Mark:
    """The box of one cell."""
    return spot.row, spot.col, spot.row + 1, spot.col + 1


def is_single(looks: Looks, node: str) -> bool:
    """Return whether a map is a single value: an entry of a vector, or one row and one column."""
    view = looks.view(node)
    return view is not None and view.size == (1, 1)


def named(looks: Looks, node: str, channel: int) -> str:
    """The name of a map; an entry of a vector has the name of its class, where the layer knows it."""
    if node not in looks.vectors:
        return looks.tr("{node}, channel {channel}", node=node, channel=channel)
    labels = getattr(looks.layer(node), "labels", None) or ()
    return f"{node} [{channel}]" + (f" “{labels[channel]}”" if channel < len(labels) else "")


def single_text(looks: Looks, node: str, channel: int) -> str:
    """The value of a map that is a single value, in few digits."""
    view = looks.view(node)
    return brief(view.value(channel, 0, 0), 3) if view is not None and view.holds(channel, 0, 0) else ""


def value_item(looks: Looks, spot: Spot, box: Area, key: tuple[object, ...], **changes: Any) -> Item:
    """A map that is a single value, as a cell in its colour."""
    view = looks.view(spot.node)
    # A map that is out of date may be smaller; the sheet is made anew when the next one is there.
    value = view.value(*spot[1:]) if view is not None and view.holds(*spot[1:]) else 0.0
    (fill,) = looks.fills(spot.node, [value])
    return Item(box, brief(value, 3), key, "cell", fill=fill, go=spot, **changes)


def spot_point(item: Item) -> Point:
    """The point of the first mark on a small map; of any other item, its middle."""
    thumb = item.thumb
    if thumb is None or not thumb.marks:
        return item.rect.middle
    (top, left, low, right), (tall, wide) = thumb.marks[0], thumb.view.size
    x = item.rect.left + item.rect.width * (left + right) / 2 / wide
    y = item.rect.top + item.rect.height * (top + low) / 2 / tall
    return x, y


def middle_of(group: Group) -> Spot | None:
    """The winner among the cells that are seen, or else the cell in their middle."""
    inner = [term for term in group.terms if term.where.inside is not None]
    winner = next((term for term in inner if term.wins), None)
    # Terms are in row order, so that the middle one lies in the middle of the window.
    chosen = winner or (inner[len(inner) // 2] if inner else None)
    return spot_in(chosen.where) if chosen is not None else None


def value_of(looks: Looks, spot: Spot) -> str:
    """A value in few digits; "" where its map is not held, or out of date and of another size.

    An ellipsis stands for one of a map that is larger than memory, which is still being computed.
    """
    view = looks.view(spot.node)
    if view is None or not view.holds(*spot[1:]):
        return ""
    value = view.number(*spot[1:])
    return "…" if value is None else brief(float(value))


def right_of(item: Item) -> Point:
    """The middle of an item's right side."""
    return item.rect.right, item.rect.middle[1]


def left_of(item: Item) -> Point:
    """The middle of an item's left side."""
    return item.rect.left, item.rect.middle[1]
