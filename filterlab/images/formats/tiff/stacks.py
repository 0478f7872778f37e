"""Which pages of a TIFF file make one picture: those that hold its channels.

Every page is a picture of its own, unless ImageJ, OME-XML or tifffile's JSON say that channels lie in pages. What they
say about other files is never followed: a page is then a picture by itself.

Descriptions are text that anybody may have written. So each is bounded in length, none may name more pages than the
file has, and what they multiply is checked before anything of that size is made.
"""

from __future__ import annotations

import json
from math import prod
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np

from filterlab.images.decoded import MAX_PAGES
from filterlab.images.formats.tiff.directories import ByteSource, Tags

_DESCRIPTION, _UIC2 = 270, 33629
_DESCRIPTIONS = 2  # how many are looked at: the user's and the writer's, in either order
_LONGEST_XML = 1 << 23  # bytes; the parsed elements take a multiple of that
_LONGEST_JSON = 1 << 20
_LONGEST_FIELDS = 1 << 12  # bytes of ImageJ's lines; its writers keep longer notes in tags of their own
_MOST_AXES = 32


class Plane(NamedTuple):
    """One page: the index of its directory, and how many planes lie between that directory's pixels and its own."""

    directory: int
    offset: int = 0


TiffPicture = tuple[Plane, ...]


class _Shaped(NamedTuple):
    """What tifffile's JSON says: the sizes of a run of pages, and what their axes mean, where it says so."""

    shape: list[int]
    axes: Any


def pictures(source: ByteSource, offsets: list[int], pages: list[int]) -> list[TiffPicture]:
    """Return the pictures of a file in their order, each as the pages of its channels.

    offsets: of all directories; pages: the indices of those that are no previews.
    """
    first = source.directory(offsets[pages[0]])
    for text in first.texts(_DESCRIPTION, _LONGEST_XML, _DESCRIPTIONS):
        if text.lstrip()[:1] == "<":
            return _from_ome(text, len(offsets), pages) or _single(pages)
        if text.startswith(("ImageJ=", "SCIFIO=")):
            return _from_imagej(text[:_LONGEST_FIELDS], first, pages) or _single(pages)
    planes = first.count(_UIC2)
    if planes > 1 and len(pages) == 1:  # MetaMorph's stacks have one directory, and a rational for each plane
        return [(plane,) for plane in _planes(first, pages, planes)] or _single(pages)
    return _from_tifffile(source, offsets, pages)


def _single(pages: list[int]) -> list[TiffPicture]:
    return [(Plane(index),) for index in pages]


def _grouped(axes: str, sizes: list[int], planes: list[Plane]) -> list[TiffPicture]:
    """Group planes, of which the last of `axes` varies fastest: all planes along C make one picture."""
    indices = np.arange(len(planes)).reshape(sizes)
    if "C" not in axes:
        return [(plane,) for plane in planes]
    channels = np.moveaxis(indices, axes.index("C"), -1).reshape(-1, sizes[axes.index("C")])
    return [tuple(planes[index] for index in row) for row in channels.tolist()]


def _from_imagej(text: str, first: Tags, pages: list[int]) -> list[TiffPicture] | None:
    """Return the pictures of an ImageJ stack. One of more than 4 GB has a single directory."""
    fields = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    names = {"C": "channels", "Z": "slices", "T": "frames"}
    sizes = {axis: _size(fields.get(name, "1")) for axis, name in names.items()}
    if sizes["C"] == first.number(277, 1):  # the channels lie side by side in each page
        sizes["C"] = 1
    order = fields.get("order", "").strip().upper()
    axes = order[::-1] if sorted(order) == ["C", "T", "Z"] else "TZC"
    # Hyperstacks name their axes; a plain stack says only how many images there are.
    count = prod(sizes.values())
    if count == 1:
        count = _size(fields.get("images", "1"))
        axes, sizes = "I", {"I": count}
    planes = _planes(first, pages, count)
    return _grouped(axes, [sizes[axis] for axis in axes], planes) if planes else None


def _size(text: str) -> int:
    """Return a number of planes, or 0 for a text that is none."""
    return int(text) if text.strip().isdecimal() and len(text) < 10 else 0


def _planes(first: Tags, pages: list[int], count: int) -> list[Plane]:
    """Return `count` pages, or planes behind the pixels of a single page; none where neither is there."""
    if count > 1 and len(pages) == 1 and _holds(first, count):
        return [Plane(pages[0], k) for k in range(count)]
    return [Plane(index) for index in pages] if len(pages) == count else []


def _holds(tags: Tags, count: int) -> bool:
    """Return whether so many uncompressed planes can lie one behind the other."""
    pixels = tags.number(256, 0) * tags.number(257, 0) * tags.number(277, 1)
    size = pixels * tags.number(258, 1) // 8
    start = tags.number(273, tags.source.size)
    within = size > 0 and start + count * size <= tags.source.size
    return within and tags.number(259, 1) == 1 and count <= MAX_PAGES


def _from_tifffile(source: ByteSource, offsets: list[int], pages: list[int]) -> list[TiffPicture]:
    """Return the pictures of tifffile's series: a run of pages for each JSON, single pages without one."""
    found: list[TiffPicture] = []
    # Pages may share a description; parsing it for each of them would take long.
    parsed: dict[tuple[tuple[int, int], ...], _Shaped | None] = {}
    position = 0
    while position < len(pages):
        first = source.directory(offsets[pages[position]])
        places = tuple(first.places(_DESCRIPTION)[:_DESCRIPTIONS])
        if places not in parsed:
            parsed[places] = _shaped(first)
        series = parsed[places]
        run = _run(series, first, pages, position) if series else None
        if run:
            found += run
            position += len({plane.directory for picture in run for plane in picture})
        elif not position:
            return _single(pages)
        else:
            found.append((Plane(pages[position]),))
            position += 1
    return found


