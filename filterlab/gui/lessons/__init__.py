"""Lessons: a list of them, and the one that is played beside the person's own work."""

from filterlab.gui.lessons.learning import prepare
from filterlab.gui.lessons.panel import LessonsPanel
from filterlab.gui.lessons.player import LessonPlayer

__all__ = ["LessonPlayer", "LessonsPanel", "prepare"]
