"""The headers of PBM, PGM, PPM, PAM and PFM pictures, which stand before their samples."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import prod
from typing import Any, BinaryIO

import numpy as np

from filterlab.errors import ImageError
from filterlab.images.decoded import broken
from filterlab.text.messages import say

MOST_SHADES = 65535

_WINDOWS = (256, 4096, 1 << 20)  # bytes in which a header is looked for: long comments are rare
_BLANK = rb"(?:\s|#[^\r\n]*[\r\n])+"  # a comment reaches to the end of its line
# Ten digits hold every size that is read, and int() takes quadratic time for long ones.
_NETPBM = {
    kind: re.compile(rb"P%d" % kind + (_BLANK + rb"(\d{1,10})") * (2 if kind in (1, 4) else 3))
    for kind in range(1, 7)
}
_PFM = re.compile(rb"P[fF]\s+(\d{1,10})\s+(\d{1,10})\s+([-+]?[0-9.]{1,30}(?:[eE][-+]?\d{1,3})?)\s")
_PAM = re.compile(rb"P7\s(?:[^\n]*\n)*?ENDHDR[ \t\r]*\n")
_COMMENT_BEFORE_SAMPLES = re.compile(rb"#[^\r\n]*")
_CHANNELS = {1: 1, 2: 1, 3: 3, 4: 1, 5: 1, 6: 3}
_BEGINNING = re.compile(rb"P[4-7fF][\s#]")


@dataclass(frozen=True)
class PnmHeader:
    """The header of one picture.

    kind: the letter behind the P. greatest: the sample that stands for 1. start: the byte at which the samples begin.
    alpha: whether the last channel is alpha. order: the byte order of floats.
    """

    kind: str
    width: int
    height: int
    channels: int
    greatest: int
    start: int
    alpha: bool = False
    order: str = ">"

    @property
    def is_text(self) -> bool:
        """True if the samples are written in digits."""
        return self.kind in "123"

    @property
    def is_bits(self) -> bool:
        """True if the samples are bits, of which those that are set are black."""
        return self.kind in "14"

    @property
    def is_float(self) -> bool:
        """True if the samples are floats, with the lowest row first."""
        return self.kind in "fF"

    @property
    def stored(self) -> np.dtype[Any]:
        """The type of a stored sample, or of eight of them where they are bits."""
        if self.is_float:
            return np.dtype(self.order + "f4")
        return np.dtype(">u2" if self.greatest > 255 else "u1")

    @property
    def row_shape(self) -> tuple[int, int]:
        """Columns and channels as stored. Rows of bits are filled up to whole bytes."""
        return (-(-self.width // 8) if self.kind == "4" else self.width), self.channels

    @property
    def end(self) -> int:
        """The byte after the last sample.

        For text, the byte after the fewest characters that could spell all samples: a shorter file is cut short.
        """
        if self.is_text:
            count = self.height * self.width * self.channels
            return self.start + (count if self.is_bits else 2 * count - 1)
        return self.start + self.height * prod(self.row_shape) * self.stored.itemsize


def starts_with_one(stream: BinaryIO, position: int) -> bool:
    """Return whether another picture begins here. Netpbm allows only one picture in a file of text."""
    stream.seek(position)
    beginning = stream.read(3)
    stream.seek(position)
    return _BEGINNING.match(beginning) is not None


def header_at(stream: BinaryIO, position: int, size: int) -> PnmHeader:
    """The header that begins here, in a file of `size` bytes. Raises ImageError where it is damaged."""
    for length in _WINDOWS:
        stream.seek(position)
        window = stream.read(length)
        header = _parsed(window, position, size)
        if header is not None:
            return _sensible(header)
        if len(window) < length:
            break
    raise broken("its header is damaged")


def _parsed(window: bytes, position: int, size: int) -> PnmHeader | None:
    kind = chr(window[1]) if len(window) > 1 else ""
    if kind in "fF":
        return _pfm(window, position, kind, size)
    if kind == "7":
        return _pam(window, position)
    match = _NETPBM[int(kind)].match(window) if kind in set("123456") else None
    if match is None:
        return None
    width, height, greatest = (int(number) for number in (*match.groups(), b"1")[:3])  # bits have no third
    start = match.end()
    if comment := _COMMENT_BEFORE_SAMPLES.match(window, start):
        start = comment.end()
    if window[start : start + 1].strip() or start >= len(window):
        # None as well where the window ends here: a longer one may show what follows.
        return None  # exactly one blank stands between the header and the samples
    found = PnmHeader(kind, width, height, _CHANNELS[int(kind)], greatest, position + start + 1)
    return _after_two_letters(found, window[start : start + 2], size)


def _after_two_letters(header: PnmHeader, blank: bytes, size: int) -> PnmHeader:
    """The header where a program on Windows may have ended it with CR and LF instead of one blank.

    The second of them could as well be the first sample. The file's size tells: it has one byte more than it needs.
    """
    if blank == b"\r\n" and not header.is_text and header.end == size - 1:
        return replace(header, start=header.start + 1)
    return header


def _pfm(window: bytes, position: int, kind: str, size: int) -> PnmHeader | None:
    match = _PFM.match(window)
    if match is None:
        return None
    try:
        scale = float(match[3])
    except ValueError:
        return None
    # Only the sign counts: it tells the byte order. The size of the scale has no agreed meaning, and values stay as
    # stored.
    order = "<" if scale < 0 else ">"
    channels = 3 if kind == "F" else 1
    start = position + match.end()
    found = PnmHeader(kind, int(match[1]), int(match[2]), channels, 1, start, order=order)
    return _after_two_letters(found, window[match.end() - 1 : match.end() + 1], size)


def _pam(window: bytes, position: int) -> PnmHeader | None:
    match = _PAM.match(window)
    if match is None:
        return None
    lines = [line.split(None, 1) for line in match[0].splitlines()[1:-1]]
    said = {line[0]: line[1].strip() for line in lines if len(line) == 2 and not line[0].startswith(b"#")}
    try:
        width, height, depth, greatest = (
            int(said[key]) for key in (b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL")
        )
    except (KeyError, ValueError):
        return None
    alpha = said.get(b"TUPLTYPE", b"").endswith(b"_ALPHA") and depth in (2, 4)
    return PnmHeader("7", width, height, depth, greatest, position + match.end(), alpha)


def _sensible(header: PnmHeader) -> PnmHeader:
    if header.width < 1 or header.height < 1 or header.channels < 1:
        raise ImageError("it has no pixels", hint="export it again")
    if not 1 <= header.greatest <= MOST_SHADES:
        raise broken(say("its maximum value is {}, not one from 1 to {}", header.greatest, MOST_SHADES))
    return header
