"""The readers of operators, found by the operator's name: a file of `operators` registers what it defines."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache

from filterlab.errors import shown
from filterlab.interop.importing.book import NotCarriedError
from filterlab.interop.importing.operator import Operator
from filterlab.interop.importing.values import Value
from filterlab.text.messages import say

Reader = Callable[[Operator], Value | list[Value]]

_READERS: dict[str, Reader] = {}
_CONTROL_FLOW = ("If", "Loop", "Scan", "SequenceMap")
_RECURRENT = ("LSTM", "GRU", "RNN")


def reads(*kinds: str) -> Callable[[Reader], Reader]:
    """Register a function as the reader of operators of these types."""

    def register(reader: Reader) -> Reader:
        for kind in kinds:
            _READERS[kind] = reader
        return reader

    return register


def reader_for(kind: str, domain: str) -> Reader:
    """The reader of an operator type. Raises NotCarriedError where there is none."""
    _load()
    if domain not in ("", "ai.onnx"):
        raise NotCarriedError(say("it is an operator of {}, not of ONNX itself", shown(domain)))
    if kind in _CONTROL_FLOW:
        raise NotCarriedError("a branch or a loop: what is computed would depend on the picture")
    if kind in _RECURRENT:
        raise NotCarriedError("it is a recurrent layer")
    if kind not in _READERS:
        raise NotCarriedError("no layer does what it does")
    return _READERS[kind]


@cache
def _load() -> None:
    package = importlib.import_module("filterlab.interop.importing.operators")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
