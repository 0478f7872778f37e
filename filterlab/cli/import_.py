"""`filterlab import`: a network of another program as a pipeline file, or its weights put into a pipeline."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits
from filterlab.cli.folding import add_folding, folding_words
from filterlab.cli.parser import path, shape
from filterlab.text.messages import say

if TYPE_CHECKING:
    from filterlab.interop.importing import Imported
    from filterlab.interop.state import Transfer

_SHOWN = 12  # reasons that are printed, the most frequent first


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("import", help="a network from an ONNX file, or weights", description=__doc__)
    p.add_argument(
        "model", metavar="MODEL.onnx|W.safetensors", type=path, help="the network, or weights with --into"
    )
    p.add_argument("--into", metavar="PIPELINE", type=path, help="the pipeline that takes the weights")
    p.add_argument(
        "--by-order",
        action="store_true",
        help="with --into: match what no name matches by order and shape",
    )
    p.add_argument(
        "--out", metavar="P.json|P.safetensors", type=path, required=True, help="the pipeline file to write"
    )
    p.add_argument(
        "--size", metavar="CxHxW", type=shape, help="the picture's shape, where the file leaves it open"
    )
    p.add_argument(
        "--preprocess",
        metavar="NAME",
        help="put nodes before the network: imagenet, 0..255, -1..1, bgr, resize, mean=...;std=..., joined by +",
    )
    p.add_argument(
        "--labels",
        metavar="FILE|NAME",
        help="the names of the classes: a text file with one on each line, or imagenet",
    )
    add_folding(p)
    p.add_argument("--overwrite", action="store_true", help="replace an existing file")
    p.add_argument(
        "--json", action="store_true", help="print the nodes, their tensors, and what was left out"
    )
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises FilterLabError for a file that cannot be read, a wrong size, an existing output."""
    from filterlab.cli import places
    from filterlab.errors import FileError

    if arguments.out.suffix not in (".json", ".safetensors"):
        raise FileError(
            f"the suffix {arguments.out.suffix!r} is not known",
            str(arguments.out),
            "use .json or .safetensors",
        )
    # Before the work, which takes seconds for a large network.
    places.check_out(arguments.out, arguments.overwrite)
    if arguments.into is None and arguments.model.suffix.lower() == ".safetensors":
        raise FileError("it holds weights alone", str(arguments.model), "name their pipeline with --into")
    _network(arguments) if arguments.into is None else _weights(arguments)
    return exits.DONE


def _network(arguments: argparse.Namespace) -> None:
    from filterlab.pipeline import import_onnx

    found = import_onnx(arguments.model, arguments.size, arguments.preprocess, arguments.labels)
    folding = None
    if arguments.fold_batch_norms:
        found, folding = found.fold_batch_norms()
    found.pipeline.save(arguments.out)
    if arguments.json:
        from filterlab.cli.tables import print_json

        folded = {} if folding is None else {"folding": folding.to_dict()}
        print_json({"pipeline": str(arguments.out), **found.to_dict(), **folded})
    else:
        _print(found, arguments)
        if folding is not None:
            print(*folding_words(folding), sep="\n")


def _weights(arguments: argparse.Namespace) -> None:
    from filterlab.errors import FileError
    from filterlab.interop.state import take_state
    from filterlab.pipeline import Pipeline

    pipeline = Pipeline.load(arguments.into, arguments.size)
    found = take_state(pipeline, arguments.model, arguments.by_order)
    if found.matched:
        found.pipeline.save(arguments.out)
    if arguments.json:
        from filterlab.cli.tables import print_json

        print_json({"pipeline": str(arguments.out) if found.matched else None, **found.to_dict()})
    else:
        _print_table(found)
    if not found.matched:
        hint = "--by-order matches by order and shape" if not arguments.by_order else "see the table"
        raise FileError("none of its tensors fits the pipeline", str(arguments.model), hint)


def _print_table(found: Transfer[Any]) -> None:
    from filterlab.cli.tables import print_table
    from filterlab.functional.arrays import shape_text

    rows = [(m.tensor, f"{m.node}.{m.parameter}", shape_text(m.shape), f"by {m.how}") for m in found.matched]
    rows += [(u.name, "", shape_text(u.shape), f"unused: {u.reason}") for u in found.unused]
    rows += [("", u.name, shape_text(u.shape), f"kept: {u.reason}") for u in found.missing]
    print_table(("tensor", "node", "shape", "match"), rows)
    print(f"{len(found.matched)} matched, {len(found.unused)} unused, {len(found.missing)} kept as they were")


def _print(found: Imported, arguments: argparse.Namespace) -> None:
    size = "x".join(map(str, found.size))
    print(say("{}: {} node(s) for a picture of {}", str(arguments.out), len(found.pipeline), size))
    if arguments.preprocess:
        print(f"before the network: {arguments.preprocess}")
    for remark in found.remarks:
        print(remark)
    if not found.left_out:
        return
    print(say("left out: {} tensor(s)", len(found.left_out)))
    reasons = Counter((entry.operator, str(entry.reason)) for entry in found.left_out)
    for (operator, reason), times in reasons.most_common(_SHOWN):
        print(f"  {operator}, {times} times: {reason}" if times > 1 else f"  {operator}: {reason}")
