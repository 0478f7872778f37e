"""Streams compressed by zlib, as in PNG: whether they are whole, before a decoder of pixels gets them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from filterlab.images.decoded import broken
from filterlab.text.messages import say

LARGEST_EXPANSION = 1032  # two bits of a deflated stream stand for 258 bytes at most (RFC 1951, 3.2.5)

_AT_ONCE = 1 << 28  # bytes; what is longer is inflated piece by piece, so that no second picture is in memory
_PIECE = 1 << 20


def verified(stream: bytes, size: int) -> tuple[bytes, str]:
    """A stream that holds exactly `size` bytes, and a remark where the one that was given is not flawless.

    The remark is on what changes none of the first `size` bytes. Raises ImageError where some are missing or wrong.
    """
    if size > LARGEST_EXPANSION * len(stream):
        raise broken("its compressed data are too short")
    if size <= _AT_ONCE and _is_flawless(stream, size):
        return stream, ""
    remark = _examined(stream, size)
    if not remark:
        return stream, ""
    # Decoders of pixels disagree on what to do with such a stream: they get a flawless one of the same bytes.
    # The limit keeps a stream that goes on for gigabytes from being inflated.
    held = zlib.decompressobj().decompress(stream, size)
    return zlib.compress(held, 0), remark


def _is_flawless(stream: bytes, size: int) -> bool:
    """Return whether the stream holds `size` bytes and ends with their check sum, by the fastest way there is.

    libdeflate does not tell where the stream ended. If the bytes of the sum occur only once, at the end, then it ended
    there; otherwise the answer is no, and the slow way decides.
    """
    import imagecodecs

    try:
        held = imagecodecs.deflate_decode(stream, out=size)
    except imagecodecs.DeflateError:
        return False
    expected = zlib.adler32(held).to_bytes(4, "big")
    return len(held) == size and stream.find(expected) == len(stream) - len(expected)


def _examined(stream: bytes, size: int) -> str:
    """A remark on what is wrong behind the first `size` bytes, or "". Raises ImageError for what is wrong in them."""
    machine = zlib.decompressobj()
    count = 0
    try:
        for piece in _pieces(machine, stream):
            count += len(piece)
            if count > 2 * size + _PIECE:
                raise broken("its compressed data go on far beyond the last pixel")
    except zlib.error:
        raise broken("its compressed data are damaged") from None
    if count < size:
        raise broken("its compressed data end before the last pixel")
    if not machine.eof:
        return say("the check sum of its pixels is missing")
    if count > size or machine.unused_data:
        return say("its compressed data go on after the last pixel")
    return ""


def _pieces(machine: zlib._Decompress, stream: bytes) -> Iterator[bytes]:
    """The bytes that the stream holds, in pieces of bounded length. Raises zlib.error where it is damaged."""
    for start in range(0, len(stream), _PIECE):
        yield machine.decompress(stream[start : start + _PIECE], _PIECE)
        while machine.unconsumed_tail and not machine.eof:
            yield machine.decompress(machine.unconsumed_tail, _PIECE)
        if machine.unused_data:
            return
    # The last call may have held bytes back for want of room in its piece.
    while not machine.eof and (piece := machine.decompress(b"", _PIECE)):
        yield piece
