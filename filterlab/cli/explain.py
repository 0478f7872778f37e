"""`filterlab explain`: the sum that made one number of one feature map."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from filterlab import cli
from filterlab.cli.parser import path

if TYPE_CHECKING:
    from filterlab.pipeline.explanation import Explanation, Term, Where


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("explain", help="the sum that made one number of a map", description=__doc__)
    p.add_argument("pipeline", metavar="PIPELINE", type=path, help="a .json or .safetensors file")
    p.add_argument("image", metavar="IMAGE", type=path, help="a picture")
    p.add_argument("node", metavar="NODE", help="the name of the layer's node")
    p.add_argument("channel", metavar="CHANNEL", type=int, help="from 0; the position in a vector")
    p.add_argument("row", metavar="ROW", type=int, nargs="?", default=0, help="from 0, at the top")
    p.add_argument("col", metavar="COL", type=int, nargs="?", default=0, help="from 0, at the left")
    p.add_argument("--json", action="store_true", help="print the terms, bias and value as JSON")
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command: status 1 where the picture is at fault. Raises FilterLabError for all else."""
    from filterlab.errors import ImageError
    from filterlab.images import read_image
    from filterlab.pipeline import Pipeline

    pipeline = Pipeline.load(arguments.pipeline)
    try:
        image = read_image(arguments.image)
    except ImageError as error:
        cli.say(str(error))
        return cli.SOME_FAILED
    found = pipeline.explain(image, arguments.node, arguments.channel, arguments.row, arguments.col)
    if arguments.json:
        from filterlab.cli.tables import print_json

        print_json(found.to_dict())
    else:
        _print(found)
    return cli.DONE


def _print(found: Explanation) -> None:
    from filterlab.cli.numbers import short
    from filterlab.cli.tables import print_table

    print(f"{_place(found.where)} = {short(found.value)}")
    print(f"{found.layer}: {found.operation}")
    print_table(
        ("from", "value", "weight", "product"), [_cells(term) for term in found.terms], right=(1, 2, 3)
    )
    if found.terms and all(term.product is not None for term in found.terms):
        products = sum(term.product or 0.0 for term in found.terms)
        print(f"products {short(products)} + bias {short(found.bias)} = {short(products + found.bias)}")


def _cells(term: Term) -> tuple[str, ...]:
    from filterlab.cli.numbers import short

    numbers = ("" if n is None else short(n) for n in (term.value, term.weight, term.product))
    return (_place(term.where), *numbers)


def _place(where: Where) -> str:
    place = f"{where.node}[{where.channel}, {where.row}, {where.col}]"
    if not where.padding:
        return place
    return f"{place} padding" + (f", shows {where.source[0]}, {where.source[1]}" if where.source else "")
