"""`filterlab animate`: a film of the window of a layer sliding over its input while the map fills."""

from __future__ import annotations

import argparse
import re
from typing import Any

from filterlab.cli import exits
from filterlab.cli.parser import number, path, position, whole_number
from filterlab.cli.picture import pipeline_and_picture
from filterlab.cli.places import check_out
from filterlab.errors import shown


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("animate", help="the sliding window of a layer as a film", description=__doc__)
    p.add_argument("pipeline", metavar="PIPELINE", type=path, help="a .json or .safetensors file")
    p.add_argument("image", metavar="IMAGE", type=path, help="a picture")
    p.add_argument("node", metavar="NODE", help="the name of the layer's node")
    p.add_argument("channel", metavar="CHANNEL", type=position, help="from 0")
    p.add_argument("--out", metavar="FILE", type=path, required=True, help=".gif, .webp or .png (animated)")
    p.add_argument(
        "--inputs",
        metavar="A,B",
        type=channels,
        help="channels of the input to show; default: all that are read",
    )
    p.add_argument(
        "--rows",
        metavar="A:B",
        type=rows,
        help="rows of the map, from A up to but not including B, counted from 0",
    )
    p.add_argument(
        "--step",
        metavar="N",
        type=whole_number(1),
        help="every Nth row and column; default: the smallest step that fits 300 frames",
    )
    p.add_argument(
        "--fps",
        metavar="N",
        type=number(0, above=True),
        default=10.0,
        help="frames per second, up to 50; default: 10",
    )
    p.add_argument("--overwrite", action="store_true", help="replace a file that exists")
    p.set_defaults(execute=execute)


def rows(text: str) -> tuple[int, int]:
    """The first row and the row after the last, as in 3:8, for `type=`."""
    found = re.fullmatch(r"([0-9]{1,9}):([0-9]{1,9})", text)
    if not found:
        raise argparse.ArgumentTypeError(f"{shown(text)} is not FIRST:LAST, as 0:16")
    return int(found[1]), int(found[2])


def channels(text: str) -> tuple[int, ...]:
    """Channel numbers, as in 0,5,7, for `type=`."""
    # Nine digits each: int() refuses thousands of them with an error of its own, and no map has as many channels.
    if not re.fullmatch(r"[0-9]{1,9}(,[0-9]{1,9})*", text):
        raise argparse.ArgumentTypeError(f"{shown(text)} is not a list of channels, as 0,5,7")
    return tuple(map(int, text.split(",")))


def execute(arguments: argparse.Namespace) -> int:
    """Run the command; the status is 1 where the picture cannot be read. Raises FilterLabError for everything else."""
    from filterlab.explain.drawing.film import Frames
    from filterlab.explain.explainer import Explainer
    from filterlab.explain.sliding import slide
    from filterlab.images.animation import check_animation, write_animation

    check_out(arguments.out, arguments.overwrite)
    # Twice: here for the suffix and the rate, which are known before a picture is read; below for the size.
    check_animation(arguments.out, 1, (1, 1), arguments.fps)
    pipeline, image = pipeline_and_picture(arguments.pipeline, arguments.image)
    if image is None:
        return exits.SOME_FAILED
    explainer = Explainer(pipeline, image)
    chosen = slide(explainer, arguments.node, arguments.channel, arguments.rows, arguments.step)
    frames = Frames(explainer, chosen, arguments.inputs)
    check_animation(arguments.out, chosen.frames, frames.size, arguments.fps)
    count = write_animation(arguments.out, frames, arguments.fps, overwrite=arguments.overwrite)
    print(f"{count} frames of {frames.size[1]} x {frames.size[0]} pixels: {arguments.out}")
    return exits.DONE
