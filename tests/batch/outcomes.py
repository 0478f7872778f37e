"""What tests of batches run, and what they look at."""

from __future__ import annotations

import json

from filterlab.batch import Settings, plan, run
from filterlab.batch.journal import NAME


def outcomes(pipeline, out, inputs, processes=1, **options):
    return list(run(Settings(pipeline, out, **options), plan(inputs).jobs, processes))


def files(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def entries(out):
    """The pictures that the journal has as done, by folder."""
    lines = [json.loads(line) for line in (out / NAME).read_text().splitlines()]
    last = {line["folder"]: line for line in lines if "folder" in line}
    return {folder: line for folder, line in last.items() if "outputs" in line}
