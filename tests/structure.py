"""The package as a graph of imports, read from its sources: every import counts, wherever it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import filterlab

PACKAGE = Path(filterlab.__file__).parent


def modules() -> dict[str, Path]:
    """The file of each module, by its dotted name; a package is its __init__.py."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = [PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts]
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imports(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules of the package that a file imports: at run time, inside functions, and for types alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [_whole(node.module, alias.name, known) for alias in node.names]
        else:
            continue
        yield from (name for name in names if name in known)


def _whole(module: str, name: str, known: dict[str, Path]) -> str:
    """`from package import module` means the module, and so does `from module import name`."""
    whole = f"{module}.{name}"
    return whole if whole in known else module


def graph() -> dict[str, set[str]]:
    """For each module those that it imports, itself left out."""
    known = modules()
    return {name: set(imports(path, known)) - {name} for name, path in known.items()}


def room(module: str) -> str:
    """The room of a module: what stands directly in the package."""
    return module.split(".")[1] if "." in module else ""


def rooms() -> dict[str, set[str]]:
    """For each room those that it imports from, itself left out."""
    found: dict[str, set[str]] = {}
    for module, imported in graph().items():
        if room(module):
            found.setdefault(room(module), set()).update(room(name) for name in imported)
    return {name: others - {name, ""} for name, others in found.items()}


def words(name: str) -> str:
    """The first line of a room's docstring."""
    path = modules()[f"{PACKAGE.name}.{name}"]
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.splitlines()[0]
