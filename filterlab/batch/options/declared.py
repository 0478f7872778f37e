"""The options of a run, each declared once.

From a declaration come the flag of `filterlab run` and its help, the key of a recipe, the keyword of `batch.run`, what
`--print-recipe` and a copied command say, and, for what is written, the field of `Settings`. Another option is another
line here, in the part that says who obeys it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, get_type_hints

from filterlab.batch.options.kinds import CountOr, DisplayRange, MemorySize, ProgramCall, Text, TextList
from filterlab.batch.options.template import Template
from filterlab.batch.options.where import ConditionText
from filterlab.errors import ParameterError
from filterlab.parameters import Choice, Flag, Integer, Number, Parameter, bind
from filterlab.text.messages import say

FORMATS = ("png", "tiff", "npy")
MOST_JOBS = 256  # each is a process that imports everything once more


@dataclass(frozen=True)
class Option(Parameter):
    """A parameter of a run.

    metavar: stands for the value in the help. content: pictures that were done with another value are not done.
    excludes: options that contradict this one. needs: options of which one must be given, or this one means nothing.
    """

    metavar: str = ""
    content: bool = False
    excludes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name in a recipe, and behind -- on the command line."""
        return self.name.replace("_", "-")

    @property
    def flag(self) -> str:
        """The name on the command line."""
        return f"--{self.key}"

    def from_text(self, text: str) -> Any:
        """The value that a text on the command line stands for. Raises ParameterError."""
        value: Any = text
        # int() and float() would also take digits of other scripts, and spaces and underscores between them.
        if isinstance(self.kind, Integer) and re.fullmatch("-?[0-9]{1,9}", text):
            value = int(text)
        elif self.kind.editor == "number" and re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{0,9})?", text):
            value = float(text)
        return self.read(value, "")

    def words(self, value: Any) -> list[str]:
        """The words of the command line that ask for a value; none where it is the default."""
        if value == self.default:
            return []
        if isinstance(self.kind, Flag):
            return [self.flag]
        if isinstance(self.kind, ProgramCall):
            return [f"{self.flag}={shlex.join(value)}"]
        if isinstance(self.kind, TextList):
            return [f"{self.flag}={item}" for item in value]
        if isinstance(value, tuple):
            value = ",".join(f"{end:.17g}" for end in value)
        elif isinstance(self.kind, MemorySize):
            value = self.kind.to_json(value)
        # One word: a range that begins with a minus would be taken for an option.
        joined = isinstance(self.kind, DisplayRange) or str(value).startswith("-")
        return [f"{self.flag}={value}"] if joined else [self.flag, str(value)]


def options_of(part: type) -> dict[str, Option]:
    """The options that a part declares, by name."""
    hints = get_type_hints(part, include_extras=True)
    found = {}
    for f in fields(part):
        about = getattr(hints[f.name], "__metadata__", ())
        if about:  # else a field that is no option
            kind, doc, *more = about
            found[f.name] = Option(f.name, kind, doc, f.default, **(more[0] if more else {}))
    return found


@dataclass(frozen=True, kw_only=True)
class Choosing:
    """Which pictures are done."""

    page: Annotated[
        Any,
        CountOr(minimum=1, words=("all",), optional=True),
        "which page or frame of pictures that have several, from 1 (default: the first; the others are named)",
        {"metavar": "N|all"},
    ] = None
    recursive: Annotated[
        bool,
        Flag(),
        "of a folder, the pictures in all its folders too; outputs lie in the same folders below DIR",
    ] = False
    where: Annotated[
        str,
        ConditionText(optional=True),
        "only pictures for which a condition holds, as \"width > 1000 and not name like 'IMG*'\": comparisons "
        "(< <= > >= == !=, like with a pattern) of width, height, channels, pages, bytes, suffix, name, numbers (10M) "
        "and 'texts', joined by and, or, not and ( )",
        {"metavar": "CONDITION"},
    ] = ""


@dataclass(frozen=True, kw_only=True)
class Writing:
    """What is written."""

    maps: Annotated[
        tuple[str, ...],
        TextList(),
        "only this node; may be repeated; all for every node, however many files that makes",
        {"metavar": "NAME", "content": True},
    ] = ()
    level: Annotated[
        int,
        Integer(minimum=0, maximum=31),
        "which size of pictures that are pyramids, as OME-TIFF: 0 for the full one (the default), 1 for the next",
        {"metavar": "N", "content": True},
    ] = 0
    name: Annotated[
        str,
        Template(optional=True),
        'where each file lies below DIR, as "{parent}/{stem}/{node}-{channel}"; {suffix} and {page} are known too, '
        "the ending is added; {parent} is the folder of the picture, with --recursive its folders below IMAGE",
        {"metavar": "TEMPLATE", "content": True},
    ] = ""
    format: Annotated[str, Choice(options=FORMATS), "default: png", {"content": True}] = "png"
    range: Annotated[
        Any,
        DisplayRange(),
        "auto, symmetric, percentile[:LO,HI] or LO,HI: what black and white mean in png",
        {"metavar": "RANGE", "content": True},
    ] = "auto"
    colormap: Annotated[str, Text(), "gray, viridis, RdBu, ...", {"metavar": "NAME", "content": True}] = (
        "gray"
    )
    png_level: Annotated[
        int,
        Integer(minimum=0, maximum=9),
        "how hard png is compressed: 0 not at all, 1 fastest, 9 smallest (default: 1)",
        {"metavar": "N", "content": True},
    ] = 1  # 3 % larger than what OpenCV writes unasked, in two thirds of its time; encoding is most of a batch
    split: Annotated[
        bool, Flag(), "png: one file per channel, for colour pictures too", {"content": True}
    ] = False
    montage: Annotated[bool, Flag(), "add montage.png, a labelled contact sheet", {"content": True}] = False
    tile: Annotated[
        int | None,
        Integer(minimum=16, maximum=1 << 16, optional=True, unit="pixels"),
        "do larger pictures in tiles that stand for N x N of their pixels, with the numbers of the whole",
        {"metavar": "N", "excludes": ("montage",)},
    ] = None
    compress: Annotated[
        bool, Flag(), "compress the tiff of pictures that are done in tiles, as others are", {"content": True}
    ] = False
    pyramid: Annotated[
        bool,
        Flag(),
        "add levels of half the size each to the tiff of pictures that are done in tiles",
        {"content": True},
    ] = False
    memory: Annotated[
        int | None,
        MemorySize(optional=True),
        "take no more memory, all processes together, as 800M or 4G: pictures that need more are done in tiles; with "
        "--scheduler, each worker of Dask takes no more",
        {"metavar": "SIZE"},
    ] = None


