"""Reading the pictures of Netpbm (PBM, PGM and PPM as text and as bytes, PAM) and PFM, with every step of their depth.

Source: the format definitions of Netpbm (netpbm.sourceforge.net/doc). A sample v becomes v / maxval, for every maxval
from 1 to 65535; a sample above it is refused. Files of bytes may hold several pictures, one behind the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import (
    Reading,
    broken,
    check_page,
    check_pages,
    check_size,
    scaled,
    split_alpha,
)
from filterlab.images.formats.frames import forget, indexed
from filterlab.images.formats.pnm.header import PnmHeader, header_at, starts_with_one
from filterlab.images.formats.pnm.text import bits, numbers
from filterlab.text.messages import say

_AT_ONCE = 1 << 20  # samples that are scaled together
_REST = say("what follows its last pixel is not read")


def count_pages(file: Path) -> int:
    """The number of whole pictures that follow one another in the file."""
    with file.open("rb") as stream:
        return _count(indexed(stream, _headers, _count)[1])


def read(file: Path, alpha: bool, page: int) -> Reading:
    """One picture, scaled to [0, 1] by its greatest value; floats stay as they are.

    Raises ImageError for a file that is cut short, and for samples that are not numbers up to the maximum value.
    """
    with file.open("rb") as stream:
        key, (headers, found_remarks) = indexed(stream, _headers, _count)
        remarks = list(found_remarks)  # those found are shared by all pages
        check_page(page, len(headers))
        if page == len(headers):
            forget(key)
        header = headers[page - 1]
        check_size(header.channels, header.height, header.width)
        stream.seek(header.start)
        values = np.empty((header.channels, header.height, header.width), np.float32)
        row = 0
        for block in _rows(stream, header, remarks):
            planes = _checked(block, header).transpose(2, 0, 1)
            values[:, row : row + len(block)] = scaled(planes, header.greatest)
            row += len(block)
    if header.is_bits:
        np.subtract(1, values, out=values)  # a set bit is black in PBM
    if header.is_float:
        # A view: `read_picture` makes it contiguous once, after alpha is split off.
        values = values[:, ::-1]  # PFM stores the lowest row first
    return Reading(split_alpha(values, alpha) if header.alpha else values, len(headers), tuple(remarks))


def _count(found: tuple[list[PnmHeader], list[str]]) -> int:
    return len(found[0])


def _headers(stream: BinaryIO) -> tuple[list[PnmHeader], list[str]]:
    """The headers of all whole pictures, and remarks on what else is in the file.

    Raises ImageError where the first picture is not whole. What follows it may look like a header by chance.
    """
    size = stream.seek(0, 2)
    found = [header_at(stream, 0, size)]
    if found[0].end > size:
        raise broken("it is cut short")
    if found[0].is_text:
        return found, []
    while found[-1].end < size:
        if not starts_with_one(stream, found[-1].end):
            blank = not stream.read(_AT_ONCE).strip()
            return found, [] if blank else [_REST]
        try:
            following = header_at(stream, found[-1].end, size)
        except ImageError:
            return found, [_REST]
        if following.end > size:
            return found, [say("the last of its pictures is cut short, and left out")]
        found.append(following)
        check_pages(len(found))
    return found, []


def _rows(stream: BinaryIO, header: PnmHeader, remarks: list[str]) -> Iterator[NDArray[Any]]:
    """The rows (n, W, C) of a picture, some at a time. Raises ImageError where the file ends before they do.

    Adds to `remarks` where more follows in a file of text. For other files, `_headers` has found that out.
    """
    if header.is_text:
        yield from _rows_of_text(stream, header, remarks)
        return
    length = prod(header.row_shape) * header.stored.itemsize
    step = max(_AT_ONCE // length, 1)
    for row in range(0, header.height, step):
        count = min(step, header.height - row)
        data = stream.read(count * length)
        if len(data) < count * length:
            raise broken("it is cut short")
        block = np.frombuffer(data, header.stored).reshape(count, *header.row_shape)
        yield np.unpackbits(block, axis=1)[:, : header.width] if header.is_bits else block


def _rows_of_text(stream: BinaryIO, header: PnmHeader, remarks: list[str]) -> Iterator[NDArray[Any]]:
    """The rows of a file whose samples are digits. Blocks of text end anywhere, so that parts of rows wait."""
    length = header.width * header.channels
    missing = header.height * length
    waiting: list[NDArray[Any]] = []
    count = 0
    blocks: Iterator[NDArray[Any]] = bits(stream) if header.is_bits else numbers(stream)
    for block in blocks:
        waiting.append(block[: missing - count])
        count += len(waiting[-1])
        if count < min(length, missing):
            continue
        joined = np.concatenate(waiting)
        complete = count - count % length  # samples of rows that have all of theirs
        yield joined[:complete].reshape(-1, header.width, header.channels)
        is_spare = len(block) > len(waiting[-1])
        waiting, missing, count = [joined[complete:]], missing - complete, count - complete
        if not missing:
            if is_spare or _holds_more(blocks):
                remarks.append(_REST)
            return
    raise broken("it is cut short")


def _holds_more(blocks: Iterator[NDArray[Any]]) -> bool:
    """Return whether anything but blanks and comments is left, be it samples or not."""
    try:
        return any(len(block) for block in blocks)
    except ImageError:
        return True


def _checked(block: NDArray[Any], header: PnmHeader) -> NDArray[Any]:
    # A sample above the greatest value would leave [0, 1]. Where every number of the type is allowed, none can.
    if not header.is_float and header.greatest < np.iinfo(block.dtype).max:
        largest = int(block.max(initial=0))
        if largest > header.greatest:
            raise broken(say("it holds a sample of {}, above its maximum of {}", largest, header.greatest))
    return block
