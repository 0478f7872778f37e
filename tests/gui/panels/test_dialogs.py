from __future__ import annotations

import platform
from importlib import metadata

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

import filterlab
from filterlab.gui.panels import AboutDialog, ShortcutsDialog


def groups(dialog):
    tree = dialog.tree
    found = {}
    for i in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(i)
        found[group.text(0)] = [
            (group.child(j).text(0), group.child(j).text(1)) for j in range(group.childCount())
        ]
    return found


def test_shortcuts_stand_under_their_menus(bench, qtbot):
    dialog = ShortcutsDialog(bench.commands)
    qtbot.addWidget(dialog)
    bench.commands.add("file.open", "&Open…", lambda: None, menu="&File", shortcut="Ctrl+O")
    bench.commands.add("file.none", "Nothing", lambda: None, menu="&File")
    bench.commands.action("help.shortcuts").trigger()
    assert dialog.isVisible()
    shown = groups(dialog)
    assert shown["File"] == [("Open…", "Ctrl+O")]
    assert shown["Help"] == [("Keyboard shortcuts", "F1")]
    qtbot.keyClicks(dialog.field, "ctrl o")
    assert groups(dialog) == {"File": [("Open…", "Ctrl+O")]}


def test_about_names_versions_and_licence(bench, qtbot):
    dialog = AboutDialog(bench.commands)
    qtbot.addWidget(dialog)
    bench.commands.action("help.about").trigger()
    assert dialog.isVisible()
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    for word in (filterlab.__version__, "MIT", platform.python_version(), metadata.version("numpy")):
        assert word in words
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy").click()
    assert QGuiApplication.clipboard().text().startswith(f"FilterLab {filterlab.__version__}\nPython ")
