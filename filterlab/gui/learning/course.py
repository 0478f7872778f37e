"""What a trainer carries out: items one after the other, and what is told while one is being made. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Cancel = Callable[[], bool]
Tell = Callable[[Any], None]
Course = Callable[[Cancel, Tell], Iterator[Any]]
