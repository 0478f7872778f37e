"""One pipeline over many pictures, in one process or several, with a journal so that it can be resumed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Found when they are first used: whoever asks only for the options of a run does not wait for compiled loops.
_HOMES = {
    "Job": "filterlab.batch.planning",
    "Outcome": "filterlab.batch.runner",
    "Plan": "filterlab.batch.planning",
    "Settings": "filterlab.batch.settings",
    "plan": "filterlab.batch.planning",
    "BatchReport": "filterlab.batch.running",
    "run": "filterlab.batch.running",
    "run_jobs": "filterlab.batch.runner",
}

if TYPE_CHECKING:
    from filterlab.batch.planning import Job as Job
    from filterlab.batch.planning import Plan as Plan
    from filterlab.batch.planning import plan as plan
    from filterlab.batch.runner import Outcome as Outcome
    from filterlab.batch.runner import run_jobs as run_jobs
    from filterlab.batch.running import BatchReport as BatchReport
    from filterlab.batch.running import run as run
    from filterlab.batch.settings import Settings as Settings


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(_HOMES)
