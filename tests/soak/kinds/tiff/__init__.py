"""TIFF, classic and BigTIFF."""

from __future__ import annotations

from tests.soak.hostile import PICTURE, Kind
from tests.soak.kinds.tiff.edits import (
    change_count,
    change_kind,
    change_link,
    change_number_of_entries,
    change_tag,
    change_value,
    damage_pixels,
    huge_counts,
    share_places,
)
from tests.soak.kinds.tiff.made import (
    claim,
    long_metadata,
    many_pages,
    many_tags,
    many_tiles,
    other_file,
)
from tests.soak.kinds.tiff.wholes import packed, plain, summed

_EDITS = (
    *(change_value,) * 6,
    *(change_count, change_count, change_kind, change_tag, change_tag, change_link, change_link),
    *(change_number_of_entries, damage_pixels, damage_pixels, many_pages, claim, claim, other_file),
    *(
        share_places,
        share_places,
        huge_counts,
        many_tags,
        many_tiles,
        many_tiles,
        long_metadata,
        long_metadata,
    ),
)
KINDS = (
    Kind("tiff", "files", PICTURE, ".tif", plain, _EDITS, aware=0.6, share=2.5),
    Kind("tiffsums", "files", PICTURE, ".tif", summed, (damage_pixels,), told=(damage_pixels,), aware=0.7),
    Kind("tiffpacked", "files", PICTURE, ".tif", packed, _EDITS, aware=0.6, share=2.5),
)
