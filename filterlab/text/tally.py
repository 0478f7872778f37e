"""Numbers of one sum as text whose digits add up: what is shown of the terms sums to what is shown of the total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor, isfinite, log10

from filterlab.text.numbers import MINUS, brief

LARGEST, SMALLEST = 1e7, 1e-3  # beyond them a power of ten is taken out of all numbers of a sum


@dataclass(frozen=True)
class Tally:
    """A sum as text. details: of one of the amounts, what it is made of. scale: all texts are times 10^scale.

    adds_up: False where there are numbers that are none (NaN, infinities): texts are then only brief.
    """

    amounts: tuple[str, ...]
    total: str
    details: tuple[str, ...] = ()
    scale: int = 0
    adds_up: bool = True


def tally(
    amounts: Sequence[float],
    total: float,
    digits: int = 6,
    details: Sequence[float] = (),
    of: int = 0,
) -> Tally:
    """Texts of `amounts` that add up to the text of `total`, and of `details` that add up to the text of amount `of`.

    All have the same decimals: as many as give the greatest of them `digits` significant digits. Every text is within
    one unit of its last digit of the number: rounded the other way where the sum wants it, those first that lie
    nearest to the middle; numbers that need no rounding stay as they are. What `total` differs from the sum of the
    amounts (the round-off of single precision) goes the same way.
    """
    numbers = [*amounts, total, *details]
    if not all(isfinite(number) for number in numbers):
        return Tally(tuple(map(brief, amounts)), brief(total), tuple(map(brief, details)), adds_up=False)
    largest = max(abs(number) for number in numbers)
    power = _power(largest) + 1 - digits if largest else 0
    whole = round(_scaled(total, power))
    parts = apportion([_scaled(amount, power) for amount in amounts], whole)
    inner = apportion([_scaled(detail, power) for detail in details], parts[of]) if details else []
    scale = _power(largest) if largest and not SMALLEST <= largest < LARGEST else 0
    power, (whole, *rest) = _trimmed(power, scale, [whole, *parts, *inner])
    texts = [_text(units, power - scale) for units in rest]
    count = len(amounts)
    return Tally(tuple(texts[:count]), _text(whole, power - scale), tuple(texts[count:]), scale)


def apportion(amounts: Sequence[float], total: int) -> list[int]:
    """Whole numbers that add up to `total`, each within one of its amount as far as that is possible."""
    units = [round(amount) for amount in amounts]
    missing = total - sum(units)
    if not missing or not units:
        return units
    sign = 1 if missing > 0 else -1
    gaps = [sign * (amount - unit) for amount, unit in zip(amounts, units, strict=True)]
    # Those that were rounded furthest away from where the sum wants them come first, whole numbers last.
    order = sorted(range(len(units)), key=lambda i: (-gaps[i], -abs(amounts[i])))
    inexact = [i for i in order if abs(gaps[i]) > 1e-9 * max(1.0, abs(amounts[i]))] or order
    for step in range(abs(missing)):
        units[inexact[step % len(inexact)]] += sign
    return units


def _power(number: float) -> int:
    """The power of ten of a number's first digit."""
    return floor(log10(number))


def _scaled(number: float, power: int) -> float:
    return (
        number / 10.0**power
        if power > 0
        else number * 10.0 ** min(-power, 300) * 10.0 ** max(-power - 300, 0)
    )


def _trimmed(power: int, scale: int, units: list[int]) -> tuple[int, list[int]]:
    """Without the decimals that are zero everywhere."""
    while power < scale and all(unit % 10 == 0 for unit in units):
        power, units = power + 1, [unit // 10 for unit in units]
    return power, units


def _text(units: int, power: int) -> str:
    text = f"{Decimal(units).scaleb(power):f}"
    return MINUS + text[1:] if text.startswith("-") else text


def aligned(values: Sequence[float], decimals: int) -> list[str]:
    """Numbers in the same decimals: as few as show all that `decimals` would show; whole numbers have none."""
    texts = [rounded(value, decimals) for value in values]
    most = max((len(text.partition(".")[2]) for text in texts if "e" not in text), default=0)
    return [_aligned(value, text, most) for value, text in zip(values, texts, strict=True)]


def significant(values: Sequence[float], digits: int) -> list[str]:
    """Numbers in the same decimals, the largest of them in `digits` significant digits."""
    largest = max((abs(value) for value in values if isfinite(value)), default=0.0)
    power = _power(largest) if largest else 0
    return aligned(values, min(max(digits - 1 - power, 0), 9))


def _aligned(value: float, text: str, decimals: int) -> str:
    if not isfinite(value) or abs(value) >= LARGEST or value == int(value):
        return text
    fixed = f"{value:.{decimals}f}"
    return MINUS + fixed[1:] if fixed.startswith("-") else fixed


def rounded(value: float, decimals: int) -> str:
    """A number in at most so many decimals, zeros at its end left out; briefly where those would not show it."""
    if not isfinite(value) or abs(value) >= LARGEST:
        return brief(value)
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("0", "-0"):
        return "0" if value == 0 else brief(value, 2)
    return MINUS + text[1:] if text.startswith("-") else text
