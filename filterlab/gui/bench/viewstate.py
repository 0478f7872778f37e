"""How maps are shown: mode, ranges, colours and zoom. All views share it, and the session keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from PySide6.QtCore import QObject, Signal

from filterlab.graph.editing import renamed
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.work import Work
from filterlab.images.display import COLORMAPS

MODES = ("overview", "side", "single")
SCOPES = ("map", "layer", "common")
RANGES = ("percentile", "full")
# The colour map whose zero is the ground of the theme: a signed or a sequential one, as the values are.
THEMED = "theme"
# Whose range it is: a node and a channel of it; channel None for the whole layer, node "" for all layers.
RangeKey = tuple[str, int | None]
SMALLEST_TILE, LARGEST_TILE = 60, 1200


@dataclass(frozen=True)
class Look:
    """The settings of the wall.

    mode: "overview" (small maps, all layers at a glance), "side" (a column for each layer) or "single" (one large
    map). scope: what shares a range of values: each map, all maps of a layer, or all layers. range: where a range
    comes from: "percentile", from the 0.5th to the 99.5th, or "full", from the extremes. fixed: the ranges (low, high)
    that the person has set instead. colormap: THEMED or one of COLORMAPS, of which a diverging one is for signed maps
    alone. tile: width of a tile in the mode "side", in logical pixels; 0 for tiles that
    fill the wall. hidden: nodes whose columns are hidden. crop: the part of the picture that every tile shows,
    (top, left, height, width) in cells of the picture; None for the full view. numbers: whether values are written
    into cells that are large enough. by_value: whether the entries of vectors stand in the order of their values.
    """

    mode: str = "side"
    scope: str = "layer"
    range: str = "percentile"
    fixed: Mapping[RangeKey, tuple[float, float]] = field(default_factory=dict)
    colormap: str = THEMED
    tile: int = 0
    hidden: frozenset[str] = frozenset()
    crop: tuple[float, float, float, float] | None = None
    numbers: bool = True
    by_value: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As JSON values for the session file."""
        return {
            **self.__dict__,
            # JSON has no sets; sorted, so that the same look always makes the same file.
            "hidden": sorted(self.hidden),
            "crop": list(self.crop) if self.crop else None,
            "fixed": [[*key, *ends] for key, ends in self.fixed.items()],
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
        if given.get("range") in RANGES:
            look = replace(look, range=given["range"])
        if isinstance(given.get("fixed"), list):
            look = replace(look, fixed=dict(filter(None, map(_fixed, given["fixed"]))))
        # Files without ranges are of a time when RdBu_r stood in every one in which no colours had been chosen.
        chosen = "range" in given or given.get("colormap") != "RdBu_r"
        if chosen and str(given.get("colormap")) in COLORMAPS:
            look = replace(look, colormap=given["colormap"])
        if isinstance(given.get("tile"), int):
            tile = min(max(given["tile"], SMALLEST_TILE), LARGEST_TILE) if given["tile"] else 0
            look = replace(look, tile=tile)
        for flag in ("numbers", "by_value"):
            if isinstance(given.get(flag), bool):
                look = replace(look, **{flag: given[flag]})
        if isinstance(given.get("hidden"), list):
            look = replace(look, hidden=frozenset(n for n in given["hidden"] if isinstance(n, str)))
        return replace(look, crop=_crop(given.get("crop")))


def _fixed(value: Any) -> tuple[RangeKey, tuple[float, float]] | None:
    """A range of a session file; None where it makes no sense."""
    if not isinstance(value, list) or len(value) != 4:
        return None
    node, channel, low, high = value
    if not isinstance(node, str) or not (channel is None or type(channel) is int):
        return None
    return ((node, channel), (low, high)) if _is_length(low) and _is_length(high) and low < high else None


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

    def fix(self, key: RangeKey, ends: tuple[float, float] | None) -> None:
        """Fix a range (low, high); None gives it back to the values."""
        others = {known: range_ for known, range_ in self._look.fixed.items() if known != key}
        self.set(fixed=others if ends is None else {**others, key: ends})

    def _follow(self, old: Work, new: Work) -> None:
        # A removed node stays in the set, so that its column is hidden as before when undo brings it back.
        known = {*self._look.hidden, *(node for node, _ in self._look.fixed)}
        names = {
            name: renamed(old.pipeline, new.pipeline, name) or name for name in known if name in old.pipeline
        }
        self.set(
            hidden=frozenset(names.get(name, name) for name in self._look.hidden),
            fixed={(names.get(node, node), at): ends for (node, at), ends in self._look.fixed.items()},
        )
