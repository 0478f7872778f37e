"""Errors while a picture is read, in our own words: those of libraries, of Python and of the system reach nobody.

Their words name internals, come in no fixed language, and may hold parts of the file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filterlab.errors import MOST_SHOWN, ImageError, shown_path
from filterlab.images.decoded import broken
from filterlab.text.messages import Message, say
from filterlab.text.system import refusal

_LONGEST_WHAT = 140  # letters of an error, into which some numbers of the file are put
# What decoders say of files that are not damaged, but of a kind that they do not read.
_UNREAD_KINDS = ("unsupported", "not supported", "not implemented", "cannot handle")


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """Turn every error inside the block into one ImageError that names the file, in one line of bounded length."""
    name = shown_path(file)
    try:
        _check_name(file)
        yield
    except ImageError as error:
        # "from None": the cause would show the library's words in a traceback, which this room is there to replace.
        raise ImageError(_bounded(error.what, _LONGEST_WHAT), name, error.hint) from None
    except MemoryError:
        raise ImageError("there is not enough memory for it", name, "use a smaller picture") from None
    except OSError as error:
        raise _of_system(error, name) from None
    except Exception as error:  # decoders raise anything at all on broken bytes
        raise _of_decoder(error, name) from None


def _bounded(text: str, most: int) -> str:
    """The text in about so many letters. Of a template only the values are cut, as it is found by its own words."""
    if len(text) <= most:
        return text
    if isinstance(text, Message):
        return Message(text.template, tuple(_bounded(value, MOST_SHOWN) for value in text.values))
    return text[: most - 3] + "..."


def _is_encodable(file: Path) -> bool:
    try:
        os.fsencode(file)
    except UnicodeEncodeError:
        return False
    return True


def _check_name(file: Path) -> None:
    # Both raise ValueError somewhere below, which would pass for a damaged file.
    if "\0" in str(file) or not _is_encodable(file):
        raise ImageError("its name contains characters that no file name can have", hint="check the name")


def _of_system(error: OSError, name: str) -> ImageError:
    """The error of the operating system, in our words."""
    if error.errno is None:  # Pillow raises OSError for broken files, without a number
        return _of_decoder(error, name)
    what, hint = refusal(error)
    return ImageError(what, name, hint)


def _of_decoder(error: Exception, name: str) -> ImageError:
    """The error of a decoder, of which only this can be told: whether the file is damaged or of an unread kind."""
    text = str(error).lower()
    if isinstance(error, NotImplementedError) or any(word in text for word in _UNREAD_KINDS):
        hint = say("export it again, as PNG or TIFF")
        return ImageError("it uses a variant of its format that cannot be read", name, hint)
    damage = broken("its contents are damaged")
    return ImageError(damage.what, name, damage.hint)
