"""TIFF files that are broken, made to do harm, or of kinds that are not supported."""

from __future__ import annotations

import lzma
import struct
import tracemalloc
import zlib
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab as fl
from filterlab.errors import ImageError
from filterlab.images.formats.tiff import inflate as inflating
from filterlab.images.formats.tiff import pixels as decoding
from filterlab.images.reading import count_pages, read_picture
from tests.images.tiffcases import (
    BYTE_CODECS,
    any_page,
    expected,
    file_of,
    grey_page,
    random_samples,
    scaled_planes,
)
from tests.images.tiffs import DEFLATE, JPEG, LZMA, LZW, NONE, PACKBITS, ZSTD, Page, tiff


def test_the_list_of_pages_may_be_broken(folder):
    whole = tiff([grey_page(10), grey_page(20), grey_page(30)])
    starts = [8]
    for _ in range(2):
        (count,) = struct.unpack_from("<H", whole, starts[-1])
        starts.append(struct.unpack_from("<L", whole, starts[-1] + 2 + 12 * count)[0])
    (count,) = struct.unpack_from("<H", whole, starts[1])
    link = starts[1] + 2 + 12 * count
    for target, remark in (
        (starts[1], "its list of pages runs in a circle after page 2"),
        (8, "its list of pages runs in a circle after page 2"),
        (len(whole) + 100, "its list of pages is broken after page 2"),
        (len(whole) - 3, "its list of pages is broken after page 2"),
    ):
        path = file_of(folder, whole[:link] + struct.pack("<L", target) + whole[link + 4 :])
        assert count_pages(path) == 2
        reading = read_picture(path, page=2)
        assert reading.remarks == (remark,)
        assert reading.values[0, 0, 0] == np.float32(20 / 255)


def test_directories_that_overlap_are_read_once(folder):
    """Each starts in the middle of the one before, and all claim many tags."""
    count, step = 2000, 12
    body = bytearray(8 + count * step + 12 * 4096 + 100)
    body[:8] = b"II*\0" + struct.pack("<L", 8)
    for i in range(count):
        struct.pack_into("<H", body, 8 + step * i, 4096)
    path = file_of(folder, bytes(body))
    with pytest.raises(ImageError):
        fl.read_image(path)


STRIP = np.arange(20, dtype=np.uint8).reshape(4, 5, 1)
NOT_SUPPORTED = [
    (Page(STRIP, photometric=77), "photometric interpretation 77"),
    (Page(STRIP, photometric=32803), "raw values of a sensor"),
    (Page(STRIP, photometric=32844), "LogL"),
    *((Page(np.dstack([STRIP] * 3), photometric=n), "LAB") for n in (8, 9, 10)),
    (Page(STRIP, photometric=2), "1 of the 3 samples that RGB needs"),
    (Page(np.dstack([STRIP] * 4), photometric=5, extra={332: ("H", 2)}), "inks other than CMYK"),
    (Page(STRIP, extra={32997: ("L", 4)}), "a volume of 4 layers"),
    (Page(STRIP, extra={258: ("H", 40)}), "40 bits"),
    (Page(STRIP, extra={258: ("H", 8), 339: ("H", 3)}), "floating-point numbers of 8 bits"),
    (Page(STRIP, extra={339: ("H", 6)}), "complex"),
    (Page(STRIP, extra={339: ("H", 9)}), "format 9"),
    (Page(np.dstack([STRIP] * 3), photometric=2, extra={258: ("H", (5, 6, 5))}), "different numbers of bits"),
    (Page(STRIP, extra={259: ("H", 6)}), "old-style JPEG"),
    (Page(STRIP, extra={259: ("H", 34661)}), "JBIG"),
    (Page(STRIP, extra={259: ("H", 34676)}), "LogLuv"),
    (Page(STRIP, extra={259: ("H", 4711)}), "compression 4711"),
    (Page(STRIP, compression=DEFLATE, extra={317: ("H", 3)}), "predictor 3"),
    (Page(STRIP, compression=PACKBITS, extra={317: ("H", 2)}), "predictor with PackBits"),
    (Page(STRIP, extra={259: ("H", 34887), 317: ("H", 2)}), "predictor with LERC"),
    (Page(np.dstack([STRIP] * 7), extra={259: ("H", 50002)}), "JPEG XL with 7 samples of 8 bits"),
    (Page(np.dstack([STRIP] * 3), photometric=6, compression=34712), "YCbCr stored as JPEG 2000"),
]


