"""Which pages of a TIFF file make one picture: those that hold its channels.

Every page is a picture of its own, unless ImageJ, OME-XML or tifffile's JSON say that channels lie in pages. What they
say of other files is never followed: a page is then a picture by itself.
"""

from __future__ import annotations

import json
from math import prod
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np

from filterlab.images.formats.tiff.directories import MAX_DIRECTORIES, ByteSource, Tags

_LONGEST_TEXT = 1 << 23  # bytes; as XML it can take a hundred times as many
_DESCRIPTION, _UIC2 = 270, 33629


class Plane(NamedTuple):
    """One page: the index of its directory, and how many pictures lie between that one's pixels and its own."""

    directory: int
    offset: int = 0


Picture = tuple[Plane, ...]


def pictures(source: ByteSource, offsets: list[int], whole: list[int]) -> list[Picture]:
    """The pictures of a file in their order, each as the pages of its channels.

    offsets: of the directories; whole: indices of those that are no previews.
    """
    first = source.directory(offsets[whole[0]])
    for text in first.texts(_DESCRIPTION, _LONGEST_TEXT):
        if text.lstrip()[:1] == "<":
            return _of_ome(text, len(offsets), whole) or _single(whole)
        if text.startswith(("ImageJ=", "SCIFIO=")):
            return _of_imagej(text, first, whole) or _single(whole)
    planes = first.count(_UIC2)
    if planes > 1 and len(whole) == 1:  # MetaMorph's stacks: a rational number for each plane
        return [(Plane(whole[0], k),) for k in range(planes)]
    return _of_tifffile(source, offsets, whole)


def _single(whole: list[int]) -> list[Picture]:
    return [(Plane(index),) for index in whole]


def _grouped(axes: str, sizes: list[int], planes: list[Plane]) -> list[Picture]:
    """Planes in the order of `axes`, the last of which counts fastest: all along C make one picture."""
    indices = np.arange(len(planes)).reshape(sizes)
    if "C" not in axes:
        return [(plane,) for plane in planes]
    channels = np.moveaxis(indices, axes.index("C"), -1).reshape(-1, sizes[axes.index("C")])
    return [tuple(planes[index] for index in row) for row in channels.tolist()]


def _of_imagej(text: str, first: Tags, whole: list[int]) -> list[Picture] | None:
    """ImageJ's stacks, which have one directory alone where they are larger than 4 GB."""
    fields = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    names = {"C": "channels", "Z": "slices", "T": "frames"}
    sizes = {axis: _size(fields.get(name, "1")) for axis, name in names.items()}
    if sizes["C"] == first.number(277, 1):  # they lie side by side in each page
        sizes["C"] = 1
    order = fields.get("order", "").strip().upper()
    axes = order[::-1] if sorted(order) == ["C", "T", "Z"] else "TZC"
    count = prod(sizes.values())
    if count == 1:
        count = _size(fields.get("images", "1"))
        axes, sizes = "I", {"I": count}
    planes = _planes(first, whole, count)
    return _grouped(axes, [sizes[axis] for axis in axes], planes) if planes else None


def _size(text: str) -> int:
    """A number of planes; 0 for what is none."""
    return int(text) if text.strip().isdecimal() and len(text) < 10 else 0


def _planes(first: Tags, whole: list[int], count: int) -> list[Plane]:
    """So many pages, or planes behind the pixels of a single page; none where there are others."""
    if count > 1 and len(whole) == 1 and _holds(first, count):
        return [Plane(whole[0], k) for k in range(count)]
    return [Plane(index) for index in whole] if len(whole) == count else []


def _holds(tags: Tags, count: int) -> bool:
    """Whether so many uncompressed planes can lie one behind the other."""
    pixels = tags.number(256, 0) * tags.number(257, 0) * tags.number(277, 1)
    size = pixels * tags.number(258, 1) // 8
    start = tags.number(273, tags.source.size)
    within = size > 0 and start + count * size <= tags.source.size
    return within and tags.number(259, 1) == 1 and count <= MAX_DIRECTORIES


