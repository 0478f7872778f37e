"""`filterlab diff`: which node of two pipelines differs first on a picture, and by how much."""

from __future__ import annotations

import argparse
from typing import Any

from filterlab.cli import exits
from filterlab.cli.parser import number, path
from filterlab.cli.picture import pipeline_and_picture


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("diff", help="where two pipelines differ on a picture", description=__doc__)
    p.add_argument("first", metavar="A", type=path, help="a .json, .safetensors or .onnx file")
    p.add_argument("second", metavar="B", type=path, help="another, with nodes of the same names")
    p.add_argument("image", metavar="IMAGE", type=path, help="the picture")
    p.add_argument(
        "--tolerance",
        metavar="X",
        type=number(0),
        help="differences up to this share of a map's range do not count (default: 1e-5)",
    )
    p.add_argument("--json", action="store_true", help="print every node, and the first that differs")
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command; the status is 1 where the picture cannot be read. Raises FilterLabError for everything else."""
    from filterlab.cli.tables import print_json, print_table
    from filterlab.run.comparing import TOLERANCE, compare

    first, image = pipeline_and_picture(arguments.first, arguments.image)
    if image is None:
        return exits.SOME_FAILED
    second = pipeline_and_picture(arguments.second, arguments.image)[0]
    tolerance = TOLERANCE if arguments.tolerance is None else arguments.tolerance
    found = compare(first, second, image, tolerance)
    if arguments.json:
        print_json(found.to_dict())
        return exits.DONE
    rows = [(n.name, f"{n.largest:.3g}", f"{n.relative:.3g}") for n in found.nodes]
    print_table(("node", "largest difference", "share of the range"), rows, right=(1, 2))
    print("no node differs" if found.first is None else f"the first that differs: {found.first}")
    return exits.DONE
