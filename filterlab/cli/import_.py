"""`filterlab import`: a network of another program, from an ONNX file, as a pipeline file."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits
from filterlab.cli.parser import path, shape

if TYPE_CHECKING:
    from filterlab.interop.importing import Imported

_SHOWN = 12  # reasons that are printed, the most frequent first


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("import", help="a network from an ONNX file, as a pipeline", description=__doc__)
    p.add_argument("model", metavar="MODEL.onnx", type=path, help="the network")
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
    p.add_argument("--labels", metavar="FILE", type=path, help="the names of the classes, one on each line")
    p.add_argument("--overwrite", action="store_true", help="replace an existing file")
    p.add_argument(
        "--json", action="store_true", help="print the nodes, their tensors, and what was left out"
    )
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises FilterLabError for a file that cannot be read, a wrong size, an existing output."""
    from filterlab.errors import FileError
    from filterlab.files import check_place
    from filterlab.interop.importing.labels import read_labels
    from filterlab.pipeline import import_onnx

    if arguments.out.suffix not in (".json", ".safetensors"):
        raise FileError(
            f"the suffix {arguments.out.suffix!r} is not known",
            str(arguments.out),
            "use .json or .safetensors",
        )
    # Before the work, which takes seconds for a large network.
    check_place(arguments.out, arguments.overwrite)
    labels = None if arguments.labels is None else read_labels(arguments.labels)
    found = import_onnx(arguments.model, arguments.size, arguments.preprocess, labels)
    found.pipeline.save(arguments.out)
    if arguments.json:
        from filterlab.cli.tables import print_json

        print_json({"pipeline": str(arguments.out), **found.to_dict()})
    else:
        _print(found, arguments)
    return exits.DONE


def _print(found: Imported, arguments: argparse.Namespace) -> None:
    print(f"{arguments.out}: {len(found.pipeline)} nodes for a picture of {'x'.join(map(str, found.size))}")
    if arguments.preprocess:
        print(f"before the network: {arguments.preprocess}")
    for remark in found.remarks:
        print(remark)
    if not found.left_out:
        return
    print(f"left out: {len(found.left_out)} tensors")
    reasons = Counter((entry.operator, str(entry.reason)) for entry in found.left_out)
    for (operator, reason), times in reasons.most_common(_SHOWN):
        print(f"  {operator}, {times} times: {reason}" if times > 1 else f"  {operator}: {reason}")
