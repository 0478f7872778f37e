"""Which side of a picture is up, as blocks of EXIF and XMP say it."""

from __future__ import annotations

import struct

import pytest

from filterlab.images.formats.orientation import orientation

PREFIX = b"Exif\0\0"
BLOCK = b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)


@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_block_may_have_its_prefix_twice(times):
    assert orientation(PREFIX * times + BLOCK) == (6, [])


def test_a_block_of_nothing_but_prefixes_is_damaged():
    turned, remarks = orientation(PREFIX * 3 + BLOCK)
    assert (turned, len(remarks)) == (1, 1)


def test_xmp_counts_where_exif_says_nothing():
    xmp = b'<x tiff:Orientation="8"/>'
    silent = b"II*\0\x08\0\0\0\0\0"
    assert orientation(silent, xmp) == (8, [])
    assert orientation(b"", xmp) == (8, [])
    assert orientation(BLOCK, xmp) == (6, [])
