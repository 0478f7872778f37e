"""One hostile file again: `python -m tests.soak KIND SEED NUMBER` writes it into the current folder and reads it.

`python -m tests.soak FILE KIND` reads a file that was kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.soak.hostile import all_kinds, make_case
from tests.soak.watchdog import Watched


def main() -> None:
    """See the module."""
    if len(sys.argv) == 4:
        case = make_case(all_kinds()[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3]))
        path, kind = Path(case.name), case.kind
        path.write_bytes(case.data)
        print(f"{path}: {len(case.data)} bytes, {', '.join(case.how)}")
    else:
        path, kind = Path(sys.argv[1]), all_kinds()[sys.argv[2]]
    if kind.beside is not None:
        kind.beside(Path.cwd())
    with Watched(Path.cwd()) as watched:
        print(watched.read(path, kind.reader))


if __name__ == "__main__":
    main()
