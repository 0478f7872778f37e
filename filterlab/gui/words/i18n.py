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
    if not values and translated != text:
        _originals[translated] = text
    return translated.format(**values) if values else translated


# Of texts without values alone, of which there are only so many.
_originals: dict[str, str] = {}


def original(text: str) -> str:
    """The English text whose translation this is; the text itself where it is none."""
    return _originals.get(text, text)


def _translate(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)
