"""What the rows of a run come to: their means, which of them are not done, and how they grow with threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import geometric_mean
from typing import Any

NEAR = 0.85  # of a row's limit: what is so close to it, nobody can make much faster

Found = Mapping[str, Any]  # a row of the results, as `__main__` measures it


def summary(rows: Sequence[Found]) -> dict[str, dict[str, Any]]:
    """For each kind of rows: the geometric mean of the ratios to the fastest peer, and how the rows divide.

    A row without a peer has only its limit to be held to. mean: None where no row has a peer.
    """
    found = {}
    for kind in dict.fromkeys(row["kind"] for row in rows):
        mine = [row for row in rows if row["kind"] == kind]
        ratios = [row["ratio"] for row in mine if row["ratio"]]
        ahead = [row["name"] for row in mine if row["ratio"] and row["ratio"] >= 1]
        near = [row["name"] for row in mine if row["name"] not in ahead and row["of_limit"] >= NEAR]
        found[kind] = {
            "rows": len(mine),
            "mean": geometric_mean(ratios) if ratios else None,
            "ahead": ahead,
            "near": near,
            "left": [row["name"] for row in mine if row["name"] not in (*ahead, *near)],
        }
    return found


def show_summary(rows: Sequence[Found]) -> None:
    """Print the summary, and each row that is neither ahead nor near its limit, the slowest first."""
    print()
    ratio = {row["name"]: row["ratio"] for row in rows}
    limit = {row["name"]: row["of_limit"] for row in rows}
    for kind, found in summary(rows).items():
        mean = f"{found['mean']:.2f}" if found["mean"] else "-"
        print(
            f"{kind}: geometric mean of the ratios {mean}; of {found['rows']} rows {len(found['ahead'])} are ahead, "
            f"{len(found['near'])} more at {NEAR:.0%} of their limit, {len(found['left'])} neither"
        )
        for name in sorted(found["left"], key=lambda name: ratio[name] or limit[name]):
            beside = f"{ratio[name]:.2f}" if ratio[name] else "   -"
            print(f"    {name:<40}ratio {beside}, {limit[name]:.0%} of the limit")


def show_curve(results: Mapping[str, Found], threads: Sequence[str]) -> None:
    """Print how much faster the rows are with more threads, as FilterLab computes them and as the fastest peer does."""
    print(f"\n{f'times as fast as with {threads[0]}':<40}{'FilterLab':>{8 * len(threads)}}   fastest peer")
    gains: list[list[float]] = []
    peers: list[list[float]] = []
    for rows in zip(*(results[count]["rows"] for count in threads), strict=True):
        gains.append([rows[0]["seconds"] / row["seconds"] for row in rows])
        best = [min(row["peers"].values(), default=0.0) for row in rows]
        peers.append([best[0] / seconds for seconds in best] if all(best) else [])
        print(f"{rows[0]['name']:<40}{_columns(gains[-1])}   {_columns(peers[-1])}")
    means = (
        [geometric_mean(column) for column in zip(*filter(None, each), strict=True)]
        for each in (gains, peers)
    )
    print(f"{'geometric mean':<40}" + "   ".join(_columns(mean) for mean in means))


def _columns(values: Sequence[float]) -> str:
    return "".join(f"{value:8.2f}" for value in values)
