"""The sum in words: the part of each channel, the bias, the value, and the name of the operation."""

from __future__ import annotations

from filterlab.explain.account import Account, Figures
from filterlab.explain.drawing.answer import Answer, Looks
from filterlab.explain.drawing.scene import Item, Paper, bottom, flow
from filterlab.explain.drawing.words import others_text, place_text, tens_text

LONGEST = 160  # characters of each side of a formula that is shown
LEAST = 160.0  # pixels of width that the sum needs
WIDE = 0.8  # fraction of the paper's width from which on the sum counts as across all of it


def sum_items(
    answer: Answer,
    figures: Figures | None,
    looks: Looks,
    paper: Paper,
    corner: tuple[float, float],
    chosen: int,
) -> list[Item]:
    """The text below or beside the terms: links to the parts of the channels, the value, the formula, the layer.

    corner: (left, top) of the room for it.
    """
    left, top = corner
    # Where a panel is too narrow, the sum goes on beyond its edge and the sheet scrolls.
    right = max(paper.width - 8, left + LEAST)
    account, width = answer.account, right - left
    addends: list[Item] = []
    if figures is not None and (len(account.groups) > 1 or account.bias):
        addends = _addends(account, figures, looks, paper, chosen)
    conclusion = _conclusion(answer, figures, looks, paper, width)
    note = _note(answer, looks)
    # Every line gets the whole note as its description, which is what a tool tip shows.
    notes = paper.lines(note, width, faint=True, description=note)
    # Across the whole paper lines are long, so that one flow of everything needs the fewest.
    parts = [[*addends, *conclusion, *notes]] if width > WIDE * paper.width else [addends, conclusion, notes]
    items: list[Item] = []
    for part in parts:
        items += flow(part, left, top, right)
        top = bottom(items, top - 4) + 4
    return items


def _addends(account: Account, figures: Figures, looks: Looks, paper: Paper, chosen: int) -> list[Item]:
    found: list[Item] = []
    several = len(account.groups) > 1
    for i, text in zip(figures.shown, figures.amounts, strict=True):
        group = account.groups[i]
        name = _name(account, i, looks) if several else looks.tr("sum")
        found.append(
            paper.word(
                f"{'+ ' if found else ''}{name}: {text}",
                key=("part", i),
                bold=several and i == chosen,
                pick=i if several else None,
                description=looks.tr(
                    "{node}, channel {channel} contributes {amount}",
                    node=group.node,
                    channel=group.channel,
                    amount=account.exact(group.amount),
                ),
            )
        )
    if figures.others:
        text = f"+ {others_text(figures.others, looks.tr)}: {figures.others_text}"
        found.append(paper.word(text, description=text))
    if account.bias:
        text = looks.tr("+ bias {bias}", bias=figures.bias)
        found.append(paper.word(text, description=looks.tr("bias {bias}", bias=account.exact(account.bias))))
    return found


def _name(account: Account, i: int, looks: Looks) -> str:
    """The channel of a group, with its node where there are several nodes."""
    group = account.groups[i]
    nodes = {other.node for other in account.groups}
    alone = looks.tr("in {channel}", channel=group.channel)
    return alone if len(nodes) == 1 else f"{group.node} {group.channel}"


def _conclusion(
    answer: Answer, figures: Figures | None, looks: Looks, paper: Paper, width: float
) -> list[Item]:
    """The value: as the sum shows it, and in all its digits."""
    account, tr = answer.account, looks.tr
    place = place_text(account.where, looks.vectors)
    description = tr("{place} is {value}", place=place, value=account.value)
    total = f"= {figures.total}{tens_text(figures.tally.scale)}" if figures is not None else ""
    if figures is None or account.sum_of != "w·x":
        found = []
        if total:
            found.append(paper.word(f"Σ {total}", description=description))
        formula = account.explanation.formula
        start, *sides = formula.split(" = ")
        if all(len(side) <= LONGEST for side in sides):
            for side in sides[:-1]:
                # Broken at the equals signs first, where a reader expects a formula to go on in the next line.
                found += paper.lines(f"{start} = {side}".lstrip(), width, description=formula)
                start = ""
        return [*found, paper.word(f"= {account.value}", bold=True, large=True, description=description)]
    found = [paper.word(total, bold=True, large=True, description=description)]
    # The total is rounded to the digits of the sum; where that takes digits away, all of them follow.
    if figures.total != account.value:
        text = tr("all digits: {value}", value=account.value)
        found.append(paper.word(text, faint=True, description=description))
    return found


def _note(answer: Answer, looks: Looks) -> str:
    """The operation, the padding mode and the padding of this window."""
    account, tr = answer.account, looks.tr
    layer = looks.layer(answer.spot.node)
    parts = [_lowered(tr(account.explanation.operation))]
    padded = sum(term.where.padding for group in account.groups for term in group.terms)
    mode = getattr(layer, "padding_mode", None)
    if mode is not None:
        parts.append(tr("padding mode: {mode}", mode=tr(mode)))
    if padded:
        parts.append(tr("{count} cells of padding", count=padded) if padded > 1 else tr("1 cell of padding"))
    elif mode is not None:
        parts.append(tr("no padding in this window"))
    if " − m)" in account.explanation.formula:
        parts.append(tr("m is the largest x"))
    return " · ".join(parts)


def _lowered(name: str) -> str:
    """The name of a layer within a sentence; abbreviations such as ReLU keep their capitals."""
    first = name.partition(" ")[0]
    return name[:1].lower() + name[1:] if first[1:].islower() else name
