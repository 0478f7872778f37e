"""Tables for people and JSON for programs, on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from filterlab.errors import printable

_NARROWEST = 60  # columns of a screen; on fewer the rows wrap


def print_json(value: Any) -> None:
    """Print one JSON document. NaN and infinity, which JSON does not have, become null."""
    from filterlab.cli.numbers import without_nan

    print(json.dumps(without_nan(value), indent=2, allow_nan=False))


def print_table(headers: Sequence[str], rows: Iterable[Sequence[Any]], right: Iterable[int] = ()) -> None:
    """Print columns under their headers. right: the numbers of the columns that are aligned at the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, header in enumerate(headers):
        aligned = "right" if number in set(right) else "left"
        table.add_column(header, justify=aligned, no_wrap=not sys.stdout.isatty())  # type: ignore[arg-type]
    for row in rows:
        table.add_row(*(Text(printable(str(cell))) for cell in row))
    console = Console(file=sys.stdout, highlight=False)
    # Output for a program or a file is not cut to the width of a screen, and a very narrow screen wraps the rows.
    console.width = max(console.width, _NARROWEST) if sys.stdout.isatty() else 10_000
    console.print(table)
