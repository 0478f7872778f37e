"""The context menu of a column or a tile."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from filterlab.gui.bench.selection import Selection, Spot
from filterlab.gui.commands import Commands
from filterlab.gui.wall.actions import Actions
from filterlab.gui.wall.legend.choices import OFFERED
from filterlab.gui.wall.view import Hit
from filterlab.gui.words.i18n import tr

# (node, channel), where None stands for all channels as one picture in colours.
Chosen = list[tuple[str, int | None]]


class WallMenu(QMenu):
    """Actions for the tile or column under the cursor, and for the whole wall.

    copy(node, channel): copy a map. save(maps): save all of these. choose(node, channel, second): compare a map.
    """

    def __init__(
        self,
        wall: QWidget,
        actions: Actions,
        hit: Hit | None,
        spot: Spot | None,
        *,
        commands: Commands,
        selection: Selection,
        copy: Callable[[str, int | None], None],
        save: Callable[[Chosen], None],
        choose: Callable[[str, int | None, bool], None],
    ) -> None:
        super().__init__(wall)
        self._actions, self._commands, self._selection = actions, commands, selection
        self._copy, self._save, self._choose = copy, save, choose
        if hit is not None:
            self._add_map(hit, spot)
            self._add_column(hit.strip.node, vector=hit.strip.kind == "bars")
        self._add_look()

    def _add_map(self, hit: Hit, spot: Spot | None) -> None:
        node, view = hit.strip.node, hit.strip.view
        if hit.entry is not None and view is not None:
            entry = hit.entry
            if spot is not None:
                self.addAction(tr("Pin this value"), lambda: self._selection.set_pin(spot))
            if hit.strip.kind == "maps":
                channel = hit.strip.channel(entry)
                self.addAction(tr("Show alone"), lambda: self._actions.open_single(node, entry))
                self.addAction(tr("Copy this map as picture"), lambda: self._copy(node, channel))
                self.addAction(tr("Save this map…"), lambda: self._save([(node, channel)]))
                self._add_comparing(node, channel)
        if view is not None:
            channels: Chosen = [(node, channel) for channel in range(view.channels)]
            self.addAction(tr("Save all maps of {node}…", node=node), lambda: self._save(channels))
        self.addSeparator()

    def _add_comparing(self, node: str, channel: int | None) -> None:
        # The map under the cursor, while the commands of these names mean the one that is selected.
        for name, second in (("compare.first", False), ("compare.with_first", True)):
            if name in self._commands:
                action = self._commands.action(name)
                entry = self.addAction(action.text(), partial(self._choose, node, channel, second))
                entry.setEnabled(action.isEnabled() or not second)

    def _add_column(self, node: str, *, vector: bool) -> None:
        self.addAction(tr("Hide this column"), lambda: self._actions.hide(node))
        self.addAction(tr("Show only this column"), lambda: self._actions.show_only(node))
        if vector:
            self.addAction(self._commands.action("view.by_value"))

    def _add_look(self) -> None:
        self.addAction(self._commands.action("view.show_all"))
        self.addSeparator()
        for name in ("ends_percentile", "ends_full", "ends_auto", "ends_fixed"):
            self.addAction(self._commands.action(f"view.{name}"))
        self.addSeparator()
        for scope in ("map", "layer", "common"):
            self.addAction(self._commands.action(f"view.range_{scope}"))
        self._actions.colors.paint_swatches()
        colors = self.addMenu(tr("Colours"))
        for name in OFFERED:
            colors.addAction(self._commands.action(f"view.colormap_{name}"))
        self.addSeparator()
        self.addAction(self._commands.action("view.copy_wall"))
