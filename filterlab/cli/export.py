"""`filterlab export`: a pipeline for other programs, as an ONNX file, PyTorch source, or safetensors."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from filterlab.cli import exits
from filterlab.cli.folding import add_folding, folding_words
from filterlab.cli.parser import path, shape

_SUFFIXES = {"onnx": ".onnx", "pytorch": ".py", "safetensors": ".safetensors"}


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser(
        "export", help="a pipeline as ONNX, PyTorch source or safetensors", description=__doc__
    )
    p.add_argument("pipeline", metavar="PIPELINE", type=path, help="a .json, .safetensors or .onnx file")
    p.add_argument("--to", choices=sorted(_SUFFIXES), required=True, help="the kind of file")
    p.add_argument(
        "--out",
        metavar="FILE",
        type=path,
        required=True,
        help="the file to write; PyTorch source has its weights in a .safetensors file beside it",
    )
    p.add_argument(
        "--size", metavar="CxHxW", type=shape, help="the picture's shape, which an ONNX file needs"
    )
    add_folding(p)
    p.add_argument("--overwrite", action="store_true", help="replace existing files")
    p.add_argument("--json", action="store_true", help="print the files that were written")
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises FilterLabError for a layer without an equivalent, naming the node."""
    from filterlab.pipeline import Pipeline

    targets = _targets(arguments)
    pipeline, folding = Pipeline.load(arguments.pipeline, arguments.size), None
    if arguments.fold_batch_norms:
        folding = pipeline.fold_batch_norms()
        pipeline = folding.pipeline
    if arguments.to == "onnx":
        _onnx(pipeline, arguments)
    elif arguments.to == "pytorch":
        from filterlab.interop.exporting.torch import torch_module

        torch_module(pipeline).save(arguments.out, overwrite=arguments.overwrite)
    else:
        pipeline.save(arguments.out)
    if arguments.json:
        from filterlab.cli.tables import print_json

        folded = {} if folding is None else {"folding": folding.to_dict()}
        print_json({"files": [str(target) for target in targets], **folded})
    else:
        print(*targets, *([] if folding is None else folding_words(folding)), sep="\n")
    return exits.DONE


def _targets(arguments: argparse.Namespace) -> list[Path]:
    """The files that are written. Raises FileError where that is not possible, before the work."""
    from filterlab.cli import places
    from filterlab.errors import FileError

    suffix = _SUFFIXES[arguments.to]
    if arguments.out.suffix != suffix:
        what = f"the suffix {arguments.out.suffix!r} is not that of {arguments.to}"
        raise FileError(what, str(arguments.out), f"use {suffix}")
    targets = [arguments.out]
    if arguments.to == "pytorch":
        targets.append(arguments.out.with_suffix(".safetensors"))
    for target in targets:
        if target.resolve() == arguments.pipeline.resolve():
            raise FileError("it is the pipeline itself", str(target), "choose another name")
        places.check_out(target, arguments.overwrite)
    return targets


def _onnx(pipeline: Any, arguments: argparse.Namespace) -> None:
    from filterlab.errors import NeedsSizeError
    from filterlab.interop.exporting.onnx import export_onnx

    size = arguments.size
    if size is None and arguments.pipeline.suffix.lower() == ".onnx":
        from filterlab.interop.importing import input_size

        size = input_size(arguments.pipeline)
    if size is None or None in size:
        raise NeedsSizeError("an ONNX file is for pictures of one size", "export", "give --size CxHxW")
    export_onnx(pipeline, arguments.out, size, overwrite=arguments.overwrite)
