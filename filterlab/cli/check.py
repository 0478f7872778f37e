"""`filterlab check`: test the pipelines that were handed in for an exercise. No code of a hand-in is run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits
from filterlab.cli.parser import path

if TYPE_CHECKING:
    from filterlab.lessons.exercises import Exercise, Verdict

_HEADERS = ("name", "exercise", "passed", "score", "reason")
_USAGE = "filterlab check [-h] [--list] [--csv FILE] [--overwrite] [--json] HANDIN... EXERCISE"


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser("check", help="test hand-ins for an exercise", description=__doc__, usage=_USAGE)
    p.add_argument(
        "words",
        metavar="HANDIN... EXERCISE",
        nargs="*",
        help=".json or .safetensors files, and then the name of an exercise or its own .json file",
    )
    p.mixed = True
    p.add_argument("--list", action="store_true", help="print the exercises and what they ask for")
    p.add_argument("--csv", metavar="FILE", type=path, help="write one line for each hand-in")
    p.add_argument("--overwrite", action="store_true", help="replace a file that exists")
    p.add_argument(
        "--json", action="store_true", help="print every check of every hand-in, or the list, as JSON"
    )
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command; the status is 1 where a hand-in fails. Raises FilterLabError where the command is wrong."""
    from filterlab.cli.places import check_out
    from filterlab.errors import ParameterError

    if arguments.list:
        return _list(arguments.json)
    if len(arguments.words) < 2:
        raise ParameterError(
            "name hand-ins and then an exercise", "check", "filterlab check --list prints them"
        )
    if arguments.csv is not None:
        check_out(arguments.csv, arguments.overwrite)

    from filterlab.lessons.exercises import check_file, exercise

    *names, wanted = arguments.words
    task = exercise(wanted)
    handins = [path(name) for name in names]
    verdicts = [check_file(handin, task) for handin in handins]
    rows = [_row(handin, task, verdict) for handin, verdict in zip(handins, verdicts, strict=True)]
    if arguments.csv is not None:
        _write_csv(arguments.csv, rows, overwrite=arguments.overwrite)
    _print(rows, verdicts, arguments.json)
    return exits.DONE if all(verdict.passed for verdict in verdicts) else exits.SOME_FAILED


def _row(handin: Path, task: Exercise, verdict: Verdict) -> dict[str, Any]:
    values = (str(handin), task.name, verdict.passed, round(verdict.score, 3), str(verdict.reason))
    return dict(zip(_HEADERS, values, strict=True))


def _print(rows: list[dict[str, Any]], verdicts: list[Verdict], as_json: bool) -> None:
    from filterlab.cli.tables import print_json, print_table

    if as_json:
        checks = [[vars(finding) for finding in verdict.findings] for verdict in verdicts]
        print_json([{**row, "checks": found} for row, found in zip(rows, checks, strict=True)])
    else:
        cells = [[row["name"], _word(row["passed"]), f"{row['score']:.0%}", row["reason"]] for row in rows]
        print_table(("hand-in", "passed", "score", "reason"), cells, right=(2,))


def _write_csv(target: Path, rows: list[dict[str, Any]], *, overwrite: bool) -> None:
    import csv

    from filterlab.files import atomic_write

    with (
        atomic_write(target, overwrite=overwrite) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(_HEADERS)
        writer.writerows([_cell(value) for value in row.values()] for row in rows)


def _cell(value: Any) -> Any:
    """A value as a cell. Spreadsheets take a text that begins as a formula for one, and hand-ins have any name."""
    if isinstance(value, bool):
        return _word(value)
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _word(passed: bool) -> str:
    return "yes" if passed else "no"


def _list(as_json: bool) -> int:
    from filterlab.cli.tables import print_json, print_table
    from filterlab.lessons.exercises import exercises

    tasks = exercises()
    if as_json:
        shown = {"name", "lesson", "title", "task", "hints"}
        print_json([task.model_dump(include=shown) for task in tasks])
    else:
        print_table(("exercise", "lesson", "title"), [(t.name, t.lesson, t.title.en) for t in tasks])
    return exits.DONE
