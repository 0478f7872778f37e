from __future__ import annotations

import sys
import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton

from filterlab.gui.panels import install_hooks


@pytest.fixture
def hooks(bench):
    before = sys.excepthook, threading.excepthook
    reporter = install_hooks(bench.messages)
    yield reporter
    reporter.remove()
    assert (sys.excepthook, threading.excepthook) == before


def fail(*_):
    raise ZeroDivisionError("a fault")


def test_a_slot_that_raises_becomes_a_message_and_the_work_stays(hooks, opened, qtbot, capsys):
    before = opened.document.work
    button = QPushButton()
    qtbot.addWidget(button)
    button.clicked.connect(fail)
    button.click()
    (message,) = opened.messages.all
    assert message.level == "error"
    assert "ZeroDivisionError: a fault" in message.text
    assert "your work is unchanged" in message.hint
    assert "in fail" in message.details
    assert "in fail" in capsys.readouterr().err
    assert opened.document.work is before


def test_a_timer_that_raises(hooks, bench, qtbot, capsys):
    QTimer.singleShot(0, fail)
    qtbot.waitUntil(lambda: len(bench.messages.all) == 1)


def test_the_same_fault_again_is_one_message(hooks, bench, qtbot, capsys):
    button = QPushButton()
    qtbot.addWidget(button)
    button.clicked.connect(fail)
    for _ in range(5):
        button.click()
    assert len(bench.messages.all) == 1


def test_a_thread_that_raises_is_told_in_the_window(hooks, bench, qtbot, capsys):
    told_in = []
    bench.messages.added.connect(lambda _: told_in.append(threading.current_thread()))
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(bench.messages.all) == 1)
    assert told_in == [threading.main_thread()]


def test_ctrl_c_is_no_fault(hooks, bench, capsys):
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert bench.messages.all == []
