"""Forks of this process while other threads of it compute.

A forked child has one thread only, but every lock and all memory as they were: what another thread held is never
given back, and what it had half done stays so. So a fork waits until nobody imports, compiles or multiplies matrices,
each of which changes state that all threads share, and locks that may be held for longer are new ones in the child.
"""

from __future__ import annotations

import os
import sys
import threading
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from importlib import import_module
from types import TracebackType
from typing import Any, ClassVar

_OURS = ("filterlab", "llvmlite", "numba", "scipy", "threadpoolctl")  # packages that load when first needed


class Lock:
    """A lock for what may take long. In a forked child it is free, unless the thread that forked held it."""

    _all: ClassVar[weakref.WeakSet[Lock]] = weakref.WeakSet()

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder = 0
        self._all.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()
        self._holder = threading.get_ident()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._holder = 0
        self._lock.release()

    @classmethod
    def renew(cls) -> None:
        """Give every lock of the process that only a thread left behind could open again."""
        for lock in cls._all:
            if lock._holder != threading.get_ident():
                lock._lock, lock._holder = threading.Lock(), 0


class _Gate:
    """Many threads go through at a time, and none while the process forks."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._inside = 0
        self._shut = False
        self._mine = threading.local()

    def _depth(self) -> int:
        return getattr(self._mine, "depth", 0)

    def enter(self) -> None:
        if not self._depth():  # a thread that is inside already must not wait for a fork that waits for it
            with self._change:
                while self._shut:
                    self._change.wait()
                self._inside += 1
        self._mine.depth = self._depth() + 1

    def leave(self) -> None:
        self._mine.depth -= 1
        if not self._depth():
            with self._change:
                self._inside -= 1
                self._change.notify_all()

    @contextmanager
    def shut(self) -> Iterator[None]:
        with self._change:
            while self._inside > bool(self._depth()):
                self._shut = True  # again after each wait: another thread may have forked and opened it
                self._change.wait()
            try:
                yield
            finally:
                self._shut = False
                self._change.notify_all()


_gate = _Gate()


@contextmanager
def no_fork() -> Iterator[None]:
    """Within this block no other thread forks the process: it waits. For short work on state that libraries share."""
    _gate.enter()
    try:
        yield
    finally:
        _gate.leave()


class _Fork:
    """What the thread that forks holds meanwhile."""

    def __init__(self) -> None:
        self._mine = threading.local()
        self._properties = _Properties()

    def before(self) -> None:
        if sys.version_info < (3, 12):
            self._properties.find()
        known: set[str] = set()
        while True:
            # Not while anything is held: an import may need it. One that goes on afterwards is this thread's own.
            for name in set(_importing()) - known:
                known.add(name)
                with suppress(Exception):
                    import_module(name)  # returns once the other thread has done so
            held = _hold_compiler()
            if known.issuperset(_importing()):
                self._mine.held = held
                return
            held.close()

    def in_parent(self) -> None:
        held: ExitStack | None = self._mine.__dict__.pop("held", None)
        if held is not None:
            held.close()

    def in_child(self) -> None:
        self.in_parent()
        Lock.renew()
        if sys.version_info < (3, 12):
            self._properties.renew()


def _hold_compiler() -> ExitStack:
    """Take what must be whole at a fork, in the one order in which threads take it."""
    held = ExitStack()
    held.enter_context(_gate.shut())
    compiler = sys.modules.get("numba.core.compiler_lock")
    if compiler is not None:
        held.enter_context(compiler.global_compiler_lock)
    # Last, because the collector of garbage asks for it at any moment.
    lock = getattr(getattr(sys.modules.get("llvmlite.binding.ffi"), "lib", None), "_lock", None)
    if lock is not None:
        held.enter_context(lock)
    return held


def _importing() -> Iterator[str]:
    """Modules of ours, and of what we call, that some thread is in the midst of importing."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _OURS:
            spec = getattr(module, "__spec__", None)
            if getattr(spec, "_initializing", False):
                yield name


class _Properties:
    """Cached properties, which before Python 3.12 have one lock each for all objects of a class."""

    def __init__(self) -> None:
        self._found: set[cached_property[Any]] = set()
        self._modules = 0

    def find(self) -> None:
        """Look for them, in the parent and where modules were added: there are thousands of classes."""
        if self._modules != len(sys.modules):
            self._modules = len(sys.modules)
            self._found = {
                value
                for name, module in list(sys.modules.items())
                if name.partition(".")[0] in _OURS[:3]
                for kind in list(vars(module).values())
                if isinstance(kind, type)
                for value in list(vars(kind).values())
                if isinstance(value, cached_property)
            }

    def renew(self) -> None:
        """New locks for those that were found."""
        for found in self._found:
            found.lock = threading.RLock()  # type: ignore[attr-defined]


_fork = _Fork()
if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(before=_fork.before, after_in_parent=_fork.in_parent, after_in_child=_fork.in_child)
