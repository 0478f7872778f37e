"""The ready-made choices of the dialog that saves maps, and the folder that it starts with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from filterlab.graph import IMAGE
from filterlab.gui.bench.work import Picture
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.words.i18n import tr
from filterlab.resources import resource

Maps = list[tuple[str, int | None]]


def scopes(bench: Workbench, chosen: Sequence[tuple[str, int | None]]) -> list[tuple[str, Maps]]:
    """Titles with their maps: those asked for, the pinned map, the selected layer, the layers shown, all layers."""
    nodes = [node.name for node in bench.document.pipeline]
    found: list[tuple[str, Maps]] = []
    if chosen:
        found.append((_title(list(chosen)), list(chosen)))
    pin = bench.selection.pin
    if pin is not None:
        found.append(
            (tr("This map: {node}, channel {n}", node=pin.node, n=pin.channel), [(pin.node, pin.channel)])
        )
    layer = bench.selection.node
    if layer != IMAGE:
        found.append((tr("This layer: {node}", node=layer), [(layer, None)]))
    shown = [name for name in nodes if name not in bench.view.look.hidden]
    if len(shown) < len(nodes):
        found.append((tr("All layers on the wall"), [(name, None) for name in shown]))
    found.append((tr("All layers"), [(name, None) for name in nodes]))
    return found


def _title(chosen: Maps) -> str:
    nodes = sorted({node for node, _ in chosen})
    if len(nodes) > 1:
        return tr("{n} chosen maps", n=len(chosen))
    if len(chosen) > 1:
        return tr("All maps of {node}", node=nodes[0])
    channel = chosen[0][1]
    if channel is None:
        return tr("This map: {node}", node=nodes[0])
    return tr("This map: {node}, channel {n}", node=nodes[0], n=channel)


def default_place(picture: Picture, last: str) -> tuple[Path, str]:
    """Folder and subfolder, as `filterlab run` lays them out: one for each picture. last: the folder used before."""
    if last:
        folder = Path(last)
    elif picture.path is not None and not picture.path.is_relative_to(resource()):
        folder = picture.path.parent / "filterlab"  # beside the picture, but not inside the installed program
    else:
        folder = Path.home() / "filterlab"
    stem = picture.path.stem if picture.path else picture.name
    return folder, stem.replace("/", "-").replace(" ", "-")
