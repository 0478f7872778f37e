"""The panel that undoes a blur, on a workbench with a picture and the pipeline that has blurred it."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.compare import Comparing
from filterlab.gui.learning import LearningPanel, LearningStage
from filterlab.gui.restoring import LearningPages
from filterlab.gui.restoring.panel import RestorePanel
from filterlab.gui.wall import Wall

KERNEL = np.diag([0.2, 0.2, 0.2, 0.2, 0.2])


@pytest.fixture
def sharp():
    """A picture of 40 x 50 with edges of several directions."""
    rows, cols = np.mgrid[0:40, 0:50]
    planes = (rows // 8 + cols // 9) % 2 * 0.5 + 0.25 + 0.1 * np.sin(rows * 0.9 + cols * 0.4)
    return planes[None].astype(np.float32)


@pytest.fixture
def blur():
    return fl.Pipeline([("blur", fl.Filter2d(kernel=KERNEL, padding="valid"))])


@pytest.fixture
def blurred(sharp, blur):
    """The sharp picture through the blur, rounded as a file of 8 bits."""
    made = np.round(blur.run(sharp)["blur"] * 255) / 255
    return Picture("street.png", made.astype(np.float32))


@pytest.fixture
def learning(bench, blur, blurred, settle, qtbot):
    """The panel that learns, beside the one of the tests; the blurred picture is open."""
    bench.document.open_pipeline("Open", blur, None)
    bench.document.show_picture("Open", blurred)
    settle(bench)
    widget = LearningPanel(bench)
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def pages(bench, learning, qtbot):
    """The tab of learning, which shows the panel that undoes."""
    wall = Wall(bench)
    comparing = Comparing(bench, wall, wall)
    for widget in (wall, comparing.page):
        qtbot.addWidget(widget)
    comparing.page.resize(600, 400)
    wall.show()
    comparing.active_changed.connect(lambda: comparing.page.setVisible(comparing.active))
    stage = LearningStage(learning, bench.commands)
    panel = RestorePanel(bench, learning.session, comparing)
    tab = LearningPages(bench, stage, panel)
    qtbot.addWidget(tab)
    tab.resize(1000, 420)
    with qtbot.waitExposed(tab):
        tab.show()
    bench.commands.action("restore.show").trigger()
    return tab


@pytest.fixture
def panel(pages):
    return pages.currentWidget()


@pytest.fixture
def other_panel(panel, bench, blur, blurred, tmp_path, settle, qtbot):
    """Make a panel of another window over the same work."""
    made = []

    def make():
        other = Workbench(tmp_path / "other")
        other.document.take_over(bench.document)
        settle(other)
        wall = Wall(other)
        comparing = Comparing(other, wall, wall)
        learning = LearningPanel(other)
        found = RestorePanel(other, learning.session, comparing)
        for widget in (wall, comparing.page, learning, found):
            qtbot.addWidget(widget)
        made.append(other)
        return found

    yield make
    for other in made:
        other.close()
        other.deleteLater()


@pytest.fixture
def page(panel):
    """The page on which both pictures are compared."""
    return panel._comparing.page


def choose(combo, data):
    """Choose an entry as a person does."""
    index = combo.findData(data)
    assert index >= 0, f"{data} is not offered"
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


@pytest.fixture
def run(panel, bench, qtbot):
    """Press "Undo the blur" and wait for the end: `run(method="inverse")`."""

    def go(**answers):
        for name, value in answers.items():
            choose(getattr(panel.form, name), value)
        bench.commands.refresh()
        bench.commands.action("restore.start").trigger()
        qtbot.waitUntil(lambda: not panel.session.running)
        return panel.session.record

    return go
