"""Picture files to float32 arrays and back: display ranges, colour maps and contact sheets."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Loaded when first asked for: decoders take a while to import, and most callers need only one of these.
_HOMES = {
    "COLORMAPS": "display",
    "colorize": "display",
    "colormap_table": "display",
    "display_range": "display",
    "parse_range": "display",
    "Reading": "decoded",
    "IMAGE_SUFFIXES": "reading",
    "DamageWarning": "reading",
    "count_pages": "reading",
    "read_image": "reading",
    "read_picture": "reading",
    "read_reduced": "reading",
    "SheetTile": "sheet",
    "contact_sheet": "sheet",
    "write_array": "writing",
    "write_image": "writing",
    "write_pixels": "writing",
}

if TYPE_CHECKING:
    from filterlab.images.decoded import Reading as Reading
    from filterlab.images.display import COLORMAPS as COLORMAPS
    from filterlab.images.display import colorize as colorize
    from filterlab.images.display import colormap_table as colormap_table
    from filterlab.images.display import display_range as display_range
    from filterlab.images.display import parse_range as parse_range
    from filterlab.images.reading import IMAGE_SUFFIXES as IMAGE_SUFFIXES
    from filterlab.images.reading import DamageWarning as DamageWarning
    from filterlab.images.reading import count_pages as count_pages
    from filterlab.images.reading import read_image as read_image
    from filterlab.images.reading import read_picture as read_picture
    from filterlab.images.reading import read_reduced as read_reduced
    from filterlab.images.sheet import SheetTile as SheetTile
    from filterlab.images.sheet import contact_sheet as contact_sheet
    from filterlab.images.writing import write_array as write_array
    from filterlab.images.writing import write_image as write_image
    from filterlab.images.writing import write_pixels as write_pixels


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(_HOMES)
