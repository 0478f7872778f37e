"""The statistics of a comparison: a table of numbers, in which the place of the largest difference is a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isnan

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from filterlab.gui.compare.sides import SidePair
from filterlab.gui.look import layouts
from filterlab.gui.look.strip import StripEntry
from filterlab.gui.words.i18n import tr
from filterlab.images.statistics import Statistics
from filterlab.run.comparing import PairStatistics
from filterlab.text.numbers import brief, exact

DIGITS = 5
NONE = "–"


@dataclass(frozen=True)
class FigureRow:
    """A row of the table. where: the place of the largest difference (channel, row, column), as the person counts."""

    title: str
    values: tuple[str, ...]
    where: tuple[int, int, int] | None = None


class FiguresTable(QWidget):
    """Shows the statistics of a pair. sought(channel, row, column): the person wants to see the largest difference."""

    sought = Signal(int, int, int)

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[FigureRow, ...] = ()
        self.links: list[QPushButton] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 6, 12, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(1)
        self.setAccessibleName(tr("Statistics of the comparison"))

    def show_pair(self, pair: SidePair | None) -> None:
        """Show the numbers of a pair."""
        self._clear()
        heads, tips, self.rows = _table(pair) if pair is not None else ((), (), ())
        for column, (head, tip) in enumerate(zip(heads, tips, strict=True), start=1):
            label = layouts.label("fine", head)
            label.setToolTip(tip)
            self._grid.addWidget(label, 0, column)
        for number, row in enumerate(self.rows, start=1):
            self._show_row(number, row, heads, tips)
        self._grid.setColumnStretch(len(heads) + 1, 1)
        self.setAccessibleDescription("; ".join(_spoken(row, heads) for row in self.rows))

    def _show_row(self, number: int, row: FigureRow, heads: Sequence[str], tips: Sequence[str]) -> None:
        self._grid.addWidget(layouts.label("dim", row.title), number, 0)
        for column, (value, head, tip) in enumerate(zip(row.values, heads, tips, strict=True), start=1):
            if column == 2 and row.where is not None:
                self._grid.addWidget(self._link(value, row.where), number, column)
                continue
            label = QLabel(value)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setToolTip(tip)
            label.setAccessibleName(f"{row.title}, {head}: {value}")
            self._grid.addWidget(label, number, column)

    def _link(self, text: str, where: tuple[int, int, int]) -> QPushButton:
        link = QPushButton(text)
        link.setProperty("role", "place")
        link.setCursor(Qt.CursorShape.PointingHandCursor)
        link.setToolTip(tr("Go to the largest difference (Return)"))
        link.setAccessibleName(tr("Go to the largest difference: {place}", place=text))
        link.clicked.connect(lambda: self.sought.emit(*where))
        self.links.append(link)
        return link

    def _clear(self) -> None:
        self.links = []
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)  # the table before may have ended with this one
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                # Hidden at once: it is deleted only when control is back in the event loop.
                widget.hide()
                widget.deleteLater()


def _spoken(row: FigureRow, heads: Sequence[str]) -> str:
    return f"{row.title}: " + ", ".join(
        f"{head} {value}" for head, value in zip(heads, row.values, strict=True)
    )


def _table(pair: SidePair) -> tuple[tuple[str, ...], tuple[str, ...], tuple[FigureRow, ...]]:
    """The heads of the columns, their tool tips, and the rows."""
    if pair.summaries is not None:
        heads = (tr("smallest"), tr("largest"), tr("mean"), tr("deviation"), tr("not finite"))
        rows = (FigureRow(name, _of_one(one)) for name, one in zip("AB", pair.summaries, strict=True))
        return heads, ("", "", "", tr("Standard deviation of the finite values"), _odd_tip()), tuple(rows)
    return _heads(), _tips(), tuple(_rows(pair))


def _heads() -> tuple[str, ...]:
    return (
        tr("largest |A − B|"),
        tr("where"),
        tr("mean |A − B|"),
        "RMS",
        "PSNR",
        tr("correlation"),
        tr("not finite"),
    )


def _tips() -> tuple[str, ...]:
    return (
        tr("The largest absolute difference"),
        tr("Row and column of the largest difference"),
        tr("The mean of the absolute differences"),
        tr("The root of the mean of the squared differences"),
        tr("Peak signal-to-noise ratio, 20 log₁₀(1 / RMS): of pictures, whose values lie between 0 and 1"),
        tr("Pearson's correlation of the values of A with those of B; none where one map is constant"),
        _odd_tip(),
    )


def _odd_tip() -> str:
    return tr("Values that are NaN or infinite: they are counted here, and left out of the sums")


def _rows(pair: SidePair) -> list[FigureRow]:
    assert pair.here is not None, "maps of one size have statistics"
    channel = pair.channels[0]
    one = pair.a.view.channels == 1
    title = tr("all channels") if channel is None else tr("this map") if one else tr("this channel")
    rows = [_row(title, pair.here, channel or 0, pair, with_channel=channel is None)]
    if pair.whole is not None:
        rows.append(_row(tr("all channels"), pair.whole, 0, pair, with_channel=True))
    return rows


def _row(title: str, found: PairStatistics, first: int, pair: SidePair, *, with_channel: bool) -> FigureRow:
    """A row of the table. first: the channel of the first plane that was compared."""
    where, place = None, NONE
    if found.where is not None:
        channel, row, col = found.where
        where = (channel + first, row, col)
        row, col = row + pair.a.corner[0], col + pair.a.corner[1]
        if pair.a.vector:
            place = tr("entry {entry}", entry=col)
        elif with_channel:
            place = tr("channel {channel}, row {row}, column {col}", channel=where[0], row=row, col=col)
        else:
            place = tr("row {row}, column {col}", row=row, col=col)
    odd = str(found.odd) if not found.unequal else tr("{n}, {m} differ", n=found.odd, m=found.unequal)
    figures = (
        _number(found.largest),
        place,
        _number(found.mean),
        _number(found.rms),
        decibels(found.psnr),
        _number(found.correlation),
        odd,
    )
    return FigureRow(title, figures, where)


def _of_one(one: Statistics) -> tuple[str, ...]:
    numbers = (one.minimum, one.maximum, one.mean, one.std)
    return *map(_number, numbers), str(one.nans + one.infinities)


def _number(value: float | None) -> str:
    if value is None or isnan(value):
        return NONE
    return "∞" if value == inf else brief(value, DIGITS)


def decibels(value: float | None) -> str:
    """A peak signal-to-noise ratio; a dash where the maps are no pictures."""
    if value is None:
        return NONE
    return "∞ dB" if value == inf else f"{brief(value, 4)} dB"


def reading(pair: SidePair, cell: tuple[int, int]) -> list[StripEntry]:
    """The values of both sides in a cell of A, and their difference, with all their digits."""
    row, col = cell[0] + pair.a.corner[0], cell[1] + pair.a.corner[1]
    where = (
        tr("entry {entry}", entry=col) if pair.a.vector else tr("row {row}, column {col}", row=row, col=col)
    )
    names = ("A", "B", "A − B")
    found = zip(names, pair.values(cell), strict=True)
    return [
        StripEntry("", where),
        *(StripEntry(name, " ".join(map(exact, values))) for name, values in found if values),
    ]
