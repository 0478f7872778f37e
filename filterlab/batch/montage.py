"""The contact sheet of one picture: the picture and its maps, each labelled with its size and range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from filterlab.batch.settings import Settings
from filterlab.batch.targets import NamedFile, named_files
from filterlab.functional.arrays import Array
from filterlab.graph import IMAGE
from filterlab.images.display import colorize, display_range
from filterlab.images.sheet import SheetTile, contact_sheet

MOST_TILES = 64  # channels of one node; more would be too small to look at


def montage(settings: Settings, maps: Mapping[str, Array], image: Array) -> Any:
    """The pixels of the contact sheet, uint8 (height, width, 3).

    Maps look as in PNG files whatever the format of the settings is, because a sheet shows and does not keep numbers.
    """
    shapes = {name: values.shape for name, values in maps.items()}
    files = named_files(replace(settings, format="png"), image.shape, shapes)
    shown = [f for f in files if f.node and maps[f.node].ndim == 3 and (f.channel or 0) < MOST_TILES]
    original = SheetTile(_pixels(image, 0.0, 1.0, "gray"), IMAGE, f"{_size(image)}, 0 to 1")
    # A picture of two or four channels has no colours in which it could be shown.
    tiles = [original] if len(image) in (1, 3) else []
    return contact_sheet([*tiles, *(_tile(settings, file, maps[file.node]) for file in shown)])


def _tile(settings: Settings, file: NamedFile, values: Array) -> SheetTile:
    low, high = display_range(values, settings.range, picture=file.picture)
    part = values if file.channel is None else values[file.channel]
    label = file.node if file.channel is None else f"{file.node} [{file.channel}]"
    return SheetTile(
        _pixels(part, low, high, settings.colormap), label, f"{_size(values)}, {low:.4g} to {high:.4g}"
    )


def _pixels(values: Array, low: float, high: float, colormap: str) -> Any:
    plane = values[0] if values.ndim == 3 and len(values) != 3 else values
    return colorize(plane, low, high, colormap)


def _size(values: Array) -> str:
    return "x".join(map(str, values.shape))
