"""Learning kernels from pictures, with every step to be looked at."""

from filterlab.gui.learning.panel import LearningPanel

__all__ = ["LearningPanel"]
