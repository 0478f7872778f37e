"""`filterlab split`: a layer as cheaper ones: columns and rows of a low rank, or a cascade of small kernels."""

from __future__ import annotations

import argparse
from typing import Any

from filterlab.cli import exits
from filterlab.cli.merge import add_writing, check_out
from filterlab.cli.parser import path, shape, whole_number


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("split", help="a layer as several cheaper ones", description=__doc__)
    p.add_argument("pipeline", metavar="PIPELINE", type=path, help="a .json, .safetensors or .onnx file")
    p.add_argument("node", metavar="NODE", help="a Filter or a Convolution")
    how = p.add_mutually_exclusive_group()
    how.add_argument("--rank", metavar="R", type=whole_number(1), help="into R columns and rows")
    how.add_argument(
        "--cascade", metavar="N", type=whole_number(1), help="into kernels of up to N by N: 3, 5, 7, 9"
    )
    p.add_argument(
        "--out",
        metavar="P.json|P.safetensors",
        type=path,
        help="the file to write; without it, the error of each rank",
    )
    p.add_argument("--size", metavar="CxHxW", type=shape, help="the picture's shape, for costs and paddings")
    add_writing(p)
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises FilterLabError for a layer that cannot be split, with the reason."""
    from filterlab.cli.tables import print_json
    from filterlab.errors import ParameterError
    from filterlab.pipeline import Pipeline

    chosen = arguments.rank is not None or arguments.cascade is not None
    if chosen != (arguments.out is not None):
        raise ParameterError(
            "--out goes with --rank or --cascade", "split", "give both, or neither for the errors"
        )
    if arguments.out is not None:
        check_out(arguments)
    pipeline = Pipeline.load(arguments.pipeline, arguments.size)
    if not chosen:
        _print_ranks(pipeline, arguments)
        return exits.DONE
    found = pipeline.split(arguments.node, rank=arguments.rank, piece=arguments.cascade, size=arguments.size)
    found.pipeline.save(arguments.out)
    if arguments.json:
        print_json({"pipeline": str(arguments.out), **found.to_dict()})
    else:
        print(found.words())
    return exits.DONE


def _print_ranks(pipeline: Any, arguments: argparse.Namespace) -> None:
    from filterlab.cli.tables import print_json, print_table
    from filterlab.merging.splitting import check_splits, rank_errors

    errors = rank_errors(check_splits(pipeline, arguments.node))
    if arguments.json:
        print_json({"errors": errors})
        return
    print_table(
        ("rank", "relative error"), [(i, f"{error:.3g}") for i, error in enumerate(errors, 1)], right=(0, 1)
    )
