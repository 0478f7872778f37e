"""The kernel here, many kernels, or a lens, as planes of numbers in one range, ready to be coloured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import Cancelled
from filterlab.explain.lenses import LENSES, LensView, Occlusion, Progress, look, occlusion
from filterlab.explain.local_kernel import LocalKernel, local_kernel
from filterlab.explain.way import Place, look_back
from filterlab.fields.regions import Region
from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel
from filterlab.graph import IMAGE, Graph
from filterlab.images.display import display_range
from filterlab.images.screen import enlarged
from filterlab.images.tints import Heat, signed_heat
from filterlab.images.views import pixels_of

_RGB = ("red", "green", "blue")
_ALL = "all channels"
TITLES = (*_RGB, _ALL)
_MOST_CHANNELS = 16  # planes of a kernel over a picture of more channels
GRID, ALONG_ROW, ALONG_COLUMN, OCCLUSION, KERNEL = "grid", "row", "column", "occlusion", "kernel"
_GRID = (4, 6)  # rows and columns of places
_LINE = 12  # places along a line


@dataclass(frozen=True)
class NumberPlane:
    """A picture of numbers (h, w) with its title. place: (row, column) of the value that it belongs to."""

    values: NDArray[Any]
    title: str
    place: tuple[int, int] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        height, width = self.values.shape
        return height, width

    def value(self, row: int, col: int) -> float:
        """One number."""
        return float(self.values[row, col])


@dataclass(frozen=True)
class Sight:
    """What is to be seen of a value.

    planes: all in one range (low, high) and colour map. top, left: where the planes begin in the map of node `over`.
    kernel, view: what was computed, for the sums beside the picture.
    """

    planes: tuple[NumberPlane, ...]
    range: tuple[float, float]
    colormap: str
    over: str = IMAGE
    top: int = 0
    left: int = 0
    kernel: LocalKernel | None = None
    view: LensView | None = None

    def pixels(self, plane: NumberPlane, scale: float) -> NDArray[np.uint32]:
        """A plane in its colours, enlarged or shrunk by a factor; each cell is as large as the others."""
        return pixels_of(enlarged(plane.values, scale), *self.range, self.colormap)

    def laid(self, size: tuple[int, int]) -> Heat | None:
        """The first plane, over a picture of `size` (h, w); None where it is not of the picture, or all 0."""
        if self.over != IMAGE or not self.planes or self.planes[0].place is not None:
            return None
        return signed_heat(self.planes[0].values, self.top, self.left, size)

    @property
    def numbers(self) -> NDArray[Any]:
        """What is written into a file: the kernel (C, h, w), or the planes (planes, h, w) as they are."""
        if self.kernel is not None:
            return self.kernel.kernel
        if self.view is not None:
            return self.view.values
        height, width = (max(plane.size[axis] for plane in self.planes) for axis in (0, 1))
        stack = np.zeros((len(self.planes), height, width), self.planes[0].values.dtype)
        for number, plane in enumerate(self.planes):
            stack[number, : plane.size[0], : plane.size[1]] = plane.values
        return stack


def sight(
    graph: Graph,
    image: Any,
    name: str,
    place: Place,
    kind: str,
    maps: Mapping[str, Array] | None = None,
    *,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> Sight:
    """One of the kinds: KERNEL, GRID, ALONG_ROW, ALONG_COLUMN, OCCLUSION, or the key of a lens.

    The picture (C, H, W) is an array, or a `PartSource`, of which no more than the value sees is read.

    Raises Cancelled, and as `local_kernel` and `look`.
    """
    graph.check_names(name)
    if kind == KERNEL:
        return _of_kernel(local_kernel(graph, image, name, place, maps))
    if kind in (GRID, ALONG_ROW, ALONG_COLUMN):
        places = _places(
            graph.output_shapes(image.shape)[name] if name != IMAGE else image.shape, place, kind
        )
        found = []
        for number, at in enumerate(places, 1):
            if cancel is not None and cancel():
                raise Cancelled("stopped before all kernels were found", "kernels")
            found.append(local_kernel(graph, image, name, at, maps))
            if progress is not None:
                progress(number, len(places))
        return _of_kernels(found)
    if kind == OCCLUSION:
        view = occlusion(graph, image, name, place, Occlusion(), cancel=cancel, progress=progress)
    else:
        view = look(graph, image, kind, name, place, maps)
    return _of_view(view, _seen(graph, image, name, place, view, maps))


def lens_titles() -> list[tuple[str, str]]:
    """The keys and titles of the lenses."""
    return [(lens.key, lens.title) for lens in LENSES]


def _places(shape: Sequence[int], place: Place, kind: str) -> list[Place]:
    channel, row, col = place
    height, width = (*shape[1:], 1, 1)[:2]
    rows = _spread(height, _GRID[0]) if kind == GRID else _spread(height, _LINE)
    cols = _spread(width, _GRID[1]) if kind == GRID else _spread(width, _LINE)
    if kind == ALONG_ROW:
        rows = [row]
    elif kind == ALONG_COLUMN:
        cols = [col]
    return [(channel, i, j) for i in rows for j in cols]


def _spread(count: int, most: int) -> list[int]:
    """Up to `most` positions of an axis, at the middles of equal parts."""
    number = min(count, most)
    return [(2 * i + 1) * count // (2 * number) for i in range(number)]


def _of_kernel(found: LocalKernel) -> Sight:
    return replace(
        _in_range(_channels(found.kernel), "BrBG"), top=found.region.top, left=found.region.left, kernel=found
    )


def _of_kernels(found: list[LocalKernel]) -> Sight:
    planes = [NumberPlane(one.kernel.sum(axis=0), "", (one.where.row, one.where.col)) for one in found]
    return _in_range(planes, "BrBG")


def _of_view(view: LensView, seen: Region) -> Sight:
    values = view.values if view.values.ndim == 3 else view.values[None]
    top, left = view.top, view.left
    part = values[:, seen.top - top : seen.bottom - top, seen.left - left : seen.right - left]
    planes = _channels(part) if view.values.ndim == 3 else [NumberPlane(part[0], "")]
    # Not the least of them: a single NaN would hide all signs.
    colormap = "BrBG" if (part < 0).any() else "viridis"
    return replace(_in_range(planes, colormap), over=view.over, top=seen.top, left=seen.left, view=view)


def _seen(
    graph: Graph, image: Any, name: str, place: Place, view: LensView, maps: Mapping[str, Array] | None
) -> Region:
    """The part of the picture that matters to the value; the whole of any other map."""
    height, width = view.values.shape[-2:]
    if view.over != IMAGE or hasattr(image, "read"):
        return Region(view.top, view.left, view.top + height, view.left + width)
    block = look_back(graph, image, name, place, maps).blocks[IMAGE]
    found = Region(*block.hull()).clipped((height, width))
    return found if found.top < found.bottom and found.left < found.right else Region(0, 0, height, width)


def _channels(values: Array) -> list[NumberPlane]:
    """A plane for each channel, and before them their sum where there are several."""
    shown = values[:_MOST_CHANNELS]
    names = _RGB if len(values) == 3 else tuple(str(i) for i in range(len(shown)))
    planes = [NumberPlane(plane, title) for plane, title in zip(shown, names, strict=True)]
    if len(values) == 1:
        return [replace(planes[0], title="")]
    with np.errstate(all="ignore"):
        return [NumberPlane(values.sum(axis=0), _ALL), *planes]


def _in_range(planes: Sequence[NumberPlane], colormap: str) -> Sight:
    kept = tuple(plane for plane in planes if plane.values.size)
    # The sum over the channels may be far beyond them; they keep the contrast that they share.
    numbers = np.concatenate([plane.values.ravel() for plane in kept]) if kept else np.zeros(1)
    shown = display_range(numbers, "symmetric" if colormap == "BrBG" else "auto")
    return Sight(kept, shown, colormap)