@pytest.mark.parametrize(("page", "named"), NOT_SUPPORTED)
def test_what_is_not_supported_is_named(folder, page, named):
    with pytest.raises(ImageError, match=named) as caught:
        fl.read_image(file_of(folder, page))
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


def _bomb(height, width, compression=DEFLATE, data=None, rows=None, tile=None, **options):
    """A small file that claims a large picture."""
    page = Page(
        np.zeros((1, 1, 1), np.uint8), compression=compression, segments=[data or zlib.compress(bytes(99))]
    )
    sizes = {256: ("L", width), 257: ("L", height)}
    sizes |= {322: ("L", tile[1]), 323: ("L", tile[0]), 278: None} if tile else {278: ("L", rows or height)}
    return replace(page, tile=tile, extra=sizes | options.pop("extra", {}), **options)


ZEROS = bytes(200)
BITS = {258: ("H", 1)}
REFUSED = [
    (_bomb(1 << 28, 1, LZW, ZEROS, rows=1), "1 of the 268,435,456 strips"),
    (_bomb(1 << 28, 1, LZW, ZEROS), "too short"),
    (_bomb(1, 1, tile=(65536, 65536)), "tiles of 65,536 x 65,536 pixels are far larger"),
    (_bomb(1, 1, tile=(1 << 24, 1), extra={258: ("H", 64), 339: ("H", 3)}), "x 1 pixels are far larger"),
    *(
        (_bomb(20_000, 20_000, compression, ZEROS, extra=BITS), "too short|hardly hold")
        for compression in (2, 3, 4)
    ),
    *(
        (_bomb(20_000, 20_000, compression, ZEROS), "too short|hardly hold")
        for compression in (NONE, LZW, JPEG, DEFLATE, PACKBITS, LZMA, ZSTD, 34712, 34887)
    ),
    (_bomb(1 << 20, 1 << 20), "more than 1,073,741,824"),
    (_bomb(2000, 2000, PACKBITS, b"\x81\0" * 9), "too short"),
    (_bomb(300, 300, PACKBITS, b"\x81\0" * 700), "too short"),
    (_bomb(300, 300, PACKBITS, b"\x80" * 2000), "cut short"),
    (_bomb(40, 40, DEFLATE, zlib.compress(bytes(1599))), "cut short"),
    (_bomb(40, 40, DEFLATE, zlib.compress(bytes(1600))[:-6]), "cut short|damaged"),
    (_bomb(40, 40, DEFLATE, b"\x78\x9c" + b"\xff" * 40), "damaged"),
    (_bomb(40, 40, LZW, b"\x80\x0b\x60" * 9), "cut short|damaged"),
    (_bomb(40, 40, NONE, bytes(1599)), "too short"),
    (_bomb(40, 40, NONE, bytes(1600), extra={279: ("L", 0)}), "strip 1 of 1 is missing"),
    (_bomb(40, 40, NONE, bytes(1600), extra={273: ("L", 0)}), "strip 1 of 1 is missing"),
    (_bomb(40, 40, NONE, bytes(1600), extra={273: ("L", 1 << 30)}), "strip 1 of 1 lies behind the end"),
    (_bomb(40, 40, extra={273: None}), "0 of the 1 strips"),
    (_bomb(40, 40, extra={279: None}), "0 of the 1 strips"),
    (_bomb(40, 40, extra={273: ("s", b"abcd"), 279: ("L", 1)}), "no whole numbers"),
    (_bomb(40, 40, extra={256: ("L", 0)}), "no pixels"),
    (_bomb(40, 40, extra={256: None}), "no pixels"),
    (_bomb(40, 40, extra={277: ("H", 0)}), "no pixels"),
    (_bomb(40, 40, extra={278: ("L", 0)}), "no pixels"),
    (Page(STRIP, photometric=3), "palette has 0 numbers instead of 768"),
    (Page(STRIP, photometric=3, extra={320: ("H", [1] * 700)}), "palette has 700 numbers instead of 768"),
    # A directory without BitsPerSample, whose default is 1, beside the palette of 8 bits.
    (
        Page(STRIP, photometric=3, extra={320: ("H", [1] * 768), 258: None}),
        "palette has 768 numbers instead of 6",
    ),
    (Page(np.dstack([STRIP] * 3), photometric=6, extra={530: ("H", (3, 1))}), "subsampling makes no sense"),
]


