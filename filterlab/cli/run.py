"""`filterlab run`: one pipeline over many pictures."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits
from filterlab.cli.parser import jobs, path
from filterlab.errors import ParameterError

if TYPE_CHECKING:
    from filterlab.batch import Outcome, Plan, Settings

_EPILOG = """
DIR/<stem of the picture>/<node>.png is what a node leaves that only filters the picture; any other node
leaves a file for each channel, <node>-<channel>.png. tiff and npy hold a node's whole float32 map.
"""


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("run", help="run a pipeline over pictures", description=__doc__, epilog=_EPILOG)
    p.add_argument("pipeline", metavar="PIPELINE", type=path, help="a .json or .safetensors file")
    p.add_argument(
        "images",
        metavar="IMAGE",
        nargs="+",
        type=_word,
        help="a picture, a folder of pictures, or a pattern; - is a picture from standard input, "
        "@FILE and @- are lists of paths, one a line",
    )
    p.add_argument(
        "--page",
        metavar="N|all",
        type=_page,
        help="which page or frame of pictures that have several, from 1 (default: the first; the others are named)",
    )
    _add_maps(p)
    _add_existing(p)
    p.add_argument("--jobs", metavar="N", type=jobs, default=1, help="processes side by side (default: 1)")
    p.add_argument("--json", action="store_true", help="print what was done and what failed as JSON")
    p.set_defaults(execute=execute)


def _add_maps(p: argparse.ArgumentParser) -> None:
    """Declare the options of what is written."""
    p.add_argument("--out", metavar="DIR", type=path, required=True, help="the folder for the maps")
    p.add_argument(
        "--maps", metavar="NAME", action="append", default=[], help="only this node; may be repeated"
    )
    p.add_argument("--format", choices=("png", "tiff", "npy"), default="png", help="default: png")
    p.add_argument(
        "--range",
        metavar="RANGE",
        default="auto",
        help="auto, symmetric, percentile[:LO,HI] or LO,HI: what black and white mean in png",
    )
    p.add_argument("--colormap", metavar="NAME", default="gray", help="gray, viridis, RdBu, ...")
    p.add_argument("--split", action="store_true", help="png: one file per channel, for colour pictures too")
    p.add_argument("--montage", action="store_true", help="add montage.png, a labelled contact sheet")


def _add_existing(p: argparse.ArgumentParser) -> None:
    """Declare the options for files that are already there."""
    existing = p.add_mutually_exclusive_group()
    existing.add_argument(
        "--resume", action="store_true", help="leave out pictures that an earlier run has done"
    )
    existing.add_argument("--overwrite", action="store_true", help="replace files that exist")
    p.add_argument(
        "--verify",
        action="store_true",
        help="with --resume: compare the files of pictures that are done by digest",
    )


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises FilterLabError where the command or the pipeline is wrong."""
    from filterlab.batch import plan

    # argparse knows options that exclude each other, but none that need each other.
    if arguments.verify and not arguments.resume:
        raise ParameterError("--verify compares what an earlier run has done", "run", "give --resume with it")
    settings = _settings(arguments)
    with _standard_input(arguments.images) as copy:
        planned = plan(arguments.images, arguments.page, copy)
        report = _Report(planned)
        try:
            _follow(arguments, settings, report)
        except KeyboardInterrupt:
            with suppress(OSError, ValueError):  # the terminal may be gone
                done, total = len(report.done), _count(len(planned.jobs), "picture")
                exits.say(f"stopped: {done} of {total} done (--resume does the others)")
            raise
    report.show(arguments)
    return exits.SOME_FAILED if report.failed else exits.DONE


def _follow(arguments: argparse.Namespace, settings: Settings, report: _Report) -> None:
    """Run the batch, and report each picture as it comes."""
    from filterlab.batch import run
    from filterlab.cli.watching import watched

    jobs = report.plan.jobs
    with (
        # Closed at once after Ctrl-C too, which ends the workers and unlocks the folder; an open generator waits for
        # the collector.
        closing(run(settings, jobs, arguments.jobs, verify=arguments.verify)) as outcomes,
        watched("pictures", len(jobs)) as watch,
    ):
        for name in report.plan.repeated:
            watch.line(f"named more than once, done once: {name}")
        for number, outcome in enumerate(outcomes, 1):
            for line in report.add(outcome):
                watch.line(line)
            watch(number, f"{len(report.failed)} failed" if report.failed else "")


class _Report:
    """The outcomes of a batch, sorted into done and failed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.done: list[Outcome] = []
        self.failed: list[Outcome] = []

    def add(self, outcome: Outcome) -> Iterator[str]:
        """Take in an outcome; yields the lines to print at once."""
        (self.failed if outcome.error else self.done).append(outcome)
        page = f", page {outcome.page}" if outcome.page is not None else ""
        if outcome.error:
            yield f"failed: {outcome.picture}{page}: {outcome.error}"
        for remark in outcome.remarks:
            yield f"note: {outcome.picture}{page}: {remark}"
        if outcome.left_out:
            yield f"left out: {outcome.picture}: {_pages(outcome.left_out)} (--page all does every page)"

    def show(self, arguments: argparse.Namespace) -> None:
        """Print the summary, or the document of --json, on standard output."""
        if arguments.json:
            from filterlab.cli.tables import print_json

            print_json(self._document())
            return
        files = sum(len(o.outputs) for o in self.done)
        tail = f", {len(self.failed)} failed" if self.failed else ""
        tail += f", {len(self.plan.repeated)} repeated" if self.plan.repeated else ""
        print(f"{_count(len(self.done), 'picture')} done{tail}: {_count(files, 'file')} in {arguments.out}")

    def _document(self) -> dict[str, Any]:
        """The document of --json. `done` and `failed` are always there, other keys only where they hold something."""
        more = {
            "repeated": list(self.plan.repeated),
            "left_out": [{**_named(o), "pages": list(o.left_out)} for o in self.done if o.left_out],
            "remarks": [{**_named(o), "remark": r} for o in (*self.done, *self.failed) for r in o.remarks],
        }
        return {
            "done": [{**_named(o), "outputs": list(o.outputs)} for o in self.done],
            "failed": [{**_named(o), "error": o.error} for o in self.failed],
            **{key: values for key, values in more.items() if values},
        }


def _named(outcome: Outcome) -> dict[str, Any]:
    picture: dict[str, Any] = {"picture": outcome.picture}
    return picture if outcome.page is None else {**picture, "page": outcome.page}


def _pages(pages: tuple[int, ...]) -> str:
    first, last = pages[0], pages[-1]
    return f"page {first}" if first == last else f"pages {first} to {last}"


@contextmanager
def _standard_input(words: list[str]) -> Iterator[Path | None]:
    """Yield the copy of the picture on standard input where one of the words is `-`, else None."""
    from filterlab.batch.inputs import STANDARD_INPUT, copy_standard_input

    if STANDARD_INPUT not in words:
        yield None
        return
    if f"@{STANDARD_INPUT}" in words:
        raise ParameterError("- and @- both read standard input", "run", "give one of them")
    with TemporaryDirectory(prefix="filterlab-") as folder:
        yield copy_standard_input(Path(folder))


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


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _word(text: str) -> str:
    """A word that names pictures, for `type=`. An empty one, as from an unset variable, does not mean this folder."""
    if text in ("", "@"):
        raise argparse.ArgumentTypeError("the name is empty")
    return text


def _page(text: str) -> int | str:
    """A page from 1, or "all", for `type=`."""
    if text == "all":
        return text
    if not re.fullmatch("[0-9]{1,9}", text) or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r:.40} is not a page: give a whole number from 1, or all")
    return int(text)
