"""The first level: all maps that a node reads and all its own, with lines to the one looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from filterlab.explain.drawing.answer import Answer, Looks
from filterlab.explain.drawing.maps import (
    is_single,
    map_item,
    mark_of,
    named,
    single_text,
    spot_point,
    value_item,
    value_of,
)
from filterlab.explain.drawing.scene import Edge, Item, Paper, Sheet, sheet
from filterlab.graph.nodes import Spot
from filterlab.images.vector import Area, Point

MOST_MAPS = 512
MOST_EDGES = 64
SMALLEST, LARGEST = 30.0, 120.0
SPACE = 5.0
BETWEEN = 90.0  # pixels between the two sides, for the lines

Maps = list[tuple[str, int]]


def overview_sheet(answer: Answer, looks: Looks, paper: Paper, chosen: int) -> Sheet:
    """The maps of the inputs on the left, the node's own on the right."""
    spot, makers = answer.spot, _makers(answer)
    sources = [(node, c) for node in looks.inputs(spot.node) for c in range(_count(looks, node))]
    heaviest = max(makers, key=lambda key: makers[key][0], default=None)
    read = _page(sources, heaviest)
    own = _page([(spot.node, c) for c in range(_count(looks, spot.node))], (spot.node, spot.channel))
    head = paper.line + 2
    room = Area(4, head, (paper.width - BETWEEN) * 0.45, paper.height - head - 4)
    left = _places(read.maps, looks, room, paper)
    # The outputs get all that the inputs leave, which is known only after these have been placed.
    start = max((box.right for box in left), default=0.0) + BETWEEN
    room = Area(start, head, max(paper.width - start - 8, SMALLEST), room.height)
    right = _places(own.maps, looks, room, paper)
    left = _beside(left, right, _first_seen(answer, looks, own), paper.height)
    inputs = [_input(looks, key, box, makers) for key, box in zip(read.maps, left, strict=True)]
    outputs = [_output(looks, answer, key, box) for key, box in zip(own.maps, right, strict=True)]
    words = [
        paper.caption(_title(looks, looks.tr("reads"), read), 4, _top(left) - head, start - 16),
        *_own_title(looks, spot, own, (start, _top(right) - head), paper),
    ]
    return sheet([*inputs, *outputs, *words], _edges(inputs, outputs, makers, spot))


@dataclass(frozen=True)
class _Page:
    """A page of many maps. first: the position of its first map among all `count`."""

    maps: Maps
    first: int
    count: int


def _page(maps: Maps, shown: tuple[object, ...] | None) -> _Page:
    """As many maps as can be shown at once, among them the one given."""
    place = next((i for i, key in enumerate(maps) if key == shown), 0)
    # Pages begin at multiples of their length, so that they stay put while one looks at another of their maps.
    first = place // MOST_MAPS * MOST_MAPS
    return _Page(maps[first : first + MOST_MAPS], first, len(maps))


def _count(looks: Looks, node: str) -> int:
    view = looks.view(node)
    return view.channels if view is not None else 0


def _title(looks: Looks, name: str, page: _Page) -> str:
    names = ", ".join(dict.fromkeys(node for node, _ in page.maps))
    said = f"{name} {names}" if names != name else name
    if page.count > len(page.maps):
        last = page.first + len(page.maps) - 1
        return looks.tr(
            "{what}: {first} to {last} of {count}", what=said, first=page.first, last=last, count=page.count
        )
    if page.count == 1:
        return said
    if page.maps and page.maps[0][0] in looks.vectors:
        return looks.tr("{what}: {count} values", what=said, count=page.count)
    return looks.tr("{what}: {count} maps", what=said, count=page.count)


def _own_title(looks: Looks, spot: Spot, page: _Page, at: Point, paper: Paper) -> list[Item]:
    """The name of the node, with links to the pages before and after."""
    items = [paper.word(_title(looks, spot.node, page), *at, faint=True)]
    beyond = page.first + len(page.maps)
    for channel, sign in ((page.first - 1, "‹"), (beyond, "›")):
        if 0 <= channel < page.count:
            x = items[-1].rect.right + 8
            go, key = spot._replace(channel=channel), ("page", sign)
            words = named(looks, spot.node, channel)
            items.append(paper.word(f" {sign} ", x, at[1], bold=True, key=key, go=go, description=words))
    return items


