"""PNG and APNG files of samples, written by the standard alone: with nothing of the reader, nor of a library."""

from __future__ import annotations

import struct
import zlib

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of each colour type
KINDS = [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8)]
KINDS += [(4, 8), (4, 16), (6, 8), (6, 16)]
END = (b"IEND", b"")

_ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, body):
    """The bytes of one chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*parts):
    """The bytes of a file of (kind, body) chunks."""
    return SIGNATURE + b"".join(chunk(kind, body) for kind, body in parts)


def header(width, height, depth=8, colour=0, interlace=0):
    """IHDR."""
    return b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)


def filtered(samples, depth, interlace=0, filters=(0,)):
    """What is compressed: samples (H, W, C), row by row, with the filters in turn."""
    lines = []
    for left, top, across, down in _ADAM7 if interlace else [(0, 0, 1, 1)]:
        part = samples[top::down, left::across]
        before = bytes(-(-part.shape[1] * part.shape[2] * depth // 8))
        for i, row in enumerate(part if part.size else ()):
            line = _packed(row, depth)
            step = max(1, part.shape[2] * depth // 8)
            lines.append(_filtered(line, before, step, filters[i % len(filters)]))
            before = line
    return b"".join(lines)


def _packed(row, depth):
    if depth >= 8:
        return row.astype(">u2" if depth == 16 else "u1").tobytes()
    bits = (row.reshape(-1, 1) >> np.arange(depth)[::-1]) & 1
    return np.packbits(bits.astype(np.uint8)).tobytes()


def _filtered(line, before, step, kind):
    out = bytearray([kind])
    for i, value in enumerate(line):
        left, up = (line[i - step] if i >= step else 0), before[i]
        corner = before[i - step] if i >= step else 0
        out.append((value - (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]) & 255)
    return bytes(out)


def _paeth(left, up, corner):
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))  # the first of equals


def still(samples, depth, colour, *, interlace=0, filters=(0, 1, 2, 3, 4), before=(), after=(), split=0):
    """A whole file of samples (H, W, C). before, after: chunks around the pixels, which are split into pieces."""
    stream = zlib.compress(filtered(samples, depth, interlace, filters))
    size = split or len(stream)
    pieces = [(b"IDAT", stream[i : i + size]) for i in range(0, len(stream), size)]
    height, width = samples.shape[:2]
    return png(header(width, height, depth, colour, interlace), *before, *pieces, *after, END)


def animated(size, depth, colour, frames, *, still=None, before=(), announced=None):
    """An APNG of frames (samples, left, top, dispose, over); without `still`, the first is the still picture."""
    count = len(frames) if announced is None else announced
    parts = [header(size[1], size[0], depth, colour), *before, (b"acTL", struct.pack(">II", count, 0))]
    number = 0
    if still is not None:
        parts.append((b"IDAT", zlib.compress(filtered(still, depth))))
    for i, (samples, left, top, dispose, over) in enumerate(frames):
        height, width = samples.shape[:2]
        control = struct.pack(">IIIIIHHBB", number, width, height, left, top, 1, 10, dispose, over)
        parts.append((b"fcTL", control))
        stream = zlib.compress(filtered(samples, depth))
        if i == 0 and still is None:
            parts.append((b"IDAT", stream))
            number += 1
        else:
            parts.append((b"fdAT", struct.pack(">I", number + 1) + stream))
            number += 2
    return png(*parts, END)
