"""Calls of compiled loops one after the other, without the interpreter between them.

Handing arguments to a compiled loop from Python takes some microseconds, as each array is taken apart: longer than a
small layer computes. Where the arguments stay the same, they are taken apart once, into a block of words that an entry,
compiled for the loop's type, hands to the loop's machine code. One compiled call then runs a whole table of these.
"""

# mypy: disable-error-code="no-untyped-def,call-arg,attr-defined"

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import typeof, types
from numba.core import cgutils
from numba.core.dispatcher import Dispatcher
from numba.extending import intrinsic

from filterlab.compiling import compiled

_DIGITS = 24  # hexadecimal, of an entry's digest
_WORD = ir.IntType(64)
_STATUS = ir.IntType(32)  # what compiled code returns: 0, or else that it raised an error
# Arguments as compiled code takes them, by the letter that stands for them in the name of an entry.
_KINDS: dict[str, tuple[Any, Any]] = {
    "p": (ir.IntType(8).as_pointer(), np.int64),
    "l": (_WORD, np.int64),
    "i": (_STATUS, np.int32),
    "f": (ir.FloatType(), np.float32),
    "d": (ir.DoubleType(), np.float64),
}


class Joined:
    """Calls of loops, as pairs of loop and arguments, that are made in one go; the arguments are kept alive."""

    compiled = True  # all of it: none calls NumPy

    def __init__(self, calls: Sequence[tuple[Any, tuple[Any, ...]]]) -> None:
        self._calls = calls
        self._blocks = [_block(loop, args) for loop, args in calls]
        self._table = np.array([(entry, block.ctypes.data) for entry, block in self._blocks], np.int64)

    def __call__(self) -> None:
        """Make the calls. Raises MemoryError, the only error that the loops know."""
        if not _run(self._table):
            raise MemoryError


def joined(calls: Sequence[tuple[Any, tuple[Any, ...]]]) -> Callable[[], None] | None:
    """Return calls of compiled loops, as pairs of loop and arguments, as one call; None where that cannot be done."""
    if not all(isinstance(loop, Dispatcher) for loop, _ in calls):
        return None  # with NUMBA_DISABLE_JIT they are functions of Python
    try:
        return Joined(calls)
    except _UnknownError:
        return None


class _UnknownError(Exception):
    """Compiled code takes its arguments in another way than this module knows."""


def _block(loop: Any, args: tuple[Any, ...]) -> tuple[int, Any]:
    """The address of an entry, and the block for it: the address of the loop's code, and its arguments."""
    signature = tuple(typeof(arg) for arg in args)
    loop.compile(signature)
    code = loop.overloads[signature]
    taken = code.target_context.call_conv.get_function_type(code.fndesc.restype, code.fndesc.argtypes).args
    words = list(_words(args))
    # The first two take the result and the error.
    kinds = "".join(kind for kind, _ in words)
    if [str(_KINDS[kind][0]) for kind in kinds] != [_taken(kind) for kind in taken[2:]]:
        raise _UnknownError
    block = np.zeros(len(words) + 1, np.int64)
    block[0] = _address(code)
    for place, (kind, value) in enumerate(words, 1):
        block[place : place + 1].view(_KINDS[kind][1])[0] = value
    entry = _entry(kinds)
    entry.compile((types.int64,))
    found = entry.overloads[(types.int64,)]
    return _address(found), block


def _address(code: Any) -> int:
    """Where the machine code of a loop lies; numba gives 0 for a name that it does not know."""
    address: int = code.library.get_pointer_to_function(code.fndesc.llvm_func_name)
    if not address:
        raise _UnknownError
    return address


def _taken(kind: Any) -> str:
    return str(_KINDS["p"][0]) if isinstance(kind, ir.PointerType) else str(kind)


def _words(value: Any) -> Iterator[tuple[str, Any]]:
    """The parts that compiled code takes for an argument, with their kinds."""
    if isinstance(value, tuple):
        for item in value:
            yield from _words(item)
    elif isinstance(value, np.ndarray):
        # Who counts references to its memory and who owns it, which is nobody: the caller keeps the array.
        yield from (("p", 0), ("p", 0))
        yield from (("l", value.size), ("l", value.itemsize), ("p", value.ctypes.data))
        yield from (("l", number) for number in (*value.shape, *value.strides))
    elif isinstance(value, np.generic):
        yield _kind_of(value), value
    elif type(value) is int:
        yield "l", value
    else:
        raise _UnknownError


def _kind_of(value: np.generic) -> str:
    for kind, (_, dtype) in _KINDS.items():
        if kind != "p" and dtype == value.dtype:
            return kind
    raise _UnknownError


@cache
def _entry(kinds: str) -> Any:
    """The compiled function of a block that calls the code in it with arguments of these kinds."""
    given = [_KINDS[kind][0] for kind in kinds]

    @intrinsic
    def enter(typing, block):
        def write(context, builder, signature, args):
            # As numba's convention has it: places for the result and the error, then the arguments.
            pointer = ir.IntType(8).as_pointer()
            function = ir.FunctionType(_STATUS, [pointer.as_pointer(), pointer.as_pointer(), *given])
            base = builder.inttoptr(args[0], _WORD.as_pointer())
            words = [builder.gep(base, [_WORD(i)]) for i in range(len(given) + 1)]
            code = builder.load(builder.bitcast(words[0], function.as_pointer().as_pointer()))
            values = [
                builder.load(builder.bitcast(word, kind.as_pointer()))
                for word, kind in zip(words[1:], given, strict=True)
            ]
            room = [cgutils.alloca_once_value(builder, ir.Constant(pointer, None)) for _ in range(2)]
            return builder.call(code, [*room, *values])

        return types.int32(types.int64), write

    # By which the entry's code is kept; the kinds themselves would be too long for the name of a file.
    enter.__name__ = hashlib.sha256(kinds.encode()).hexdigest()[:_DIGITS]

    @compiled
    def entry(block):
        return enter(block)

    return entry


@intrinsic
def _through(typing, entry, block):
    """The status that an entry at an address returns for a block."""

    def write(context, builder, signature, args):
        pointer = ir.IntType(8).as_pointer()
        function = ir.FunctionType(_STATUS, [_STATUS.as_pointer(), pointer.as_pointer(), _WORD])
        status = cgutils.alloca_once_value(builder, _STATUS(0))
        error = cgutils.alloca_once_value(builder, ir.Constant(pointer, None))
        builder.call(builder.inttoptr(args[0], function.as_pointer()), [status, error, args[1]])
        return builder.load(status)

    return types.int32(types.int64, types.int64), write


@compiled
def _run(table):
    status = 0
    for i in range(len(table)):
        status |= _through(table[i, 0], table[i, 1])
    return status == 0
