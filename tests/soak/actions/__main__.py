"""One walk again: `python -m tests.soak.actions SEED STEPS` says what went wrong, or how much memory it took."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.soak.actions.stage import Stage, peak


def main() -> None:
    """See the module."""
    seed, steps = int(sys.argv[1]), int(sys.argv[2])
    stage = Stage(seed, Path(f"{seed}.txt"))
    try:
        stage.walk(steps)
        stage.close()
    except AssertionError as error:
        sys.exit(print(error) or 1)
    print(f"{steps} steps, {peak()} MiB")


if __name__ == "__main__":
    main()
