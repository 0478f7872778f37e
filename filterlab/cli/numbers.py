"""Numbers as text and as JSON."""

from __future__ import annotations

from math import isfinite
from typing import Any


def without_nan(value: Any) -> Any:
    """The value with None in place of NaN and infinities, which JSON does not have, and lists in place of tuples."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_nan(item) for item in value]
    return value


def short(value: float) -> str:
    """A float32 in the fewest digits that distinguish it from its neighbours."""
    import numpy as np

    return (
        # Outside of this range positional notation would be mostly zeros.
        np.format_float_positional(np.float32(value), trim="-") if 1e-4 <= abs(value) < 1e7 else f"{value:g}"
    )
