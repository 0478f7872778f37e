"""The names of layers in the languages of a page, as the window has them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache

from filterlab.resources import resource

LANGUAGES = ("en", "zh_CN")


def in_languages(text: str) -> dict[str, str]:
    """A text of the program in every language; in English where it is not translated."""
    return {"en": text, **{language: _known(language).get(text) or text for language in LANGUAGES[1:]}}


@cache
def _known(language: str) -> dict[str, str]:
    # Our own file, which comes with the program: the window reads what is compiled from it.
    tree = ET.parse(resource("translations", f"filterlab_{language}.ts"))
    pairs = ((m.findtext("source"), m.findtext("translation")) for m in tree.iter("message"))
    return {source: translation for source, translation in pairs if source and translation}
