"""The colours of the light and the dark theme by their meaning, and mixtures and contrast of colours.

A colour is "#rrggbb", or "#rrggbbaa" where what lies below it shows through.
"""

from __future__ import annotations

from dataclasses import dataclass

# The luminance L on which black and white have the same contrast: (L + 0.05) / 0.05 = 1.05 / (L + 0.05).
EVEN = (1.05 * 0.05) ** 0.5 - 0.05


@dataclass(frozen=True)
class Colors:
    """Colours by their meaning. Text has a contrast of at least 4.5 with each ground that it is used on.

    positive, negative: of kernel weights; another pair than that of maps, so that the two are never confused. pin,
    hover: boxes around what the pinned value, and the value under the cursor, see.
    """

    window: str
    panel: str
    card: str
    field: str
    wall: str
    border: str
    text: str
    dim: str
    accent: str
    accent_text: str
    selected: str
    error: str
    error_back: str
    warning: str
    warning_back: str
    positive: str
    negative: str
    pin: str
    hover: str


LIGHT = Colors(
    window="#fcfcfb",
    panel="#fcfcfb",
    card="#ffffff",
    field="#ffffff",
    wall="#ecece8",
    border="#d8d8d3",
    text="#1b1d20",
    dim="#5f646c",
    accent="#1f5fbf",
    accent_text="#ffffff",
    selected="#e7effc",
    error="#a51d1d",
    error_back="#fdeaea",
    warning="#7a5200",
    warning_back="#fff4d9",
    positive="#12806b",
    negative="#9a5f1c",
    pin="#d97706",
    hover="#1a1a1a",
)
DARK = Colors(
    window="#16191e",
    panel="#16191e",
    card="#1d2127",
    field="#1d2127",
    wall="#0b0d10",
    border="#363d47",
    text="#e8eaed",
    dim="#9aa2ad",
    accent="#6ea8ff",
    accent_text="#10151a",
    selected="#1d2c44",
    error="#ff9a8f",
    error_back="#3a2022",
    warning="#f2c25c",
    warning_back="#33290f",
    positive="#3fb6a0",
    negative="#c98a4b",
    pin="#ffcc4d",
    hover="#f5f5f5",
)


def mixed(first: str, second: str, part: float) -> str:
    """The first colour for `part` 0, the second for 1, and mixtures between."""
    pairs = zip(rgb(first), rgb(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def rgb(color: str) -> tuple[int, ...]:
    """Red, green and blue, 0 to 255."""
    return tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 to 1."""
    parts = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (n / 255 for n in rgb(color))
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def ink_on(color: str) -> str:
    """Black or white, whichever has more contrast with a ground of this colour."""
    return "#000000" if luminance(color) >= EVEN else "#ffffff"


def weight_color(value: float, largest: float, colors: Colors) -> str:
    """From the colour of a field at 0 to the full colour of its sign at the largest magnitude."""
    part = min(abs(value) / largest, 1.0) if largest else 0.0
    return mixed(colors.field, colors.positive if value > 0 else colors.negative, part)
