"""What must be the same on every machine of a cluster, or the files would differ."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import filterlab
from filterlab.text.messages import say

Versions = Mapping[str, str | None]


def own_versions() -> Versions:
    """Those of this process. Of Python the first two numbers, which decide what a pickle means."""
    return {
        "filterlab": filterlab.__version__,
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "NumPy": np.__version__,
    }


def versions_of(worker: Mapping[str, Any]) -> Versions:
    """Those of a worker, from what `Client.get_versions` says of it."""
    packages = worker["packages"]
    return {
        "filterlab": packages.get("filterlab"),
        "Python": ".".join(str(worker["host"]["python"]).split(".")[:2]),
        "NumPy": packages.get("numpy"),
    }


def make_trial() -> Callable[[], None]:
    """A function that imports, on a worker, what its tasks need; made here, so that it travels by value."""

    def trial() -> None:
        import filterlab.batch.worker  # noqa: F401

    return trial


def lacking(found: Any) -> str:
    """What a worker lacks for the tasks, from what the trial has returned there; empty for nothing.

    Raises the error of a worker that was lost meanwhile.
    """
    if isinstance(found, ImportError):
        return say("its filterlab cannot be imported: {}", str(found))
    if isinstance(found, Exception):
        raise found
    return ""


def difference(wanted: Versions, there: Versions) -> str:
    """What differs, in words; empty where nothing does."""
    for name, version in wanted.items():
        found = there.get(name)
        if found is None or found == "MISSING":
            return say("it has no {}, here is {}", name, version)
        if found != version:
            return say("it has {} {}, here is {}", name, found, version)
    return ""
