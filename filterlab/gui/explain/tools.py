"""The row above the explanation (levels, player, back and forward) and the commands of the panel."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from PySide6.QtWidgets import QButtonGroup, QToolButton

from filterlab.explain.drawing.answer import Answer
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.explain.player import Player, PlayerBar
from filterlab.gui.look.toolrow import IconButton, ToolRow, framed
from filterlab.gui.words.i18n import tr

LEVELS = ("overview", "unit", "window", "regions")
# The commands that have buttons of their own, the most usual first, with their icons.
_SIGNS = {
    "explain.back": "arrow-left",
    "explain.forward": "arrow-right",
    "explain.down": "arrow-down",
    "explain.copy": "copy",
    "view.effective_field": "focus",
    "layer.compare": "git-compare",
    "edit.unpin": "pin-off",
}


class Steered(Protocol):
    """The part of the panel that the commands act on."""

    level: str
    answer: Answer | None
    player: Player

    def call_level(self, level: str) -> None:
        """Show a level and give it the keyboard focus."""

    def turn_level(self, level: str) -> None:
        """Show a level."""

    def go(self, steps: int) -> None:
        """Go back (-1) or forward (1) between pinned values."""

    def can_go(self, steps: int) -> bool:
        """Return whether there is a value to go to."""

    def down(self) -> None:
        """Go one layer down."""

    def copy(self) -> None:
        """Copy the explanation to the clipboard."""


class Tools(ToolRow):
    """Declares the commands of the panel, and shows the usual ones as buttons; the rest is in the menu at the end."""

    def __init__(self, panel: Steered, bench: Workbench) -> None:
        super().__init__(bench.theme)
        self._panel, self._bench = panel, bench
        self._declare_levels()
        self._declare_ways()
        self._declare_player()
        self.player = PlayerBar(panel.player, bench.theme, self)
        self.levels: dict[str, QToolButton] = {}
        self._lay_out()

    # -- commands -------------------------------------------------------------------------------------

    def _declare_levels(self) -> None:
        texts = (
            (
                "overview",
                tr("The whole layer"),
                tr("All maps that the layer reads, and the one it makes"),
            ),
            ("unit", tr("One unit"), tr("The contribution of each input channel, and their sum")),
            ("window", tr("One window"), tr("The arithmetic of one value")),
            ("regions", tr("Regions"), tr("The region of every earlier map that the value sees")),
        )
        for number, (level, text, tip) in enumerate(texts, 1):
            self._bench.commands.add(
                f"explain.{level}",
                text,
                # A partial and not a lambda, which would see the last level of the loop when it is called.
                partial(self._panel.call_level, level),
                menu=tr("E&xplain"),
                shortcut=f"Alt+{number}",
                tip=tip,
                checked=partial(self._is_level, level),
            )

    def _is_level(self, level: str) -> bool:
        return self._panel.level == level

    def _declare_ways(self) -> None:
        panel, add, menu = self._panel, self._bench.commands.add, tr("E&xplain")
        ways = (
            (
                "back",
                tr("Back"),
                "Alt+Left",
                partial(panel.go, -1),
                partial(panel.can_go, -1),
                tr("Go to the value pinned before"),
            ),
            (
                "forward",
                tr("Forward"),
                "Alt+Right",
                partial(panel.go, 1),
                partial(panel.can_go, 1),
                tr("Undo “Back”"),
            ),
            (
                "down",
                tr("One layer down"),
                "Ctrl+Alt+Down",
                panel.down,
                self._answered,
                tr("Go to the winner, or to the cell that contributes most"),
            ),
            (
                "copy",
                tr("Copy the explanation"),
                "Alt+C",
                panel.copy,
                self._answered,
                tr("Copy the terms as text, with all their digits"),
            ),
        )
        for name, text, keys, run, enabled, tip in ways:
            add(f"explain.{name}", text, run, menu=menu, shortcut=keys, enabled=enabled, tip=tip)

    def _answered(self) -> bool:
        return self._panel.answer is not None

    def _declare_player(self) -> None:
        player, add, menu = self._panel.player, self._bench.commands.add, tr("E&xplain")
        steps = (
            ("play", tr("Slide the window"), "Alt+P", player.toggle),
            ("next", tr("Next window"), "Alt+.", partial(player.step, 1)),
            ("previous", tr("Previous window"), "Alt+,", partial(player.step, -1)),
        )
        for name, text, keys, run in steps:
            add(f"explain.{name}", text, run, menu=menu, shortcut=keys, enabled=player.can_play)
        add(
            "explain.reduced_motion",
            tr("Reduce motion"),
            self._toggle_motion,
            menu=menu,
            tip=tr("Play no animation unless asked to"),
            checked=self._motion_reduced,
        )

    def _toggle_motion(self) -> None:
        player = self._panel.player
        player.set_reduced_motion(not player.reduced_motion)

    def _motion_reduced(self) -> bool:
        return self._panel.player.reduced_motion

    # -- buttons --------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """The buttons in their order; those with higher ranks leave first where there is little room."""
        action, player = self._bench.commands.action, self.player
        self.add(
            framed(self._level_buttons()), rank=1, entries=[action(f"explain.{level}") for level in LEVELS]
        )
        self.add_gap()
        self.add(player.back_button, rank=9, entries=[action("explain.previous")])
        self.add(player.play_button, rank=2, entries=[action("explain.play")])
        self.add(player.next_button, rank=9, entries=[action("explain.next")])
        self.add(player.slider, rank=10, stretch=4)
        self.add(player.speeds, rank=11, entries=[player.speed_menu])
        self.add_gap()
        for rank, (name, sign) in enumerate(_SIGNS.items(), start=3):
            self.add(IconButton(sign, self._bench.theme, action(name)), rank, [action(name)])

    def _level_buttons(self) -> list[QToolButton]:
        group = QButtonGroup(self)
        texts = {
            "overview": tr("Layer"),  # the wall has an overview of its own
            "unit": tr("Unit"),
            "window": tr("Window"),
            "regions": tr("Regions"),
        }
        for level in LEVELS:
            button = QToolButton()
            button.setText(texts[level])
            button.setCheckable(True)
            button.setToolTip(self._bench.commands.action(f"explain.{level}").toolTip())
            # Not the command, which would also move the keyboard focus away from the button.
            button.clicked.connect(partial(self._panel.turn_level, level))
            group.addButton(button)
            self.levels[level] = button
        return list(self.levels.values())

    def show_level(self, level: str) -> None:
        """Mark a level."""
        self.levels[level].setChecked(True)
