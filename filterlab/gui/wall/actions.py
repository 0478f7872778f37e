"""The commands of the wall."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPointF

from filterlab.gui.wall.gestures import ZOOM_STEP, Gestures
from filterlab.gui.wall.keys import Keys
from filterlab.gui.wall.legend.choices import ColorChoices
from filterlab.gui.wall.lens import at_scale
from filterlab.gui.wall.view import WallView
from filterlab.gui.words.i18n import tr


class Actions(QObject):
    """Declares the commands `view.*` that change how maps are shown, and carries them out."""

    def __init__(self, view: WallView, gestures: Gestures, keys: Keys) -> None:
        super().__init__(view)
        self._view, self._bench, self._gestures, self._keys = view, view.bench, gestures, keys
        self._add_modes()
        self._add_zoom()
        self.colors = ColorChoices(self._bench, self)
        self._add_columns()

    def _set(self, **changes: str) -> None:
        self._bench.view.set(**changes)
        # Qt unchecks an action that is triggered again. Where nothing changes no signal comes, so its check mark is
        # put back here.
        self._bench.commands.refresh()

    def _is(self, field: str, value: str) -> bool:
        return bool(getattr(self._bench.view.look, field) == value)

    def _open(self) -> bool:
        return bool(self._view.content.strips)

    # -- declarations ---------------------------------------------------------------------------------

    def _add_modes(self) -> None:
        menu = tr("&View")
        modes = (
            ("overview", tr("Overview"), "1", tr("All layers at a glance, in small tiles")),
            (
                "side",
                tr("Side by side"),
                "2",
                tr("A column for each layer, with its channels one below the other"),
            ),
            ("single", tr("Single map"), "3", tr("The selected map as large as the wall")),
        )
        for mode, text, key, tip in modes:
            self._bench.commands.add(
                f"view.mode_{mode}",
                text,
                # A partial and not a lambda, which would see the last mode of the loop when it is called.
                partial(self.show_mode, mode),
                menu=menu,
                shortcut=key,
                tip=tip,
                enabled=self._open,
                checked=partial(self._is, "mode", mode),
                within=self._view,  # digits are typed elsewhere
            )

    def _add_zoom(self) -> None:
        add, menu = self._bench.commands.add, tr("&View")
        steps = (
            ("zoom_in", tr("Zoom in"), "Ctrl++", lambda: self.zoom(ZOOM_STEP**2)),
            ("zoom_out", tr("Zoom out"), "Ctrl+-", lambda: self.zoom(ZOOM_STEP**-2)),
            ("zoom_fit", tr("Whole picture"), "Ctrl+0", lambda: self._bench.view.set(crop=None)),
            ("zoom_actual", tr("Actual pixels"), "Ctrl+1", self.zoom_actual),
            ("larger", tr("Larger tiles"), "Ctrl+]", lambda: self._view.resize_tiles(1.25)),
            ("smaller", tr("Smaller tiles"), "Ctrl+[", lambda: self._view.resize_tiles(0.8)),
        )
        for name, text, key, run in steps:
            add(f"view.{name}", text, run, menu=menu, shortcut=key, enabled=self._open)
        add(
            "view.fit_all",
            tr("Fit all columns"),
            self.fit_all,
            menu=menu,
            shortcut="Ctrl+\\",
            tip=tr("Show the columns of all layers side by side, in tiles as small as that needs"),
            enabled=self._open,
        )
        add(
            "view.tiles_automatic",
            tr("Tiles that fill the wall"),
            lambda: self._bench.view.set(tile=0),
            menu=menu,
            tip=tr("Let the size of the tiles follow the number of columns and the size of the window"),
            enabled=self._open,
            checked=lambda: self._bench.view.look.tile == 0,
        )
        add(
            "view.numbers",
            tr("Numbers in cells"),
            lambda: self._bench.view.set(numbers=not self._bench.view.look.numbers),
            menu=menu,
            shortcut="Ctrl+Shift+N",
            tip=tr("Write the values into the cells of maps when they are zoomed in far enough"),
            checked=lambda: self._bench.view.look.numbers,
        )
        add(
            "view.by_value",
            tr("Vectors by value"),
            lambda: self._bench.view.set(by_value=not self._bench.view.look.by_value),
            menu=menu,
            tip=tr(
                "Show the entries of vectors, such as the scores of classes, from the largest to the smallest"
            ),
            enabled=lambda: any(strip.kind == "bars" for strip in self._view.content.strips.values()),
            checked=lambda: self._bench.view.look.by_value,
        )

    def _add_columns(self) -> None:
        add, menu = self._bench.commands.add, tr("&View")
        add(
            "view.hide_column",
            tr("Hide the selected column"),
            lambda: self.hide(self._bench.selection.node),
            menu=menu,
            shortcut="Ctrl+H",
            enabled=lambda: (
                len(self._view.content.strips) > 1 and self._bench.selection.node in self._view.content.strips
            ),
        )
        add(
            "view.only_column",
            tr("Show only the selected column"),
            lambda: self.show_only(self._bench.selection.node),
            menu=menu,
            enabled=lambda: self._bench.selection.node in self._view.content.strips,
        )
        add(
            "view.show_all",
            tr("Show all columns"),
            self.show_all,
            menu=menu,
            shortcut="Ctrl+Shift+H",
            enabled=lambda: bool(self._bench.view.look.hidden),
        )

    # -- doing ----------------------------------------------------------------------------------------

    def show_mode(self, mode: str) -> None:
        """Change the mode; "single" shows the pinned map first, if there is one."""
        found = self._keys.pinned()
        if mode == "single" and found is not None:
            pin, strip = found
            self._view.entries[pin.node] = strip.entry(pin.channel)
            self._bench.selection.select(pin.node)
        self._set(mode=mode)

    def open_single(self, node: str, entry: int) -> None:
        """Show one map alone; or all again, if one is alone already."""
        if self._bench.view.look.mode == "single":
            self._bench.view.set(mode="side")
            self._view.reveal(node, entry)
            return
        # Before the mode changes: the change arranges the wall at once, and reads which entry to show.
        self._view.entries[node] = entry
        self._bench.selection.select(node)
        self._bench.view.set(mode="single")

    def zoom(self, factor: float) -> None:
        """Zoom about the pinned value if it is on the screen, else about the middle of the tiles."""
        found = self._keys.pinned()
        # A point outside the view hits no tile, and so stands for the middle.
        at = self._view.point_of(found[0]) if found is not None else QPointF(-1, -1)
        inside = self._view.viewport().rect().contains(at.toPoint())
        self._gestures.zoom_at(at if inside else QPointF(-1, -1), factor)

    def zoom_actual(self) -> None:
        """Show a cell of the picture as one device pixel."""
        tile, full = self._view.tile_size(), self._view.content.full_view
        if tile is not None and full is not None:
            scale = 1 / self._view.devicePixelRatioF()
            self._bench.view.set(crop=at_scale(self._view.lens(tile), full, tile, scale))

    def fit_all(self) -> None:
        """Show all columns side by side, in tiles as small as that needs."""
        every = self._view.fitting_tile(every=True)
        # Where the tiles that are chosen by themselves show all columns already, they go on following the window.
        self._bench.view.set(mode="side", tile=every if every < self._view.fitting_tile() else 0)

    def hide(self, node: str) -> None:
        """Hide a column."""
        self._bench.view.set(hidden=self._bench.view.look.hidden | {node})

    def show_only(self, node: str) -> None:
        """Hide all columns but one."""
        self._bench.view.set(hidden=frozenset(self._names()) - {node})

    def show_all(self) -> None:
        """Show all hidden columns again."""
        self._bench.view.set(hidden=frozenset())

    def _names(self) -> list[str]:
        return [*self._view.content.strips, *self._view.content.hidden]
