"""`filterlab explain`: the sum behind one number of a feature map, and the sums behind its terms."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits
from filterlab.cli.parser import path, position, whole_number
from filterlab.cli.picture import pipeline_and_picture
from filterlab.cli.places import check_out
from filterlab.text.messages import say

if TYPE_CHECKING:
    from filterlab.explain.explanation import Explanation


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("explain", help="the sum behind one number of a map", description=__doc__)
    p.add_argument("pipeline", metavar="PIPELINE", type=path, help="a .json or .safetensors file")
    p.add_argument("image", metavar="IMAGE", type=path, help="a picture")
    p.add_argument("node", metavar="NODE", help="the name of the layer's node")
    p.add_argument("channel", metavar="CHANNEL", type=position, help="from 0; the position in a vector")
    # Optional, as a vector has only row 0 and column 0.
    p.add_argument("row", metavar="ROW", type=position, nargs="?", default=0, help="from 0, at the top")
    p.add_argument("col", metavar="COL", type=position, nargs="?", default=0, help="from 0, at the left")
    p.add_argument(
        "--depth",
        metavar="N",
        type=whole_number(1),
        default=1,
        help="levels of sums: 2 explains the terms of the first sum as well; default: 1",
    )
    p.add_argument(
        "--top", metavar="K", type=whole_number(1), help="only the K terms that contribute most to each sum"
    )
    p.add_argument("--json", action="store_true", help="print the terms, bias and value as JSON")
    for suffix in ("svg", "png"):
        what = f"write a drawing of the first level as {suffix.upper()}"
        p.add_argument(f"--{suffix}", metavar=f"OUT.{suffix}", type=path, help=what)
    p.add_argument("--overwrite", action="store_true", help="replace drawings that exist")
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command; the status is 1 where the picture cannot be read. Raises FilterLabError for everything else."""
    drawings = [
        _checked(target, suffix, arguments.overwrite)
        for target, suffix in ((arguments.svg, ".svg"), (arguments.png, ".png"))
        if target is not None
    ]
    pipeline, image = pipeline_and_picture(arguments.pipeline, arguments.image)
    if image is None:
        return exits.SOME_FAILED
    position = arguments.node, arguments.channel, arguments.row, arguments.col
    found = pipeline.explain(image, *position, depth=arguments.depth, top=arguments.top)
    _draw(found, drawings, overwrite=arguments.overwrite)
    if arguments.json:
        from filterlab.cli.tables import print_json

        print_json(found.to_dict(arguments.top))
    else:
        from filterlab.explain.drawing.outline import outline

        print("\n".join(outline(found, arguments.top)))
    return exits.DONE


def _checked(target: Path, suffix: str, overwrite: bool) -> Path:
    """The file for a drawing. Raises FilterLabError where it cannot be written, before anything is computed."""
    from filterlab.errors import ParameterError

    if target.suffix.lower() != suffix:
        raise ParameterError(
            say("{!r} does not end in {}", str(target), suffix), "explain", parameter=suffix[1:]
        )
    check_out(target, overwrite)
    return target


def _draw(found: Explanation, targets: list[Path], *, overwrite: bool) -> None:
    if targets:
        from filterlab.explain.drawing.diagram import diagram

        drawing = diagram(found)
        for target in targets:
            drawing.write(target, overwrite=overwrite)
