"""The operations on a kernel: one table that the buttons and the menu read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.words.i18n import tr
from filterlab.kernels import editing


@dataclass(frozen=True)
class Operation:
    """An operation on the session's plane.

    name: the command's, after "kernel.". icon: of the button. text: the menu's. keys: the shortcut.
    """

    name: str
    icon: str
    text: str
    keys: str
    run: Callable[[KernelSession], None]
    tip: str


def operations() -> list[Operation]:
    """All operations in the order of the buttons, in the language of the window."""
    # The last column is the verb of the history; where there is none, the session labels the step itself.
    table: tuple[tuple[str, str, str, str, Callable[..., editing.Kernel] | None, str, str], ...] = (
        ("flip_horizontal", "flip-horizontal-2", tr("Flip &horizontally"), "H", editing.flipped_horizontal,
         tr("Swap left and right"), tr("Flip")),
        ("flip_vertical", "flip-vertical-2", tr("Flip &vertically"), "V", editing.flipped_vertical,
         tr("Swap top and bottom"), tr("Flip")),
        ("rotate", "rotate-cw", tr("&Rotate by 90°"), "R", editing.rotated,
         tr("Rotate by 90 degrees, clockwise"), tr("Rotate")),
        ("transpose", "move-diagonal-2", tr("&Transpose"), "T", editing.transposed,
         tr("Swap rows and columns"), tr("Transpose")),
        ("negate", "minus", tr("&Negate"), "N", editing.negated,
         tr("Change the sign of every cell"), tr("Negate")),
        ("normalize", "sigma", tr("N&ormalise"), "O", editing.normalized,
         tr("Scale so that the cells add up to 1: the picture keeps its brightness"), tr("Normalise")),
        ("zero_sum", "circle-slash-2", tr("&Zero sum"), "Z", editing.zero_sum,
         tr("Subtract the mean from every cell: flat parts of the picture become 0"), tr("Zero the sum of")),
        ("random", "dices", tr("Ran&dom"), "D", None,
         tr("Random numbers, different ones each time"), ""),
        ("identity", "square-dot", tr("&Identity"), "I", editing.identity,
         tr("1 in the centre, 0 around it: the picture unchanged"), tr("Set to identity")),
        ("clear", "eraser", tr("C&lear"), "L", editing.cleared,
         tr("Set all cells to 0"), tr("Clear")),
    )  # fmt: skip
    return [
        Operation(name, icon, text, f"Ctrl+K, {key}", _runner(change, verb), tip)
        for name, icon, text, key, change, tip, verb in table
    ]


def _runner(change: Callable[..., editing.Kernel] | None, verb: str) -> Callable[[KernelSession], None]:
    return KernelSession.randomize if change is None else lambda session: session.apply(change, verb)


def copy_forms() -> list[tuple[str, str]]:
    """(form of `kernels.text.write`, its name in the menus)."""
    return [
        ("text", tr("Copy as &text")),
        ("tabs", tr("Copy for a &spreadsheet")),
        ("csv", tr("Copy as &CSV")),
        ("python", tr("Copy as &Python lists")),
        ("numpy", tr("Copy as &NumPy array")),
        ("matlab", tr("Copy as &MATLAB matrix")),
    ]
