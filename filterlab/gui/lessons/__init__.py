"""Lessons in the window: the list, the pages of a lesson, and the player that opens its steps."""

from filterlab.gui.lessons.learning import prepare
from filterlab.gui.lessons.panel import LessonsPanel
from filterlab.gui.lessons.player import LessonPlayer

__all__ = ["LessonPlayer", "LessonsPanel", "prepare"]
