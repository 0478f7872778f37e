"""Numbers in the text of PBM, PGM and PPM files, a block at a time: quickly, and in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import broken
from filterlab.text.messages import say

_BLOCK = 1 << 20  # bytes of text that are taken at once
_LONGEST = 9  # digits of a number; leading zeros are legal, and this many fit into 32 bits
_COMMENT = re.compile(rb"#[^\r\n]*")
_LINE_END = re.compile(rb"[\r\n]")

_SPACE, _DIGIT, _OTHER = 0, 1, 2
_CLASSES = np.full(256, _OTHER, np.uint8)
_CLASSES[list(b" \t\n\v\f\r")] = _SPACE
_CLASSES[list(b"0123456789")] = _DIGIT


def numbers(stream: BinaryIO) -> Iterator[NDArray[np.uint32]]:
    """The numbers up to the end of the text, in blocks. Raises ImageError when something else comes.

    Netpbm lets anything follow the last sample. Hence what is wrong is raised only behind the numbers before it, when
    they were not enough.
    """
    rest = b""
    for text in _uncommented(stream):
        block = rest + text
        # The last number may go on in the next block.
        cut = len(block.rstrip(b"0123456789"))
        block, rest = block[:cut], block[cut:]
        yield from _numbers(block)
        if len(rest) > _LONGEST:
            raise broken("a number in it is too long")
    yield from _numbers(rest)


def bits(stream: BinaryIO) -> Iterator[NDArray[np.uint8]]:
    """The digits 0 and 1 up to the end of the text, with blanks or without. Raises ImageError as `numbers` does."""
    for text in _uncommented(stream):
        letters, digits, stranger = _classified(text)
        found = letters[digits] - np.uint8(ord("0"))
        too_large = np.flatnonzero(found > 1)
        yield found[: too_large[0]] if too_large.size else found
        if too_large.size:
            raise broken(say("it holds the digit {} among its bits", found[too_large[0]]))
        if stranger:
            raise broken(say("it holds {} among its numbers", stranger))


def _uncommented(stream: BinaryIO) -> Iterator[bytes]:
    """The text without its comments, which may be longer than a block."""
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


def _classified(text: bytes) -> tuple[NDArray[np.uint8], NDArray[np.bool_], str]:
    """The letters before the first that is neither digit nor blank, which of them are digits, and that first one."""
    letters = np.frombuffer(text, np.uint8)
    classes = _CLASSES[letters]
    if not classes.size or classes.max() < _OTHER:
        return letters, classes == _DIGIT, ""
    end = int(np.argmax(classes == _OTHER))
    return letters[:end], classes[:end] == _DIGIT, ascii(chr(letters[end]))


def _numbers(text: bytes) -> Iterator[NDArray[np.uint32]]:
    """The numbers of a text that ends with no number cut in two, and then ImageError where there is anything else.

    There is no loop over numbers: each digit counts by its distance from its number's end.
    """
    letters, digits, stranger = _classified(text)
    edges = np.flatnonzero(np.diff(digits, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    if stranger and digits.any() and digits[-1]:  # "1.5" is not the number 1: blanks end a number
        starts, ends = starts[:-1], ends[:-1]
    lengths = ends - starts
    too_long = np.flatnonzero(lengths > _LONGEST)
    if too_long.size:
        lengths, ends = lengths[: too_long[0]], ends[: too_long[0]]
    figures = letters - np.uint8(ord("0"))
    values = figures[ends - 1].astype(np.uint32)
    for place in range(1, int(lengths.max(initial=0))):
        longer = lengths > place
        values[longer] += figures[ends[longer] - 1 - place] * np.uint32(10**place)
    yield values
    if too_long.size:
        raise broken("a number in it is too long")
    if stranger:
        raise broken(say("it holds {} among its numbers", stranger))
