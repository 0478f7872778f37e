"""The summary of the benchmark: which rows are done, and the mean of the ratios."""

from __future__ import annotations

from tests.bench.summary import show_curve, show_summary, summary


def row(name, ratio, of_limit, kind="filters", **more):
    return {"name": name, "kind": kind, "ratio": ratio, "of_limit": of_limit, **more}


ROWS = [
    row("ahead of all", 4.0, 0.2),
    row("behind, at the limit", 0.5, 0.9),
    row("behind", 0.5, 0.4),
    row("alone, at the limit", None, 0.86),
    row("alone", None, 0.1),
    row("another kind", 0.25, 0.1, kind="networks"),
]


def test_rows_are_ahead_or_at_their_limit_or_neither():
    found = summary(ROWS)
    assert found["filters"]["ahead"] == ["ahead of all"]
    assert found["filters"]["near"] == ["behind, at the limit", "alone, at the limit"]
    assert found["filters"]["left"] == ["behind", "alone"]
    assert found["filters"]["rows"] == 5


def test_the_mean_of_a_kind_is_the_geometric_one_of_the_rows_with_peers():
    found = summary(ROWS)
    assert found["filters"]["mean"] == 1.0
    assert found["networks"]["mean"] == 0.25


def test_rows_that_are_neither_are_printed_with_the_slowest_first(capsys):
    show_summary(ROWS)
    printed = capsys.readouterr().out
    assert "of 5 rows 1 are ahead, 2 more at 85% of their limit, 2 neither" in printed
    assert printed.index("    alone ") < printed.index("    behind ")


def test_the_curve_compares_with_the_first_number_of_threads(capsys):
    results = {
        "1": {"rows": [row("blur", 1.0, 1.0, seconds=8.0, peers={"a": 6.0, "b": 9.0})]},
        "2": {"rows": [row("blur", 1.0, 1.0, seconds=4.0, peers={"a": 6.0, "b": 4.0})]},
    }
    show_curve(results, ["1", "2"])
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("blur"))
    assert line.split() == ["blur", "1.00", "2.00", "1.00", "1.50"]
