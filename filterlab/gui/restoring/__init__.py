"""Undoing a blur whose kernel is known or was learned."""

from filterlab.gui.restoring.pages import LearningPages
from filterlab.gui.restoring.panel import RestorePanel

__all__ = ["LearningPages", "RestorePanel"]