def _of_tifffile(source: ByteSource, offsets: list[int], whole: list[int]) -> list[Picture]:
    """A run of pages for each JSON description; pages without one are single."""
    found: list[Picture] = []
    position = 0
    while position < len(whole):
        rest = whole[position:] if position else whole
        run = _run_of_tifffile(source.directory(offsets[whole[position]]), rest)
        if not run and not position:
            return _single(whole)
        found += run or _single(rest[:1])
        position = 1 + whole.index(max(plane.directory for plane in found[-1]), position)
    return found


def _run_of_tifffile(first: Tags, whole: list[int]) -> list[Picture] | None:
    """The pages that the JSON in the first of them speaks of; None where it has none, or where it is wrong."""
    text = next((t for t in first.texts(_DESCRIPTION, _LONGEST_TEXT) if t.startswith('{"shape":')), "")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    shape, axes = told["shape"], told.get("axes")
    page = _axes_of_page(first)
    if not isinstance(shape, list) or not all(isinstance(n, int) and n > 0 for n in shape):
        return None
    if not isinstance(axes, str) or len(axes) != len(shape):
        axes = "Q" * (len(shape) - len(page)) + page
    outer = axes.find("Y") - page.find("Y")
    sizes = dict(zip("YX", shape[axes.find("Y") :], strict=False))
    if outer < 0 or sizes.get("X") != first.number(256, 0) or sizes.get("Y") != first.number(257, 0):
        return None
    count = prod(shape[:outer])
    planes = _planes(first, whole[:count] if len(whole) >= count else whole, count)
    return _grouped(axes[:outer], shape[:outer], planes) if planes else None


def _axes_of_page(tags: Tags) -> str:
    if tags.number(277, 1) == 1:
        return "YX"
    return "SYX" if tags.number(284, 1) == 2 else "YXS"


def _of_ome(text: str, count: int, whole: list[int]) -> list[Picture] | None:
    """The pages that OME-XML speaks of; None where it speaks of other files, of pages that are not there, or oddly."""
    if "<!" in text.replace("<!--", ""):  # a document type could name other files, or grow without end
        return None
    try:
        root = ElementTree.fromstring(text)
        found = [
            picture
            for pixels in root.iterfind("{*}Image/{*}Pixels")
            for picture in _of_pixels(pixels, root, count)
        ]
    except (ElementTree.ParseError, ValueError, KeyError, RecursionError):
        return None
    used = [plane.directory for picture in found for plane in picture]
    if len(set(used)) < len(used) or not set(used) <= set(whole):
        return None
    return found + _single(sorted(set(whole) - set(used)))


def _of_pixels(pixels: ElementTree.Element, root: ElementTree.Element, count: int) -> list[Picture]:
    """The pictures of one series. Raises ValueError and KeyError where something is missing or wrong."""
    order = pixels.attrib["DimensionOrder"][2:]
    channels = pixels.findall("{*}Channel")
    side_by_side = _size(channels[0].get("SamplesPerPixel", "1")) if channels else 1
    sizes = {axis: _size(pixels.attrib["Size" + axis]) for axis in order}
    sizes["C"] //= side_by_side
    total = prod(sizes.values())
    if sorted(order) != ["C", "T", "Z"] or not 1 <= total <= count:
        raise ValueError("its planes are not the pages")
    directories = np.full(total, -1)
    for block in pixels.findall("{*}TiffData"):
        if any(uuid.text != root.get("UUID") for uuid in block.findall("{*}UUID")):
            raise ValueError("its planes are in other files")
        position, step = 0, 1
        for axis in order:
            first = _size(block.get("First" + axis, "0"))
            position += step * (first // side_by_side if axis == "C" else first)
            step *= sizes[axis]
        start = _size(block.get("IFD", "0"))
        planes = _size(block.get("PlaneCount", "1" if "IFD" in block.attrib else str(total - position)))
        if position + planes > total:
            raise ValueError("it counts planes that it does not have")
        directories[position : position + planes] = np.arange(start, start + planes)
    if (directories < 0).any() or (directories >= count).any():
        raise ValueError("its planes are not the pages")
    axes = order[::-1]
    return _grouped(axes, [sizes[axis] for axis in axes], [Plane(index) for index in directories.tolist()])
