"""`filterlab run`: one pipeline over many pictures."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from filterlab import cli
from filterlab.cli.parser import jobs, path

if TYPE_CHECKING:
    from filterlab.batch import Outcome, Settings

_EPILOG = """
DIR/<stem of the picture>/<node>.png is what a node leaves that only filters the picture; any other node
leaves a file for each channel, <node>-<channel>.png. tiff and npy hold a node's whole float32 map.
"""


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("run", help="run a pipeline over pictures", description=__doc__, epilog=_EPILOG)
    p.add_argument("pipeline", metavar="PIPELINE", type=path, help="a .json or .safetensors file")
    p.add_argument("images", metavar="IMAGE", nargs="+", type=path, help="a picture, or a folder of pictures")
    p.add_argument("--out", metavar="DIR", type=path, required=True, help="where the maps go")
    p.add_argument(
        "--maps", metavar="NAME", action="append", default=[], help="only this node; may be repeated"
    )
    p.add_argument("--format", choices=("png", "tiff", "npy"), default="png", help="default: png")
    p.add_argument(
        "--range",
        metavar="RANGE",
        default="auto",
        help="auto, symmetric or LO,HI: what black and white mean in png",
    )
    p.add_argument("--colormap", metavar="NAME", default="gray", help="gray, viridis, RdBu, ...")
    p.add_argument("--split", action="store_true", help="png: one file a channel, for colour pictures too")
    p.add_argument("--montage", action="store_true", help="add montage.png, a labelled contact sheet")
    p.add_argument("--jobs", metavar="N", type=jobs, default=1, help="processes side by side (default: 1)")
    existing = p.add_mutually_exclusive_group()
    existing.add_argument(
        "--resume", action="store_true", help="leave out pictures that an earlier run has done"
    )
    existing.add_argument("--overwrite", action="store_true", help="replace files that exist")
    p.add_argument("--json", action="store_true", help="print what was done and what failed as JSON")
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises FilterLabError where the command or the pipeline is wrong."""
    from filterlab.batch import plan, run

    settings = _settings(arguments)
    planned = plan(arguments.images)
    done: list[Outcome] = []
    failed: list[Outcome] = []
    try:
        with (
            closing(run(settings, planned, arguments.jobs)) as outcomes,
            _progress(len(planned)) as (step, tell),
        ):
            for outcome in outcomes:
                (failed if outcome.error else done).append(outcome)
                if outcome.error:
                    tell(f"failed: {outcome.picture}: {outcome.error}")
                step()
    except KeyboardInterrupt:
        with suppress(OSError):  # a terminal that was closed
            cli.say(
                f"stopped: {len(done)} of {_count(len(planned), 'picture')} done (--resume does the others)"
            )
        raise
    _report(arguments, done, failed)
    return cli.SOME_FAILED if failed else cli.DONE


def _settings(arguments: argparse.Namespace) -> Settings:
    from filterlab.batch import Settings
    from filterlab.images.display import parse_range
    from filterlab.pipeline import Pipeline

    return Settings(
        Pipeline.load(arguments.pipeline),
        arguments.out,
        maps=tuple(arguments.maps),
        format=arguments.format,
        range=parse_range(arguments.range),
        colormap=arguments.colormap,
        split=arguments.split,
        montage=arguments.montage,
        existing="overwrite" if arguments.overwrite else "resume" if arguments.resume else "keep",
    )


def _report(arguments: argparse.Namespace, done: list[Outcome], failed: list[Outcome]) -> None:
    if arguments.json:
        from filterlab.cli.tables import print_json

        print_json(
            {
                "done": [{"picture": o.picture, "outputs": list(o.outputs)} for o in done],
                "failed": [{"picture": o.picture, "error": o.error} for o in failed],
            }
        )
        return
    files = sum(len(o.outputs) for o in done)
    tail = f", {len(failed)} failed" if failed else ""
    print(f"{_count(len(done), 'picture')} done{tail}: {_count(files, 'file')} in {arguments.out}")


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


Step = Callable[[], None]
Tell = Callable[[str], None]


@contextmanager
def _progress(total: int) -> Iterator[tuple[Step, Tell]]:
    """A bar on the error stream where a person watches several pictures; else only what is told."""
    if total < 2 or not sys.stderr.isatty():
        yield (lambda: None), (lambda text: print(" ".join(text.split()), file=sys.stderr))
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("pictures"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield (
            (lambda: bar.advance(task)),
            (
                lambda text: bar.console.print(
                    " ".join(text.split()), markup=False, highlight=False, soft_wrap=True
                )
            ),
        )
