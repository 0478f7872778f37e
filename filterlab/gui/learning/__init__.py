"""Learning kernels and networks from pictures; every step of a run can be viewed and kept."""

from filterlab.gui.learning.panel import LearningPanel
from filterlab.gui.learning.stage import LearningStage

__all__ = ["LearningPanel", "LearningStage"]
