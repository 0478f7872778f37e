"""The second level: one unit, with its input maps, the part that each of them makes, the sum and the output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from filterlab.explain.account import Account, Figures, Group
from filterlab.explain.drawing.answer import Answer, Looks, Made
from filterlab.explain.drawing.grids import Grids
from filterlab.explain.drawing.maps import left_of, map_item, mark_of, middle_of, right_of
from filterlab.explain.drawing.scene import Edge, Item, Paper, Sheet, Thumb, sheet
from filterlab.explain.drawing.terms import list_sheet
from filterlab.explain.drawing.words import others_text, place_text, tens_text
from filterlab.explain.explanation import window_of
from filterlab.images.vector import Area
from filterlab.images.views import Scale, joint_extent, scale_of
from filterlab.layers.base.terms import Term

LEAST, MOST = 46.0, 130.0  # pixels of a row's height
MOST_ROWS = 256
WINDOWS = 24  # rows and columns up to which the windows of all outputs are drawn on the input
DIGITS = 5


def unit_sheet(answer: Answer, looks: Looks, paper: Paper, chosen: int) -> Sheet:
    """A row for each input channel. Values of vectors have no maps: they are listed."""
    account, channels = answer.account, _channels(answer.account)
    # A list of single terms has maps to show only where a layer says what each input channel makes.
    alone = account.kind == "list" and not answer.made
    if channels and (alone or not any(_is_map(looks, group.node) for group in channels)):
        return list_sheet(answer, looks, paper)
    return _Unit(answer, looks, paper, chosen, account.figures(DIGITS, chosen, MOST_ROWS)).sheet()


def _is_map(looks: Looks, node: str) -> bool:
    view = looks.view(node)
    return view is not None and not view.is_vector


def _channels(account: Account) -> Sequence[Group]:
    """The groups; a list is split into a group for each term."""
    if account.kind != "list" or not account.groups:
        return account.groups
    (group,) = account.groups
    amounts = group.amounts or (0.0,) * len(group.terms)
    return [
        Group(term.where.node, term.where.channel, (term,), ((0, 0),), (1, 1), (amount,), 0, 0.0, amount)
        for term, amount in zip(group.terms, amounts, strict=True)
    ]


@dataclass(frozen=True)
class _Unit:
    """Lays out one unit. figures: of its sum, with every channel by itself."""

    answer: Answer
    looks: Looks
    paper: Paper
    chosen: int
    figures: Figures | None

    def sheet(self) -> Sheet:
        account, paper = self.answer.account, self.paper
        groups = _channels(account)
        shown = self._shown(len(groups))
        head = paper.line + 2
        rows = max(len(shown), 1)
        # The rows share the height of the paper, as long as their maps can be seen; beyond that the sheet scrolls.
        height = min(max((paper.height - head - 6) / rows, LEAST), MOST)
        items, edges = [], []
        ends = []
        for place, number in enumerate(shown):
            row = self._row(groups[number], number, head + place * height, height - 6)
            items += row
            edges += _joined(row)
            # What a row ends with depends on the layer: the amount of a sum, or the input map of a choice.
            ends.append(row[-1])
        items += self._others(head + rows * height)
        # Room for the lines that meet at the output.
        x = max((item.rect.right for item in items), default=0.0) + 70
        output = self._output(x, head, max(min(paper.height - head - 2 * paper.line, rows * height), 60.0))
        edges += [Edge(right_of(end), left_of(output[0])) for end in ends]
        return sheet([*items, *output, *self._captions(items, output[0])], edges)

    # -- rows -----------------------------------------------------------------------------------------

    def _shown(self, count: int) -> Sequence[int]:
        """The channels that have rows: of very many, those that contribute most."""
        figures = self.figures
        return figures.shown if figures is not None and figures.others else range(count)

    def _others(self, top: float) -> list[Item]:
        """The contribution of the channels without rows, or of the smaller terms of a list."""
        account, figures = self.answer.account, self.figures
        listed = account.kind == "list"
        count = account.groups[0].left_out if listed else figures.others if figures is not None else 0
        if not count:
            return []
        text = others_text(count, self.looks.tr)
        if figures is not None:
            text = f"{text}: {figures.rest if listed else figures.others_text}"
        return [self.paper.word(text, 4, top, key=("others",), description=text)]

    def _row(self, group: Group, number: int, top: float, height: float) -> list[Item]:
        """Input map, kernel, the map it makes and its value; or the input map alone."""
        column = self._width(height)
        room, mark, go = Area(4, top, column, height), window_of(self._terms(group)), middle_of(group)
        thumb = self._with_windows(group)
        source = map_item(self.looks, ("input", *group.at), group.at, room, mark=mark, go=go, thumb=thumb)
        made = self._made(group)
        if made is None or self.figures is None:  # a copy or a choice is not a sum of parts
            return [source]
        items = [source]
        x = 4 + column + 26
        if made.partial.kernel is not None and group.gridded:
            kernel = self._kernel(group, x, top, height)
            items += kernel
            x = max(item.rect.right for item in kernel) + 26
        key, room, words = ("partial", *group.at), Area(x, top, column, height), self._gives(group)
        partial = self._own(key, room, words, Thumb(made.view, 0, self._scale(), self.looks.wall))
        return [*items, partial, self._amount(group, number, partial)]

    def _own(self, key: tuple[object, ...], room: Area, words: str, thumb: Thumb | None = None) -> Item:
        """The map of the value, or what an input makes of it, with the place of the value marked."""
        spot = self.answer.spot
        mark = mark_of(spot)
        return map_item(self.looks, key, spot[:2], room, mark=mark, go=spot, description=words, thumb=thumb)

    def _terms(self, group: Group) -> Sequence[Term]:
        """All terms of a group, also those that are not shown one by one."""
        parts = self.answer.account.explanation.parts if group.left_out else ()
        # Looked up by name: the parts of the explanation and the groups need not come in the same order.
        return next((part.terms for part in parts if (part.node, part.channel) == group.at), group.terms)

    def _width(self, height: float) -> float:
        """The width of a column of maps: that of the widest at this height, within limits."""
        views = [self.looks.view(name) for name in {g.node for g in _channels(self.answer.account)}]
        ratio = max((view.size[1] / view.size[0] for view in views if view is not None), default=1.0)
        return min(max(height * ratio, 40.0), 180.0)

    def _kernel(self, group: Group, x: float, top: float, height: float) -> list[Item]:
        side = min(max((height - 8) / group.shape[0], 5.0), 18.0)
        grids = Grids(self.answer.account, group, self.looks, self.paper, (side, side), words=False)
        return grids.kernel((x, top + (height - grids.height) / 2), ("",) * len(group.terms))

    def _made(self, group: Group) -> Made | None:
        made = self.answer.made or []
        return next((m for m in made if (m.partial.node, m.partial.channel) == group.at), None)

    def _scale(self) -> Scale:
        """One colour scale for all maps that are added up."""
        extent = joint_extent(made.view for made in self.answer.made or [])
        return scale_of(extent, self.looks.wall)

    def _gives(self, group: Group) -> str:
        return self.looks.tr(
            "the contribution of {node}, channel {channel}; {amount} here",
            node=group.node,
            channel=group.channel,
            amount=self.answer.account.exact(group.amount),
        )

    def _amount(self, group: Group, number: int, beside: Item) -> Item:
        figures, text = self.figures, ""
        if figures is not None:
            account = self.answer.account
            if account.kind == "list":
                text = figures.terms[number] if number < len(figures.terms) else ""
            elif number in figures.shown:
                text = figures.amounts[figures.shown.index(number)]
        return self.paper.word(
            # Where there is no number, the line to the output still begins at this item, which needs a place.
            text or " ",
            beside.rect.right + 6,
            beside.rect.middle[1] - self.paper.line / 2,
            key=("part", number),
            pick=number if self.answer.account.kind == "grid" else None,
            bold=number == self.chosen,
            description=self._gives(group),
        )

    def _with_windows(self, group: Group) -> Thumb | None:
        """The input map with the windows of all outputs, where these are few and uneven."""
        thumb = self.looks.thumb(*group.at)
        layer, fields = self.looks.layer(self.answer.spot.node), self.looks.fields
        # All other layers have equal windows, of which one frame says everything.
        if thumb is None or layer is None or fields is None or not layer.key.startswith("adaptive_"):
            return thumb
        node = self.answer.spot.node
        height, width = fields.sizes[node]
        if max(height, width) > WINDOWS:
            return thumb
        # The windows of adaptive pooling are the product of rows and columns, so that column 0 tells all rows.
        rows = [fields.regions(node, row, 0)[group.node] for row in range(height)]
        cols = [fields.regions(node, 0, col)[group.node] for col in range(width)]
        across = {edge for r in rows for edge in (r.top, r.bottom)}
        down = {edge for r in cols for edge in (r.left, r.right)}
        return replace(thumb, rows=tuple(sorted(across)), cols=tuple(sorted(down)))

    # -- the output -----------------------------------------------------------------------------------

    def _output(self, x: float, top: float, height: float) -> list[Item]:
        account, figures = self.answer.account, self.figures
        place = place_text(account.where, self.looks.vectors)
        description = self.looks.tr("{place} is {value}", place=place, value=account.value)
        own = self._own(("output",), Area(x, top, 220.0, height), description)
        # `map_item` puts maps into the middle of their box, but this one begins where the lines end.
        own = own.moved(x - own.rect.left, 0)
        shown = f"= {account.value}"
        if figures is not None and account.sum_of == "w·x":
            bias = f" + {self.looks.tr('bias {bias}', bias=figures.bias)}" if account.bias else ""
            shown = f"Σ{bias} = {figures.total}{tens_text(figures.tally.scale)}"
        return [own, self.paper.word(shown, x, own.rect.bottom + 3, bold=True, description=description)]

    def _captions(self, items: list[Item], output: Item) -> list[Item]:
        node, channel = self.answer.spot[:2]
        words = [(self.looks.tr("inputs"), 4.0)]
        partial = next((item for item in items if item.key[:1] == ("partial",)), None)
        if partial is not None:
            words.append((self.looks.tr("the contribution of each"), partial.rect.left))
        name = self.looks.tr("{node}, channel {channel}", node=node, channel=channel)
        words.append((name, output.rect.left))
        return [self.paper.word(text, x, 0, faint=True, description=text) for text, x in words]


def _joined(row: list[Item]) -> list[Edge]:
    """Lines between the parts of a row: the input map, the kernel as a whole, the map it makes."""
    maps = [item for item in row if item.kind == "map"]
    cells = [item for item in row if item.kind == "cell"]
    if len(maps) < 2:
        return []
    start, stop = right_of(maps[0]), left_of(maps[1])
    if not cells:
        return [Edge(start, stop, strong=False)]
    first, last = min(c.rect.left for c in cells), max(c.rect.right for c in cells)
    y = (min(c.rect.top for c in cells) + max(c.rect.bottom for c in cells)) / 2
    return [Edge(start, (first, y), strong=False), Edge((last, y), stop, strong=False)]
