"""`filterlab info`: the shapes, costs and receptive fields of a pipeline, layer by layer."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits
from filterlab.cli.parser import memory_size, path, shape

if TYPE_CHECKING:
    from filterlab.pipeline import Pipeline
    from filterlab.run.ledger import Row
    from filterlab.run.tiling.passes import TiledRun

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
    p.add_argument(
        "--memory",
        metavar="SIZE",
        type=memory_size,
        help="say in which tiles `filterlab run --memory SIZE` would make the last maps of such a picture",
    )
    p.add_argument("--tile", metavar="N", type=int, help="the same for tiles that stand for N x N pixels")
    p.add_argument("--json", action="store_true", help="print a list with one entry per node")
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises FilterLabError where the pipeline is wrong or does not fit a picture of that size."""
    pipeline, rows, size = _rows(arguments.pipeline, arguments.size)
    from filterlab.cli.tables import print_json, print_table

    run = _tiled(pipeline, size, arguments.tile, arguments.memory)
    if arguments.json:
        print_json([{**row.to_dict(), **_tiling(run, row.name)} for row in rows])
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
    if run is not None:
        print("\n".join(_tiling_lines(run)))
    return exits.DONE


def _tiled(
    pipeline: Pipeline, size: tuple[int, ...], tile: int | None, memory: int | None
) -> TiledRun | None:
    """How the last maps would be made in tiles; None where nobody asks. Raises FilterLabError where they cannot."""
    if tile is None and memory is None:
        return None
    from filterlab.functional.geometry import pair
    from filterlab.run.tiling.fitting import fit_run
    from filterlab.run.tiling.passes import plan_run

    read = {name for step in pipeline.steps for name in step.inputs}
    wanted = [node.name for node in pipeline if node.name not in read]
    if tile is not None:
        return plan_run(pipeline, size, wanted, pair(tile, "tile", "info", 1))
    assert memory is not None, "one of both was given"
    return fit_run(pipeline, size, wanted, memory)


def _tiling(run: TiledRun | None, name: str) -> dict[str, Any]:
    """What JSON says beside a row: how the node is made in tiles, and with a map that is written, the whole run."""
    if run is None:
        return {}
    whole = next((whole for whole in run.wholes if whole.step.name == name), None)
    how = "tiles" if whole is None else "streamed" if whole.streamed else "gathered"
    made: dict[str, Any] = {"made": how}
    if name in run.wanted:
        made |= {
            "tile": list(run.tiles.tile),
            "grid": list(run.tiles.grid),
            "halo": list(run.halo),
            "passes": len(run.passes),
            "peak": run.peak,
            "extra_work": run.extra,
        }
    return {"tiling": made}


def _tiling_lines(run: TiledRun) -> list[str]:
    from filterlab.run.ledger import bytes_text
    from filterlab.run.tiling.fitting import room_in
    from filterlab.text.messages import say

    down, across = run.tiles.grid
    lines = [
        say(
            "in tiles of {} pixels: {} x {}, in {} pass(es)",
            _times(run.tiles.tile),
            down,
            across,
            len(run.passes),
        ),
        f"halo: a tile reads up to {_times(run.halo)} pixels more, down and across",
        f"peak: {bytes_text(run.peak)} of maps at once, {bytes_text(run.peak - room_in(0))} with the program",
        f"extra work: {100 * run.extra:.1f} % is done more than once",
    ]
    if run.rounded:
        lines.append(f"to round-off only (1e-5 of the range): {', '.join(run.rounded)}")
    return lines


def _rows(file: Path, size: tuple[int, ...] | None) -> tuple[Pipeline, list[Row], tuple[int, ...]]:
    from filterlab.errors import FilterLabError
    from filterlab.pipeline import Pipeline
    from filterlab.run.ledger import ledger

    if file.suffix.lower() == ".onnx":
        size = size or _size_in(file)
    pipeline = Pipeline.load(file, size)
    if not len(pipeline):  # as `run` has it
        raise FilterLabError("the pipeline has no nodes", "info", "add a node: there is nothing to describe")
    if size is not None:
        return pipeline, ledger(pipeline, size), size
    size = (pipeline.check(), _SIDE, _SIDE)
    try:
        return pipeline, ledger(pipeline, size), size
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
