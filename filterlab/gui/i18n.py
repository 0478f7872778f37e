"""Words for the person: every string that the window shows goes through `tr`."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from filterlab.gui.language import current
from filterlab.gui.phrases import rephrase

CONTEXT = "FilterLab"


def tr(text: str, /, **values: object) -> str:
    """`text` in the language of the window, with {names} filled in after translation.

    Text that the engine makes (titles and docs of layers, kinds of error) passes through here as well: what has
    no translation stays as it is.
    """
    translated = _translate(text)
    if values:
        return translated.format(**values)
    if translated == text and current() != "en":
        return rephrase(text, _translate)
    return translated


def _translate(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)
