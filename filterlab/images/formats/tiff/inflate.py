"""Strips and tiles whose codec gives bytes: decompressed into no more room than they may take."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator

from filterlab.images.formats.tiff.names import CODECS

_FEED = 1 << 20  # bytes that zlib gets at once: it copies what it leaves
_LZMA_MEMORY = 1 << 28  # bytes for the dictionary; the strongest preset asks for 64 MiB


class Flaw(Exception):  # noqa: N818 - it is caught where the strip is known, and never leaves this package
    """What is wrong with one strip or tile, as the end of a sentence: "is cut short"."""


def inflate(compression: int, data: bytes, needed: int, room: int) -> bytes:
    """The first `needed` bytes at least of what the data stand for, and at most `room`.

    room: the size of a whole strip or tile, of which only the beginning may be needed. Raises Flaw, and the
    decoders' errors.
    """
    whole = _INFLATERS[CODECS[compression]](data, needed, room)
    if len(whole) < needed:
        raise Flaw("is cut short")
    return whole


def deflated_in_pieces(data: bytes, sizes: Iterable[int]) -> Iterator[bytes]:
    """What deflated data stand for, in pieces of these sizes. Raises Flaw, and zlib's errors."""
    machine = zlib.decompressobj()
    feed = iter(range(0, len(data), _FEED))
    waiting = b""
    for size in sizes:
        piece = bytearray()
        while len(piece) < size:
            if not waiting and (start := next(feed, None)) is not None:
                waiting = data[start : start + _FEED]
            found = machine.decompress(waiting, size - len(piece))
            if not found and not waiting:
                raise Flaw("is cut short")
            waiting = machine.unconsumed_tail
            piece += found
        yield bytes(piece)
    if waiting:
        machine.decompress(waiting, 1)  # so that the check sum is looked at


def _stored(data: bytes, needed: int, room: int) -> bytes:
    return data


def _lzw(data: bytes, needed: int, room: int) -> bytes:
    import imagecodecs

    return bytes(imagecodecs.lzw_decode(data, out=room))


def _deflate(data: bytes, needed: int, room: int) -> bytes:
    import imagecodecs

    try:
        return bytes(imagecodecs.deflate_decode(data, out=room))
    except imagecodecs.DeflateError:
        pass
    # There may be more than it should hold, or nothing behind the last pixel, not even the check sum.
    machine = zlib.decompressobj()
    whole = machine.decompress(data, room)
    while machine.unconsumed_tail and not machine.eof:  # so that the check sum is looked at
        machine.decompress(machine.unconsumed_tail, 1 << 20)
    return whole


def _packbits(data: bytes, needed: int, room: int) -> bytes:
    import imagecodecs

    data = data[: 2 * room + 4096]  # at the worst every byte has a head of its own
    try:
        return bytes(imagecodecs.packbits_decode(data, out=room))
    except imagecodecs.PackbitsError:
        return _packbits_by_steps(data, room)


def _packbits_by_steps(data: bytes, room: int) -> bytes:
    """As libtiff reads it: what stands behind the last pixel, some writers' filling, does not matter."""
    whole = bytearray()
    position = 0
    while position < len(data) and len(whole) < room:
        head = data[position]
        if head < 128:
            whole += data[position + 1 : position + 2 + head]
            position += 2 + head
        else:
            whole += data[position + 1 : position + 2] * (257 - head if head > 128 else 0)
            position += 2 if head > 128 else 1
    return bytes(whole[:room])


def _zstandard(data: bytes, needed: int, room: int) -> bytes:
    import imagecodecs

    return bytes(imagecodecs.zstd_decode(data, out=room))


def _lzma(data: bytes, needed: int, room: int) -> bytes:
    machine = lzma.LZMADecompressor(memlimit=_LZMA_MEMORY)
    whole = bytearray(machine.decompress(data, room))
    while not machine.eof and not machine.needs_input and len(whole) < room:
        whole += machine.decompress(b"", room - len(whole))
    return bytes(whole)


_INFLATERS: dict[str, Callable[[bytes, int, int], bytes]] = {
    "none": _stored,
    "LZW": _lzw,
    "Deflate": _deflate,
    "PackBits": _packbits,
    "Zstandard": _zstandard,
    "LZMA": _lzma,
}
