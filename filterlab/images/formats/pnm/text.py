"""Numbers in the text of PBM, PGM and PPM files, a block at a time: quickly, and in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import broken

_BLOCK = 1 << 20  # bytes of text that are taken at once
_LONGEST = 9  # digits of a number; leading zeros are legal, and this many fit into 32 bits
_COMMENT = re.compile(rb"#[^\r\n]*")
_LINE_END = re.compile(rb"[\r\n]")

_SPACE, _DIGIT, _OTHER = 0, 1, 2
_CLASSES = np.full(256, _OTHER, np.uint8)
_CLASSES[list(b" \t\n\v\f\r")] = _SPACE
_CLASSES[list(b"0123456789")] = _DIGIT


def numbers(stream: BinaryIO) -> Iterator[NDArray[np.uint32]]:
    """All numbers up to the end, in blocks. Raises ImageError for what is none."""
    rest = b""
    for text in _uncommented(stream):
        block = rest + text
        # The last number may go on in the next block.
        cut = len(block.rstrip(b"0123456789"))
        block, rest = block[:cut], block[cut:]
        if len(rest) > _LONGEST:
            raise broken("a number in it is too long")
        yield _numbers(block)
    yield _numbers(rest)


def bits(stream: BinaryIO) -> Iterator[NDArray[np.uint8]]:
    """All digits 0 and 1 up to the end, which need no blanks between them. Raises ImageError for others."""
    for text in _uncommented(stream):
        _, digits = _classified(text)
        found = np.frombuffer(text, np.uint8)[digits] - np.uint8(ord("0"))
        if found.size and found.max() > 1:
            raise broken(f"it holds the digit {found.max()} among its bits")
        yield found


def _uncommented(stream: BinaryIO) -> Iterator[bytes]:
    """The text without its comments, however long these are."""
    inside = False
    while text := stream.read(_BLOCK):
        if inside:
            end = _LINE_END.search(text)
            if end is None:
                continue
            text = text[end.start() :]
        lines = max(text.rfind(b"\n"), text.rfind(b"\r"))
        inside = text.find(b"#", lines + 1) >= 0
        yield _COMMENT.sub(b"", text) if b"#" in text else text


def _classified(text: bytes) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The letters, and which of them are digits. Raises ImageError for letters that are neither digit nor blank."""
    letters = np.frombuffer(text, np.uint8)
    classes = _CLASSES[letters]
    if classes.size and classes.max() == _OTHER:
        letter = ascii(chr(letters[np.argmax(classes == _OTHER)]))
        raise broken(f"it holds {letter} among its numbers")
    return letters, classes == _DIGIT


def _numbers(text: bytes) -> NDArray[np.uint32]:
    """Of a text that ends with no number cut in two: each digit counts by its distance from the number's end."""
    letters, digits = _classified(text)
    edges = np.flatnonzero(np.diff(digits, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    lengths = ends - starts
    if lengths.size and lengths.max() > _LONGEST:
        raise broken("a number in it is too long")
    figures = letters - np.uint8(ord("0"))
    values = figures[ends - 1].astype(np.uint32)
    for place in range(1, int(lengths.max(initial=0))):
        longer = lengths > place
        values[longer] += figures[ends[longer] - 1 - place] * np.uint32(10**place)
    return values
