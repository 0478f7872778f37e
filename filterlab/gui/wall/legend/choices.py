"""The choice of ranges and colour maps: commands with swatches, and what is chosen in few words."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QColor, QIcon, QPixmap

from filterlab.gui.bench.viewstate import THEMED, Look
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.look.pixels import image_of
from filterlab.gui.painting import painting
from filterlab.gui.words.i18n import tr
from filterlab.images.display import COLORMAPS
from filterlab.images.ramps import RAMPS
from filterlab.images.views import Scale, ramp

SWATCH = 36, 14  # pixels
# Those of our own are not offered one by one: they follow the theme.
OFFERED = (THEMED, *(name for name in COLORMAPS if name not in RAMPS))


def range_words(look: Look) -> str:
    """The chosen range in few words: "layer, 99 %"."""
    scope = {"map": tr("map"), "layer": tr("layer"), "common": tr("all layers")}[look.scope]
    values = {"percentile": tr("{percent} %", percent=99), "full": tr("full")}[look.range]
    return f"{scope}, {values}"


class ColorChoices(QObject):
    """Declares the commands `view.ends_*`, `view.range_*` and `view.colormap_*`."""

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._add_ends()
        self._add_scopes()
        self._maps = [self._add_map(name) for name in OFFERED]
        bench.theme.changed.connect(self._paint_themed)
        self._paint_themed()

    def _add_ends(self) -> None:
        ends = (
            (
                "percentile",
                tr("Range of 99 % of the values"),
                tr("From the 0.5th to the 99.5th percentile: a few extreme values do not count"),
            ),
            ("full", tr("Full range"), tr("From the least to the largest value")),
        )
        for name, text, tip in ends:
            self._add(f"view.ends_{name}", text, tip, range=name)
        self._bench.commands.add(
            "view.ends_auto",
            tr("Automatic ranges"),
            lambda: self._bench.view.set(fixed={}),
            menu=tr("&View"),
            tip=tr("Give all ranges that were dragged or typed back to the values"),
            enabled=lambda: bool(self._bench.view.look.fixed),
        )

    def _add_scopes(self) -> None:
        scopes = (
            ("map", tr("Range of each map"), tr("Every map has its own range of colours")),
            ("layer", tr("Range of each layer"), tr("All maps of a layer share one range of colours")),
            ("common", tr("Common range"), tr("All layers share one range of colours")),
        )
        for number, (scope, text, tip) in enumerate(scopes, 1):
            self._add(f"view.range_{scope}", text, tip, shortcut=f"Ctrl+Alt+{number}", scope=scope)

    def _add(self, name: str, text: str, tip: str, *, shortcut: str | None = None, **setting: str) -> None:
        run, checked = partial(self._set, **setting), partial(self._is, **setting)
        self._bench.commands.add(
            name, text, run, menu=tr("&View"), shortcut=shortcut, tip=tip, checked=checked
        )

    def _add_map(self, name: str) -> QAction:
        text = tr("Colours: those of the theme")
        if name != THEMED:
            text = tr("Colours: {name} ({kind})", name=name, kind=tr(COLORMAPS[name][1]))
        run, checked = partial(self._set, colormap=name), partial(self._is, colormap=name)
        return self._bench.commands.add(f"view.colormap_{name}", text, run, checked=checked)

    def _set(self, **changes: str) -> None:
        self._bench.view.set(**changes)
        # Qt unchecks an action that is triggered again. Where nothing changes no signal comes, so its check mark is
        # put back here.
        self._bench.commands.refresh()

    def _is(self, **values: str) -> bool:
        return all(getattr(self._bench.view.look, name) == value for name, value in values.items())

    def _paint_themed(self) -> None:
        signed = "signed-dark" if self._bench.theme.dark else "signed-light"
        self._maps[0].setIcon(swatch(signed, self._bench.theme.colors.border))

    def paint_swatches(self) -> None:
        """Paint the colours beside the commands: before a menu opens, as the library of colour maps loads slowly."""
        for name, action in zip(OFFERED, self._maps, strict=True):
            if action.icon().isNull():
                action.setIcon(swatch(name, self._bench.theme.colors.border))


def swatch(colormap: str, border: str) -> QIcon:
    """An icon of the colours of a colour map."""
    width, height = SWATCH
    pixmap = QPixmap(width, height)
    with painting(pixmap) as painter:
        painter.drawImage(pixmap.rect(), image_of(ramp(Scale(0, 1, 0, 1), colormap, width)))
        painter.setPen(QColor(border))
        painter.drawRect(0, 0, width - 1, height - 1)
    icon = QIcon(pixmap)
    # Else Qt makes one that is tinted with the selection's colour.
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon
