"""TIFF in all its ways: files are generated, and what was written into them is the right answer."""

from __future__ import annotations

import zlib
from dataclasses import replace

import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab as fl
from filterlab.images.reading import read_picture
from tests.images.tiffcases import (
    any_page,
    expected,
    file_of,
    random_samples,
    scaled_planes,
)
from tests.images.tiffs import DEFLATE, NONE, Page, tiff


@given(any_page(), st.sampled_from("<>"), st.booleans(), st.booleans())
def test_whatever_is_written_is_read(folder, page, order, big, alpha):
    got = fl.read_image(file_of(folder, page, order=order, big=big), alpha=alpha)
    assert got.dtype == np.float32
    assert got.flags.c_contiguous
    want = expected(page, alpha)
    assert got.shape == want.shape
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(got, want.astype(np.float32), rtol=3e-6, atol=3e-7)


@given(any_page(), st.sampled_from("<>"), st.booleans())
def test_the_writer_writes_what_libtiff_reads(page, order, big):
    page = replace(page, photometric=1, extras=(), extra={})
    samples = page.samples
    if page.bits in (20, 24) or (samples.dtype.kind == "i" and page.bits not in (8, 16, 32)):
        return  # libtiff leaves such numbers packed
    got = imagecodecs.tiff_decode(tiff([page], order, big))
    stored = np.moveaxis(samples, 2, 0) if page.planar and samples.shape[2] > 1 else samples
    np.testing.assert_array_equal(got.reshape(stored.shape), stored)


@given(st.integers(1, 10), st.booleans(), st.sampled_from(((), (0,), (1,), (2,))), st.integers(0, 2**32))
def test_palettes_of_any_depth_and_either_scale(folder, bits, is_small, extras, seed):
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 256, (3, 2**bits))
    table[0, 0] = 255  # so that a table of 16 bits is none of 8
    stored = table if is_small else table * rng.choice([256, 257])
    pixels = random_samples(seed, (5, 9, 1 + len(extras)), "u", bits)
    page = Page(pixels, bits=bits, photometric=3, extras=extras, extra={320: ("H", stored.ravel().tolist())})
    want = table[:, pixels[..., 0]] / 255
    extra = scaled_planes(pixels, bits)[1:]
    got = fl.read_image(file_of(folder, page))
    np.testing.assert_allclose(got[:3], want, atol=1e-6)
    if extras == (0,):
        np.testing.assert_allclose(got[3:], extra, atol=1e-6)
    assert len(got) == (4 if extras == (0,) else 3)
    assert len(fl.read_image(folder / "a.tif", alpha=True)) == 3 + len(extras)


@pytest.mark.parametrize("offset", [0, 7, 254])
def test_palettes_of_sixteen_bits_keep_all_of_them(folder, offset):
    table = np.arange(256) * 256 + offset
    table[0] = 1 if offset == 0 else offset  # one odd number is enough
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    page = Page(pixels, photometric=3, extra={320: ("H", np.tile(table, 3).tolist())})
    got = fl.read_image(file_of(folder, page))
    np.testing.assert_allclose(got, np.tile(table / 65535, (3, 1)).reshape(3, 16, 16), rtol=1e-6)


@pytest.mark.parametrize(("dtype", "bits"), [("i1", 8), ("i2", 16), ("f4", 32), ("f8", 64)])
def test_grey_from_white_to_black_is_inverted_only_where_a_greatest_number_exists(folder, dtype, bits):
    stored = np.array([[[-3], [0], [1], [100]]], dtype)
    found = read_picture(file_of(folder, Page(stored, bits=bits, photometric=0)))
    np.testing.assert_array_equal(found.values[0], stored[..., 0])
    assert [remark.split(",")[0] for remark in found.remarks] == ["its grey runs from white to black"]
    unsigned = read_picture(file_of(folder, Page(stored.clip(0).astype(np.uint8), photometric=0)))
    np.testing.assert_allclose(unsigned.values[0] * 255, [[255, 255, 254, 155]], rtol=1e-6)
    assert not unsigned.remarks


def _subsampled(samples, across, down):
    """The bytes of YCbCr pixels, whose colours are those of the first pixel of each unit."""
    height, width = samples.shape[:2]
    full = np.pad(samples, ((0, -height % down), (0, -width % across), (0, 0)), mode="edge")
    out = []
    for top in range(0, height, down):
        for left in range(0, width, across):
            unit = full[top : top + down, left : left + across]
            out.append([*unit[..., 0].ravel(), *unit[0, 0, 1:]])
            samples[top : top + down, left : left + across, 1:] = unit[0, 0, 1:]
    return np.array(out, samples.dtype).tobytes()


