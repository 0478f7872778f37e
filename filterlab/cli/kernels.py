"""`filterlab kernels`: the named kernels with their parameters and numbers."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits
from filterlab.text.messages import say

if TYPE_CHECKING:
    from filterlab.kernels import Design
    from filterlab.parameters import Parameter


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("kernels", help="the named kernels and their numbers", description=__doc__)
    p.add_argument("name", metavar="KERNEL", nargs="?", help="one kernel, with its numbers")
    p.add_argument(
        "parameters", metavar="KEY=VALUE", nargs="*", help="its parameters, such as size=5 sigma=1.5"
    )
    p.add_argument("--json", action="store_true", help="print the declarations, and the numbers, as JSON")
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises ParameterError for unknown names and values out of range."""
    from filterlab import kernels
    from filterlab.cli.tables import print_json, print_table

    if arguments.name is not None:
        _one(kernels.get(arguments.name), arguments.parameters, arguments.json)
    elif arguments.json:
        print_json([_to_dict(design) for design in kernels.designs().values()])
    else:
        rows = [(d.group, d.name, d.doc.partition("\n")[0]) for d in kernels.designs().values()]
        print_table(("group", "kernel", "what it does"), rows)
    return exits.DONE


def _one(design: Design, given: list[str], as_json: bool) -> None:
    from filterlab.cli.numbers import short
    from filterlab.cli.tables import print_json, print_table

    values = design(**dict(_assignment(text) for text in given))
    if as_json:
        print_json({**_to_dict(design), "values": values.tolist()})
        return
    print(f"{design.title}: {design.doc}\n{design.formula}\n{design.source}\n")
    rows = [
        (p.name, "" if p.default is None else p.default_json(), p.kind.unit, p.kind.legal(), p.doc)
        for p in design.parameters
    ]
    if rows:
        print_table(("parameter", "default", "unit", "legal", ""), rows)
        print()
    columns = range(values.shape[1])
    print_table([""] * len(columns), [[short(v) for v in row] for row in values], right=columns)


def _assignment(text: str) -> tuple[str, Any]:
    from filterlab.errors import ParameterError

    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise ParameterError(say("{!r} is not KEY=VALUE", text), "kernels", "write size=5")
    # JSON reads numbers, lists and true as people write them.
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value  # a word, as in axis=y


def _to_dict(design: Design) -> dict[str, Any]:
    head = {name: getattr(design, name) for name in ("name", "title", "group", "source", "formula", "doc")}
    return {**head, "parameters": [_parameter(p) for p in design.parameters]}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    kind = parameter.kind
    return {
        "name": parameter.name,
        "kind": "size" if kind.editor == "pair" else kind.editor,
        "default": parameter.default_json(),
        "doc": parameter.doc,
        "minimum": kind.minimum,
        "maximum": kind.maximum,
        "slider": kind.slider,
        "unit": kind.unit,
        "choices": getattr(kind, "options", ()),
        "odd": getattr(kind, "odd", False),
    }
