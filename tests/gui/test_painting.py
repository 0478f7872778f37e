"""No fault in a paint handler ends the process: every handler is guarded, and every painter is ended."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QTreeView,
    QWidget,
)

import filterlab.gui
from filterlab.gui import painting as guard
from filterlab.gui.bench.selection import Spot
from filterlab.gui.chain.paint import CardPainter
from filterlab.gui.inspector.kernel.grid import KernelGrid
from filterlab.gui.painting import guarded, guarded_over, painting, saved
from filterlab.gui.panels import install_hooks
from filterlab.gui.wall.marks.boxes import BoxesItem
from filterlab.gui.wall.tile import TileItem
from filterlab.gui.window import MainWindow

# What Qt calls to have something drawn, by the classes that have it.
HANDLERS = {
    QWidget: ("paintEvent",),
    QGraphicsItem: ("paint",),
    QAbstractItemDelegate: ("paint",),
    QGraphicsView: ("drawForeground", "drawBackground"),
    QGraphicsScene: ("drawForeground", "drawBackground"),
    QHeaderView: ("paintSection",),
    QTreeView: ("drawRow", "drawBranches"),
    QStyle: ("drawPrimitive", "drawControl", "drawComplexControl", "drawItemText", "drawItemPixmap"),
}


def modules():
    found = pkgutil.walk_packages(filterlab.gui.__path__, "filterlab.gui.")
    return [importlib.import_module(module.name) for module in found]


def handlers(module):
    """The paint handlers that the classes of a module define, by their names."""
    for kind in vars(module).values():
        if isinstance(kind, type) and kind.__module__ == module.__name__:
            for base, names in HANDLERS.items():
                for name in names:
                    if issubclass(kind, base) and name in vars(kind):
                        yield f"{kind.__qualname__}.{name}", vars(kind)[name]


def test_every_paint_handler_of_the_window_is_guarded():
    found = {f"{m.__name__}.{name}": handler for m in modules() for name, handler in handlers(m)}
    assert len(found) > 20  # they are found at all
    assert [name for name, handler in found.items() if not getattr(handler, "guarded", False)] == []


def calls(tree):
    """Names of what is called in a module: `QPainter` for QPainter(...), `painter.save` for painter.save()."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def test_painters_are_opened_and_saved_only_where_they_are_ended_and_restored():
    folder = Path(filterlab.gui.__file__).parent
    wrong = []
    for path in sorted(folder.rglob("*.py")):
        if path != Path(guard.__file__):
            tree = ast.parse(path.read_text())
            names = ("QPainter", "QtGui.QPainter", "painter.save", "painter.restore", "painter.begin")
            wrong += [f"{path}:{line}" for name, line in calls(tree) if name in names]
    assert wrong == []


def test_a_painter_is_ended_and_its_state_restored_whatever_is_raised(qapp):
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    kept = []

    def draw():
        with painting(image) as painter:
            kept.append(painter)
            before = painter.pen().color()
            with suppress(ValueError), saved(painter):
                painter.setPen(QColor("red"))
                raise ValueError
            assert painter.pen().color() == before
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        draw()
    assert not kept[0].isActive()
    assert not image.paintingActive()


@pytest.fixture
def hooks(bench):
    reporter = install_hooks(bench.messages)
    yield reporter
    reporter.remove()


@pytest.fixture
def window(opened, qtbot):
    window = MainWindow(opened)
    window.resize(1200, 800)
    window.show()
    opened.selection.select("sobel")
    yield window
    window.files.saving.may_close = lambda _: True
    window.close()
    window.deleteLater()


def faulty(*_, **__):
    raise ZeroDivisionError("a fault in painting")


PLACES = [
    (KernelGrid, "_paint_selection"),
    (TileItem, "_draw_map"),
    (CardPainter, "paint"),
    (BoxesItem, "_draw_box"),
]


@pytest.mark.parametrize(("kind", "name"), PLACES, ids=lambda value: getattr(value, "__name__", value))
def test_a_fault_in_painting_is_one_message_and_the_window_lives(
    kind, name, hooks, opened, window, settle, qtbot, monkeypatch, capsys
):
    settle(opened)
    monkeypatch.setattr(guard, "_reported", set())
    before = opened.document.work
    monkeypatch.setattr(kind, name, faulty)
    opened.selection.set_pin(Spot("sobel", 0, 10, 10))
    for _ in range(3):
        window.grab()
        qtbot.wait(10)
    qtbot.waitUntil(lambda: len(opened.messages.all) == 1)
    (message,) = opened.messages.all
    assert "a fault in painting" in message.text
    assert "in faulty" in message.details
    assert opened.document.work is before
    monkeypatch.undo()
    assert not window.grab().isNull()


