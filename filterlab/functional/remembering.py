"""Remembering what follows from sizes and options alone, so that calls on small maps are not mostly preparation.

Working out where the windows of a layer lie takes some ten microseconds in Python. That is nothing beside a photograph,
but more than a layer of LeNet computes in, and networks ask the same question of the same layer for every picture.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_MOST = 512  # results of one function; each is some hundred bytes, or an index of a picture's rows or columns


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """Remember the results of a pure function, for arguments that are exact: integers, text, None, tuples of these.

    True and False count as exact, too, but not inside tuples, where the cache would take them for 1 and 0.

    For all other arguments the function is called each time, and so are errors raised each time. Results are shared
    between the callers, who must not write into them.
    """
    known = lru_cache(maxsize=_MOST, typed=True)(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        if _exact(args, bool) and _exact(tuple(kwargs.values()), bool):
            return known(*args, **kwargs)  # type: ignore[arg-type]
        return function(*args, **kwargs)

    call.cache_clear = known.cache_clear  # type: ignore[attr-defined]
    return call


def _exact(values: tuple[Any, ...], also: type | None = None) -> bool:
    """Whether values are equal only if they are the same in type, too. also: a further type that is.

    True equals 1 and 0.0 equals -0.0, though one of them may be refused, or give another result.
    """
    for value in values:
        kind = type(value)
        if kind is tuple:
            if not _exact(value):
                return False
        elif not (kind is int or kind is str or value is None or kind is also):
            return False
    return True