def _shaped(tags: Tags) -> _Shaped | None:
    """Parse the JSON in the descriptions of a page. Returns None where there is none, or where it is wrong."""
    texts = tags.texts(_DESCRIPTION, _LONGEST_JSON, _DESCRIPTIONS)
    text = next((text for text in texts if text.startswith('{"shape":')), "")
    try:
        fields = json.loads(text)
    # RecursionError: brackets nested a thousand deep are short enough for the limit on the text.
    except (ValueError, RecursionError):
        return None
    shape = fields["shape"]
    if not isinstance(shape, list) or len(shape) > _MOST_AXES:
        return None
    if not all(isinstance(size, int) and size > 0 for size in shape):
        return None
    return _Shaped(shape, fields.get("axes"))


def _run(series: _Shaped, first: Tags, pages: list[int], position: int) -> list[TiffPicture] | None:
    """Return the pictures of the series that begins at `position` in `pages`, None where they cannot be there."""
    shape, axes = series
    page = _axes_of_page(first)
    if not isinstance(axes, str) or len(axes) != len(shape):
        axes = "Q" * (len(shape) - len(page)) + page
    outer = axes.find("Y") - page.find("Y")
    sizes = dict(zip("YX", shape[axes.find("Y") :], strict=False))
    if outer < 0 or sizes.get("X") != first.number(256, 0) or sizes.get("Y") != first.number(257, 0):
        return None
    count = prod(shape[:outer])
    # More planes than there are pages left can only lie behind the pixels of the last page.
    if count > len(pages) - position > 1:
        return None
    planes = _planes(first, pages[position : position + count], count)
    return _grouped(axes[:outer], shape[:outer], planes) if planes else None


def _axes_of_page(tags: Tags) -> str:
    if tags.number(277, 1) == 1:
        return "YX"
    return "SYX" if tags.number(284, 1) == 2 else "YXS"


def _from_ome(text: str, count: int, pages: list[int]) -> list[TiffPicture] | None:
    """Return the pictures that OME-XML describes.

    Returns None where it describes other files, pages that are not among the `count` directories, or nonsense.
    """
    if "<!" in text.replace("<!--", ""):  # a document type could name other files, or grow without end
        return None
    try:
        root = ElementTree.fromstring(text)
        series = [_OmeSeries(pixels) for pixels in root.iterfind("{*}Image/{*}Pixels")]
        # Each plane is a page of its own: more planes than pages are wrong before any of them is looked at.
        if sum(one.total for one in series) > count:
            return None
        found = [picture for one in series for picture in one.pictures(root.get("UUID"), count)]
    except (ElementTree.ParseError, ValueError, KeyError, RecursionError):
        return None
    used = [plane.directory for picture in found for plane in picture]
    if len(set(used)) < len(used) or not set(used) <= set(pages):
        return None
    # Pages that the description passes over are pictures still; nothing in a file is hidden from the reader.
    return found + _single(sorted(set(pages) - set(used)))


class _OmeSeries:
    """One <Pixels> of OME-XML. Raises ValueError and KeyError where something is missing or wrong."""

    def __init__(self, pixels: ElementTree.Element) -> None:
        self._pixels = pixels
        self._order = pixels.attrib["DimensionOrder"][2:]
        channels = pixels.findall("{*}Channel")
        self._side_by_side = _size(channels[0].get("SamplesPerPixel", "1")) if channels else 1
        self._sizes = {axis: _size(pixels.attrib["Size" + axis]) for axis in self._order}
        if not self._side_by_side:
            raise ValueError("its pixels have no samples")
        self._sizes["C"] //= self._side_by_side
        self.total = prod(self._sizes.values())
        if sorted(self._order) != ["C", "T", "Z"] or self.total < 1:
            raise ValueError("its planes are not the pages")

    def pictures(self, uuid: str | None, count: int) -> list[TiffPicture]:
        """Return the pictures of the series, in a file of this UUID with `count` directories."""
        directories = np.full(self.total, -1)
        left = 2 * self.total  # blocks may repeat what others say, but a million of them would take too long
        for block in self._pixels.iterfind("{*}TiffData"):
            if any(other.text != uuid for other in block.iterfind("{*}UUID")):
                raise ValueError("its planes are in other files")
            position = self._position(block)
            start = _size(block.get("IFD", "0"))
            rest = str(self.total - position)
            planes = _size(block.get("PlaneCount", "1" if "IFD" in block.attrib else rest))
            left -= max(planes, 1)
            if position + planes > self.total or left < 0:
                raise ValueError("it counts planes that it does not have")
            directories[position : position + planes] = np.arange(start, start + planes)
        if (directories < 0).any() or (directories >= count).any():
            raise ValueError("its planes are not the pages")
        axes = self._order[::-1]
        planes_in_order = [Plane(index) for index in directories.tolist()]
        return _grouped(axes, [self._sizes[axis] for axis in axes], planes_in_order)

    def _position(self, block: ElementTree.Element) -> int:
        """Return the number of the plane with which a <TiffData> begins."""
        position, step = 0, 1
        for axis in self._order:
            first = _size(block.get("First" + axis, "0"))
            position += step * (first // self._side_by_side if axis == "C" else first)
            step *= self._sizes[axis]
        return position
