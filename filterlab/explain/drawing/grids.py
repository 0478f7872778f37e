"""Grids of cells: a patch of a map, a kernel, their products."""

from __future__ import annotations

from collections.abc import Sequence
from colorsys import hls_to_rgb
from dataclasses import dataclass
from functools import cached_property

from filterlab.explain.account import Account, Figures, Group
from filterlab.explain.drawing.answer import Looks, spot_in
from filterlab.explain.drawing.scene import Item, Paper
from filterlab.explain.drawing.words import term_words
from filterlab.images.palette import EVEN, Colors, luminance, weight_color
from filterlab.images.vector import Area, Point
from filterlab.text.numbers import MINUS
from filterlab.text.tally import aligned, decimals_for, significant

MOST_HUES = 49  # cells of a kernel that are told apart by hue
FEWEST = 3  # significant digits of the largest factor
SMALLEST, LARGEST = 7.0, 22.0  # pixels of a cell without a number


@dataclass(frozen=True)
class Texts:
    """The numbers of a group's terms. products: "" each where there are none."""

    values: tuple[str, ...]
    weights: tuple[str, ...]
    products: tuple[str, ...]

    @property
    def every(self) -> tuple[str, ...]:
        """All of the texts."""
        return *self.values, *self.weights, *self.products

    def without_powers(self, decimals: int) -> Texts:
        """The texts with 0.00 for numbers that are too small for the decimals of the others, where room is scarce."""
        zero = f"{0:.{decimals}f}"
        values, weights = (
            tuple(zero if "e-" in text.replace(MINUS, "-") else text for text in texts)
            for texts in (self.values, self.weights)
        )
        return Texts(values, weights, self.products)

    def without_zeros(self) -> Texts:
        """The texts with .25 for 0.25, where room is scarce."""
        return Texts(
            *(tuple(map(_without_zero, texts)) for texts in (self.values, self.weights, self.products))
        )


def _without_zero(text: str) -> str:
    sign = MINUS if text.startswith(MINUS) else ""
    return sign + text.removeprefix(MINUS)[1:] if text.removeprefix(sign).startswith("0.") else text


def texts_of(account: Account, group: Group, products: Sequence[str], decimals: int) -> Texts:
    """The numbers of a group as texts. products: texts that add up; for a mean they are those of the values."""
    weights: list[str] = []
    if account.sum_of == "w·x":
        weights = _factors([term.weight or 0.0 for term in group.terms], decimals)
    if account.sum_of == "x":
        return Texts(tuple(products), (), ())
    values = _factors([term.value for term in group.terms], decimals)
    return Texts(tuple(values), tuple(weights), tuple(products))


def _factors(numbers: Sequence[float], decimals: int) -> list[str]:
    # The decimals of a large product leave nothing of a small factor: 6927 × 0 = 236.
    return aligned(numbers, max(decimals, decimals_for(numbers, FEWEST)))


def decimals_of(figures: Figures | None, digits: int) -> int:
    """The decimals of values and weights: as many as the products have."""
    # With NaN or infinities there are no decimals to go by.
    if figures is None or not figures.tally.adds_up:
        return digits
    return max((len(text.partition(".")[2]) for text in figures.terms), default=0) or digits - 1


def exact_texts(account: Account, group: Group) -> Texts:
    """The values of a group in all their digits, for values that are not added up."""
    return Texts(tuple(account.exact(term.value) for term in group.terms), (), ())


def short_texts(group: Group, digits: int) -> Texts:
    """The values of a group in few digits."""
    return Texts(tuple(significant([term.value for term in group.terms], digits)), (), ())


def hue_of(index: int, count: int, colors: Colors) -> str:
    """The colour of one cell in a kernel of `count` cells; "" where there are too many to be told apart."""
    if not 1 < count <= MOST_HUES:
        return ""
    # Steps of the golden ratio keep the hues of neighbours far apart on the colour wheel.
    lightness = 0.45 if luminance(colors.window) > EVEN else 0.6
    return "#" + "".join(f"{round(255 * c):02x}" for c in hls_to_rgb(index * 0.381966 % 1, lightness, 0.75))


@dataclass(frozen=True)
class Grids:
    """Lays out the grids of one group. side: (width, height) of a cell. words: whether numbers fit into the cells."""

    account: Account
    group: Group
    looks: Looks
    paper: Paper
    side: tuple[float, float]
    words: bool

    @property
    def width(self) -> float:
        """The width of one grid."""
        return self.group.shape[1] * self.side[0]

    @property
    def height(self) -> float:
        """The height of one grid."""
        return self.group.shape[0] * self.side[1]

    def patch(self, at: Point, texts: Sequence[str]) -> list[Item]:
        """The cells of the input, in the colours of its map."""
        fills = self.looks.fills(self.group.node, [term.value for term in self.group.terms])
        return self._cells("patch", at, texts, fills, hued=True)

    def kernel(self, at: Point, texts: Sequence[str]) -> list[Item]:
        """The weights, in the colours of kernels."""
        weights = [term.weight or 0.0 for term in self.group.terms]
        largest = max((abs(weight) for weight in weights), default=0.0)
        # As in the inspector, so that a kernel looks the same in both places.
        fills = [weight_color(weight, largest, self.paper.colors) for weight in weights]
        return self._cells("kernel", at, texts, fills, hued=True)

    def products(self, at: Point, texts: Sequence[str]) -> list[Item]:
        """The contributions of the terms: as numbers, or as colours by sign where numbers do not fit."""
        colors, amounts = self.paper.colors, self.group.amounts
        largest = 0.0 if self.words else max((abs(amount) for amount in amounts), default=0.0)
        fills = [weight_color(amount, largest, colors) for amount in amounts]
        return self._cells("product", at, texts, fills, hued=False)

    @cached_property
    def _descriptions(self) -> list[str]:
        """A description of each term, which all grids share."""
        return [
            term_words(self.account, term, self.looks.vectors, self.looks.tr) for term in self.group.terms
        ]

    def _cells(
        self, role: str, at: Point, texts: Sequence[str], fills: Sequence[str], *, hued: bool
    ) -> list[Item]:
        group = self.group
        weighted = self.account.sum_of == "w·x"
        count = len(group.terms)
        items = []
        for i, (term, place) in enumerate(zip(group.terms, group.places, strict=True)):
            box = Area(at[0] + place[1] * self.side[0], at[1] + place[0] * self.side[1], *self.side)
            items.append(
                Item(
                    box,
                    texts[i] if self.words else "",
                    (role, *group.at, *place),
                    "cell",
                    fill=fills[i],
                    hue=hue_of(i, count, self.paper.colors) if hued and weighted else "",
                    padding=role == "patch" and term.where.padding,
                    # The only cell of a window has won against nothing.
                    wins=role == "patch" and bool(term.wins) and count > 1,
                    tap=(*group.at, *place),
                    term=term if weighted else None,
                    go=spot_in(term.where),
                    description=self._descriptions[i],
                )
            )
        return items


def cell_size(texts: Texts, paper: Paper, *, bold: bool) -> tuple[float, float]:
    """The smallest cell that all these numbers fit into. bold: one of them belongs to a winner."""
    # A set, because many cells hold the same text, and measuring is what takes the time.
    widest = max((paper.wide(text, bold=bold) for text in {*texts.every}), default=0.0)
    return max(widest + 5, paper.cell), paper.tall + 3
