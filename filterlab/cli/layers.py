"""`filterlab layers`: the layer types and their parameters."""

from __future__ import annotations

import argparse
import inspect
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits

if TYPE_CHECKING:
    from filterlab.layers.base.layer import Layer
from filterlab.parameters import Parameter


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("layers", help="the layer types and their parameters", description=__doc__)
    p.add_argument("key", metavar="LAYER", nargs="?", help="one layer, in full")
    p.add_argument("--json", action="store_true", help="print the declarations as JSON")
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises ParameterError for an unknown layer key."""
    from filterlab.cli.tables import print_json, print_table
    from filterlab.layers.base.registry import layer_type, layer_types

    if arguments.key is not None:
        kind = layer_type(arguments.key)
        print_json(_to_dict(kind)) if arguments.json else _print(kind)
        return exits.DONE
    kinds = sorted(layer_types().values(), key=lambda kind: (kind.group, kind.key))
    if arguments.json:
        print_json([_to_dict(kind) for kind in kinds])
    else:
        rows = [(k.group, k.key, k.__name__, _doc(k).partition("\n")[0]) for k in kinds]
        print_table(("group", "layer", "class", "what it does"), rows)
    return exits.DONE


def _print(kind: type[Layer]) -> None:
    from filterlab.cli.tables import print_table

    print(f"{kind.key}: {kind.title} (fl.{kind.__name__})\n\n{_doc(kind)}\n")
    rows = [
        (p.name, "required" if p.required else p.default_json(), p.kind.unit, p.kind.legal(), p.doc)
        for p in kind.declarations()
    ]
    if rows:
        print_table(("parameter", "default", "unit", "legal", ""), rows)


def _doc(kind: type[Layer]) -> str:
    # getdoc takes off the indentation of the source, which __doc__ keeps.
    return inspect.getdoc(kind) or ""


def _to_dict(kind: type[Layer]) -> dict[str, Any]:
    head = {
        "key": kind.key,
        "class": kind.__name__,
        "title": kind.title,
        "group": kind.group,
        "doc": _doc(kind),
    }
    return {**head, "inputs": list(kind.arity), "parameters": [_parameter(p) for p in kind.declarations()]}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    kind = parameter.kind
    return {
        "name": parameter.name,
        "doc": parameter.doc,
        "required": parameter.required,
        "default": parameter.default_json(),
        "legal": kind.legal(),
        "unit": kind.unit,
        "slider": None if kind.slider is None else list(kind.slider),
        "schema": kind.schema(),
    }
