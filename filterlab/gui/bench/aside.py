"""The person's own work while something else is shown in its place, as in a lesson."""

from __future__ import annotations

from dataclasses import dataclass

from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.viewstate import Look
from filterlab.gui.bench.work import Work
from filterlab.pipeline import Pipeline


@dataclass(frozen=True)
class Aside:
    """What was open, and how it was looked at. saved: what the pipeline's file holds."""

    work: Work
    saved: Pipeline
    look: Look
    node: str
    pin: Spot | None

    @property
    def modified(self) -> bool:
        """Whether the pipeline holds something that its file does not."""
        return self.work.pipeline != self.saved
