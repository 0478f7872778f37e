from __future__ import annotations

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QTimer
from shiboken6 import delete

from filterlab.gui.bench import collector as collector_module
from filterlab.gui.bench.collector import Collector


@pytest.fixture
def collector(qapp):
    found = Collector()
    yield found
    found.close()
    found.deleteLater()


class Holder(QTimer):
    """Holds itself, and tells in which thread it goes."""


def test_only_the_window_s_thread_collects(collector, qtbot):
    assert not gc.isenabled()
    timer = Holder()
    timer.myself = timer
    gone = []
    weakref.finalize(timer, lambda: gone.append(threading.current_thread()))
    del timer
    kept = []
    busy = threading.Thread(target=lambda: kept.extend([] for _ in range(100_000)))
    busy.start()
    busy.join()
    assert not gone
    qtbot.waitUntil(lambda: bool(gone))
    assert gone == [threading.main_thread()]


@pytest.fixture
def alone(monkeypatch):
    """Without the collectors of earlier tests whose windows nobody has destroyed yet."""
    monkeypatch.setattr(collector_module, "_users", 0)
    enabled = gc.isenabled()
    yield
    if not enabled:
        gc.disable()


def test_python_collects_again_when_all_are_gone(qapp, alone):
    first, second = Collector(), Collector()
    first.close()
    delete(first)
    assert not gc.isenabled()
    second.close()
    assert not gc.isenabled(), "what a closed window leaves behind holds widgets"
    delete(second)
    assert gc.isenabled()


def test_nothing_is_collected_that_is_not_due(collector, monkeypatch):
    calls = []
    monkeypatch.setattr(gc, "collect", calls.append)
    monkeypatch.setattr(gc, "get_threshold", lambda: (700, 10, 10))
    for count in ((3, 0, 0), (701, 2, 1), (5, 11, 0), (800, 3, 12)):
        monkeypatch.setattr(gc, "get_count", lambda count=count: count)
        collector.collect()
    assert calls == [0, 1, 2]
