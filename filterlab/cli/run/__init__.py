"""`filterlab run`: one pipeline over many pictures."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits
from filterlab.cli.parser import path
from filterlab.errors import ParameterError

if TYPE_CHECKING:
    from filterlab.batch import Settings
    from filterlab.batch.options.recipe import Recipe

_EPILOG = """
DIR/<stem of the picture>/<node>.png is what a node leaves that only filters the picture; any other node
leaves a file for each channel, <node>-<channel>.png. tiff and npy hold a node's whole float32 map.
`filterlab run JOB.toml` does what a recipe says; --print-recipe writes one. Flags win over its keys, and
--no-<flag> takes back one that stands there alone.
"""


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("run", help="run a pipeline over pictures", description=__doc__, epilog=_EPILOG)
    p.complete, p.mixed = _complete, True
    p.set_defaults(execute=execute)


def _complete(p: argparse.ArgumentParser) -> None:
    from filterlab.cli.run.flags import add_flags

    p.add_argument(
        "pipeline",
        metavar="PIPELINE",
        type=_place,
        help="a .json, .safetensors or .onnx file; or a recipe, a .toml file that says the rest as well",
    )
    p.add_argument(
        "images",
        metavar="IMAGE",
        nargs="*",
        type=_word,
        help="a picture, a folder of pictures, or a pattern; - is a picture from standard input, "
        "@FILE and @- are lists of paths, one a line",
    )
    p.add_argument("--out", metavar="DIR", type=_place, help="the folder for the maps")
    p.add_argument(
        "--print-recipe", action="store_true", help="print the recipe that asks for the same, and do nothing"
    )
    add_flags(p)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises FilterLabError where the command or the pipeline is wrong."""
    from filterlab.batch.remote.folder import staged
    from filterlab.cli.run.flags import recipe_of
    from filterlab.cli.run.following import follow

    recipe = recipe_of(arguments)
    if arguments.print_recipe:
        print(recipe.to_toml(), end="")
        return exits.DONE
    if recipe.options.watch and not {"-", "@-"}.isdisjoint(recipe.images):
        raise ParameterError("standard input cannot be watched", "--watch", "name folders as IMAGE")
    with _standard_input(recipe.images) as copy, staged(recipe.out) as folder:
        return follow(recipe, settings_of(replace(recipe, out=str(folder))), copy)


def settings_of(recipe: Recipe) -> Settings:
    """The settings that a run is told. Raises FilterLabError."""
    from filterlab.batch import Settings
    from filterlab.pipeline import Pipeline

    return Settings.told(Pipeline.load(recipe.pipeline), Path(recipe.out), recipe.options)


@contextmanager
def _standard_input(words: Sequence[str]) -> Iterator[Path | None]:
    """Yield the copy of the picture on standard input where one of the words is `-`, else None."""
    from filterlab.batch.inputs import STANDARD_INPUT, copy_standard_input

    if STANDARD_INPUT not in words:
        yield None
        return
    if f"@{STANDARD_INPUT}" in words:
        raise ParameterError("- and @- both read standard input", "run", "give one of them")
    with TemporaryDirectory(prefix="filterlab-") as folder:
        yield copy_standard_input(Path(folder))


def _word(text: str) -> str:
    """A word that names pictures, for `type=`. An empty one, as from an unset variable, does not mean this folder."""
    if text in ("", "@"):
        raise argparse.ArgumentTypeError("the name is empty")
    return text


def _place(text: str) -> str:
    """A file or folder, for `type=`."""
    path(text)
    return text
