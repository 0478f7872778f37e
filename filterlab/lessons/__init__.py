"""Lessons: data files that open pipelines and pictures step by step, with words, questions and facts to check."""

from filterlab.lessons.facts import false_facts
from filterlab.lessons.lesson import (
    Learning,
    Lesson,
    LessonStep,
    LessonWords,
    Prediction,
    Teacher,
    lessons,
    read_lesson,
)
from filterlab.lessons.predictions import RightAnswer, answer, covered, read_number
from filterlab.lessons.scenes import Scene, picture_step, scene

__all__ = [
    "Learning",
    "Lesson",
    "LessonStep",
    "LessonWords",
    "Prediction",
    "RightAnswer",
    "Scene",
    "Teacher",
    "answer",
    "covered",
    "false_facts",
    "lessons",
    "picture_step",
    "read_lesson",
    "read_number",
    "scene",
]
