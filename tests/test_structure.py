"""The house: imports without circles, rooms of a size to look around in, one name for one thing."""

from __future__ import annotations

import ast
from collections import Counter
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.structure import PACKAGE, graph, modules
from tests.tools.diagram import README, diagram, shown

MOST_FILES = 21
ONE_FILE_EACH = {"layers", "cli"}  # a file a layer type, a file a subcommand


def test_no_import_closes_a_circle():
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_no_room_is_too_full_to_look_around_in():
    counts = Counter(path.parent.relative_to(PACKAGE).as_posix() for path in modules().values())
    full = {room: count for room, count in counts.items() if count > MOST_FILES and room not in ONE_FILE_EACH}
    assert not full


def test_no_two_classes_share_a_name():
    names = Counter(
        node.name
        for path in modules().values()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert not [name for name, count in names.items() if count > 1]


def test_no_file_repeats_the_name_of_its_folder():
    repeated = [
        name
        for name, path in modules().items()
        if path.name != "__init__.py" and path.stem.startswith(f"{path.parent.name}_")
    ]
    assert not repeated


def test_the_picture_has_its_name_in_one_place():
    places = [
        name
        for name, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign)
        and any(getattr(target, "id", "") == "IMAGE" for target in node.targets)
    ]
    assert places == ["filterlab.graph.nodes"]


def test_the_diagram_in_the_readme_is_that_of_the_package():
    assert shown(README.read_text(encoding="utf-8")) == diagram(), "run `make diagram`"
