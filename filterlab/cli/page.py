"""`filterlab page`: a value and the sums behind it as one HTML file that needs no network."""

from __future__ import annotations

import argparse
from typing import Any

from filterlab.cli import exits
from filterlab.cli.parser import path, position
from filterlab.cli.picture import pipeline_and_picture
from filterlab.cli.places import check_out
from filterlab.text.messages import say


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("page", help="a value and its sums as one HTML file", description=__doc__)
    p.add_argument("pipeline", metavar="PIPELINE", type=path, help="a .json, .safetensors or .onnx file")
    p.add_argument("image", metavar="IMAGE", type=path, help="a picture")
    p.add_argument("node", metavar="NODE", help="the name of the layer's node")
    p.add_argument("channel", metavar="CHANNEL", type=position, help="from 0; the position in a vector")
    p.add_argument("row", metavar="ROW", type=position, nargs="?", default=0, help="from 0, at the top")
    p.add_argument("col", metavar="COL", type=position, nargs="?", default=0, help="from 0, at the left")
    p.add_argument("--out", metavar="PAGE.html", type=path, required=True, help="the file to write")
    p.add_argument("--title", metavar="TEXT", default="", help="what stands above it (default: the value)")
    p.add_argument(
        "--language",
        choices=("en", "zh_CN"),
        default="en",
        help="the language that the page begins with; it holds both",
    )
    p.add_argument("--theme", choices=("light", "dark"), default="", help="default: that of the reader")
    p.add_argument("--overwrite", action="store_true", help="replace a file that exists")
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command; the status is 1 where the picture cannot be read. Raises FilterLabError for everything else."""
    from filterlab.errors import ParameterError

    if arguments.out.suffix.lower() not in (".html", ".htm"):
        what = say("{!r} does not end in {}", str(arguments.out), ".html")
        raise ParameterError(what, "page", parameter="out")
    check_out(arguments.out, arguments.overwrite)
    pipeline, image = pipeline_and_picture(arguments.pipeline, arguments.image)
    if image is None:
        return exits.SOME_FAILED
    place = arguments.channel, arguments.row, arguments.col
    page = pipeline.page(
        image,
        arguments.node,
        *place,
        picture=arguments.image.name,
        title=arguments.title,
        language=arguments.language,
        theme=arguments.theme,
    )
    page.write(arguments.out, overwrite=arguments.overwrite)
    for text in page.left_out:
        exits.say(f"left out: {text['en']}")
    print(arguments.out)
    return exits.DONE
