"""Schedulers and workers of Dask as processes of this machine."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from filterlab.batch.cluster import course

pytest.importorskip("distributed")

_PATIENCE = 120  # seconds


class Cluster:
    """A scheduler, and workers that come and go."""

    def __init__(self, folder):
        self._folder = folder
        self._processes = []
        self.scheduler, self.address = self._start(
            ["scheduler", "--port", "0"], rb"Scheduler at:\s+(tcp://\S+)"
        )
        self.workers = []

    def join(self, first=""):
        """Start a worker of one thread, which begins with a statement, and wait until it is there."""
        place = ["--local-directory", str(self._folder), "--nthreads", "1", "--no-nanny"]
        worker, _ = self._start(["worker", self.address, *place], rb"Registered to:\s+(\S+)", first)
        self.workers.append(worker)
        return worker

    def end(self):
        for process in self._processes:
            process.kill()
            process.wait()
            process.stderr.close()

    def _start(self, words, pattern, first=""):
        program = f"{first}\nfrom dask.__main__ import main; main()"
        command = [sys.executable, "-c", program, *words, "--no-dashboard"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self._processes.append(process)
        deadline = time.monotonic() + _PATIENCE
        for line in process.stderr:
            if match := re.search(pattern, line):
                threading.Thread(target=process.stderr.read, daemon=True).start()  # or its pipe fills up
                return process, match[1].decode()
            assert time.monotonic() < deadline
        raise AssertionError("it ended at once")


@contextmanager
def running(folder) -> Iterator[Cluster]:
    cluster = Cluster(folder)
    try:
        yield cluster
    finally:
        cluster.end()


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    """A scheduler without workers, which is waited for however busy the machine is."""
    monkeypatch.setattr(course, "_CONNECTING", _PATIENCE)
    with running(tmp_path / "dask") as found:
        yield found
