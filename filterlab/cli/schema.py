"""`filterlab schema`: the JSON Schema of pipeline files."""

from __future__ import annotations

import argparse
from typing import Any

from filterlab.cli import exits


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("schema", help="the JSON Schema of pipeline files", description=__doc__)
    p.add_argument(
        "--json", action="store_true", help="accepted as by every command; the schema is always JSON"
    )
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command."""
    from filterlab.cli.tables import print_json
    from filterlab.layers.base.schema import file_schema

    print_json(file_schema())
    return exits.DONE
