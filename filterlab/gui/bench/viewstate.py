"""How maps are shown: mode, ranges, colours, zoom. Shared by all views, kept in the session."""

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
    """mode: "overview" (small maps, all layers at a glance), "side" (a column a layer), "single" (one large map).

    scope: what shares a range of values: each map, all maps of a layer, or all layers. colormap: a diverging one
    is always symmetric about zero. tile: side of a map in "side" mode, in pixels at scale 1. hidden: nodes whose
    columns are left out. crop: the part of the picture that every map shows, (top, left, height, width) in
    picture cells, None for all of it. numbers: whether they are written into cells that are large enough.
    """

    mode: str = "side"
    scope: str = "layer"
    colormap: str = "RdBu_r"
    tile: int = 220
    hidden: frozenset[str] = frozenset()
    crop: tuple[float, float, float, float] | None = None
    numbers: bool = True

    def to_dict(self) -> dict[str, Any]:
        """For the session file."""
        return {
            **self.__dict__,
            "hidden": sorted(self.hidden),
            "crop": list(self.crop) if self.crop else None,
        }

    @classmethod
    def from_dict(cls, values: Any) -> Look:
        """From a session file; whatever is missing or makes no sense is at its default."""
        look, given = cls(), values if isinstance(values, dict) else {}
        if given.get("mode") in MODES:
            look = replace(look, mode=given["mode"])
        if given.get("scope") in SCOPES:
            look = replace(look, scope=given["scope"])
        if str(given.get("colormap")) in COLORMAPS:
            look = replace(look, colormap=given["colormap"])
        if isinstance(given.get("tile"), int):
            look = replace(look, tile=min(max(given["tile"], SMALLEST_TILE), LARGEST_TILE))
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
    """JSON as Python reads it may hold NaN and infinity."""
    return isinstance(value, (int, float)) and isfinite(value)


class ViewState(QObject):
    """The present `Look`. changed(old, new). Columns of nodes that are renamed stay hidden."""

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
        # A node that has gone stays on the list: undo brings it back as it was.
        known = {name for name in self._look.hidden if name in old.pipeline}
        names = {name: renamed(old.pipeline, new.pipeline, name) or name for name in known}
        self.set(hidden=frozenset(names.get(name, name) for name in self._look.hidden))
