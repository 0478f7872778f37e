"""How maps are shown: mode, ranges, colours and zoom. All views share it, and the session keeps it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from PySide6.QtCore import QObject, Signal

from filterlab.graph.editing import renamed
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.work import Work
from filterlab.images.display import COLORMAPS

MODES = ("overview", "side", "single")
SCOPES = ("map", "layer", "common")
SMALLEST_TILE, LARGEST_TILE = 60, 1200


@dataclass(frozen=True)
class Look:
    """The settings of the wall.

    mode: "overview" (small maps, all layers at a glance), "side" (a column for each layer) or "single" (one large
    map). scope: what shares a range of values: each map, all maps of a layer, or all layers. colormap: a diverging
    one is always symmetric about zero. tile: width of a tile in the mode "side", in logical pixels; 0 for tiles that
    fill the wall. hidden: nodes whose columns are hidden. crop: the part of the picture that every tile shows,
    (top, left, height, width) in cells of the picture; None for the full view. numbers: whether values are written
    into cells that are large enough.
    """

    mode: str = "side"
    scope: str = "layer"
    colormap: str = "RdBu_r"
    tile: int = 0
    hidden: frozenset[str] = frozenset()
    crop: tuple[float, float, float, float] | None = None
    numbers: bool = True

    def to_dict(self) -> dict[str, Any]:
        """As JSON values for the session file."""
        return {
            **self.__dict__,
            # JSON has no sets; sorted, so that the same look always makes the same file.
            "hidden": sorted(self.hidden),
            "crop": list(self.crop) if self.crop else None,
        }

    @classmethod
    def from_dict(cls, values: Any) -> Look:
        """From the values of a session file; whatever is missing or makes no sense has its default."""
        # Field by field: one value that makes no sense must not cost the person all other settings.
        look, given = cls(), values if isinstance(values, dict) else {}
        if given.get("mode") in MODES:
            look = replace(look, mode=given["mode"])
        if given.get("scope") in SCOPES:
            look = replace(look, scope=given["scope"])
        if str(given.get("colormap")) in COLORMAPS:
            look = replace(look, colormap=given["colormap"])
        if isinstance(given.get("tile"), int):
            tile = min(max(given["tile"], SMALLEST_TILE), LARGEST_TILE) if given["tile"] else 0
            look = replace(look, tile=tile)
        if isinstance(given.get("numbers"), bool):
            look = replace(look, numbers=given["numbers"])
        if isinstance(given.get("hidden"), list):
            look = replace(look, hidden=frozenset(n for n in given["hidden"] if isinstance(n, str)))
        return replace(look, crop=_crop(given.get("crop")))


def _crop(value: Any) -> tuple[float, float, float, float] | None:
    if not isinstance(value, list) or len(value) != 4 or not all(_is_length(v) for v in value):
        return None
    top, left, height, width = (float(v) for v in value)
    return (top, left, height, width) if height > 0 and width > 0 else None


def _is_length(value: Any) -> bool:
    """Return whether a value is a finite number; Python reads NaN and Infinity from JSON too."""
    return isinstance(value, (int, float)) and isfinite(value)


class ViewState(QObject):
    """Holds the present `Look`. changed(old, new): it was replaced. Columns of renamed nodes stay hidden."""

    changed = Signal(object, object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        document.changed.connect(self._follow)

    @property
    def look(self) -> Look:
        """The present value."""
        return self._look

    def set(self, **changes: Any) -> None:
        """Change some fields of the look."""
        old, new = self._look, replace(self._look, **changes)
        if new != old:
            self._look = new
            self.changed.emit(old, new)

    def _follow(self, old: Work, new: Work) -> None:
        # A removed node stays in the set, so that its column is hidden as before when undo brings it back.
        known = {name for name in self._look.hidden if name in old.pipeline}
        names = {name: renamed(old.pipeline, new.pipeline, name) or name for name in known}
        self.set(hidden=frozenset(names.get(name, name) for name in self._look.hidden))
