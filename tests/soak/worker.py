"""The process that reads hostile files: a request a line on standard input, a reply a line on another pipe.

    python -m tests.soak.worker REPLIES

REPLIES is the descriptor of that pipe. Standard output and standard error are the parent's file for noise: whatever
any library says there is a fault. The process may die or hang at any time; its parent watches.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import time
import traceback
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

from filterlab.errors import FilterLabError

# Not IndexError and KeyError: our readers walk off the end of cut files on purpose, and say so.
_MISTAKES = (AttributeError, NameError, TypeError, AssertionError, ZeroDivisionError, re.error)
_ADDRESS_SPACE = 10 << 30  # bytes: the machine must survive what is tried on it


def main() -> None:
    """Serve requests until there are no more."""
    warnings.simplefilter("always")
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with os.fdopen(int(sys.argv[1]), "w") as replies:
        for line in sys.stdin:
            replies.write(json.dumps(_answer(json.loads(line))) + "\n")
            replies.flush()


def _answer(request: dict[str, str]) -> dict[str, Any]:
    module, name = request["reader"].split(":")
    reader = getattr(import_module(module), name)
    before = _memory("VmRSS:", anew=True)
    began = time.process_time()
    reply = _attempt(reader, Path(request["path"]))
    reply["seconds"] = time.process_time() - began
    reply["memory"] = max(_memory("VmHWM:") - before, 0)
    return reply


def _attempt(reader: Any, path: Path) -> dict[str, Any]:
    try:
        return {"status": "read", **reader(path)}
    except FilterLabError as error:
        if disguised := _disguised(error):
            return {
                "status": "fault",
                "what": f"a fault of ours, told as one of the file's: {disguised}; {error}",
            }
        return {"status": "refused", "line": str(error)}
    except BaseException as error:
        frames = traceback.format_tb(error.__traceback__)[-2:]
        return {"status": "fault", "what": f"{type(error).__name__}: {error}", "frames": "".join(frames)}


def _disguised(error: BaseException) -> str:
    """The mistake of our own code that this refusal was made of; "" where there is none.

    Whatever goes wrong is refused as damage, rightly for what decoders raise; but then no mistake of ours shows.
    """
    cause = error.__context__
    while cause is not None:
        frames = traceback.extract_tb(cause.__traceback__)
        if frames and isinstance(cause, _MISTAKES) and "/filterlab/" in frames[-1].filename:
            return f"{type(cause).__name__}: {cause} ({frames[-1].filename}:{frames[-1].lineno})"
        cause = cause.__context__
    return ""


def _memory(field: str, *, anew: bool = False) -> int:
    """Bytes that the process holds ("VmRSS:") or has held at most ("VmHWM:"); `anew` begins to count the most again."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(field))


if __name__ == "__main__":
    main()
