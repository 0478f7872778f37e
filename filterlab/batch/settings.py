"""The settings of a batch: what it does with each picture."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from filterlab.batch.options.declared import FORMATS, RunOptions, Writing, options_of
from filterlab.batch.options.template import name_template
from filterlab.errors import ParameterError
from filterlab.images.display import colormap_table, display_range
from filterlab.pipeline import Pipeline
from filterlab.run.files import to_dict
from filterlab.text.messages import say

MONTAGE = "montage"
ALL = "all"  # in place of the names of all maps, unless a node has that name
# Bytes of a node's name, and of one part of it: file systems take 255 per part, and "-<channel>.png" is appended.
_LONGEST_NAME, _LONGEST_PART = 900, 230


@dataclass(frozen=True)
class Settings(Writing):
    """A pipeline and how its maps are written into the folder `out`; `Writing` declares the other fields.

    maps: names of the nodes to write; () or "all" stands for all. existing: "keep" fails a picture whose files exist,
    "overwrite" replaces them, "resume" skips pictures that the folder's journal lists as done and replaces the files of
    the others. verify: of pictures that are done in tiles some tiles are computed again. Raises ParameterError for
    unknown names, ranges, colour maps and formats, and for names too long for files.
    """

    pipeline: Pipeline
    out: Path
    existing: str = field(default="keep", kw_only=True)
    verify: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if not len(self.pipeline):
            raise ParameterError(
                "the pipeline has no nodes", "batch", "add a node: there is nothing to write"
            )
        for name in self.maps if not self._asks_for_all else ():
            self.pipeline.node(name)
        for name in self.names:
            _check_length(name)
        # Called for their checks, so that a wrong word is told before the first picture is read.
        if self.name:
            name_template(self.name)
        display_range([[0.0]], self.range)
        colormap_table(self.colormap)
        for name, legal in (("format", FORMATS), ("existing", ("keep", "overwrite", "resume"))):
            if getattr(self, name) not in legal:
                what = say("{} is {!r}", name, getattr(self, name))
                raise ParameterError(what, "batch", say("one of {}", ", ".join(legal)), parameter=name)
        if self.montage and MONTAGE in self.pipeline:
            hint = say("rename the node, or leave --montage out")
            raise ParameterError(say("a node is named {!r}, as the contact sheet is", MONTAGE), "batch", hint)

    @classmethod
    def told(cls, pipeline: Pipeline, out: Path, options: RunOptions) -> Settings:
        """The settings that the options of a run ask for. Raises as the class does."""
        return cls(pipeline, out, existing=options.existing, **options.part(Writing))

    @property
    def names(self) -> tuple[str, ...]:
        """The nodes that are written, in the pipeline's order."""
        every = not self.maps or self._asks_for_all
        return tuple(node.name for node in self.pipeline if every or node.name in self.maps)

    @property
    def in_tiles(self) -> bool:
        """Whether pictures that are large are done in tiles."""
        return self.tile is not None or self.memory is not None

    @property
    def _asks_for_all(self) -> bool:
        return self.maps == (ALL,) and ALL not in self.pipeline

    def words(self) -> list[str]:
        """The options of `filterlab run` that ask for these settings, but for the pipeline and the folder."""
        asked = [word for name, o in options_of(Writing).items() for word in o.words(getattr(self, name))]
        return asked if self.existing == "keep" else [*asked, f"--{self.existing}"]

    def fingerprint(self) -> str:
        """A digest that is equal for settings that write the same files with the same content."""
        # What has its default is left out, so that an option which is declared later leaves earlier journals valid.
        shown = {
            name: getattr(self, name)
            for name, declared in options_of(Writing).items()
            if declared.content and getattr(self, name) != declared.default
        }
        text = json.dumps([to_dict(self.pipeline), shown], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _check_length(name: str) -> None:
    longest = max(len(os.fsencode(part)) for part in name.split("/"))
    if longest > _LONGEST_PART or len(os.fsencode(name)) > _LONGEST_NAME:
        what = say("the name '{}...' of {} letter(s) is too long for a file", name[:20], len(name))
        raise ParameterError(what, "batch", "give the node a shorter one", parameter="name", node=name)
