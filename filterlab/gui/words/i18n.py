"""Words for the person: every string that the window shows goes through `tr`."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from filterlab.text.messages import Message

CONTEXT = "FilterLab"


def tr(text: str, /, **values: object) -> str:
    """`text` in the language of the window, with {names} filled in after translation.

    Words of the engine (titles and docs of layers) and its sentences (errors, notes) pass through here as well: what
    has no translation stays as it is.
    """
    if isinstance(text, Message):
        return text.translated(_translate)
    translated = _translate(text)
    return translated.format(**values) if values else translated


def _translate(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)
