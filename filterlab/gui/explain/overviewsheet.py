"""The first level: all maps that a node reads, all its own, and lines from those that make the one looked at."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QLineF, QPointF, QRectF

from filterlab.gui.explain.answer import Answer, Looks
from filterlab.gui.explain.items import Edge, Item, Paper, Sheet, sheet
from filterlab.gui.explain.maps import left_of, map_item, right_of, spot_point, value_item, value_of
from filterlab.gui.i18n import tr
from filterlab.gui.selection import Spot

MOST_MAPS = 256
MOST_EDGES = 64
SMALLEST, LARGEST = 30.0, 120.0
SPACE = 5.0
BETWEEN = 90.0  # pixels least for the lines


def overview_sheet(answer: Answer, looks: Looks, paper: Paper, chosen: int) -> Sheet:
    """Left the inputs' maps, right the node's own."""
    spot = answer.spot
    sources = [(node, c) for node in looks.inputs(spot.node) for c in range(_count(looks, node))]
    own = [(spot.node, c) for c in range(_count(looks, spot.node))]
    head = paper.line + 2
    room = QRectF(4, head, (paper.width - BETWEEN) * 0.45, paper.height - head - 4)
    left = _places(len(sources[:MOST_MAPS]), looks, sources, room)
    start = max((box.right() for box in left), default=0.0) + BETWEEN
    right = _places(
        len(own[:MOST_MAPS]), looks, own, QRectF(start, head, paper.width - start - 8, room.height())
    )
    makers = _makers(answer)
    inputs = [_input(looks, key, box, makers) for key, box in zip(sources, left, strict=False)]
    outputs = [_output(looks, answer, key, box) for key, box in zip(own, right, strict=False)]
    words = [
        paper.word(_title(looks, tr("reads"), sources), QPointF(4, 0), faint=True),
        paper.word(_title(looks, spot.node, own), QPointF(start, 0), faint=True),
    ]
    return sheet([*inputs, *outputs, *words], _edges(inputs, outputs, makers, spot))


def _count(looks: Looks, node: str) -> int:
    view = looks.view(node)
    return view.channels if view is not None else 0


def _title(looks: Looks, name: str, maps: list[tuple[str, int]]) -> str:
    names = ", ".join(dict.fromkeys(node for node, _ in maps))
    said = f"{name} {names}" if names != name else name
    vector = bool(maps) and maps[0][0] in looks.vectors
    if len(maps) > MOST_MAPS:
        return tr("{what}: the first {shown} of {count}", what=said, shown=MOST_MAPS, count=len(maps))
    if vector:
        return tr("{what}: {count} values", what=said, count=len(maps))
    return tr("{what}: {count} maps", what=said, count=len(maps)) if len(maps) != 1 else said


def _places(count: int, looks: Looks, maps: list[tuple[str, int]], room: QRectF) -> list[QRectF]:
    """Boxes in rows, as large as all of them fit, none below a size that can be seen."""
    if not count:
        return []
    view = looks.view(maps[0][0])
    ratio = min(max(view.size[1] / view.size[0], 0.5), 2.0) if view is not None else 1.0
    best = SMALLEST
    for columns in range(1, count + 1):
        rows = ceil(count / columns)
        side = min((room.width() / columns - SPACE) / ratio, room.height() / rows - SPACE)
        best = max(best, min(side, LARGEST))
    columns = max(int(room.width() // (best * ratio + SPACE)), 1)
    size = best * ratio, best
    return [
        QRectF(
            room.left() + (i % columns) * (size[0] + SPACE),
            room.top() + (i // columns) * (size[1] + SPACE),
            *size,
        )
        for i in range(count)
    ]


Makers = dict[tuple[str, int], tuple[float, Spot]]


def _makers(answer: Answer) -> Makers:
    """The maps that the value reads, each with its cell that matters most, and how much that is."""
    found: Makers = {}
    for term in answer.account.explanation.terms:
        cell = term.where.inside
        if cell is None:
            continue
        weight = abs(term.value if term.product is None else term.product) + (1e30 if term.wins else 0.0)
        key = cell.node, cell.channel
        if key not in found or weight > found[key][0]:
            found[key] = weight, Spot(*cell[:4])
    return found


def _input(looks: Looks, key: tuple[str, int], box: QRectF, makers: Makers) -> Item:
    spot = makers[key][1] if key in makers else None
    told = tr("{node}, channel {channel}", node=key[0], channel=key[1])
    if spot is not None:
        told = tr(
            "{what}: the value reads it; its weightiest cell is {value}",
            what=told,
            value=value_of(looks, spot),
        )
    if key[0] in looks.vectors:
        return value_item(looks, Spot(*key, 0, 0), box, ("input", *key), told=told, faint=spot is None)
    return map_item(
        looks,
        *key,
        box,
        ("input", *key),
        mark=(spot.row, spot.col, spot.row + 1, spot.col + 1) if spot is not None else None,
        go=spot or Spot(*key, 0, 0),
        faint=spot is None,
        told=told,
    )


def _output(looks: Looks, answer: Answer, key: tuple[str, int], box: QRectF) -> Item:
    spot = Spot(*key, answer.spot.row, answer.spot.col)
    told = tr("{node}, channel {channel}", node=key[0], channel=key[1])
    own = key[1] == answer.spot.channel
    if key[0] in looks.vectors:
        return value_item(looks, spot, box, ("output", *key), told=told, wins=own)
    return map_item(
        looks,
        *key,
        box,
        ("output", *key),
        mark=(spot.row, spot.col, spot.row + 1, spot.col + 1),
        go=spot,
        wins=own,
        told=tr("{what}: {value} here", what=told, value=value_of(looks, spot)),
    )


def _edges(inputs: list[Item], outputs: list[Item], makers: Makers, spot: Spot) -> list[Edge]:
    """From the weightiest cell of each map that is read to the value itself; of very many, from the weightiest."""
    target = next((item for item in outputs if item.key[2] == spot.channel), None)
    if target is None:
        return []
    read = sorted((item for item in inputs if item.key[1:] in makers), key=lambda i: -makers[_key(i)][0])
    return [_edge(item, target) for item in read[:MOST_EDGES]]


def _key(item: Item) -> tuple[str, int]:
    _, node, channel = item.key
    assert isinstance(node, str), "inputs are known by node and channel"
    assert isinstance(channel, int), "inputs are known by node and channel"
    return node, channel


def _edge(item: Item, target: Item) -> Edge:
    over = item.thumb is not None and target.thumb is not None
    start = spot_point(item) if item.thumb is not None else right_of(item)
    stop = spot_point(target) if target.thumb is not None else left_of(target)
    return Edge(QLineF(start, stop), over=over)
