"""The operations on a kernel: one list that the buttons and the menu read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.words.i18n import tr
from filterlab.kernels import editing


@dataclass(frozen=True)
class Operation:
    """An operation on the session's plane.

    name: the command's, after "kernel.". button: the text of the button. text: the menu's. keys: the shortcut.
    """

    name: str
    button: str
    text: str
    keys: str
    run: Callable[[KernelSession], None]
    tip: str


def operations() -> list[Operation]:
    """All operations in the order of the buttons, in the language of the window."""
    return [
        Operation(
            "flip_horizontal",
            tr("flip ↔"),
            tr("Flip &horizontally"),
            "Ctrl+K, H",
            lambda s: s.apply(editing.flipped_horizontal, tr("Flip")),
            tr("Swap left and right"),
        ),
        Operation(
            "flip_vertical",
            tr("flip ↕"),
            tr("Flip &vertically"),
            "Ctrl+K, V",
            lambda s: s.apply(editing.flipped_vertical, tr("Flip")),
            tr("Swap top and bottom"),
        ),
        Operation(
            "rotate",
            tr("rotate"),
            tr("&Rotate by 90°"),
            "Ctrl+K, R",
            lambda s: s.apply(editing.rotated, tr("Rotate")),
            tr("Rotate by 90 degrees, clockwise"),
        ),
        Operation(
            "transpose",
            tr("transpose"),
            tr("&Transpose"),
            "Ctrl+K, T",
            lambda s: s.apply(editing.transposed, tr("Transpose")),
            tr("Swap rows and columns"),
        ),
        Operation(
            "negate",
            tr("negate"),
            tr("&Negate"),
            "Ctrl+K, N",
            lambda s: s.apply(editing.negated, tr("Negate")),
            tr("Change the sign of every cell"),
        ),
        Operation(
            "normalize",
            tr("normalise"),
            tr("N&ormalise"),
            "Ctrl+K, O",
            lambda s: s.apply(editing.normalized, tr("Normalise")),
            tr("Scale so that the cells add up to 1: the picture keeps its brightness"),
        ),
        Operation(
            "zero_sum",
            tr("zero sum"),
            tr("&Zero sum"),
            "Ctrl+K, Z",
            lambda s: s.apply(editing.zero_sum, tr("Zero the sum of")),
            tr("Subtract the mean from every cell: flat parts of the picture become 0"),
        ),
        Operation(
            "random",
            tr("random"),
            tr("Ran&dom"),
            "Ctrl+K, D",
            KernelSession.randomize,
            tr("Random numbers, different ones each time"),
        ),
        Operation(
            "identity",
            tr("identity"),
            tr("&Identity"),
            "Ctrl+K, I",
            lambda s: s.apply(editing.identity, tr("Set to identity")),
            tr("1 in the centre, 0 around it: the picture unchanged"),
        ),
        Operation(
            "clear",
            tr("clear"),
            tr("C&lear"),
            "Ctrl+K, L",
            lambda s: s.apply(editing.cleared, tr("Clear")),
            tr("Set all cells to 0"),
        ),
    ]


def copy_forms() -> list[tuple[str, str]]:
    """(form of `kernels.text.write`, its name in the menus)."""
    return [
        ("text", tr("Copy as &text")),
        ("csv", tr("Copy as &CSV")),
        ("python", tr("Copy as &Python lists")),
        ("numpy", tr("Copy as &NumPy array")),
        ("matlab", tr("Copy as &MATLAB matrix")),
    ]
