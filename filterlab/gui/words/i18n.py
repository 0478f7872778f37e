"""Translation: every string that the window shows goes through `tr`."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from filterlab.text.messages import Message

CONTEXT = "FilterLab"


def tr(text: str, /, **values: object) -> str:
    """`text` in the language of the window; {names} are filled in after the translation.

    The titles and docstrings of layers and the engine's messages are translated here too. A message carries its
    template and values, so its template is what is looked up. What has no translation stays as it is.
    """
    if isinstance(text, Message):
        return text.translated(_translate)
    translated = _translate(text)
    return translated.format(**values) if values else translated


def _translate(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)