@pytest.mark.parametrize(("page", "words"), REFUSED)
def test_what_a_file_cannot_hold_is_refused_before_memory_is_taken(folder, page, words):
    path = file_of(folder, page)
    tracemalloc.start()
    try:
        with pytest.raises(ImageError, match=words) as caught:
            fl.read_image(path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1 << 26
    assert len(str(caught.value)) < 300


def test_a_tile_may_be_larger_than_the_picture(folder):
    samples = random_samples(1, (3, 5, 1), "u", 8)
    path = file_of(folder, Page(samples, tile=(512, 512), compression=DEFLATE))
    np.testing.assert_array_equal(fl.read_image(path), scaled_planes(samples, 8).astype(np.float32))


@pytest.mark.parametrize("compression", [NONE, LZW, DEFLATE, PACKBITS, LZMA, ZSTD])
def test_strips_that_are_cut_are_refused_and_what_is_behind_them_does_not_matter(folder, compression):
    samples = random_samples(3, (30, 31, 1), "u", 8)
    (whole,) = Page(samples, compression=compression).encoded("<")
    page = Page(samples, compression=compression)
    for tail in (b"\0", b"\0\1\2\3") if compression not in (LZMA, ZSTD) else (b"",):
        path = file_of(folder, replace(page, segments=[whole + tail]))
        np.testing.assert_array_equal(fl.read_image(path), scaled_planes(samples, 8).astype(np.float32))
    for end in range(1, len(whole) - 20, 17):
        with pytest.raises(ImageError, match="cut short|damaged|too short"):
            fl.read_image(file_of(folder, replace(page, segments=[whole[:end]])))


@given(any_page(), st.sampled_from("<>"))
def test_large_strips_are_decoded_in_pieces(folder, page, order):
    page = replace(page, compression=DEFLATE, planar=False, tile=None, rows=None)
    whole, (deflated,) = replace(page, compression=NONE).encoded(order)[0], page.encoded(order)
    with pytest.MonkeyPatch.context() as patch:
        for name, size in (("_LARGE", 1), ("_PIECE", len(whole) // 3 + 1), ("_BAND", 1)):
            patch.setattr(decoding, name, size)
        for data in (deflated, deflated + b"\0\1", deflated[:-4]):
            got = fl.read_image(file_of(folder, replace(page, segments=[data]), order=order))
            np.testing.assert_allclose(got, expected(page, False).astype(np.float32), rtol=3e-6, atol=3e-7)
        wrong_sum = deflated[:-1] + bytes([deflated[-1] ^ 1])
        for data in (deflated[:2], wrong_sum):
            with pytest.raises(ImageError, match="cut short|damaged|too short"):
                fl.read_image(file_of(folder, replace(page, segments=[data]), order=order))


@pytest.mark.parametrize("in_pieces", [False, True])
@pytest.mark.parametrize("feed", [5, 1 << 20])
def test_the_check_sum_is_compared_wherever_it_stands(folder, monkeypatch, in_pieces, feed):
    monkeypatch.setattr(inflating, "_FEED", feed)
    if in_pieces:
        monkeypatch.setattr(decoding, "_LARGE", 1)
        monkeypatch.setattr(decoding, "_BAND", 1)
    samples = random_samples(3, (30, 31, 1), "u", 8)
    (deflated,) = Page(samples, compression=DEFLATE).encoded("<")
    more = zlib.compress(samples.tobytes() + bytes(2000))
    for data in (deflated, more):
        page = Page(samples, compression=DEFLATE, segments=[data])
        np.testing.assert_array_equal(
            fl.read_image(file_of(folder, page)), scaled_planes(samples, 8).astype(np.float32)
        )
        for place in (-1, -4):
            wrong = bytearray(data)
            wrong[place] ^= 1
            with pytest.raises(ImageError, match="strip 1 of 1 is damaged"):
                fl.read_image(file_of(folder, replace(page, segments=[bytes(wrong)])))


@pytest.mark.parametrize("filling", [0, 2000])
def test_the_check_sum_of_lzma_is_compared(folder, filling):
    samples = random_samples(3, (30, 31, 1), "u", 8)
    data = lzma.compress(samples.tobytes() + bytes(filling))
    page = Page(samples, compression=LZMA, segments=[data])
    np.testing.assert_array_equal(
        fl.read_image(file_of(folder, page)), scaled_planes(samples, 8).astype(np.float32)
    )
    for place in range(len(data) - 32, len(data)):  # CRC64, index and footer
        wrong = bytearray(data)
        wrong[place] ^= 1
        with pytest.raises(ImageError, match="strip 1 of 1 is damaged"):
            fl.read_image(file_of(folder, replace(page, segments=[bytes(wrong)])))


@pytest.mark.parametrize(("compression", "encode"), [(DEFLATE, zlib.compress), (LZMA, lzma.compress)])
def test_what_goes_on_far_behind_the_last_pixel_is_not_decompressed(folder, compression, encode):
    samples = random_samples(3, (30, 31, 1), "u", 8)
    data = encode(samples.tobytes() + bytes(20_000))
    with pytest.raises(ImageError, match="strip 1 of 1 goes on far behind its last pixel"):
        fl.read_image(file_of(folder, Page(samples, compression=compression, segments=[data])))


def test_more_rows_than_the_last_strip_needs_are_no_fault(folder):
    samples = random_samples(3, (10, 8, 1), "u", 8)
    filled = np.concatenate([samples, samples[:6]])
    for compression in BYTE_CODECS:
        segments = Page(filled, compression=compression, rows=8).encoded("<")
        path = file_of(folder, Page(samples, compression=compression, rows=8, segments=segments))
        np.testing.assert_array_equal(fl.read_image(path), scaled_planes(samples, 8).astype(np.float32))


def test_strips_without_byte_counts_are_those_of_old_files(folder):
    samples = random_samples(3, (10, 8, 3), "u", 8)
    page = Page(samples, photometric=2, rows=4, extra={279: None})
    np.testing.assert_array_equal(
        fl.read_image(file_of(folder, page)), scaled_planes(samples, 8).astype(np.float32)
    )


@given(any_page(), st.sampled_from("<>"), st.booleans(), st.integers(0, 2**32))
def test_mutated_files_are_read_or_refused_in_one_line(folder, page, order, big, seed):
    rng = np.random.default_rng(seed)
    data = bytearray(tiff([page, grey_page(3)], order, big))
    for _ in range(rng.integers(1, 4)):
        position = int(rng.integers(len(data)) if rng.random() < 0.5 else rng.integers(min(len(data), 300)))
        data[position] = rng.choice([0, 1, 2, 127, 128, 255, data[position] ^ (1 << rng.integers(8))])
    if rng.random() < 0.2:
        del data[rng.integers(8, len(data)) :]
    line = ""
    try:
        reading = read_picture(file_of(folder, bytes(data)))
        assert reading.values.dtype == np.float32
        assert reading.values.ndim == 3
    except ImageError as error:
        line = str(error)
    assert len(line) < 300
    assert "\n" not in line


def test_nothing_is_printed_or_logged(folder, capfd, caplog):
    for page, _ in (*NOT_SUPPORTED, *REFUSED):
        with suppress(ImageError):
            fl.read_image(file_of(folder, page))
    assert capfd.readouterr() == ("", "")
    assert not caplog.records
