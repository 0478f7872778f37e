"""Every row of `rows`, by FilterLab and its peers.

python -m tests.bench [--rows PATTERN] [--features avx2|avx512] [--threads 1,2]

Prints a table and writes out/bench.json. The ratio is the time of the fastest peer over ours, so above 1 we are
faster; the limit is the least time that moving and multiplying the row's numbers takes on this machine, and "of rate"
is the share of the multiply rate that was reached, by direct count. A row is done when it is ahead of its fastest peer,
or at 85 % of its limit; the summary says how many are ahead, and which are neither.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from llvmlite import binding

from tests.bench.summary import show_curve, show_summary, summary

OUT = Path("out")
TURNS, SECONDS = 9, 8.0  # of each row


def host_features() -> dict[str, bool]:
    """The features of this machine's processor."""
    return dict(binding.get_host_cpu_features())


def environment(features: str) -> dict[str, str]:
    """What makes every program that can be told so do without AVX-512; nothing for all features."""
    if features == "avx512":
        return {}
    kept = [("+" if has and "avx512" not in name else "-") + name for name, has in host_features().items()]
    return {
        "NUMBA_CPU_NAME": "x86-64-v3",
        "NUMBA_CPU_FEATURES": ",".join(kept),
        "NUMBA_CACHE_DIR": str((OUT / "numba-avx2").absolute()),
        "ATEN_CPU_CAPABILITY": "avx2",
        "OPENCV_CPU_DISABLE": "AVX512-SKX",
    }


def main() -> None:
    """Run the benchmark in a process for each set of features, as they are fixed when the programs start."""
    options = _options()
    if options.inside:
        _run(options)
        return
    wide = host_features().get("avx512f", False)
    wanted = [options.features] if options.features else ["avx512", "avx2"] if wide else ["avx2"]
    for features in wanted:
        if features == "avx512" and not wide:
            print("this processor has no AVX-512")
            continue
        for count in options.threads:
            command = [sys.executable, "-m", "tests.bench", *sys.argv[1:], "--features", features, "--inside"]
            # BLAS as well, whose threads wait awake: their time would count as that of the row.
            threads = {"FILTERLAB_THREADS": count, "OPENBLAS_NUM_THREADS": count} if count else {}
            subprocess.run(command, env={**os.environ, **environment(features), **threads}, check=True)
        if len(options.threads) > 1:
            show_curve(json.loads(options.out.read_text())[features], options.threads)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--rows", action="append", default=[], help="part of a row's name, or a pattern with *"
    )
    parser.add_argument("--features", choices=("avx2", "avx512"), help="one kind of processor; else each")
    parser.add_argument(
        "--threads",
        type=lambda text: [count.strip() for count in text.split(",")],
        default=[""],
        help="of all programs, else as many as FilterLab takes here; several, as 1,2, for a curve",
    )
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--out", type=Path, default=OUT / "bench.json")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(options: argparse.Namespace) -> None:
    from filterlab.functional.conv.instructions import BYTES
    from filterlab.functional.threads import thread_count
    from tests.bench.limits import multiply_rate
    from tests.bench.row import all_rows

    rate = multiply_rate()
    print(
        f"\n{options.features}: {thread_count()} threads, vectors of {BYTES} bytes, "
        f"{rate / 1e9:.0f} G multiply-adds a second\n"
    )
    print(f"{'ms':<40}{'ours':>9}{'limit':>9}{'of limit':>9}{'of rate':>9}  {'ratio':>6}  peers")
    found = []
    for row in all_rows():
        if options.rows and not any(fnmatch.fnmatch(row.name, f"*{p}*") for p in options.rows):
            continue
        found.append(_measure(row, rate, options.turns))
        _show(found[-1])
    _keep(options, str(thread_count()), {"rate": rate, "rows": found, "summary": summary(found)})
    show_summary(found)


def _measure(row: Any, rate: float, turns: int) -> dict[str, Any]:
    from tests.bench.beside import check_same, take_turns
    from tests.bench.limits import moving

    calls = row.calls()
    check_same(row.name, calls)
    times = take_turns({**calls, "moving": moving(row.read, row.written)}, turns, SECONDS)
    ours, move = times.pop("filterlab"), times.pop("moving")
    multiply = row.products / rate
    best = min(times, key=times.__getitem__, default=None)
    return {
        "name": row.name,
        "kind": row.kind,
        "seconds": ours,
        "peers": times,
        "best": best,
        "ratio": times[best] / ours if best else None,
        "moving": move,
        "multiplying": multiply,
        "of_limit": max(move, multiply) / ours,
        "of_rate": multiply / ours if multiply else None,
    }


def _show(row: dict[str, Any]) -> None:
    limit = max(row["moving"], row["multiplying"])
    why = "x" if row["multiplying"] > row["moving"] else " "  # multiplying, not moving, is the limit
    peers = "  ".join(f"{name} {1000 * seconds:.2f}" for name, seconds in row["peers"].items())
    ratio = f"{row['ratio']:6.2f}" if row["ratio"] else "     -"
    share = f"{row['of_rate']:9.0%}" if row["of_rate"] else f"{'-':>9}"
    times = f"{1000 * row['seconds']:9.2f}{1000 * limit:8.2f}{why}{row['of_limit']:9.0%}{share}"
    print(f"{row['name']:<40}{times}  {ratio}  {peers}", flush=True)


def _keep(options: argparse.Namespace, threads: str, found: dict[str, Any]) -> None:
    """Write the results beside those of other features and numbers of threads in the same file."""
    known = json.loads(options.out.read_text()) if options.out.exists() else {}
    known["processor"] = {
        "name": binding.get_host_cpu_name(),
        "features": sorted(name for name, has in host_features().items() if has),
    }
    known.setdefault(options.features, {})[threads] = found
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(known, indent=1))


if __name__ == "__main__":
    main()
