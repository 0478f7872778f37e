"""What the machine has is asked of the system, and unknown is not little."""

from __future__ import annotations

import os
from math import inf

import pytest

from filterlab import machine


def test_processors_are_those_that_this_process_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {1, 3, 5}, raising=False)
    assert machine.processors() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert machine.processors() == 1


def test_memory_that_is_not_known_is_not_little(monkeypatch):
    assert 0 < machine.free_memory() <= machine.memory()
    monkeypatch.delattr(os, "sysconf")
    assert machine.memory() == inf


def test_open_files_are_as_many_as_the_soft_limit():
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        assert machine.open_files() == 256
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    ("size", "text"), [(3 << 30, "3G"), (1536 << 20, "1536M"), (5 << 10, "5K"), (1000, "1000"), (0, "0")]
)
def test_sizes_are_written_as_they_are_read(size, text):
    assert machine.size_text(size) == text
    assert machine.bytes_from(text) == size
