"""`filterlab merge`: layers that are weighted sums become one, with the same numbers."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits
from filterlab.cli.parser import path, shape
from filterlab.text.messages import say

if TYPE_CHECKING:
    from filterlab.merging.whole import MergedAll


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("merge", help="several layers as one, with the same numbers", description=__doc__)
    p.add_argument("pipeline", metavar="PIPELINE", type=path, help="a .json, .safetensors or .onnx file")
    p.add_argument(
        "nodes",
        metavar="NODE",
        nargs="*",
        help="merge each with the next, or the branches that meet in it; by default all that becomes no dearer",
    )
    p.add_argument(
        "--out", metavar="P.json|P.safetensors", type=path, required=True, help="the file to write"
    )
    p.add_argument("--size", metavar="CxHxW", type=shape, help="the picture's shape, where it matters")
    p.add_argument(
        "--borders", action="store_true", help="without NODE: also where cells at the border change"
    )
    p.add_argument(
        "--dearer", action="store_true", help="without NODE: also where it takes more multiply-adds"
    )
    add_writing(p)
    p.set_defaults(execute=execute)


def add_writing(p: argparse.ArgumentParser) -> None:
    """Declare the options of commands that write one pipeline and say what became of it."""
    p.add_argument("--overwrite", action="store_true", help="replace an existing file")
    p.add_argument("--json", action="store_true", help="print what was done as JSON")


def check_out(arguments: argparse.Namespace) -> None:
    """Raise FileError where the pipeline cannot be written, before the work."""
    from filterlab.cli import places
    from filterlab.errors import FileError

    out = arguments.out
    if out.suffix not in (".json", ".safetensors"):
        raise FileError(f"the suffix {out.suffix!r} is not known", str(out), "use .json or .safetensors")
    places.check_out(out, arguments.overwrite)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises FilterLabError for nodes that cannot be merged, with the reason."""
    from filterlab.pipeline import Pipeline

    check_out(arguments)
    pipeline = Pipeline.load(arguments.pipeline, arguments.size)
    options = {} if arguments.nodes else {"borders": arguments.borders, "dearer": arguments.dearer}
    found = pipeline.merge(*arguments.nodes, size=arguments.size, **options)
    found.pipeline.save(arguments.out)
    if arguments.json:
        from filterlab.cli.tables import print_json

        print_json({"pipeline": str(arguments.out), **found.to_dict()})
    else:
        _print(found)
    return exits.DONE


def _print(found: MergedAll[Any]) -> None:
    for one in found.merged:
        print(one.words())
        if one.macs is not None:
            print(say("  {:,} multiply-adds instead of {:,}", one.macs[1], one.macs[0]))
    if not found.merged:
        print("nothing was merged")
    if found.kept:
        print(say("not merged: {} node(s)", len(found.kept)))
        for name, reason in found.kept.items():
            print(f"  {name}: {reason}")