def shot(widget):
    return widget.grab().toImage()


class Plain(QWidget):
    @guarded
    def paintEvent(self, event):  # noqa: N802
        painter = QPainter(self)  # left open, as a library might
        painter.fillRect(self.rect(), QColor("red"))
        raise ZeroDivisionError("a widget")


def test_in_place_of_what_fails_stands_that_it_could_not_be_drawn(hooks, bench, qtbot, monkeypatch, capsys):
    monkeypatch.setattr(guard, "_reported", set())
    widget = Plain()
    qtbot.addWidget(widget)
    widget.resize(200, 40)
    first, second = shot(widget), shot(widget)
    corner = first.pixelColor(1, 1)
    assert corner == widget.palette().window().color()
    ink = {first.pixelColor(x, y).name() for x in range(200) for y in range(40)}
    assert len(ink) > 1, "words stand on the ground"
    assert first == second
    qtbot.waitUntil(lambda: len(bench.messages.all) == 1)


def item_class(guarding):
    class Item(QGraphicsItem):
        def boundingRect(self):  # noqa: N802
            return QRectF(0, 0, 100, 30)

        @guarding
        def paint(self, painter, option, widget=None):
            painter.setPen(QColor("blue"))
            painter.translate(50, 50)
            raise ZeroDivisionError("an item")

    return Item


@pytest.mark.parametrize(("guarding", "covered"), [(guarded, True), (guarded_over, False)])
def test_items_that_fail_leave_the_painter_as_it_was_for_the_others(
    guarding, covered, hooks, bench, qtbot, monkeypatch, capsys
):
    monkeypatch.setattr(guard, "_reported", set())
    scene = QGraphicsScene(QRectF(0, 0, 100, 100))
    scene.addItem(item_class(guarding)())
    whole = scene.addRect(QRectF(0, 50, 100, 50), QColor("green"), QColor("green"))
    whole.setZValue(1)
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    image.fill(QColor("yellow"))
    with painting(image) as painter:
        scene.render(painter, QRectF(0, 0, 100, 100), QRectF(0, 0, 100, 100))
    assert image.pixelColor(50, 80) == QColor("green")
    assert (image.pixelColor(2, 2) == QColor("yellow")) is not covered
    qtbot.waitUntil(lambda: len(bench.messages.all) == 1)


def test_delegates_that_fail_leave_the_other_rows(hooks, bench, qtbot, monkeypatch, capsys):
    from PySide6.QtWidgets import QListWidget

    monkeypatch.setattr(guard, "_reported", set())

    class Delegate(QStyledItemDelegate):
        drawn = 0

        @guarded
        def paint(self, painter, option, index):
            if index.row() == 0:
                raise ZeroDivisionError("a row")
            Delegate.drawn += 1
            super().paint(painter, option, index)

    rows = QListWidget()
    qtbot.addWidget(rows)
    rows.addItems(["first", "second"])
    rows.setItemDelegate(Delegate(rows))
    shot(rows)
    assert Delegate.drawn == 1
    qtbot.waitUntil(lambda: len(bench.messages.all) == 1)


UNGUARDED = """
    import os, sys
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from pathlib import Path
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPainter, QPixmap
    from PySide6.QtWidgets import QApplication, QGraphicsItem, QMainWindow, QWidget
    from filterlab.gui.bench.messages import Messages
    from filterlab.gui.panels import install_hooks

    class Widget(QWidget):
        def paintEvent(self, event):
            pixmap = QPixmap(9, 9)
            painter, other = QPainter(self), QPainter(pixmap)
            raise ZeroDivisionError("nobody guards this")

    app = QApplication([])
    messages = Messages()
    reporter = install_hooks(messages)
    window = QMainWindow()
    widget = Widget()
    window.setCentralWidget(widget)
    QTimer.singleShot(0, window.show)
    for i in range(1, 6):
        QTimer.singleShot(20 * i, lambda i=i: window.resize(300 + i, 300))
    QTimer.singleShot(200, app.quit)
    app.exec()
    print("alive", len(messages.all), widget.paintingActive())
"""


def test_even_a_handler_that_nobody_guards_leaves_no_painter_open(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text(textwrap.dedent(UNGUARDED))
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["alive", "1", "False"]
    assert "endPaint" not in done.stderr
