"""What tests of batches run, and what they look at."""

from __future__ import annotations

import json

from filterlab.batch import Settings, plan, run_jobs
from filterlab.batch.journal import NAME
from filterlab.batch.report import NAME as REPORT


def outcomes(pipeline, out, inputs, processes=1, **options):
    return list(run_jobs(Settings(pipeline, out, **options), plan(inputs).jobs, processes))


def files(folder):
    """All files but the report, which is there after every run."""
    found = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return [name for name in found if name != REPORT]


def told(out):
    """The lines of the report."""
    return [json.loads(line) for line in (out / REPORT).read_text().splitlines()]


def entries(out):
    """The pictures that the journal has as done, by folder."""
    lines = [json.loads(line) for line in (out / NAME).read_text().splitlines()]
    last = {line["folder"]: line for line in lines if "folder" in line}
    return {folder: line for folder, line in last.items() if "outputs" in line}
