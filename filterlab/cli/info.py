"""`filterlab info`: the shapes, costs and receptive fields of a pipeline, layer by layer."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits
from filterlab.cli.parser import path, shape

if TYPE_CHECKING:
    from filterlab.run.ledger import Row

_SIDE = 224  # pixels; the size that most published networks expect
_HEADERS = (
    "node",
    "layer",
    "output shape",
    "parameters",
    "multiply-adds",
    "receptive field",
    "stride",
    "padding",
)


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser(
        "info", help="shapes, parameters, multiply-adds and receptive fields", description=__doc__
    )
    p.add_argument("pipeline", metavar="PIPELINE", type=path, help="a .json, .safetensors or .onnx file")
    p.add_argument(
        "--size", metavar="CxHxW", type=shape, help=f"the picture's shape (default: {_SIDE} high and wide)"
    )
    p.add_argument("--json", action="store_true", help="print a list with one entry per node")
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises FilterLabError where the pipeline is wrong or does not fit a picture of that size."""
    rows, size = _rows(arguments.pipeline, arguments.size)
    from filterlab.cli.tables import print_json, print_table

    if arguments.json:
        print_json([row.to_dict() for row in rows])
        return exits.DONE
    print(f"for a picture of {_times(size)}")
    total = (
        "total",
        "",
        "",
        f"{sum(r.parameters for r in rows):,}",
        f"{sum(r.macs for r in rows):,}",
        "",
        "",
        "",
    )
    print_table(_HEADERS, [*map(_cells, rows), total], right=(3, 4))
    for row in rows:
        if row.reason:
            print(f"{row.name} has no receptive field: {row.reason}")
    return exits.DONE


def _rows(file: Path, size: tuple[int, ...] | None) -> tuple[list[Row], tuple[int, ...]]:
    from filterlab.errors import FilterLabError
    from filterlab.pipeline import Pipeline
    from filterlab.run.ledger import ledger

    if file.suffix.lower() == ".onnx":
        size = size or _size_in(file)
    pipeline = Pipeline.load(file, size)
    if not len(pipeline):  # as `run` has it
        raise FilterLabError("the pipeline has no nodes", "info", "add a node: there is nothing to describe")
    if size is not None:
        return ledger(pipeline, size), size
    size = (pipeline.check(), _SIDE, _SIDE)
    try:
        return ledger(pipeline, size), size
    except FilterLabError as error:
        # Nobody asked for this size, so that the error has to say where it comes from.
        error.hint = f"for a picture of {_times(size)}; name another with --size CxHxW"
        raise


def _size_in(file: Path) -> tuple[int, ...]:
    """The picture that an ONNX file asks for, with the usual size for what it leaves open."""
    from filterlab.interop.importing import input_size

    return tuple(n or usual for n, usual in zip(input_size(file), (3, _SIDE, _SIDE), strict=True))


def _cells(row: Row) -> tuple[str, ...]:
    field = row.receptive_field
    seen = ("none", "", "")
    if field is not None:
        size = "the whole picture" if field.whole else _times(field.size)
        seen = (size, _times(field.stride), _pair(field.padding))
    return row.name, row.layer, _times(row.shape), f"{row.parameters:,}", f"{row.macs:,}", *seen


def _times(numbers: tuple[Any, ...]) -> str:
    return "x".join(f"{n:g}" if isinstance(n, float) else str(n) for n in numbers)


def _pair(numbers: tuple[Any, ...]) -> str:
    return ", ".join(f"{n:g}" if isinstance(n, float) else str(n) for n in numbers)