@dataclass(frozen=True, kw_only=True)
class Working:
    """How it is done."""

    resume: Annotated[
        bool, Flag(), "leave out pictures that an earlier run has done", {"excludes": ("overwrite",)}
    ] = False
    overwrite: Annotated[bool, Flag(), "replace files that exist", {"excludes": ("resume",)}] = False
    verify: Annotated[
        bool,
        Flag(),
        "check files: with --resume, those of pictures that an earlier run has done, by digest, not only by size and "
        "time; with --tile or --memory, those that are made in tiles now, by random tiles computed again and cut "
        "otherwise; with both, both",
        {"needs": ("resume", "tile", "memory")},
    ] = False
    jobs: Annotated[
        Any,
        CountOr(minimum=1, maximum=MOST_JOBS, words=("auto",)),
        "processes side by side, or as many as suit this machine (default: 1)",
        {"metavar": "N|auto"},
    ] = 1
    timeout: Annotated[
        float | None,
        Number(minimum=0, maximum=1e9, open_minimum=True, optional=True, unit="s"),
        "seconds for a picture; one that takes longer fails, and its process is ended",
        {"metavar": "S"},
    ] = None
    retries: Annotated[
        int,
        Integer(minimum=0, maximum=100),
        "how often a picture is tried again whose process ended, that took too long, or whose drive did not answer "
        "(default: 1)",
        {"metavar": "N"},
    ] = 1
    fail_fast: Annotated[bool, Flag(), "stop at the first picture that fails"] = False
    scheduler: Annotated[
        str | None,
        Text(optional=True),
        "let the workers of this scheduler of Dask do it, as tcp://10.0.0.5:8786; they see the same folders",
        {"metavar": "ADDRESS", "excludes": ("jobs",)},
    ] = None
    fetch: Annotated[
        bool,
        Flag(),
        "with --scheduler: send pictures and files through it, for workers that do not see the folders",
        {"needs": ("scheduler",)},
    ] = False
    watch: Annotated[
        bool,
        Flag(),
        "go on with the pictures that arrive in the folders named as IMAGE, as soon as they are whole, until Ctrl-C",
    ] = False
    after: Annotated[
        tuple[str, ...],
        ProgramCall(),
        "start a program, without a shell, for each picture that is done; {picture} in an argument stands for its "
        "path, the argument {outputs} for the paths of its files",
        {"metavar": "COMMAND"},
    ] = ()
    done_file: Annotated[
        bool, Flag(), "write DIR/<folder of the picture>.done, in JSON, when all files of a picture are whole"
    ] = False


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What is told."""

    json: Annotated[bool, Flag(), "print what was done and what failed as JSON"] = False


PARTS: tuple[type, ...] = (Choosing, Writing, Working, Telling)


@dataclass(frozen=True, kw_only=True)
class RunOptions(Telling, Working, Writing, Choosing):
    """All options of a run, in their normal form."""

    @classmethod
    def read(cls, given: Mapping[str, Any], where: str = "run") -> RunOptions:
        """The options with these values, the others at their default.

        Raises ParameterError for an unknown name (naming the nearest), a value that is not allowed, and options that do
        not go together.
        """
        bound = bind(list(OPTIONS.values()), (), given, where, "there is no option {}")
        read = {name: OPTIONS[name].read(value, where) for name, value in bound.items()}
        _check_together({name for name, value in read.items() if value != OPTIONS[name].default}, where)
        return cls(**read)

    @property
    def existing(self) -> str:
        """What becomes of files that exist: "keep", "overwrite" or "resume"."""
        return "overwrite" if self.overwrite else "resume" if self.resume else "keep"

    def part(self, kind: type) -> dict[str, Any]:
        """The values of one part, by name."""
        return {name: getattr(self, name) for name in options_of(kind)}


OPTIONS = {name: declared for part in PARTS for name, declared in options_of(part).items()}


def _check_together(given: set[str], where: str) -> None:
    for name in OPTIONS:
        declared = OPTIONS[name]
        if name in given and (other := given.intersection(declared.excludes)):
            what = say("{} and {} do not go together", declared.flag, OPTIONS[min(other)].flag)
            raise ParameterError(what, where, "leave one out", parameter=name)
        if name in given and declared.needs and not given.intersection(declared.needs):
            what = say("{} goes with {}", declared.flag, ", ".join(OPTIONS[n].flag for n in declared.needs))
            raise ParameterError(what, where, "give one of these, too, or leave it out", parameter=name)
