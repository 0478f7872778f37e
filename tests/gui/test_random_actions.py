"""Anybody may do anything in any order: seeded random actions over all commands, editors, keys and the mouse.

After every action nothing was raised, Qt had nothing to complain about and the document is whole; now and then
every map must equal what the pipeline gives; at the end undo leads back to where it began.
`make soak PART=actions` does very many more.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from filterlab.gui.bench.work import Work
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.window import MainWindow
from tests.soak.actions.checks import check_document, check_maps, check_messages, check_session
from tests.soak.actions.walker import Walker


@pytest.fixture
def window(qtbot, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # whatever is saved without a folder
    monkeypatch.setattr("filterlab.gui.bench.results.map_budget", lambda: 64 << 20)
    made = MainWindow(Workbench(tmp_path / "home"))
    qtbot.addWidget(made, before_close_func=forget_work)
    with qtbot.waitExposed(made):
        made.show()
    return made


def forget_work(window):
    window.bench.document.restore(Work(), saved=True)


@pytest.mark.parametrize("seed", range(2))
def test_random_actions_break_nothing(window, settle, tmp_path, seed):
    walker = Walker(SimpleNamespace(window=window), seed, tmp_path)
    bench, first = window.bench, window.bench.document.work
    try:
        for step in range(100):
            walker.act()
            check_messages(bench)
            if step % 25 == 0:
                check_document(bench)
                check_session(window)
        settle(bench)
        check_document(bench)
        check_maps(bench)
        bench.document.jump(0)
        assert bench.document.history.undo_label is None
        assert bench.document.work is first
    except BaseException:
        print("\n".join(walker.log[-60:]))
        raise
