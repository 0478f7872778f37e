"""Strips and tiles whose codec gives bytes: decompressed into no more room than they may take."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator

from filterlab.images.formats.tiff.names import CODECS
from filterlab.text.messages import say

_FEED = 1 << 20  # bytes that zlib gets at once: it copies what it leaves
_LZMA_MEMORY = 1 << 28  # bytes for the dictionary; the strongest preset asks for 64 MiB
_SPARE = 1 << 12  # bytes, besides as many as the pixels take, that may stand between them and the check sum
_TOO_LONG = say("goes on far behind its last pixel")


class Flaw(Exception):  # noqa: N818 - it is caught where the strip is known, and never leaves this package
    """What is wrong with one strip or tile, as the end of a sentence: "is cut short"."""


def inflate(compression: int, data: bytes, needed: int, room: int) -> bytes:
    """Return at least the first `needed` bytes of what the data stand for, and at most `room`.

    room: the size of a whole strip or tile, of which only the beginning may be needed. Raises Flaw, and the
    decoders' errors.
    """
    found = _INFLATERS[CODECS[compression]](data, needed, room)
    if len(found) < needed:
        raise Flaw("is cut short")
    return found


def deflated_in_pieces(data: bytes, sizes: Iterable[int]) -> Iterator[bytes]:
    """Yield what deflated data stand for, in pieces of these sizes. Raises Flaw, and zlib's errors."""
    machine = _Inflater(data)
    total = 0
    for size in sizes:
        piece = machine.take(size)
        if len(piece) < size:
            raise Flaw("is cut short")
        yield piece
        total += size
    machine.finish(total)


class _Inflater:
    """zlib, fed in parts: it copies the input that it leaves, so that all at once would take quadratic time."""

    def __init__(self, data: bytes) -> None:
        self._machine = zlib.decompressobj()
        self._feed = (data[start : start + _FEED] for start in range(0, len(data), _FEED))
        self._waiting = b""

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes, or fewer where the data end."""
        found = bytearray()
        while len(found) < size and not self._machine.eof:
            waiting = self._waiting or next(self._feed, b"")
            piece = self._machine.decompress(waiting, size - len(found))
            self._waiting = self._machine.unconsumed_tail
            found += piece
            if not piece and not waiting:  # zlib may hold bytes back, so that no input alone is not the end
                break
        return bytes(found)

    def finish(self, size: int) -> None:
        """Go on behind the `size` bytes of the pixels to the end, where zlib compares the check sum.

        A sum that is missing is no fault: some writers leave it out, and the pixels before it are all there. Raises
        Flaw where the end is further away than any writer's filling, and zlib.error where the sum is wrong.
        """
        for start in range(0, size + _SPARE, _FEED):
            step = min(_FEED, size + _SPARE - start)
            # The end was reached, and zlib has compared the check sum, or there was none.
            if len(self.take(step)) < step:
                return
        raise Flaw(_TOO_LONG)


def _stored(data: bytes, needed: int, room: int) -> bytes:
    return data


def _lzw(data: bytes, needed: int, room: int) -> bytes:
    import imagecodecs

    # LZW ends with no check sum, so that nothing is lost by stopping where the visible rows end.
    return bytes(imagecodecs.lzw_decode(data, out=needed))


def _deflate(data: bytes, needed: int, room: int) -> bytes:
    import imagecodecs

    try:
        return bytes(imagecodecs.deflate_decode(data, out=room))
    except imagecodecs.DeflateError:
        pass
    # There may be more than it should hold, or nothing behind the last pixel, not even the check sum.
    machine = _Inflater(data)
    found = machine.take(room)
    machine.finish(room)
    return found


def _packbits(data: bytes, needed: int, room: int) -> bytes:
    import imagecodecs

    data = data[: 2 * needed + 4096]  # at the worst every byte has a head of its own
    try:
        return bytes(imagecodecs.packbits_decode(data, out=needed))
    except imagecodecs.PackbitsError:
        return _packbits_by_steps(data, needed)


def _packbits_by_steps(data: bytes, needed: int) -> bytes:
    """Decompress as libtiff does: what stands behind the last pixel, some writers' filling, does not matter."""
    found = bytearray()
    position = 0
    while position < len(data) and len(found) < needed:
        head = data[position]
        if head < 128:
            found += data[position + 1 : position + 2 + head]
            position += 2 + head
        else:
            found += data[position + 1 : position + 2] * (257 - head if head > 128 else 0)
            position += 2 if head > 128 else 1
    return bytes(found[:needed])


def _zstandard(data: bytes, needed: int, room: int) -> bytes:
    import imagecodecs

    return bytes(imagecodecs.zstd_decode(data, out=room))


def _lzma(data: bytes, needed: int, room: int) -> bytes:
    machine = lzma.LZMADecompressor(memlimit=_LZMA_MEMORY)
    found = bytearray(machine.decompress(data, room))
    total = len(found)
    # The check sum is compared at the end of the stream only, which is behind the last pixel.
    while not machine.eof and not machine.needs_input:
        piece = machine.decompress(b"", _FEED)
        found += piece[: room - len(found)]
        total += len(piece)
        if total > 2 * room + _SPARE:
            raise Flaw(_TOO_LONG)
    return bytes(found)


_INFLATERS: dict[str, Callable[[bytes, int, int], bytes]] = {
    "none": _stored,
    "LZW": _lzw,
    "Deflate": _deflate,
    "PackBits": _packbits,
    "Zstandard": _zstandard,
    "LZMA": _lzma,
}