def _places(maps: Maps, looks: Looks, room: Area, paper: Paper) -> list[Area]:
    """Boxes in rows, as large as they can be with all of them in view, but not too small to be seen."""
    if not maps:
        return []
    width, height = _value_size(maps, looks, room, paper) or _map_size(len(maps), looks, maps[0][0], room)
    columns = max(int((room.width + SPACE) // (width + SPACE)), 1)
    places = (divmod(i, columns) for i in range(len(maps)))
    first = Area(room.left, room.top, width, height)
    return [first.moved(col * (width + SPACE), row * (height + SPACE)) for row, col in places]


def _first_seen(answer: Answer, looks: Looks, own: _Page) -> int:
    """The position of the map to scroll to: the pinned one, even while the cursor is on another."""
    pin, spot = looks.pin, answer.spot
    channel = pin.channel if pin is not None and pin.node == spot.node else spot.channel
    # The pinned map may lie on another page than the one that is shown.
    return min(max(channel - own.first, 0), len(own.maps) - 1)


def _beside(left: list[Area], right: list[Area], seen: int, height: float) -> list[Area]:
    """The inputs moved beside the map that is scrolled to, where the node has so many maps that they scroll."""
    longer, shorter = _foot(right), _foot(left) - _top(left)
    if not left or not right or longer <= height or shorter >= longer - _top(right):
        return left
    top = min(max(right[seen].middle[1] - shorter / 2, _top(right)), longer - shorter)
    return [box.moved(0, top - _top(left)) for box in left]


def _top(boxes: list[Area]) -> float:
    return min((box.top for box in boxes), default=0.0)


def _foot(boxes: list[Area]) -> float:
    return max((box.bottom for box in boxes), default=0.0)


def _map_size(count: int, looks: Looks, node: str, room: Area) -> tuple[float, float]:
    view = looks.view(node)
    # Limited, or the boxes of a map of a few rows would be as wide as the panel and of no height.
    ratio = min(max(view.size[1] / view.size[0], 0.5), 2.0) if view is not None else 1.0
    best = SMALLEST
    # Tried one by one: rows and columns are whole numbers, so that there is no formula for the best.
    for columns in range(1, count + 1):
        rows = ceil(count / columns)
        side = min((room.width / columns - SPACE) / ratio, room.height / rows - SPACE)
        best = max(best, min(side, LARGEST))
    return best * ratio, best


def _value_size(maps: Maps, looks: Looks, room: Area, paper: Paper) -> tuple[float, float] | None:
    """The size of cells that all numbers fit into; None where some of the maps are not single values."""
    if not all(is_single(looks, node) for node in {node for node, _ in maps}):
        return None
    # Measured in bold below, since the value looked at is written so and must fit as well.
    texts = {single_text(looks, *key) for key in maps}
    width = max(paper.wide(text, bold=True) for text in texts) + 8
    columns = max(int((room.width + SPACE) // (width + SPACE)), 1)
    rows = ceil(len(maps) / columns)
    return width, min(max(room.height / rows - SPACE, paper.cell), 2 * paper.cell)


Makers = dict[tuple[object, ...], tuple[float, Spot]]  # by node and channel


def _makers(answer: Answer) -> Makers:
    """The maps that the value reads: the weight of the most important cell in each, and that cell."""
    found: Makers = {}
    for term in answer.account.explanation.terms:
        cell = term.where.inside
        if cell is None:
            continue
        # A winner comes before all that lost, however large those are.
        weight = abs(term.value if term.product is None else term.product) + (1e30 if term.wins else 0.0)
        key = cell.node, cell.channel
        if key not in found or weight > found[key][0]:
            found[key] = weight, Spot(*cell[:4])
    return found


def _input(looks: Looks, at: tuple[str, int], box: Area, makers: Makers) -> Item:
    spot, words, key = makers[at][1] if at in makers else None, named(looks, *at), ("input", *at)
    go, faint = spot or Spot(*at, 0, 0), spot is None
    value = value_of(looks, go)
    if is_single(looks, at[0]):
        words = looks.tr("{place} is {value}", place=words, value=value)
        return value_item(looks, go, box, key, description=words, faint=faint)
    if spot is None:
        return map_item(looks, key, at, box, go=go, faint=faint, description=words)
    text = looks.tr(
        "{what}: the value reads it; the cell with the largest weight is {value}", what=words, value=value
    )
    return map_item(looks, key, at, box, mark=mark_of(spot), go=go, description=text)


def _output(looks: Looks, answer: Answer, at: tuple[str, int], box: Area) -> Item:
    spot, words, key = Spot(*at, answer.spot.row, answer.spot.col), named(looks, *at), ("output", *at)
    own, value = at[1] == answer.spot.channel, value_of(looks, spot)
    if is_single(looks, at[0]):
        words = looks.tr("{place} is {value}", place=words, value=value)
        return value_item(looks, spot, box, key, description=words, wins=own)
    words = looks.tr("{what}: {value} here", what=words, value=value)
    return map_item(looks, key, at, box, mark=mark_of(spot), go=spot, wins=own, description=words)


def _edges(inputs: list[Item], outputs: list[Item], makers: Makers, spot: Spot) -> list[Edge]:
    """Lines from the most important cell of each map that is read to the value; of very many, the heaviest."""
    target = next((item for item in outputs if item.key[2] == spot.channel), None)
    if target is None:
        return []
    read = sorted(
        (item for item in inputs if item.key[1:] in makers), key=lambda item: -makers[item.key[1:]][0]
    )
    # Where lines begin and end at items without a mark: beside all of them, so that no line crosses a number.
    gutter = _right(inputs) + 4, min(item.rect.left for item in outputs) - 4
    return [_edge(item, target, gutter) for item in read[:MOST_EDGES]]


def _right(items: Sequence[Item]) -> float:
    return max((item.rect.right for item in items), default=0.0)


def _edge(item: Item, target: Item, gutter: tuple[float, float]) -> Edge:
    """A line between two items. At single values it ends beside the cell, so as not to strike its number through."""
    start, stop = (
        spot_point(end) if end.thumb is not None else (x, end.rect.middle[1])
        for end, x in zip((item, target), gutter, strict=True)
    )
    return Edge(start, stop, over=True)