@given(
    st.sampled_from((1, 2, 4)),
    st.sampled_from((1, 2, 4)),
    st.sampled_from((None, (0.2126, 0.7152, 0.0722))),
    st.sampled_from((None, (16, 235, 128, 240, 128, 240))),
    st.sampled_from((NONE, DEFLATE)),
    st.integers(0, 2**32),
)
def test_ycbcr_becomes_rgb(folder, across, down, luma, levels, compression, seed):
    samples = random_samples(seed, (7, 11, 3), "u", 8)
    raw = _subsampled(samples, across, down)
    extra = {530: ("H", (across, down))}
    if luma:
        extra[529] = ("d", luma)
    if levels:
        extra[532] = ("d", levels)
    segments = [raw if compression == NONE else zlib.compress(raw)]
    page = Page(samples, photometric=6, compression=compression, extra=extra, segments=segments)
    got = fl.read_image(file_of(folder, page))
    np.testing.assert_allclose(got, _rgb_of_ycbcr(samples, luma, levels), atol=1e-5)
    if luma is None and (across, down) in ((1, 1), (2, 1), (2, 2), (4, 2)):  # libtiff has it in whole steps
        libtiff = imagecodecs.tiff_decode((folder / "a.tif").read_bytes(), asrgb=True)[..., :3]
        np.testing.assert_allclose(got, np.moveaxis(libtiff, 2, 0) / 255, atol=4 / 255)


def _rgb_of_ycbcr(samples, luma, levels):
    """The specification's formulas, in float64."""
    red, green, blue = luma or (0.299, 0.587, 0.114)
    y0, y1, b0, b1, r0, r1 = levels or (0, 255, 128, 255, 128, 255)
    y, cb, cr = np.moveaxis(samples.astype(float), 2, 0)
    y, cb, cr = (y - y0) * 255 / (y1 - y0), (cb - b0) * 127 / (b1 - b0), (cr - r0) * 127 / (r1 - r0)
    r = cr * (2 - 2 * red) + y
    b = cb * (2 - 2 * blue) + y
    return np.clip([r, (y - blue * b - red * r) / green, b], 0, 255) / 255


def test_ycbcr_in_planes_and_in_sixteen_bits(folder):
    samples = random_samples(1, (9, 6, 3), "u", 8)
    whole = {530: ("H", (1, 1))}
    page = Page(samples, photometric=6, planar=True, extra=whole)
    np.testing.assert_allclose(
        fl.read_image(file_of(folder, page)), _rgb_of_ycbcr(samples, None, None), atol=1e-5
    )
    deep = samples.astype(np.uint16) * 256
    page = Page(deep, bits=16, photometric=6, extra=whole)
    np.testing.assert_allclose(
        fl.read_image(file_of(folder, page)), _rgb_of_ycbcr(samples, None, None), atol=0.006
    )


def test_seven_bands_are_seven_channels(folder):
    bands = random_samples(3, (12, 20, 7), "f", 32)
    for planar in (False, True):
        page = Page(bands, bits=32, extras=(0,) * 6, planar=planar)
        np.testing.assert_array_equal(fl.read_image(file_of(folder, page)), np.moveaxis(bands, 2, 0))


def test_a_fourth_sample_is_data_unless_it_is_called_alpha(folder):
    samples = np.full((2, 3, 4), 200, np.uint8)
    samples[..., 3] = 100
    for extras, channels in (((), 4), ((0,), 4), ((1,), 3), ((2,), 3)):
        path = file_of(folder, Page(samples, photometric=2, extras=extras))
        got = fl.read_image(path)
        assert got.shape == (channels, 2, 3), extras
        # Colours multiplied with alpha are divided by it: 200 of 100 is more than all, as in Pillow.
        np.testing.assert_allclose(got[0], 1 if extras == (1,) else 200 / 255, rtol=1e-6)
        assert len(fl.read_image(path, alpha=True)) == 4


def test_floats_of_24_bits(folder):
    values = np.array([[1.0, -2.5, 0.0, 2.0**-62, 65535 / 65536 * 2.0**63, np.inf, -np.inf]], np.float32)
    bits = [0x3F0000, 0xC04000, 0, 0x010000, 0x7DFFFF, 0x7F0000, 0xFF0000]
    for order in "<>":
        stored = np.array(bits, "u4").reshape(1, -1, 1)
        page = Page(stored, bits=24, extra={339: ("H", 3)})
        got = fl.read_image(file_of(folder, page, order=order))[0]
        np.testing.assert_array_equal(got[:, :4], values[:, :4])
        np.testing.assert_array_equal(got[:, 5:], values[:, 5:])


@pytest.mark.parametrize(("photometric", "extras"), [(1, (0, 0, 1)), (2, (1,)), (5, ())])
def test_numbers_that_are_none_are_read_without_a_word(folder, photometric, extras):
    bits = np.array(
        [0x7FF00000_00000001, 0xFFF00000_00000001, 0x7FF8 << 48, 0x7FF << 52, 0xFFF << 52, 0], "u8"
    )
    values = np.random.default_rng(0).choice(np.append(bits.view(float), [1e300, -1e300, 1]), (20, 20, 4))
    page = Page(values, bits=64, photometric=photometric, extras=extras)
    assert fl.read_image(file_of(folder, page), alpha=True).dtype == np.float32
