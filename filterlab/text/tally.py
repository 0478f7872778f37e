"""The numbers of a sum as texts that add up: the digits shown of the terms sum to the digits shown of the total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor, isfinite, log10

from filterlab.text.numbers import MINUS, brief

LARGEST, SMALLEST = 1e7, 1e-3  # outside of this range a power of ten is taken out of all numbers of a sum


@dataclass(frozen=True)
class Tally:
    """A sum as text. details: the parts of one of the amounts. scale: all texts are to be multiplied by 10^scale.

    adds_up: False where NaN or infinities are among the numbers, whose texts are then brief and do not add up.
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
    """Texts of `amounts` that add up to the text of `total`, and of `details` that add up to that of amounts[`of`].

    All have the same number of decimals, which gives the largest of them `digits` significant digits. Each text is
    within one unit of its last digit of the number (the largest remainder method): where the sum requires it, numbers
    are rounded the other way, those nearest to the middle first; exact ones are left alone. The difference between
    `total` and the sum of the amounts, the round-off of single precision, is distributed in the same way.
    """
    numbers = [*amounts, total, *details]
    if not all(isfinite(number) for number in numbers):
        return Tally(tuple(map(brief, amounts)), brief(total), tuple(map(brief, details)), adds_up=False)
    largest = max(abs(number) for number in numbers)
    power = _power(largest) + 1 - digits if largest else 0
    whole_sum = round(_scaled(total, power))
    parts = apportion([_scaled(amount, power) for amount in amounts], whole_sum)
    inner = apportion([_scaled(detail, power) for detail in details], parts[of]) if details else []
    scale = _power(largest) if largest and not SMALLEST <= largest < LARGEST else 0
    power, (whole_sum, *rest) = _trimmed(power, scale, [whole_sum, *parts, *inner])
    texts = [_text(units, power - scale) for units in rest]
    count = len(amounts)
    return Tally(tuple(texts[:count]), _text(whole_sum, power - scale), tuple(texts[count:]), scale)


def apportion(amounts: Sequence[float], total: int) -> list[int]:
    """Integers that add up to `total`, each within 1 of its amount as far as that is possible."""
    units = [round(amount) for amount in amounts]
    missing = total - sum(units)
    if not missing or not units:
        return units
    sign = 1 if missing > 0 else -1
    gaps = [sign * (amount - unit) for amount, unit in zip(amounts, units, strict=True)]
    # The amounts that rounding moved furthest against the missing difference come first, integers last.
    order = sorted(range(len(units)), key=lambda i: (-gaps[i], -abs(amounts[i])))
    inexact = [i for i in order if abs(gaps[i]) > 1e-9 * max(1.0, abs(amounts[i]))] or order
    for step in range(abs(missing)):
        units[inexact[step % len(inexact)]] += sign
    return units


def _power(number: float) -> int:
    """The power of ten of the first digit of a positive number."""
    return floor(log10(number))


def _scaled(number: float, power: int) -> float:
    if power > 0:
        return number / 10.0**power
    # In two factors, because 10^-power overflows for denormal numbers.
    return number * 10.0 ** min(-power, 300) * 10.0 ** max(-power - 300, 0)


def _trimmed(power: int, scale: int, units: list[int]) -> tuple[int, list[int]]:
    """The power and units without the trailing decimals that are zero in all numbers."""
    while power < scale and all(unit % 10 == 0 for unit in units):
        power, units = power + 1, [unit // 10 for unit in units]
    return power, units


def _text(units: int, power: int) -> str:
    text = f"{Decimal(units).scaleb(power):f}"
    return MINUS + text[1:] if text.startswith("-") else text


def aligned(values: Sequence[float], decimals: int) -> list[str]:
    """Numbers with the same number of decimals, as few as show all that `decimals` would; integers have none."""
    texts = [rounded(value, decimals) for value in values]
    most = max((len(text.partition(".")[2]) for text in texts if "e" not in text), default=0)
    return [_aligned(value, text, most) for value, text in zip(values, texts, strict=True)]


def significant(values: Sequence[float], digits: int) -> list[str]:
    """Numbers with the same number of decimals, which gives the largest of them `digits` significant digits."""
    return aligned(values, decimals_for(values, digits))


def decimals_for(values: Sequence[float], digits: int) -> int:
    """The decimals, 0 to 9, that give the largest of the numbers `digits` significant digits."""
    largest = max((abs(value) for value in values if isfinite(value)), default=0.0)
    power = _power(largest) if largest else 0
    return min(max(digits - 1 - power, 0), 9)


def _aligned(value: float, text: str, decimals: int) -> str:
    if not isfinite(value) or abs(value) >= LARGEST or value == int(value):
        return text
    fixed = f"{value:.{decimals}f}"
    return MINUS + fixed[1:] if fixed.startswith("-") else fixed


def rounded(value: float, decimals: int) -> str:
    """A number in at most `decimals` decimals without trailing zeros; as `brief` where these would not show it."""
    if not isfinite(value) or abs(value) >= LARGEST:
        return brief(value)
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("0", "-0"):
        return "0" if value == 0 else brief(value, 2)
    return MINUS + text[1:] if text.startswith("-") else text
