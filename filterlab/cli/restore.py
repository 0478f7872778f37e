"""`filterlab restore`: undo a blur whose kernel is known or was learned."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits
from filterlab.cli.parser import number, path, whole_number
from filterlab.cli.picture import picture
from filterlab.cli.places import check_out
from filterlab.text.messages import say

if TYPE_CHECKING:
    from filterlab.functional.arrays import Array
    from filterlab.restoration.results import Restoration

_EPILOG = """examples:
  filterlab restore blurred.png --kernel motion_blur size=9 theta=0.785 --out sharp.png
  filterlab learn --input a.png --target a-blurred.png --kernel 9x9 --least-squares --out blur.json
  filterlab restore b-blurred.png --kernel blur.json --out b.png --uncertainty b-error.tiff
"""
_PIPELINES = (".json", ".safetensors", ".onnx")


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser(
        "restore",
        help="undo a blur",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.complete = _complete
    p.set_defaults(execute=execute)


def _complete(p: argparse.ArgumentParser) -> None:
    from filterlab.restoration import options

    p.add_argument("image", metavar="IMAGE", type=path, help="the blurred picture")
    p.add_argument(
        "--kernel",
        metavar=("KERNEL", "KEY=VALUE"),
        nargs="+",
        required=True,
        help="what blurred it: a file with a kernel, a pipeline (FILE:NODE where it has several layers that "
        "may have), or a named kernel with its parameters",
    )
    p.add_argument(
        "--out", metavar="FILE", type=path, required=True, help=".npy and .tiff keep the float numbers"
    )
    for parameter in (options.METHOD, options.BORDER, options.OPERATION):
        kind: Any = parameter.kind
        p.add_argument(
            f"--{parameter.name}",
            choices=kind.options,
            default=parameter.default,
            help=f"{_small(parameter.doc)}; default: {parameter.default}",
        )
    types = {
        options.NOISE: number(0),
        options.STRENGTH: number(0, above=True),
        options.ITERATIONS: whole_number(1, options.MOST_ITERATIONS),
    }
    for parameter, reader in types.items():
        what = _small(parameter.doc).replace("; empty: ", "; default: ")
        p.add_argument(f"--{parameter.name}", metavar="N", type=reader, help=what)
    p.add_argument(
        "--uncertainty",
        metavar="FILE",
        type=path,
        help="write the standard deviation of the error of each pixel",
    )
    p.add_argument("--json", action="store_true", help="print the figures, of each channel too, as JSON")
    p.add_argument("--overwrite", action="store_true", help="replace files that exist")


def _small(doc: str) -> str:
    return doc[0].lower() + doc[1:]


def execute(arguments: argparse.Namespace) -> int:
    """Run the command; the status is 1 where the picture cannot be read. Raises FilterLabError for everything else."""
    from filterlab.images import write_image

    targets = [arguments.out] if arguments.uncertainty is None else [arguments.out, arguments.uncertainty]
    _check_places(targets, arguments.overwrite)
    kernel, added = _kernel(*arguments.kernel)
    image = picture(arguments.image)
    if image is None:
        return exits.SOME_FAILED
    found = _restored(arguments, image, kernel, added)
    for remark in found.remarks:
        exits.say(remark)
    span = float(min(image.min(), 0)), float(max(image.max(), 1))
    write_image(arguments.out, found.image, range=span, overwrite=arguments.overwrite)
    assert found.uncertainty is not None, "the last step has it"
    if arguments.uncertainty is not None:
        span = 0.0, float(found.uncertainty.max())
        write_image(arguments.uncertainty, found.uncertainty, range=span, overwrite=arguments.overwrite)
    _tell(arguments, found)
    return exits.DONE


def _check_places(targets: list[Path], overwrite: bool) -> None:
    """Raise FileError for files that cannot be written, before the work begins."""
    from filterlab.errors import FileError
    from filterlab.images.writing import NUMBER_SUFFIXES, PIXEL_SUFFIXES

    for target in targets:
        if target.suffix.lower() not in (*PIXEL_SUFFIXES, *NUMBER_SUFFIXES):
            hint = say("allowed: {}", ", ".join((*PIXEL_SUFFIXES, *NUMBER_SUFFIXES)))
            raise FileError(say("the suffix {!r} is not known", target.suffix), str(target), hint)
        check_out(target, overwrite)
    if len({target.resolve() for target in targets}) < len(targets):
        raise FileError("the picture and its uncertainty go to one file", str(targets[0]), "name two files")


def _kernel(name: str, *settings: str) -> tuple[Array, Array]:
    """The kernel, and what the blur added to each channel. Raises FilterLabError."""
    import numpy as np

    from filterlab import kernels
    from filterlab.cli.kernels import assignment
    from filterlab.errors import ParameterError

    file, colon, node = name.rpartition(":")
    source = Path(name) if Path(name).exists() or not colon else Path(file)
    # A name without a suffix is that of a kernel, unless there is a file of that name.
    if not source.exists() and not source.suffix:
        return kernels.make(name, **dict(map(assignment, settings))), np.zeros(1, np.float32)
    if settings:
        what = say("{!r} belongs to no named kernel", settings[0])
        raise ParameterError(what, "restore", "leave it out", parameter="kernel")
    if source.suffix.lower() in _PIPELINES:
        return _layer_kernel(source, node if str(source) == file else "")
    return kernels.read_kernel(source), np.zeros(1, np.float32)


def _layer_kernel(file: Path, node: str) -> tuple[Array, Array]:
    from filterlab.errors import ParameterError
    from filterlab.learning.fit.blurring import blur_of, blurring_nodes
    from filterlab.pipeline import Pipeline

    pipeline = Pipeline.load(file)
    names = [node] if node else blurring_nodes(pipeline)
    if len(names) != 1:
        what = say("{} layer(s) of the pipeline may have blurred it", len(names))
        hint = say("write {}:NODE with one of {}", file.name, ", ".join(names)) if names else ""
        raise ParameterError(what, str(file), hint, parameter="kernel")
    return blur_of(pipeline[names[0]])


def _restored(arguments: argparse.Namespace, image: Array, kernel: Array, added: Array) -> Restoration:
    from filterlab.cli.watching import watched
    from filterlab.restoration.restoring import restore_steps

    names = ("method", "border", "noise", "strength", "iterations", "operation")
    steps = restore_steps(image, kernel, bias=added, **{name: getattr(arguments, name) for name in names})
    with watched("iterations", arguments.iterations) as tell:
        for found in steps:
            tell(found.number, f"residual {found.residual:.3g}")
    return found


def _tell(arguments: argparse.Namespace, found: Restoration) -> None:
    """Print what was done: a document, or a line and where the picture is."""
    from filterlab.cli.tables import print_json
    from filterlab.restoration.iterating import size_of

    assert found.uncertainty is not None, "the last step has it"
    error = size_of(found.uncertainty)
    if arguments.json:
        names = [
            "method",
            "border",
            "noise",
            "strength",
            "iterations",
            "residual",
            "stopped",
            "shift",
            "remarks",
        ]
        facts = {name: getattr(found, name) for name in names}
        channels = [asdict(channel) for channel in found.channels]
        print_json({"out": str(arguments.out), **facts, "uncertainty": error, "channels": channels})
        return
    price = "" if found.strength is None else f", strength {found.strength:.3g}"
    print(f"{found.iterations} iteration{'s' * (found.iterations != 1)}: {found.stopped}")
    print(f"noise {found.noise:.3g}{price}, residual {found.residual:.3g}, error about {error:.2g}")
    if (
        max(map(abs, found.shift)) >= 0.005
    ):  # smaller ones are those of a learned kernel's noise, and print as 0.00
        print("the blur had moved the picture by {:.2f} down and {:.2f} right".format(*found.shift))
    print(arguments.out)
