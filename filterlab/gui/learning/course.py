"""What a trainer runs: a generator of steps that also reports on the step it is working on. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Cancel = Callable[[], bool]
Report = Callable[[Any], None]
Course = Callable[[Cancel, Report], Iterator[Any]]
