"""Checks whether the compressed data of a JPEG are whole.

Where they are not, libjpeg warns and goes on with what it can guess, and Pillow keeps its warnings to itself. So the
words of the codes are read here once more, without decoding any pixel.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from filterlab.images.formats.jpeg.codes import (
    BAD_WORD,
    PADDING,
    SOUND,
    TOO_LITTLE,
    TOO_MUCH,
    check_blocks,
    check_first_pass,
    check_refining_pass,
    lookup,
)
from filterlab.images.formats.jpeg.markers import JpegFrame, Scan
from filterlab.text.messages import say

_WORDS = {
    SOUND: "",
    BAD_WORD: say("its compressed data are damaged, so that a part of it may be wrong"),
    TOO_LITTLE: say("its compressed data end too early, so that a part of it may be missing"),
    TOO_MUCH: say("its compressed data are longer than they should be, so that a part of it may be wrong"),
}
_AC = 16  # tables of the second kind are numbered from here


def remark(data: bytes, frame: JpegFrame, scans: list[Scan]) -> str:
    """A remark on what is wrong with the compressed data of a picture; "" where nothing is, or nobody can tell."""
    return _WORDS[verdict(data, frame, scans)]


def is_complete(frame: JpegFrame, scans: list[Scan]) -> bool:
    """Return whether the scans give every bit of every coefficient. Nobody looks into arithmetic codes."""
    unknown = np.full((len(frame.components), 64), -1)
    for scan in scans:
        for member, _, _ in scan.members:
            unknown[member, scan.first : scan.last + 1] = scan.low
    return frame.is_huffman and not unknown.any()


def verdict(data: bytes, frame: JpegFrame, scans: list[Scan]) -> int:
    """The state of the compressed data: SOUND, BAD_WORD, TOO_LITTLE or TOO_MUCH. Arithmetic codes pass for SOUND."""
    if not frame.is_huffman:
        return SOUND
    if not (_refines(frame, scans) if frame.is_progressive else all(map(_is_whole, scans))):
        return BAD_WORD
    present = [np.zeros(frame.blocks(component), np.uint64) for component in frame.components]
    verdicts = (_verdict(data, frame, scan, present) for scan in scans)
    return next((found for found in verdicts if found != SOUND), SOUND)


def _is_whole(scan: Scan) -> bool:
    """Return whether a scan gives all of each block, as every scan of a sequential picture must."""
    return (scan.first, scan.last, scan.high, scan.low) == (0, 63, 0, 0)


def _refines(frame: JpegFrame, scans: list[Scan]) -> bool:
    """Return whether each scan of a progressive picture goes on from the bits that those before it gave.

    By the standard, the first coefficient (DC) comes before the others (T.81, G.1.1.1.1).
    """
    known = np.full((len(frame.components), 64), -1)
    for scan in scans:
        for member, _, _ in scan.members:
            bits = known[member, scan.first : scan.last + 1]
            if scan.first > 0 and known[member, 0] < 0:
                return False
            if (np.maximum(bits, 0) != scan.high).any():
                return False
            bits[...] = scan.low
    return True


def _verdict(data: bytes, frame: JpegFrame, scan: Scan, present: list[NDArray[np.uint64]]) -> int:
    """The state of one scan; SOUND for what the decoder itself refuses."""
    alone = len(scan.members) == 1
    units = frame.blocks(frame.components[scan.members[0][0]]) if alone else frame.units()
    interval = scan.interval or units
    bare, parts = _parts(data, scan)
    needed = -(-units // interval)
    if parts is None:
        return BAD_WORD
    if len(parts) != needed:
        return TOO_LITTLE if len(parts) < needed else TOO_MUCH
    if frame.is_progressive and scan.first == 0 and scan.high > 0:
        return _plain_bits(frame, scan, parts, units, interval)
    names = _table_names(scan)
    if not all(name in scan.tables for name in names):
        return SOUND  # frames of Motion JPEG leave out the standard tables, which decoders have
    tables = np.stack([lookup(*scan.tables[name]) for name in names])
    if frame.is_progressive and scan.first > 0:
        check = check_refining_pass if scan.high else check_first_pass
        marks = present[scan.members[0][0]]
        return int(check(bare, parts, interval, tables[0], scan.first, scan.last, marks))
    codes = _codes(frame, scan, names)
    return int(check_blocks(bare, parts, units, interval, codes, tables, not frame.is_progressive))


def _parts(data: bytes, scan: Scan) -> tuple[NDArray[np.uint8], NDArray[np.int64] | None]:
    """The data of a scan without stuffed bytes, and the stretches (n, 2) between its restarts.

    There are no stretches where restarts are out of order, or are there although none are announced.
    """
    raw = np.frombuffer(data, np.uint8, scan.end - scan.start, scan.start)
    marked = np.flatnonzero(raw == 0xFF)
    # One more byte, so that FF in the last place has one behind it.
    following = np.append(raw, 0)[marked + 1]
    stuffed = marked[following == 0] + 1
    restarts = marked[(following >= 0xD0) & (following <= 0xD7)]
    in_order = (raw[restarts + 1] == 0xD0 + np.arange(len(restarts)) % 8).all()
    bare = np.concatenate([np.delete(raw, stuffed[stuffed < len(raw)]), np.zeros(PADDING, np.uint8)])
    if not in_order or (len(restarts) and not scan.interval):
        return bare, None
    # Any number of bytes FF may fill the place before a marker. Edges count in the bare data, from which the stuffed
    # bytes before them are gone.
    ends = np.array([_before_filling(raw, end) for end in (*restarts, len(raw))], np.int64)
    starts = np.append(0, restarts + 2)
    edges = np.stack([starts, np.maximum(starts, ends)], axis=1)
    return bare, edges - np.searchsorted(stuffed, edges)


def _before_filling(raw: NDArray[np.uint8], end: int) -> int:
    while end > 0 and raw[end - 1] == 0xFF:
        end -= 1
    return int(end)


def _plain_bits(frame: JpegFrame, scan: Scan, parts: NDArray[np.int64], units: int, interval: int) -> int:
    """The state of a scan that refines first coefficients: it has one bit for each block, and no words."""
    blocks = len(_members(frame, scan))
    left = np.full(len(parts), interval)
    # The last stretch may hold fewer groups than the interval.
    left[-1] = units - interval * (len(parts) - 1)
    spare = (parts[:, 1] - parts[:, 0]) * 8 - left * blocks
    if (spare < 0).any():
        return TOO_LITTLE
    return TOO_MUCH if (spare >= 8).any() else SOUND


def _members(frame: JpegFrame, scan: Scan) -> list[tuple[int, int]]:
    """The numbers of the two codes of each block of a group, in their order."""
    if len(scan.members) == 1:
        return [scan.members[0][1:]]
    return [
        (dc, ac)
        for index, dc, ac in scan.members
        for _ in range(frame.components[index].h * frame.components[index].v)
    ]


def _table_names(scan: Scan) -> list[int]:
    """The numbers of the tables that a scan needs, as the file numbers them."""
    first = {dc for _, dc, _ in scan.members} if scan.first == 0 else set()
    rest = {_AC + ac for _, _, ac in scan.members} if scan.last > 0 else set()
    return sorted(first | rest)


def _codes(frame: JpegFrame, scan: Scan, names: list[int]) -> NDArray[np.int64]:
    """The rows of `names` (blocks of a group, 2) with the two tables of each block."""
    rows = {name: row for row, name in enumerate(names)}
    pairs = [(rows[dc], rows.get(_AC + ac, 0)) for dc, ac in _members(frame, scan)]
    return np.array(pairs, np.int64)
