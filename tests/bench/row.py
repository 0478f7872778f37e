"""A row of the benchmark: one operation on one input, by FilterLab and by every other program that can do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

FILTERS, NETWORKS = "image filters", "channels, pooling and networks"
FLOAT = 4  # bytes of a float32

Call = Callable[[], Any]


@dataclass(frozen=True)
class Row:
    """One line of the table.

    kind: the mean that the row counts for. make: called when the row's turn has come; its result has FilterLab first,
    and for each program a function that prepares the call to be timed. A program that is not installed is left out.
    read, written: values that have to be moved at least; with products, multiply-adds by direct count, they give
    the row's limit on this machine.
    """

    name: str
    kind: str
    make: Callable[[], dict[str, Callable[[], Call]]]
    read: int
    written: int
    products: int = 0

    def calls(self) -> dict[str, Call]:
        """Return the calls of the programs that are installed."""
        found = {}
        for name, prepare in self.make().items():
            try:
                found[name] = prepare()
            except ImportError:
                continue
        return found


def all_rows() -> Iterator[Row]:
    """Yield the rows of every file in `rows`, which has them in a list ROWS."""
    for path in sorted((Path(__file__).parent / "rows").glob("[!_]*.py")):
        yield from import_module(f"tests.bench.rows.{path.stem}").ROWS
