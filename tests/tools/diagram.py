"""The rooms of the package as text, for the README: `python -m tests.tools.diagram` brings it up to date."""

from __future__ import annotations

from graphlib import TopologicalSorter
from pathlib import Path

from tests.structure import PACKAGE, rooms, words

README = PACKAGE.parent / "README.md"
_BEGIN, _END = "<!-- rooms: made by `make diagram` -->\n```\n", "```\n<!-- rooms end -->\n"


def diagram() -> str:
    """A line for each room: its name, what it is, and the rooms that it imports from; the uppermost first."""
    found = rooms()
    order = [name for name in _from_above(found) if not name.startswith("__")]
    width = max(map(len, order))
    lines = []
    for name in order:
        below = [other for other in order if other in found[name]]
        lines.append(f"{name:<{width}}  {words(name)}")
        if below:
            lines.append(f"{'':<{width}}  -> {', '.join(below)}")
    return "\n".join(lines) + "\n"


def _from_above(found: dict[str, set[str]]) -> list[str]:
    """The rooms, each before those that it imports from; of several that could come next, the first by name."""
    sorter = TopologicalSorter(found)
    sorter.prepare()
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), reverse=True)
        order += ready
        sorter.done(*ready)
    return order[::-1]


def shown(text: str) -> str:
    """The diagram that a README holds; "" where it holds none."""
    start = text.find(_BEGIN)
    return text[start + len(_BEGIN) : text.index(_END)] if start >= 0 else ""


def main(readme: Path = README) -> None:
    """Put the diagram into its place in the README."""
    text = readme.read_text(encoding="utf-8")
    start, end = text.index(_BEGIN) + len(_BEGIN), text.index(_END)
    readme.write_text(text[:start] + diagram() + text[end:], encoding="utf-8")


if __name__ == "__main__":
    main()
