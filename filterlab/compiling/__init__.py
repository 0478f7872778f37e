"""Compiling the hot loops, and keeping what was compiled for the next start.

Numba's own cache raises an error where no folder can be written to, where the disk is full and where one of its files
is damaged; it unpickles whatever lies in a folder that others can write to; and it takes code for current although
another source file that was compiled into it has changed. So `kept` replaces it. Whatever fails there, the loop is
compiled again, and works.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

import numba
from numba.core import config
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.dispatcher import Dispatcher
from numba.core.serialize import dumps

from filterlab.compiling.kept import Shelf

_DIGITS = 24  # hexadecimal, of a key's digest in the name of a file
# Settings of numba that change the code it makes, besides the processor's name and features. They go into the key.
_SETTINGS = [
    "OPT",
    "LOOP_VECTORIZE",
    "SLP_VECTORIZE",
    "BOUNDSCHECK",
    "DEBUGINFO_DEFAULT",
    "DISABLE_INTEL_SVML",
]


def _import_without_blas() -> None:
    """Import the module of numba that looks for a BLAS, where it is to find none.

    It would import all of scipy.linalg and what that brings along, a fifth of the time until the first loop runs, and
    no loop here multiplies matrices. A product in a loop of somebody else looks for it again, and finds it.
    """
    name = "scipy.linalg.cython_blas"
    if name in sys.modules:
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        import_module("numba.np.arraymath")
    finally:
        del sys.modules[name]


_import_without_blas()


def compiled(function: Callable[..., Any] | None = None, *, kept: bool = True, **options: Any) -> Any:
    """A decorator: the function is compiled when it is first called, and runs without the interpreter's lock.

    kept: whether its code is kept for later starts; a function that is only compiled into others needs no file of its
    own. options: those of `numba.njit`. Variables of an enclosing function are constants of the code, so they must have
    their values when the function is decorated.
    """
    if function is None:
        return lambda function: compiled(function, kept=kept, **options)
    name = _name_of(function)
    if function.__closure__:
        # numba names machine code by this and by a number that counts the functions of a process. Code that two
        # processes have kept, of two loops that one function makes, could have one name, and the wrong one be called.
        function.__qualname__ += "-" + hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]
    loop = numba.njit(nogil=True, **options)(function)
    if kept and isinstance(loop, Dispatcher):  # under NUMBA_DISABLE_JIT it is the function itself
        loop._cache = _Kept(function, name)  # type: ignore[attr-defined]
    return loop


def _name_of(function: Callable[..., Any]) -> str:
    module = function.__module__.rpartition(".")[2]
    name = f"{module}.{function.__qualname__}".replace("<locals>.", "")
    # A loop that is made around another function is named by it as well; its repr would hold an address.
    values = [cell.cell_contents for cell in function.__closure__ or ()]
    cells = [getattr(value, "__name__", str(value)) for value in values]
    return "-".join([name, *cells])


class _Kept(NullCache):
    """The cache of one loop, in numba's interface: asked for code before compiling, and given it afterwards."""

    def __init__(self, function: Callable[..., Any], name: str) -> None:
        self._name = name
        self._shelf = Shelf.beside(function.__code__.co_filename)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return code for arguments of these types; None where there is none."""
        target_context.refresh()  # modules that were imported meanwhile may have registered types
        key = self._key(sig, target_context.codegen())
        for payload in self._shelf.found(self._file(key), key):
            # The digest vouches that it is what was written, but another build of numba may have changed its classes.
            with suppress(Exception):
                return CompileResult._rebuild(target_context, *pickle.loads(payload))
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep code for arguments of these types, where that is possible."""
        if data.lifted or data.library.has_dynamic_globals:
            return  # it holds addresses that are valid in this process alone
        key = self._key(sig, data.library.codegen)
        try:
            payload = dumps(data._reduce())
        except Exception:  # code that numba cannot pickle runs all the same
            return
        self._shelf.keep(self._file(key), key, payload)

    def _key(self, sig: Any, codegen: Any) -> str:
        """All that the code depends on, besides the sources and versions, for which the shelf's folder is named."""
        settings = [getattr(config, name, None) for name in _SETTINGS]
        return repr((self._name, sig, codegen.magic_tuple(), settings))

    def _file(self, key: str) -> str:
        return f"{self._name}-{hashlib.sha256(key.encode()).hexdigest()[:_DIGITS]}.nbc"
