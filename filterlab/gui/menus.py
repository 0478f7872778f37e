"""The order of the commands in menus, which does not depend on the order in which they are declared."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from filterlab.gui.commands import Command
from filterlab.gui.words.i18n import tr

# Names of commands, or their beginnings up to a "_" or "."; a line separates the groups in a menu. Commands that are
# not listed are put where OTHERS is.
OTHERS: tuple[str, ...] = ()
GROUPS: tuple[tuple[str, ...], ...] = (
    ("file.new", "file.open", "file.samples", "file.examples"),
    ("file.save", "file.export"),
    ("file.batch",),
    ("file.batch",),
    ("file.close_picture",),
    ("edit.undo", "edit.redo"),
    ("edit.paste", "edit.copy"),
    ("view.mode",),
    ("view.zoom",),
    ("view.larger", "view.smaller", "view.fit_all", "view.tiles", "view.numbers"),
    ("view.ends", "view.range"),
    ("view.hide_column", "view.only_column", "view.show_all"),
    ("view.copy",),
    ("compare",),
    ("results",),
    ("layer.add", "layer.branch", "layer.merge", "layer.duplicate"),
    ("layer.rename", "layer.inputs", "layer.toggle", "layer.hide"),
    ("layer.move", "layer.previous", "layer.next"),
    ("layer.copy",),
    ("layer.weights", "layer.fold_batch_norms"),
    ("layer.merge_next", "layer.merge_branches", "layer.merge_all", "layer.split"),
    ("layer.remove",),
    ("kernel.flip", "kernel.rotate", "kernel.transpose"),
    ("kernel.negate", "kernel.normalize", "kernel.zero_sum"),
    ("kernel.random", "kernel.identity", "kernel.clear"),
    ("kernel.copy", "kernel.paste"),
    ("kernel.edit",),
    ("kernel.design", "kernel.bank"),
    OTHERS,
    ("restore",),
    ("view.details", "view.spectrum", "view.palette"),
    ("view.language",),
    ("view.theme",),
    ("view.full_screen",),
    ("file.quit",),
    ("help.lessons", "help.lesson"),
    ("help.about",),
)
_PLACES = {name: (group, place) for group, names in enumerate(GROUPS) for place, name in enumerate(names)}


def in_groups(commands: Iterable[Command]) -> list[list[Command]]:
    """The commands of a menu, group by group."""
    ordered = sorted(commands, key=lambda command: _place(command.name))
    return [list(group) for _, group in groupby(ordered, key=lambda command: _place(command.name)[0])]


def submenu_title(name: str) -> str:
    """The title of the menu in which the group of a command stands; "" where it stands in the menu itself."""
    # With all of them in one list, View would be higher than a small screen.
    titles = {
        "view.zoom": tr("Zoom"),
        "view.larger": tr("Tiles"),
        "view.hide_column": tr("Columns"),
        "view.copy": tr("Copy as picture"),
        "compare": tr("Compare"),
        "layer.copy": tr("Copy layer as"),
        "layer.merge_next": tr("Merge and split"),
        "restore": tr("Undo a blur"),
        "view.language": tr("Language"),
        "view.theme": tr("Theme"),
    }
    group = _place(name)[0]
    return next((title for first, title in titles.items() if first in GROUPS[group]), "")


def _place(name: str) -> tuple[int, int]:
    """The group, and the place in it, of the longest beginning of the name that is listed."""
    beginnings = [name[:end] for end in range(len(name), 0, -1) if end == len(name) or name[end] in "_."]
    return next((_PLACES[text] for text in beginnings if text in _PLACES), (GROUPS.index(OTHERS), 0))
