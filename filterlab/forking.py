"""Making `os.fork` safe while other threads of this process compute.

A forked child has only the thread that forked, but a copy of every lock and of all memory: a lock that another thread
held is never released, and what that thread had half done stays half done. So a fork waits until no thread imports,
compiles or multiplies matrices, each of which changes state that all threads share, and locks that may be held for
longer are replaced by new ones in the child.
"""

from __future__ import annotations

import os
import sys
import threading
import weakref
from collections.abc import Iterator
from contextlib import ContextDecorator, ExitStack, contextmanager, suppress
from functools import cached_property
from importlib import import_module
from types import TracebackType
from typing import Any, ClassVar

_OURS = (
    "filterlab",
    "llvmlite",
    "numba",
    "scipy",
    "threadpoolctl",
)  # packages that are imported when first needed


class Lock:
    """A lock for work that may take long. In a forked child it is free, unless the thread that forked held it."""

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
        """Replace every lock that a thread held which does not exist in this forked child."""
        for lock in cls._all:
            if lock._holder != threading.get_ident():
                lock._lock, lock._holder = threading.Lock(), 0


class _Gate:
    """Many threads may be inside at a time, but none while the process forks."""

    def __init__(self) -> None:
        # The lock by itself is entered faster than the condition.
        self._lock = threading.RLock()
        self._change = threading.Condition(self._lock)
        self._inside = 0
        self._shut = False
        self._mine = threading.local()

    def _depth(self) -> int:
        return getattr(self._mine, "depth", 0)

    def enter(self) -> None:
        depth = self._depth()
        if not depth:  # a thread that is already inside must not wait for a fork that waits for it
            with self._lock:
                while self._shut:
                    self._change.wait()
                self._inside += 1
        self._mine.depth = depth + 1

    def leave(self) -> None:
        self._mine.depth = depth = self._mine.depth - 1
        if not depth:
            with self._lock:
                self._inside -= 1
                if self._shut:
                    self._change.notify_all()

    @contextmanager
    def shut(self) -> Iterator[None]:
        with self._change:
            while self._inside > bool(self._depth()):  # the thread that forks may be inside itself
                self._shut = (
                    True  # set again after each wait, because another thread may have forked and opened it
                )
                self._change.wait()
            try:
                yield
            finally:
                self._shut = False
                self._change.notify_all()


_gate = _Gate()


class _NoFork(ContextDecorator):
    # Not a generator: entering one takes as long as the matrix product of a small layer, which is done inside.
    def __enter__(self) -> None:
        _gate.enter()

    def __exit__(self, *error: object) -> None:
        _gate.leave()


_no_fork = _NoFork()


def no_fork() -> _NoFork:
    """Within this block no other thread can fork the process; one that tries waits.

    For short work on state that libraries share between threads.
    """
    return _no_fork


class _Fork:
    """The hooks around a fork, and the locks that the forking thread holds meanwhile."""

    def __init__(self) -> None:
        self._mine = threading.local()
        self._properties = _Properties()

    def before(self) -> None:
        if sys.version_info < (3, 12):
            self._properties.find()
        known: set[str] = set()
        while True:
            # While nothing is held yet, because an import may need one of the locks. A module that is still being
            # imported afterwards is imported by this very thread.
            for name in set(_importing()) - known:
                known.add(name)
                with suppress(Exception):
                    import_module(name)  # returns once the other thread has imported it
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
    """Take the locks on state that a fork must find whole, in the order in which all threads take them."""
    held = ExitStack()
    held.enter_context(_gate.shut())
    compiler = sys.modules.get("numba.core.compiler_lock")
    if compiler is not None:
        held.enter_context(compiler.global_compiler_lock)
    # Last, because the garbage collector may take it at any moment.
    lock = getattr(getattr(sys.modules.get("llvmlite.binding.ffi"), "lib", None), "_lock", None)
    if lock is not None:
        held.enter_context(lock)
    return held


def _importing() -> Iterator[str]:
    """Yield the modules, ours and those that we call, that some thread is importing right now."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _OURS:
            spec = getattr(module, "__spec__", None)
            if getattr(spec, "_initializing", False):
                yield name


class _Properties:
    """Cached properties, each of which has one lock for all objects of its class before Python 3.12."""

    def __init__(self) -> None:
        self._found: set[cached_property[Any]] = set()
        self._modules = 0

    def find(self) -> None:
        """Find them, in the parent because that takes long, and again only where modules were added."""
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
        """Give each a new lock."""
        for found in self._found:
            found.lock = threading.RLock()  # type: ignore[attr-defined]


_fork = _Fork()
if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(before=_fork.before, after_in_parent=_fork.in_parent, after_in_child=_fork.in_child)
