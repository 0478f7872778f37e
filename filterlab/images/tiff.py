"""Reading TIFF files: any depth, floats, planes or interleaved channels."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import Reading, check_size, cmyk_to_rgb, oriented, scaled, split_alpha

# What tifffile notices it logs too; a person sees the one error that comes of it.
logging.getLogger("tifffile").setLevel(logging.CRITICAL)

_CHANNEL_AXES = "CS"


def count_pages(file: Path) -> int:
    """The pages of the file."""
    return 1


def read(file: Path, alpha: bool, page: int) -> Reading:
    """The first picture of a file as (C, H, W), scaled and turned upright. Raises ImageError and tifffile's errors."""
    with tifffile.TiffFile(file) as tiff:
        series = tiff.series[0]
        frame: Any = series.keyframe
        stack = set(series.axes) - set("YX" + _CHANNEL_AXES)
        axes, shape = (frame.axes, frame.shape) if stack else (series.axes, series.shape)
        check_size(*shape)
        values = frame.asarray() if stack else series.asarray()
        # In one file the channels may lie side by side in a pixel, in planes of a page, or in pages.
        planes = _channels_first(values, axes)
        return Reading(oriented(_colours(planes, frame, alpha), _orientation(frame)))


def _channels_first(values: NDArray[Any], axes: str) -> NDArray[Any]:
    channels = [axis for axis in axes if axis in _CHANNEL_AXES]
    order = [axes.index(axis) for axis in (*channels, "Y", "X")]
    planes = values.transpose(order)
    return planes.reshape(-1, *planes.shape[-2:])


def _orientation(page: Any) -> int:
    tag = page.tags.get(274)
    return int(tag.value) if tag is not None else 1


def _colours(planes: NDArray[Any], page: Any, alpha: bool) -> NDArray[Any]:
    """Channels as float32 grey, RGB or plain maps, from whatever the file's colours are."""
    kind = page.photometric.name
    if kind == "PALETTE":
        # Half of all writers fill the 16 bits with v * 256, half with v * 257: the upper byte is v in both.
        return scaled((np.asarray(page.colormap) >> 8).astype(np.uint8)[:, planes[0]])
    if kind in ("CIELAB", "ICCLAB", "ITULAB", "CFA"):
        raise ImageError(f"its colours are {kind}", hint="save it as RGB or grey")
    bits = int(page.bitspersample)
    values = scaled(planes, float(2**bits - 1) if planes.dtype.kind == "u" else None)
    if kind == "MINISWHITE" and planes.dtype.kind in "ub":
        values = 1 - values
    if kind == "SEPARATED" and len(values) >= 4:
        return cmyk_to_rgb(values[:4])
    if page.extrasamples and len(values) == page.samplesperpixel:
        plain = len(values) - len(page.extrasamples)
        return split_alpha(values[: plain + 1], alpha)
    return values
