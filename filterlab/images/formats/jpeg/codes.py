"""The words of JPEG's Huffman codes, read without decoding a pixel, to find where compressed data are damaged.

libjpeg goes on after damage, with a warning that Pillow does not pass on. Source: ITU-T T.81, annexes F and G. Values
of coefficients do not matter, only lengths. But which of them are not zero is kept, because a scan that refines them
reads one bit more for each of these.

A word stands for a byte: its upper half counts zero coefficients (the run), its lower half the bits that follow with
the value (the size). Size 0 and a run below 15 end the block (EOB), in progressive pictures also the blocks after it;
size 0 and a run of 15 stand for 16 zeros (F.1.2.2, G.1.2.2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from filterlab.compiling import compiled

SOUND, BAD_WORD, TOO_LITTLE, TOO_MUCH = 0, 1, 2, 3
# Zeros behind the data. Within a block, positions are not compared with the end. Each of its 64 coefficients takes 16
# bits for a word and 15 for a value at most, which is 248 bytes; `_next_bits` looks at two more.
PADDING = 1 << 10

MOST_FILLING = 7  # zero bytes at the end of a stretch, which libjpeg passes over without a warning

_BITS = 16  # length of the longest word


def lookup(counts: bytes, symbols: bytes) -> NDArray[np.uint16]:
    """A table (65536,) by the next 16 bits: the length of the word that they begin with times 256, plus its symbol.

    It is 0 where they begin with no word. counts, symbols: as in a DHT segment (T.81, B.2.4.2).
    """
    # Words are given in order of length and value (annex C), so each takes the next 2 ** (16 - length) entries.
    lengths = np.repeat(np.arange(1, _BITS + 1), list(counts))[: len(symbols)]
    spans = 1 << (_BITS - lengths)
    words = lengths.astype(np.uint16) * 256 + np.frombuffer(symbols, np.uint8)[: len(lengths)]
    table = np.zeros(1 << _BITS, np.uint16)
    filled = np.repeat(words, spans)[: len(table)]
    table[: len(filled)] = filled
    return table


@compiled
def _next_bits(data: NDArray[np.uint8], bit: int) -> int:
    """The 16 bits at a position. They lie in up to three bytes."""
    at = bit >> 3
    three = (np.int64(data[at]) << 16) | (np.int64(data[at + 1]) << 8) | np.int64(data[at + 2])
    return int((three >> (8 - (bit & 7))) & 0xFFFF)


@compiled
def _verdict(data: NDArray[np.uint8], bit: int, end: int) -> int:
    """The state of a stretch, counted in bits up to `end`, whose last word ends at `bit`.

    Up to 7 bits fill its last byte. Some encoders write whole machine words, and leave a few zero bytes behind it.
    """
    if bit > end:
        return TOO_LITTLE
    first, last = (bit + 7) >> 3, end >> 3
    if last - first > MOST_FILLING:
        return TOO_MUCH
    for at in range(first, last):
        if data[at] != 0:
            return TOO_MUCH
    return SOUND


@compiled
def check_blocks(
    data: NDArray[np.uint8],
    parts: NDArray[np.int64],
    units: int,
    interval: int,
    codes: NDArray[np.int64],
    tables: NDArray[np.uint16],
    with_ac: bool,
) -> int:
    """Read a scan over whole blocks, or over their first coefficient alone.

    data: without stuffed bytes, PADDING zeros behind it. parts: (n, 2) bytes at which each stretch between restarts
    begins and ends; it holds `interval` of the `units` groups of blocks. codes: (blocks of a group, 2) rows of `tables`
    for the first coefficient and the rest. with_ac: whether the rest is in this scan.
    """
    for part in range(len(parts)):
        bit, end = parts[part, 0] * 8, parts[part, 1] * 8
        for _ in range(min(interval, units - part * interval)):
            for block in range(len(codes)):
                word = tables[codes[block, 0], _next_bits(data, bit)]
                if word == 0:
                    return BAD_WORD
                # The symbol of the first coefficient is the number of bits of its difference (F.1.2.1).
                bit += (word >> 8) + (word & 15)
                k = 1
                while with_ac and k < 64:
                    word = tables[codes[block, 1], _next_bits(data, bit)]
                    if word == 0:
                        return BAD_WORD
                    size, run = word & 15, (word >> 4) & 15
                    bit += (word >> 8) + size
                    if size == 0 and run < 15:
                        break
                    k += run + 1
                if k > 64:
                    return BAD_WORD
                if bit > end:
                    return TOO_LITTLE
        verdict = _verdict(data, bit, end)
        if verdict != SOUND:
            return verdict
    return SOUND


@compiled
def check_first_pass(
    data: NDArray[np.uint8],
    parts: NDArray[np.int64],
    interval: int,
    table: NDArray[np.uint16],
    first: int,
    last: int,
    present: NDArray[np.uint64],
) -> int:
    """Read the first scan over coefficients `first` to `last`, and mark those that are not zero in `present`.

    present: (blocks,) with a bit for each coefficient of a block.
    """
    for part in range(len(parts)):
        bit, end = parts[part, 0] * 8, parts[part, 1] * 8
        skip = 0  # blocks that a word said to end before they begin
        for block in range(part * interval, min((part + 1) * interval, len(present))):
            if skip > 0:
                skip -= 1
                continue
            k = first
            while k <= last:
                word = table[_next_bits(data, bit)]
                if word == 0:
                    return BAD_WORD
                size, run = word & 15, (word >> 4) & 15
                bit += word >> 8
                if size == 0 and run < 15:
                    # The run gives the bits of a number of blocks, of which this is the first (EOBn, G.1.2.2).
                    skip = (1 << run) + (_next_bits(data, bit) >> (16 - run)) - 1
                    bit += run
                    break
                k += run
                if k > last:
                    return BAD_WORD
                if size > 0:
                    bit += size
                    present[block] |= np.uint64(1) << np.uint64(k)
                k += 1
            if bit > end:
                return TOO_LITTLE
        verdict = _verdict(data, bit, end)
        if verdict != SOUND:
            return verdict
    return SOUND


@compiled
def check_refining_pass(
    data: NDArray[np.uint8],
    parts: NDArray[np.int64],
    interval: int,
    table: NDArray[np.uint16],
    first: int,
    last: int,
    present: NDArray[np.uint64],
) -> int:
    """Read a scan that gives one more bit to coefficients `first` to `last`; arguments as for the first scan.

    Zeros in a run are only those that were zero before. Each other coefficient that is passed over gets a bit that
    follows the word (G.1.2.3).
    """
    for part in range(len(parts)):
        bit, end = parts[part, 0] * 8, parts[part, 1] * 8
        skip = 0
        for block in range(part * interval, min((part + 1) * interval, len(present))):
            k = first
            while skip == 0 and k <= last:
                word = table[_next_bits(data, bit)]
                size, run = word & 15, (word >> 4) & 15
                if word == 0 or size > 1:
                    return BAD_WORD
                bit += word >> 8
                if size == 0 and run < 15:
                    skip = (1 << run) + (_next_bits(data, bit) >> (16 - run))
                    bit += run
                    break
                bit += size
                k, bit = _pass_over(present[block], k, last, run, bit)
                if size == 1 and k > last:
                    return BAD_WORD
                if size == 1:
                    present[block] |= np.uint64(1) << np.uint64(k)
                k += 1
            if skip > 0:
                # In blocks that are passed over, coefficients that are not zero get their bit, too.
                _, bit = _pass_over(present[block], k, last, 64, bit)
                skip -= 1
            if bit > end:
                return TOO_LITTLE
        verdict = _verdict(data, bit, end)
        if verdict != SOUND:
            return verdict
    return SOUND


@compiled
def _pass_over(present: np.uint64, k: int, last: int, run: int, bit: int) -> tuple[int, int]:
    """The zero coefficient behind `run` others, and the position after one bit for each that is not zero on the way."""
    while k <= last:
        if (present >> np.uint64(k)) & np.uint64(1):
            bit += 1
        elif run == 0:
            break
        else:
            run -= 1
        k += 1
    return k, bit
