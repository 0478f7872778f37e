"""The largest tiles whose maps fit into a given memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, prod

from filterlab.errors import FilterLabError
from filterlab.functional.threads import thread_count
from filterlab.graph import Graph
from filterlab.graph.nodes import IMAGE
from filterlab.layers.base.layer import Shape
from filterlab.run.tiling.cuts import map_size
from filterlab.run.tiling.passes import TiledRun, plan_run
from filterlab.run.tiling.plan import MOST_TILES, NUMBER
from filterlab.text.messages import say

# Sides of a tile, the best first: beyond 2048 nothing is won, as halos are small and maps leave the cache long before.
SIDES = (2048, 1536, 1024, 768, 512, 384, 256, 128, 64, 32)
# Bytes that a process takes beside maps, as measured: interpreter and libraries, the compiler and compiled loops; and
# for each thread what it keeps of packed cells.
PROCESS, THREAD = 256 << 20, 8 << 20
GATHERED_PART = 4  # a quarter of the room may be taken by maps that are made whole

Beside = Callable[[TiledRun], int]


def room_in(memory: float, threads: int | None = None) -> int:
    """The bytes that maps may take in a process that may take `memory` in all; negative where it takes more itself.

    threads: of that process, where it is not this one.
    """
    return int(memory) - PROCESS - THREAD * (threads or thread_count())


def fit_run(
    graph: Graph,
    shape: Shape,
    wanted: Sequence[str],
    memory: float,
    beside: Beside = lambda run: 0,
    threads: int | None = None,
) -> TiledRun:
    """Plan a run whose process takes no more than `memory` bytes, in the largest tiles that do.

    beside: bytes that reading and writing take. threads: see `room_in`. Raises FilterLabError with the least
    memory that would do, and as `plan_run`.
    """
    room, least = room_in(memory, threads), inf
    size = map_size(shape)
    for side in SIDES:
        if side >= 2 * max(size) and side != SIDES[-1]:
            continue
        # Where larger tiles take too much memory, that is what has to be told, and not that these are too many.
        if least < inf and max(size) > MOST_TILES * side:
            break
        run = plan_run(graph, shape, wanted, (side, side), max(room, 0) // GATHERED_PART)
        needed = run.peak + beside(run)
        if needed <= room:
            return run
        least = min(least, needed)
    raise too_little(least, memory, threads)


def too_little(needed: float, memory: float, threads: int | None = None) -> FilterLabError:
    """The error for a run whose maps take `needed` bytes, where the process may take `memory` in all."""
    least = int(needed) - room_in(0, threads)
    what = say("it needs {} of memory, and may take {}", _text(least), _text(memory))
    return FilterLabError(what, "memory", "allow more, or name fewer nodes with --maps")


def _text(size: float) -> str:
    """A number of bytes as `--memory` takes it, rounded up."""
    return f"{-int(-size // (1 << 20))}M"


def fits_whole(
    graph: Graph, shape: Shape, wanted: Sequence[str], memory: float, threads: int | None = None
) -> bool:
    """Whether the maps of a picture need not be cut to stay within `memory` bytes for the process."""
    size = map_size(shape)
    # All in one tile; the wanted maps stay until they are written, and encoding a file takes as much as the largest.
    shapes = {IMAGE: shape, **graph.output_shapes(shape)}
    held = [NUMBER * prod(shapes[name]) for name in wanted]
    tiles = plan_run(graph, shape, wanted, size, int(memory)).tiles
    return tiles.peak + sum(held) + 2 * max(held, default=0) <= room_in(memory, threads)
