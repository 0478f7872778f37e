"""BMP files: every depth, layout of colours and escape, beside Pillow where it reads them."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from PIL import Image

import filterlab as fl
from filterlab.errors import ImageError
from filterlab.images.reading import DamageWarning, read_picture

GREYS = bytes(n for i in range(256) for n in (i, i, i, 0))
COLOURS = bytes(n for i in range(256) for n in (i, 255 - i, i // 2, 0))  # blue, green, red
LACKING = "its palette lacks"


def bmp(pixels, width, height, bits, compression=0, masks=(), palette=b"", header=40, colours=None):
    """A file; header: the length of its second header, which holds the masks from 52 on."""
    colours = len(palette) // 4 if colours is None else colours
    info = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, compression, 0, 0, 0, colours, 0)
    between = struct.pack(f"<{len(masks)}I", *masks)
    info = (info + between).ljust(header, b"\0") if header > 40 else info + between
    offset = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset) + info + palette + pixels


@pytest.fixture
def read(tmp_path):
    """Reads the bytes of a file."""

    def read(data, **options):
        (tmp_path / "a.bmp").write_bytes(data)
        return fl.read_image(tmp_path / "a.bmp", **options)

    return read


def rows_of(numbers, dtype):
    """Rows from the bottom up, each filled up to words of four bytes."""
    lines = [row.astype(dtype).tobytes() for row in numbers[::-1]]
    return b"".join(line.ljust(-(-len(line) // 4) * 4, b"\0") for line in lines)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(1, 1), (7, 5), (33, 4)])
def test_files_of_pillow_are_read_as_by_pillow(tmp_path, rng, mode, size):
    image = Image.fromarray(rng.integers(0, 256, (size[1], size[0], 4), np.uint8), "RGBA").convert(mode)
    image.save(tmp_path / "a.bmp")
    got = fl.read_image(tmp_path / "a.bmp", alpha=True)
    with Image.open(tmp_path / "a.bmp") as again:
        shown = again.convert({"1": "L", "P": "RGB", "RGBA": "RGB"}.get(mode, mode))
        planes = np.asarray(shown, np.float32).reshape(*size[::-1], -1).transpose(2, 0, 1)
    np.testing.assert_array_equal(got, planes / np.float32(255))


@pytest.mark.parametrize(
    ("masks", "greatest"),
    [(None, (31, 31, 31)), ((0x7C00, 0x3E0, 0x1F), (31, 31, 31)), ((0xF800, 0x7E0, 0x1F), (31, 63, 31))],
)
def test_sixteen_bits_are_read_in_full_precision(read, rng, masks, greatest):
    numbers = rng.integers(0, 1 << 16, (5, 7), np.uint16)
    got = read(bmp(rows_of(numbers, "<u2"), 7, 5, 16, 3 if masks else 0, masks or ()))
    for channel, mask, top in zip(got, masks or (0x7C00, 0x3E0, 0x1F), greatest, strict=True):
        stored = (numbers & mask) // (mask & -mask)
        np.testing.assert_array_equal(channel, stored.astype(np.float32) / np.float32(top))
        assert stored.max() <= top


MASKS = {
    "BGRX": (0xFF0000, 0xFF00, 0xFF),
    "RGBX": (0xFF, 0xFF00, 0xFF0000),
    "XRBG": (0xFF00, 0xFF0000, 0xFF000000),
    "10-10-10": (0x3FF00000, 0xFFC00, 0x3FF),
    "11-11-10": (0x7FF, 0x3FF800, 0xFFC00000),
    "bits across bytes": (0xFF0, 0xFF000, 0xF),
}


@pytest.mark.parametrize("masks", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize("header", [40, 52, 108, 124])
def test_masks_may_lie_anywhere(read, rng, masks, header):
    numbers = rng.integers(0, 1 << 32, (4, 3), np.uint32)
    got = read(bmp(rows_of(numbers, "<u4"), 3, 4, 32, 3, masks, header=header))
    for channel, mask in zip(got, masks, strict=True):
        lowest = mask & -mask
        np.testing.assert_allclose(channel, (numbers & mask) / lowest / (mask // lowest), rtol=1e-7)


def test_alpha_is_read_where_a_mask_says_so(read, rng):
    numbers = rng.integers(0, 1 << 32, (4, 3), np.uint32)
    masks = (0xFF, 0xFF00, 0xFF0000, 0xFF000000)
    for options in ({"compression": 3, "header": 56}, {"compression": 6}):
        data = bmp(rows_of(numbers, "<u4"), 3, 4, 32, masks=masks, **options)
        np.testing.assert_allclose(read(data, alpha=True)[3], (numbers >> 24) / 255, rtol=1e-6)
        assert read(data).shape == (3, 4, 3)


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
@pytest.mark.parametrize("height", [5, -5])
def test_indices_of_every_depth(read, rng, bits, height):
    indices = rng.integers(0, 1 << bits, (5, 13), np.uint8)
    flat = np.unpackbits(indices[..., None], axis=2)[..., 8 - bits :].reshape(5, -1)
    packed = np.packbits(flat, axis=1)
    got = read(
        bmp(
            rows_of(packed if height > 0 else packed[::-1], "u1"),
            13,
            height,
            bits,
            palette=COLOURS[: 4 << bits],
        )
    )
    red, green, blue = indices // 2, 255 - indices, indices
    np.testing.assert_allclose(got, np.stack([red, green, blue]) / 255, rtol=1e-6)


def test_a_core_header_has_colours_of_three_bytes(read):
    head = b"BM" + struct.pack("<IHHIIHHHH", 0, 0, 0, 14 + 12 + 6, 12, 2, 1, 1, 1)
    got = read(head + bytes([0, 0, 255, 10, 20, 30]) + b"\x40\0\0\0")
    np.testing.assert_allclose(got[:, 0] * 255, [[255, 30], [0, 20], [0, 10]], rtol=1e-6)


@pytest.mark.parametrize(("bits", "compression"), [(8, 0), (4, 0), (8, 1)])
def test_indices_outside_the_palette_are_black_and_said(tmp_path, bits, compression):
    pixels = {(8, 0): b"\0\1\x02\0", (4, 0): b"\x01\x20\0\0", (8, 1): b"\1\0\1\1\1\2\0\1"}[bits, compression]
    for colours, said in ((2, True), (3, False)):
        palette = b"\xff\xff\xff\0" * colours
        (tmp_path / "a.bmp").write_bytes(bmp(pixels, 3, 1, bits, compression, palette=palette))
        reading = read_picture(tmp_path / "a.bmp")
        assert [LACKING in remark for remark in reading.remarks] == [True] * said
        np.testing.assert_array_equal(reading.values[0, 0], [1, 1, 0 if said else 1])


RUNS = {
    "runs and ends of rows": (8, b"\3\x05\0\0\2\7\1\x09\0\1", [[7, 7, 9], [5, 5, 5]]),
    "an end before the last row": (8, b"\3\x05\0\1", [[0, 0, 0], [5, 5, 5]]),
    "an end within a row": (8, b"\2\x05\0\1", [[0, 0, 0], [5, 5, 0]]),
    "no mark of the end": (8, b"\3\x05\0\0\3\7", [[7, 7, 7], [5, 5, 5]]),
    "a move within a row": (8, b"\1\x05\0\2\1\0\1\6\0\0\3\7\0\1", [[7, 7, 7], [5, 0, 6]]),
    "a move to the next row": (8, b"\1\x05\0\2\1\1\1\6\0\1", [[0, 0, 6], [5, 0, 0]]),
    "a move beyond the picture": (8, b"\1\x05\0\2\0\x09\1\6\0\1", [[0, 0, 0], [5, 0, 0]]),
    "pixels as they are": (8, b"\0\3\1\2\3\0\0\0\3\4\0\1", [[4, 4, 4], [1, 2, 3]]),
    "a run beyond its row": (8, b"\x09\x05\0\0\3\7\0\1", [[7, 7, 7], [5, 5, 5]]),
    "two colours in turn": (4, b"\3\x12\0\0\3\x34\0\1", [[3, 4, 3], [1, 2, 1]]),
    "halves as they are": (4, b"\0\3\x12\x30\0\0\3\x44\0\1", [[4, 4, 4], [1, 2, 3]]),
    "halves and a move": (4, b"\1\x50\0\2\1\1\1\x60\0\1", [[0, 0, 6], [5, 0, 0]]),
}


@pytest.mark.parametrize(("bits", "runs", "wanted"), RUNS.values(), ids=RUNS)
def test_runs_with_all_escapes(read, bits, runs, wanted):
    got = read(bmp(runs, 3, 2, bits, 1 if bits == 8 else 2, palette=GREYS[: 4 << bits]))
    np.testing.assert_array_equal(np.round(got * 255), [wanted])


@pytest.mark.parametrize("runs", [b"", b"\3", b"\3\x05", b"\3\x05\0\0\2\7", b"\3\x05\0\0\0\3\1"], ids=repr)
def test_runs_that_are_cut_short_are_refused(read, runs):
    with pytest.raises(ImageError, match="cut short"):
        read(bmp(runs, 3, 2, 8, 1, palette=GREYS))


def test_pixels_that_are_cut_short_are_refused(read):
    data = bmp(rows_of(np.zeros((4, 3)), "<u4"), 3, 4, 32)
    assert read(data).shape == (3, 4, 3)
    with pytest.raises(ImageError, match="cut short"):
        read(data[:-1])


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (bmp(b"", 3, 4, 24, 4), "compression JPEG"),
        (bmp(b"", 3, 4, 1, 3, header=64), "compression 3"),
        (bmp(b"", 3, 4, 7), "7 bits a pixel"),
        (bmp(b"", 3, 4, 24, 1), "24 bits a pixel in compression 1"),
        (bmp(bytes(48), 3, 4, 32, 3, (0xFF0000, 0xF0F0, 0xFF)), "the masks FF0000, F0F0, FF, 0"),
        (bmp(bytes(48), 3, 4, 16, 3, (0xFF0000, 0xFF00, 0xFF)), "the masks"),
        (bmp(bytes(48), 3, 4, 32, 3, (0xFF0000, 0, 0xFF)), "the masks"),
        (bmp(b"", 0, 4, 24), "no pixels"),
        (bmp(b"", 3, 0, 24), "no pixels"),
        (bmp(bytes(16), 3, 4, 8, colours=1 << 20), "palette is too long"),
        (bmp(b"", 17_000, 17_000, 8, 1, palette=GREYS), "can hardly hold"),
        (bmp(b"", 3, 4, 24)[:30], "damaged"),
        (b"BM" + bytes(12) + b"\x11\0\0\0" + bytes(60), "a header of 17 bytes"),
        (b"BM" + bytes(20), "it is cut short"),
    ],
)
def test_what_is_not_supported_or_broken_is_said(read, data, named):
    with pytest.raises(ImageError, match=named) as caught:
        read(data)
    assert len(str(caught.value)) < 300


def test_the_remark_is_a_warning_for_callers(read):
    with pytest.warns(DamageWarning, match=LACKING):
        read(bmp(b"\0\1\2\0", 3, 1, 8, palette=b"\0\0\0\0"))
