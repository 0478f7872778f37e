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
    _add_kernel(p)
    p.add_argument("--overwrite", action="store_true", help="replace files that exist")
    p.set_defaults(execute=execute)


def _add_kernel(p: argparse.ArgumentParser) -> None:
    """Declare the options of the kernel here."""
    p.add_argument(
        "--kernel",
        action="store_true",
        help="the whole way to the value as one kernel over the picture and one constant; "
        "--png then draws this kernel, and --json prints it",
    )
    p.add_argument("--out", metavar="K.npy", type=path, help="with --kernel: write it as (C, h, w)")


def execute(arguments: argparse.Namespace) -> int:
    """Run the command; the status is 1 where the picture cannot be read. Raises FilterLabError for everything else."""
    _check_options(arguments)
    files = ((arguments.svg, ".svg"), (arguments.png, ".png"), (arguments.out, ".npy"))
    targets = [_checked(file, suffix, arguments.overwrite) for file, suffix in files if file is not None]
    pipeline, image = pipeline_and_picture(arguments.pipeline, arguments.image)
    if image is None:
        return exits.SOME_FAILED
    position = arguments.node, arguments.channel, arguments.row, arguments.col
    (_kernel if arguments.kernel else _sums)(arguments, pipeline, image, position, targets)
    return exits.DONE


def _check_options(arguments: argparse.Namespace) -> None:
    """Raise ParameterError for options that do not go together."""
    from filterlab.errors import ParameterError

    alone = ("svg", "top") if arguments.kernel else ("out",)
    for name in alone:
        if getattr(arguments, name) is not None:
            what = say("--{} {} --kernel", name, "does not go with" if arguments.kernel else "needs")
            raise ParameterError(what, "explain", parameter=name)


def _kernel(
    arguments: argparse.Namespace, pipeline: Any, image: Any, position: Any, targets: list[Path]
) -> None:
    found = pipeline.local_kernel(image, *position)
    for target in targets:
        _write_kernel(target, found, overwrite=arguments.overwrite)
    if arguments.json:
        from filterlab.cli.tables import print_json

        print_json(found.to_dict())
    else:
        print("\n".join(found.lines()))


def _write_kernel(target: Path, found: Any, *, overwrite: bool) -> None:
    from filterlab.images.writing import write_array, write_pixels

    if target.suffix.lower() == ".npy":
        write_array(target, found.kernel, overwrite=overwrite)
    else:
        from filterlab.explain.drawing.kernels import kernel_sheet

        write_pixels(target, kernel_sheet(found), overwrite=overwrite)


def _sums(
    arguments: argparse.Namespace, pipeline: Any, image: Any, position: Any, targets: list[Path]
) -> None:
    found = pipeline.explain(image, *position, depth=arguments.depth, top=arguments.top)
    _draw(found, targets, overwrite=arguments.overwrite)
    if arguments.json:
        from filterlab.cli.tables import print_json

        print_json(found.to_dict(arguments.top))
    else:
        from filterlab.explain.drawing.outline import outline

        print("\n".join(outline(found, arguments.top)))


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
