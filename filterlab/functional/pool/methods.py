"""The methods: every way to reduce windows, when it is chosen, and why.

`pooling.py` takes the first of a table that fits, `pool2d_method` says which that is, and `page` prints the tables, as
they stand in the docstring of this package. A new method is a new entry. Choosing reads the windows, never the maps nor
the number of threads, so that equal windows have equal digits.
"""

from __future__ import annotations

from collections.abc import Callable
from textwrap import fill
from typing import Any, NamedTuple

from filterlab.functional.arrays import Array
from filterlab.functional.pool import direct, medians, strips, uneven
from filterlab.functional.pool.windows import Shape, Windows


class PoolMethod(NamedTuple):
    """One way to compute; `fits` is asked with the windows, the bytes of a number and the share of `median_pool2d`."""

    name: str
    when: str
    reason: str
    runs: str  # the innermost work, and where it is written
    fits: Callable[[Windows, int, float], bool]
    # Given shape and dtype of the maps, the windows, and what the operation is asked for: the function of the maps.
    prepare: Callable[[Shape, Any, Windows, Any], Callable[[Array], Array]]

    def run(self, maps: Array, windows: Windows, option: Any) -> Array:
        """The operation on maps (N, C, H, W)."""
        return self.prepare(maps.shape, maps.dtype, windows, option)(maps)


def _alone(function: Callable[..., Array]) -> Any:
    """`prepare` of a function that works everything out when it is called."""
    return lambda shape, dtype, windows, option: lambda maps: function(maps, windows, option)


def choose(table: tuple[PoolMethod, ...], windows: Windows, itemsize: int, share: float = 0.5) -> PoolMethod:
    """Return the first method of a table that fits; the last one always does."""
    return next(method for method in table if method.fits(windows, itemsize, share))


def _evenly(
    across: str,
    down: str,
    prepare: tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]],
    loop: str,
) -> tuple[PoolMethod, ...]:
    return (
        PoolMethod(
            "direct",
            "windows of at most three rows and seven columns that lie evenly and move by one or two columns",
            "so few rows are in the cache already when the next windows see them: nothing is copied",
            f"direct.{across}_rows with combining.{down} and combining.{across}_across or combining.{across}_pairs",
            lambda windows, itemsize, share: direct.fit(windows),
            prepare[0],
        ),
        PoolMethod(
            "strips",
            "other windows that lie evenly, unless one alone takes more memory than a thread has for it",
            "a long window is put together from shorter ones, which serve several windows",
            f"strips.{across}_rows with combining.combine",
            lambda windows, itemsize, share: strips.fit(windows, itemsize),
            prepare[1],
        ),
        PoolMethod(
            "uneven",
            "all other windows: adaptive ones of unequal sizes, and huge ones",
            "each window has bounds of its own",
            f"loops.{loop}",
            lambda windows, itemsize, share: True,
            prepare[2],
        ),
    )


EXTREMES = _evenly(
    "extreme", "highest", (direct.extremes, strips.extremes, _alone(uneven.extremes)), "max_rows"
)
MEANS = _evenly("mean", "combine", (direct.means, strips.means, _alone(uneven.means)), "sum_rows")
RANKS = (
    PoolMethod(
        "network",
        "windows of 3 cells or more and sides up to 31, of which at least one in 16 is wanted; where some are cut off "
        "at the border, only medians of an odd number of cells",
        "comparisons in a fixed order go over whole vectors of windows, and neighbouring windows share most of them",
        "median_loops.ranked_rows with a tile of median_tiles",
        lambda windows, itemsize, share: medians.fit(windows, share),
        _alone(medians.ranked),
    ),
    PoolMethod(
        "alone",
        "all other windows",
        "networks of large windows take the compiler too long, and few windows share little",
        "median_loops.any_ranked: each window is partitioned",
        lambda windows, itemsize, share: True,
        _alone(uneven.ranked),
    ),
)
TABLES = {"max_pool2d": EXTREMES, "min_pool2d": EXTREMES, "avg_pool2d": MEANS, "median_pool2d": RANKS}


def page() -> str:
    """Return the tables as text."""
    parts = []
    titles = (("Maxima and minima", EXTREMES), ("Means", MEANS), ("Medians and percentiles", RANKS))
    for title, table in titles:
        parts.append(f"{title}, the first that fits:\n")
        for method in table:
            lines = (f"when: {method.when}", f"why:  {method.reason}", f"runs: {method.runs}")
            wrapped = (fill(line, 110, initial_indent=" " * 8, subsequent_indent=" " * 14) for line in lines)
            parts.append("\n".join((f"    {method.name}", *wrapped)))
        parts.append("")
    return "\n".join(parts).rstrip()
