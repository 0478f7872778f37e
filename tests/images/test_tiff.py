"""TIFF in all its ways: files are generated, and what was written into them is the right answer."""

from __future__ import annotations

import io
import os
import struct
import sys
import tracemalloc
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import filterlab as fl
from filterlab.errors import ImageError
from filterlab.images.reading import count_pages, read_picture
from filterlab.images.tiff import pixels as decoding
from tests.images.tiffs import DEFLATE, JPEG, LZMA, LZW, NONE, PACKBITS, ZSTD, Page, tiff

COLOURS = {0: 1, 1: 1, 2: 3, 5: 4}  # samples of a pixel, by photometric interpretation
BYTE_CODECS = (NONE, LZW, DEFLATE, PACKBITS, LZMA, ZSTD)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tiff")


def _file(folder, *pages, order="<", big=False, name="a.tif"):
    path = folder / name
    path.write_bytes(pages[0] if isinstance(pages[0], bytes) else tiff(list(pages), order, big))
    return path


def _scaled(samples, bits):
    """(C, H, W) of stored numbers: unsigned ones over their greatest."""
    planes = np.moveaxis(samples, 2, 0)
    return planes / (2.0**bits - 1) if samples.dtype.kind == "u" else planes.astype(float)


def _expected(page, alpha):
    """What the page must be read as, reckoned in float64."""
    values = _scaled(page.samples, page.bits)
    first_extra = len(values) - len(page.extras)
    kinds = [0] * first_extra + list(page.extras)
    of_alpha = next((i for i, kind in enumerate(kinds) if kind in (1, 2)), None)
    count = first_extra if page.photometric in (0, 1) else COLOURS[page.photometric]
    colours = values[:count]
    if of_alpha is not None and kinds[of_alpha] == 1:
        opacity = values[of_alpha]
        if page.samples.dtype.kind == "i":
            opacity = opacity / (2.0 ** (page.bits - 1) - 1)
        colours = np.where(opacity > 0, colours / np.where(opacity > 0, opacity, 1), colours)
        if page.samples.dtype.kind == "u":
            colours = np.minimum(colours, 1)
    if page.photometric == 0 and page.samples.dtype.kind == "u":
        colours = 1 - colours
    if page.photometric == 5:
        colours = (1 - colours[:3]) * (1 - colours[3:])
    data = [values[i] for i in range(count, len(values)) if i != of_alpha]
    last = [values[of_alpha]] if alpha and of_alpha is not None else []
    return np.stack([*colours, *data, *last])


@st.composite
def pages(draw):
    """A page of any kind that byte codecs have."""
    kind = draw(st.sampled_from("uuuif"))
    bits = draw(st.sampled_from((16, 32, 64) if kind == "f" else (*range(1, 17), 8, 8, 16, 20, 24, 32)))
    if kind == "i":
        bits = max(bits, 2)
    photometric = draw(st.sampled_from((0, 1, 1, 2, 2, 5))) if kind == "u" else draw(st.sampled_from((1, 2)))
    extras = tuple(draw(st.lists(st.sampled_from((0, 0, 1, 2)), max_size=4)))
    samples = COLOURS[photometric] + len(extras)
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    compression = draw(st.sampled_from(BYTE_CODECS))
    predictor = 1
    if compression in (LZW, DEFLATE, JPEG, LZMA, ZSTD) and draw(st.booleans()):
        predictor = 3 if kind == "f" and draw(st.booleans()) else 2 if bits in (8, 16, 32, 64) else 1
    tiled = draw(st.booleans())
    return Page(
        _random(draw(st.integers(0, 2**32)), (height, width, samples), kind, bits),
        bits=bits,
        photometric=photometric,
        extras=extras,
        planar=draw(st.booleans()),
        compression=compression,
        predictor=predictor,
        rows=None if tiled else draw(st.integers(1, height)),
        tile=(16 * draw(st.integers(1, 2)), 16 * draw(st.integers(1, 3))) if tiled else None,
        reversed_bits=draw(st.booleans()) and draw(st.booleans()),
        extra=draw(st.sampled_from(({}, {262: None}))) if photometric == 1 and samples == 1 else {},
    )


def _random(seed, shape, kind, bits):
    """Numbers in long runs and short ones, from the whole range of their type."""
    rng = np.random.default_rng(seed)
    size = 8 * next(n for n in (1, 2, 4, 8) if 8 * n >= bits)
    if kind == "f":
        values = rng.normal(size=shape) * 10.0 ** rng.integers(-3, 4)
        return values.astype(f"f{size // 8}")
    low, high = (0, 2**bits) if kind == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1))
    values = rng.integers(low, high, shape)
    values[rng.random(shape[:2]) < 0.5] = values[0, 0]
    return values.astype(f"{kind}{size // 8}")


@given(pages(), st.sampled_from("<>"), st.booleans(), st.booleans())
def test_whatever_is_written_is_read(folder, page, order, big, alpha):
    got = fl.read_image(_file(folder, page, order=order, big=big), alpha=alpha)
    assert got.dtype == np.float32
    assert got.flags.c_contiguous
    want = _expected(page, alpha)
    assert got.shape == want.shape
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(got, want.astype(np.float32), rtol=3e-6, atol=3e-7)


@given(pages(), st.sampled_from("<>"), st.booleans())
def test_the_writer_writes_what_libtiff_reads(page, order, big):
    page = replace(page, photometric=1, extras=(), extra={})
    samples = page.samples
    if page.bits in (20, 24) or (samples.dtype.kind == "i" and page.bits not in (8, 16, 32)):
        return  # libtiff leaves such numbers packed
    got = imagecodecs.tiff_decode(tiff([page], order, big))
    stored = np.moveaxis(samples, 2, 0) if page.planar and samples.shape[2] > 1 else samples
    np.testing.assert_array_equal(got.reshape(stored.shape), stored)


# -- colours ----------------------------------------------------------------------------------------------


@given(st.integers(1, 10), st.booleans(), st.sampled_from(((), (0,), (1,), (2,))), st.integers(0, 2**32))
def test_palettes_of_any_depth_and_either_scale(folder, bits, is_small, extras, seed):
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 256, (3, 2**bits))
    table[0, 0] = 255  # so that a table of 16 bits is none of 8
    stored = table if is_small else table * rng.choice([256, 257])
    pixels = _random(seed, (5, 9, 1 + len(extras)), "u", bits)
    page = Page(pixels, bits=bits, photometric=3, extras=extras, extra={320: ("H", stored.ravel().tolist())})
    want = table[:, pixels[..., 0]] / 255
    extra = _scaled(pixels, bits)[1:]
    got = fl.read_image(_file(folder, page))
    np.testing.assert_allclose(got[:3], want, atol=1e-6)
    if extras == (0,):
        np.testing.assert_allclose(got[3:], extra, atol=1e-6)
    assert len(got) == (4 if extras == (0,) else 3)
    assert len(fl.read_image(folder / "a.tif", alpha=True)) == 3 + len(extras)


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
    samples = _random(seed, (7, 11, 3), "u", 8)
    raw = _subsampled(samples, across, down)
    extra = {530: ("H", (across, down))}
    if luma:
        extra[529] = ("d", luma)
    if levels:
        extra[532] = ("d", levels)
    segments = [raw if compression == NONE else zlib.compress(raw)]
    page = Page(samples, photometric=6, compression=compression, extra=extra, segments=segments)
    got = fl.read_image(_file(folder, page))
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
    samples = _random(1, (9, 6, 3), "u", 8)
    whole = {530: ("H", (1, 1))}
    page = Page(samples, photometric=6, planar=True, extra=whole)
    np.testing.assert_allclose(
        fl.read_image(_file(folder, page)), _rgb_of_ycbcr(samples, None, None), atol=1e-5
    )
    deep = samples.astype(np.uint16) * 256
    page = Page(deep, bits=16, photometric=6, extra=whole)
    np.testing.assert_allclose(
        fl.read_image(_file(folder, page)), _rgb_of_ycbcr(samples, None, None), atol=0.006
    )


def test_seven_bands_are_seven_channels(folder):
    bands = _random(3, (12, 20, 7), "f", 32)
    for planar in (False, True):
        page = Page(bands, bits=32, extras=(0,) * 6, planar=planar)
        np.testing.assert_array_equal(fl.read_image(_file(folder, page)), np.moveaxis(bands, 2, 0))


def test_a_fourth_sample_is_data_unless_it_is_called_alpha(folder):
    samples = np.full((2, 3, 4), 200, np.uint8)
    samples[..., 3] = 100
    for extras, channels in (((), 4), ((0,), 4), ((1,), 3), ((2,), 3)):
        path = _file(folder, Page(samples, photometric=2, extras=extras))
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
        got = fl.read_image(_file(folder, page, order=order))[0]
        np.testing.assert_array_equal(got[:, :4], values[:, :4])
        np.testing.assert_array_equal(got[:, 5:], values[:, 5:])


@pytest.mark.parametrize(("photometric", "extras"), [(1, (0, 0, 1)), (2, (1,)), (5, ())])
def test_numbers_that_are_none_are_read_without_a_word(folder, photometric, extras):
    bits = np.array(
        [0x7FF00000_00000001, 0xFFF00000_00000001, 0x7FF8 << 48, 0x7FF << 52, 0xFFF << 52, 0], "u8"
    )
    values = np.random.default_rng(0).choice(np.append(bits.view(float), [1e300, -1e300, 1]), (20, 20, 4))
    page = Page(values, bits=64, photometric=photometric, extras=extras)
    assert fl.read_image(_file(folder, page), alpha=True).dtype == np.float32


# -- pictures of other formats as strips and tiles ----------------------------------------------------------


def _smooth(height, width, samples):
    y, x = np.mgrid[:height, :width]
    planes = [120 + 50 * np.sin(x / (7 + i)) + 50 * np.cos(y / (9 + 2 * i)) for i in range(samples)]
    return np.stack(planes, axis=2).astype(np.uint8)


def _jpegs(page, tile, **options):
    """Each strip or tile as a JPEG."""
    page = replace(page, tile=tile)
    planes = np.moveaxis(page.samples, 2, 0)[..., None] if page.planar else page.samples[None]
    parts = [part for plane in planes for part in page._cut(plane)]
    return [
        bytes(imagecodecs.jpeg8_encode(np.ascontiguousarray(np.squeeze(part)), level=95, **options))
        for part in parts
    ]


@pytest.mark.parametrize("tile", [None, (32, 48)])
@pytest.mark.parametrize(
    ("samples", "photometric", "planar", "options"),
    [
        (1, 1, False, {}),
        (3, 2, False, {"colorspace": "RGB", "outcolorspace": "RGB"}),
        (3, 6, False, {"colorspace": "RGB", "outcolorspace": "YCBCR", "subsampling": "444"}),
        (3, 6, False, {"colorspace": "RGB", "outcolorspace": "YCBCR", "subsampling": "420"}),
        (4, 5, False, {"colorspace": "CMYK", "outcolorspace": "CMYK"}),
        (3, 2, True, {}),
        (5, 1, True, {}),
    ],
)
def test_jpeg_strips_and_tiles(folder, tile, samples, photometric, planar, options):
    pixels = _smooth(50, 70, samples)
    page = Page(pixels, photometric=photometric, planar=planar, compression=JPEG, rows=16)
    page = replace(page, tile=tile, segments=_jpegs(page, tile, **options))
    got = fl.read_image(_file(folder, page))
    want = _scaled(pixels, 8)
    if photometric == 5:
        want = (1 - want[:3]) * (1 - want[3:])
    np.testing.assert_allclose(got, want, atol=0.06)
    assert np.abs(got - want).mean() < 0.01


def test_jpeg_tables_may_be_in_a_tag(folder):
    pixels = _smooth(32, 40, 3)
    Image.fromarray(pixels).save(folder / "a.tif", compression="jpeg", quality=95)
    with tifffile.TiffFile(folder / "a.tif") as file:
        assert file.pages[0].jpegtables
    got = fl.read_image(folder / "a.tif")
    np.testing.assert_allclose(got, _scaled(pixels, 8), atol=0.06)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_strip_that_is_cut_short_is_refused(folder, progressive):
    stream = io.BytesIO()
    Image.fromarray(_smooth(40, 40, 1)[..., 0]).save(stream, "JPEG", progressive=progressive)
    whole = stream.getvalue()
    page = Page(_smooth(40, 40, 1), compression=JPEG)
    assert fl.read_image(_file(folder, replace(page, segments=[whole]))).shape == (1, 40, 40)
    # An end marker makes the decoder content, but no picture whole; passes that are left out make it only coarser.
    tails = (b"",) if progressive else (b"", b"\xff\xd9")
    for end in range(len(whole) - 3, len(whole) // 2, -7):
        for tail in tails:
            path = _file(folder, replace(page, segments=[whole[:end] + tail]))
            with pytest.raises(ImageError, match="strip 1 of 1 is cut short"):
                fl.read_image(path)


@pytest.mark.filterwarnings("ignore::filterlab.images.reading.DamageWarning")
def test_damage_in_a_jpeg_strip_is_said(folder):
    stream = bytearray(imagecodecs.jpeg8_encode(_random(1, (64, 64, 1), "u", 8)[..., 0]))
    rng = np.random.default_rng(1)
    said = 0
    for position in rng.integers(700, len(stream) - 2, 40):
        damaged = bytearray(stream)
        damaged[position] ^= 1 << int(rng.integers(8))
        page = Page(np.zeros((64, 64, 1), np.uint8), compression=JPEG, segments=[bytes(damaged)])
        path = _file(folder, page)
        try:
            said += read_picture(path).remarks == (
                "strip 1 of 1 is damaged, so that a part of it may be wrong",
            )
        except ImageError:
            said += 1
    assert said > 15  # the other bits are not in words, but in the numbers behind them


@pytest.mark.parametrize(
    ("compression", "samples", "dtype"),
    [
        *(("jpeg2000", n, d) for n in (1, 3, 5) for d in (np.uint8, np.uint16)),
        *(("lerc", n, d) for n in (1, 3) for d in (np.uint8, np.int16, np.uint16, np.float32, np.float64)),
        *(("jpegxl", n, d) for n in (1, 3) for d in (np.uint8, np.uint16, np.float32)),
        ("webp", 3, np.uint8),
        ("webp", 4, np.uint8),
    ],
)
@pytest.mark.parametrize("tile", [None, (32, 48)])
def test_codecs_of_pictures(folder, compression, samples, dtype, tile):
    pixels = _random(samples, (48, 70, samples), np.dtype(dtype).kind, 8 * np.dtype(dtype).itemsize)
    args = {"level": 100, "lossless": True} if compression == "webp" else {}
    if compression == "jpeg2000":
        args = {"level": 0}
    elif compression == "jpegxl":
        args = {"lossless": True}
    tifffile.imwrite(
        folder / "a.tif",
        pixels if samples > 1 else pixels[..., 0],
        photometric="rgb" if samples in (3, 4) else "minisblack",
        planarconfig="contig",
        compression=compression,
        compressionargs=args,
        tile=tile,
        rowsperstrip=None if tile else 16,
    )
    got = fl.read_image(folder / "a.tif", alpha=True)
    np.testing.assert_allclose(got, _scaled(pixels, 8 * pixels.dtype.itemsize).astype(np.float32), rtol=1e-6)


@pytest.mark.parametrize("method", [{}, {"compression": "zstd"}, {"compression": "deflate"}])
def test_lerc_that_is_compressed_again(folder, method):
    pixels = _random(2, (30, 40, 1), "f", 32)[..., 0]
    tifffile.imwrite(folder / "a.tif", pixels, compression="lerc", compressionargs=method)
    np.testing.assert_array_equal(fl.read_image(folder / "a.tif")[0], pixels)


@pytest.mark.parametrize("method", ["group3", "group4", "tiff_ccitt"])
def test_fax(folder, method):
    bits = np.zeros((60, 75), bool)
    bits[10:40, 5:60] = _random(5, (30, 55, 1), "u", 1)[..., 0]
    path = folder / "a.tif"
    Image.fromarray(bits).save(path, compression=method)
    np.testing.assert_array_equal(fl.read_image(path)[0], bits)
    with tifffile.TiffFile(path) as file:
        tags = file.pages[0].tags
        data = path.read_bytes()[tags[273].value[0] :][: tags[279].value[0]]
    page = Page(bits[..., None], bits=1, photometric=1, compression=tags[259].value)
    for cut in range(4, len(data), 13):
        with pytest.raises(ImageError, match="cut short|damaged|too short"):
            fl.read_image(_file(folder, replace(page, segments=[data[:-cut]])))
    taller = Page(np.zeros((66, 75, 1), np.uint8), bits=1, compression=tags[259].value, segments=[data])
    with pytest.raises(ImageError, match="cut short|damaged"):
        fl.read_image(_file(folder, taller))


# -- pages ------------------------------------------------------------------------------------------------


def _grey(value, height=4, width=5, **options):
    return Page(np.full((height, width, 1), value, np.uint8), **options)


def _seen(path):
    """The first value of every channel, page by page, in steps of 255."""
    count = count_pages(path)
    readings = [read_picture(path, page=page) for page in range(1, count + 1)]
    assert {reading.pages for reading in readings} == {count}
    for beyond in (0, count + 1):
        with pytest.raises(ImageError, match="not a page"):
            fl.read_image(path, page=beyond)
    return [np.rint(reading.values[:, 0, 0] * 255).astype(int).tolist() for reading in readings]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_every_page_is_a_picture_of_its_own(folder, order, big):
    pages = [_grey(10), _grey(20, 6, 7), Page(np.full((3, 3, 3), 30, np.uint8), photometric=2)]
    path = _file(folder, *pages, order=order, big=big)
    assert _seen(path) == [[10], [20], [30, 30, 30]]
    assert fl.read_image(path, page=2).shape == (1, 6, 7)


def test_previews_levels_and_masks_are_no_pages(folder):
    kinds = [{}, {254: ("L", 1)}, {254: ("L", 4)}, {255: ("H", 2)}, {254: ("L", 2)}, {255: ("H", 1)}]
    path = _file(folder, *(_grey(10 * i, extra=extra) for i, extra in enumerate(kinds)))
    assert _seen(path) == [[0], [40], [50]]
    path = _file(folder, _grey(7, extra={254: ("L", 1)}))  # there is nothing else
    assert _seen(path) == [[7]]


def _stack(*shape):
    """uint8 (..., 4, 5), whose planes hold 0, 1, 2, ..."""
    planes = int(np.prod(shape))
    return np.broadcast_to(np.arange(planes, dtype=np.uint8).reshape(*shape, 1, 1), (*shape, 4, 5))


def _along(shape, axes):
    """What `_seen` should give: C along the channels, all others along the pages."""
    planes = np.arange(np.prod(shape)).reshape(shape)
    if "C" not in axes:
        return [[n] for n in planes.ravel().tolist()]
    return np.moveaxis(planes, axes.index("C"), -1).reshape(-1, shape[axes.index("C")]).tolist()


def _kinds_of_stacks():
    """Every kind of file with every order of axes that it can have."""
    for axes in ("C", "Z", "T", "Q", "TC", "ZC", "CZ", "TZC", "TZ", "CT", "TCZ", "CTZ", "ZTC", "QC"):
        yield "shaped", axes
        yield "truncated", axes
        if "Q" not in axes:
            yield "ome", axes
        if axes in "TZC" or axes == "TC":
            yield "imagej", axes
            yield "imagej-virtual", axes


@pytest.mark.parametrize(("kind", "axes"), _kinds_of_stacks())
def test_channels_in_pages_are_one_picture(folder, axes, kind):
    shape = tuple({"C": 3, "Z": 4, "T": 2, "Q": 5}[axis] for axis in axes)
    path = folder / ("a.ome.tif" if kind == "ome" else "a.tif")
    options = {
        "shaped": {"metadata": {"axes": axes + "YX"}},
        "truncated": {"metadata": {"axes": axes + "YX", "truncate": True}},
        "imagej": {"imagej": True, "metadata": {"axes": axes + "YX"}},
        "imagej-virtual": {"imagej": True, "metadata": {"axes": axes + "YX"}},
        "ome": {"ome": True, "metadata": {"axes": axes + "YX"}},
    }[kind]
    tifffile.imwrite(path, np.ascontiguousarray(_stack(*shape)), photometric="minisblack", **options)
    if kind == "imagej-virtual":
        _cut_chain(path)
    assert _seen(path) == _along(shape, axes)


def _cut_chain(path):
    """Leave the first directory alone, as ImageJ does where a stack is larger than 4 GB."""
    data = bytearray(path.read_bytes())
    order = "<" if data[:2] == b"II" else ">"
    (start,) = struct.unpack_from(order + "L", data, 4)
    (count,) = struct.unpack_from(order + "H", data, start)
    struct.pack_into(order + "L", data, start + 2 + 12 * count, 0)
    path.write_bytes(data)


def test_what_this_program_writes_is_one_picture(tmp_path):
    values = np.random.default_rng(0).normal(size=(6, 5, 4)).astype(np.float32)
    fl.write_image(tmp_path / "a.tiff", values)
    assert count_pages(tmp_path / "a.tiff") == 1
    np.testing.assert_array_equal(fl.read_image(tmp_path / "a.tiff"), values)


def test_several_series_in_one_file(folder):
    path = folder / "a.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(_stack(3).copy(), photometric="minisblack", metadata={"axes": "CYX"})
        writer.write(_stack(2).copy() + 100, photometric="minisblack", metadata={"axes": "TYX"})
        writer.write(np.full((4, 5, 3), 50, np.uint8), photometric="rgb")
    assert _seen(path) == [[0, 1, 2], [100], [101], [50, 50, 50]]


def test_stacks_of_colour_pages(folder):
    path = folder / "a.tif"
    tifffile.imwrite(path, np.full((3, 4, 5, 3), 60, np.uint8), photometric="rgb")
    assert _seen(path) == [[60] * 3] * 3
    tifffile.imwrite(path, np.full((2, 3, 4, 5, 3), 60, np.uint8), imagej=True)
    assert _seen(path) == [[60] * 3] * 6
    tifffile.imwrite(
        path, np.full((2, 4, 5, 3), 60, np.uint8), photometric="rgb", ome=True, metadata={"axes": "TYXS"}
    )
    assert _seen(path) == [[60] * 3] * 2


def test_stacks_of_metamorph(folder):
    planes = np.ascontiguousarray(_stack(3))
    fractions = struct.pack("<18L", *range(18))
    page = Page(planes[0][..., None], extra={33629: ("L", range(3))}, segments=[planes.tobytes() + fractions])
    assert _seen(_file(folder, page)) == [[0], [1], [2]]


@pytest.mark.parametrize(
    "text",
    [
        '{"shape": [9, 4, 5], "axes": "CYX"}',
        '{"shape": [2, 4, 5], "axes": 7}',
        '{"shape": "no", "axes": "CYX"}',
        '{"shape": [2, -4, 5], "axes": "CYX"}',
        '{"shape": [2, 4, 6], "axes": "CYX"}',
        '{"shape": ' + "[" * 100_000,
        "ImageJ=1\nchannels=9\n",
        "ImageJ=1\nchannels=x\nimages=2\n",
        "ImageJ=1\nimages=-2\n",
        "ImageJ=1\nimages=999999999\nslices=999999999\n",
        "<OME",
        "<OME><Image><Pixels/></Image></OME>",
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><OME>&a;</OME>',
        "<a>" * 20_000,
    ],
)
def test_descriptions_that_are_wrong_count_for_nothing(folder, text):
    pages = [_grey(10, extra={270: ("s", text)}), _grey(20)]
    assert _seen(_file(folder, *pages)) == [[10], [20]]


def _ome(data, sizes="SizeX='5' SizeY='4' SizeC='2' SizeZ='1' SizeT='1'", uuid=""):
    pixels = f"<Pixels DimensionOrder='XYCZT' Type='uint8' {sizes}>{data}</Pixels>"
    return f"<?xml version='1.0'?><OME xmlns='http://x' {uuid}><Image>{pixels}</Image></OME>"


def test_ome_xml_may_give_pages_in_any_order(folder):
    planes = "".join(f"<TiffData IFD='{i}' FirstC='{c}'/>" for i, c in ((0, 1), (1, 0)))
    named = "".join(
        f"<TiffData IFD='{c}' FirstC='{c}'><UUID FileName='old.tif'>u</UUID></TiffData>" for c in (0, 1)
    )
    for data, uuid, want in (
        (planes, "", [[20, 10]]),
        ("<TiffData/>", "", [[10, 20]]),
        ("<TiffData IFD='0' PlaneCount='2'/>", "", [[10, 20]]),
        (named, "UUID='u'", [[10, 20]]),
        ("<TiffData IFD='1'/>", "", [[10], [20]]),
        ("<TiffData IFD='0' PlaneCount='999999999'/>", "", [[10], [20]]),
        ("<TiffData IFD='1' PlaneCount='2'/>", "", [[10], [20]]),
        ("<TiffData IFD='0'/><TiffData IFD='0' FirstC='1'/>", "", [[10], [20]]),
    ):
        text = _ome(data, uuid=uuid)
        path = _file(folder, _grey(10, extra={270: ("s", text)}), _grey(20))
        assert _seen(path) == want, data


@pytest.mark.parametrize("where", ["../secret/x.tif", "x.tif", "/etc/hostname"])
def test_a_picture_never_opens_another_file(tmp_path, where):
    (tmp_path / "secret").mkdir()
    for folder in (tmp_path, tmp_path / "secret"):
        _file(folder, _grey(99), name="x.tif")
    planes = "".join(
        f"<TiffData IFD='0' FirstC='{c}'><UUID FileName='{name}'>u{c}</UUID></TiffData>"
        for c, name in enumerate(("a.ome.tif", where))
    )
    for uuid in ("UUID='u0'", ""):
        text = _ome(planes, uuid=uuid)
        path = _file(tmp_path, _grey(10, extra={270: ("s", text)}), name="a.ome.tif")
        opened = _opened_by(lambda path=path: _seen(path) == [[10]])
        assert {Path(name).name for name in opened} == {"a.ome.tif"}


def _opened_by(run):
    """The files that are opened meanwhile."""
    opened, active = [], [True]

    def hook(event, args):
        if active and event == "open" and isinstance(args[0], str | bytes | os.PathLike):
            opened.append(os.fsdecode(args[0]))

    sys.addaudithook(hook)  # it cannot be taken away again
    try:
        assert run()
    finally:
        active.clear()
    return opened


# -- what is refused --------------------------------------------------------------------------------------


def test_the_list_of_pages_may_be_broken(folder):
    whole = tiff([_grey(10), _grey(20), _grey(30)])
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
        path = _file(folder, whole[:link] + struct.pack("<L", target) + whole[link + 4 :])
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
    path = _file(folder, bytes(body))
    with pytest.raises(ImageError):
        fl.read_image(path)


STRIP = np.arange(20, dtype=np.uint8).reshape(4, 5, 1)
NOT_SUPPORTED = [
    (Page(STRIP, photometric=77), "photometric interpretation 77"),
    (Page(STRIP, photometric=32803), "raw values of a sensor"),
    (Page(STRIP, photometric=32844), "LogL"),
    *((Page(np.dstack([STRIP] * 3), photometric=n), "LAB") for n in (8, 9, 10)),
    (Page(STRIP, photometric=2), "RGB with 1 of its 3 samples"),
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
    (Page(np.dstack([STRIP] * 3), photometric=6, compression=34712), "YCbCr in JPEG 2000"),
]


@pytest.mark.parametrize(("page", "named"), NOT_SUPPORTED)
def test_what_is_not_supported_is_named(folder, page, named):
    with pytest.raises(ImageError, match=named) as caught:
        fl.read_image(_file(folder, page))
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
    (Page(STRIP, photometric=3), "palette has 0 of 768"),
    (Page(STRIP, photometric=3, extra={320: ("H", [1] * 700)}), "palette has 700 of 768"),
    (Page(np.dstack([STRIP] * 3), photometric=6, extra={530: ("H", (3, 1))}), "subsampling makes no sense"),
]


@pytest.mark.parametrize(("page", "words"), REFUSED)
def test_what_a_file_cannot_hold_is_refused_before_memory_is_taken(folder, page, words):
    path = _file(folder, page)
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
    samples = _random(1, (3, 5, 1), "u", 8)
    path = _file(folder, Page(samples, tile=(512, 512), compression=DEFLATE))
    np.testing.assert_array_equal(fl.read_image(path), _scaled(samples, 8).astype(np.float32))


@pytest.mark.parametrize("compression", [NONE, LZW, DEFLATE, PACKBITS, LZMA, ZSTD])
def test_strips_that_are_cut_are_refused_and_what_is_behind_them_does_not_matter(folder, compression):
    samples = _random(3, (30, 31, 1), "u", 8)
    (whole,) = Page(samples, compression=compression).encoded("<")
    page = Page(samples, compression=compression)
    for tail in (b"\0", b"\0\1\2\3") if compression not in (LZMA, ZSTD) else (b"",):
        path = _file(folder, replace(page, segments=[whole + tail]))
        np.testing.assert_array_equal(fl.read_image(path), _scaled(samples, 8).astype(np.float32))
    for end in range(1, len(whole) - 20, 17):
        with pytest.raises(ImageError, match="cut short|damaged|too short"):
            fl.read_image(_file(folder, replace(page, segments=[whole[:end]])))


@given(pages(), st.sampled_from("<>"))
def test_large_strips_are_decoded_in_pieces(folder, page, order):
    page = replace(page, compression=DEFLATE, planar=False, tile=None, rows=None)
    whole, (deflated,) = replace(page, compression=NONE).encoded(order)[0], page.encoded(order)
    with pytest.MonkeyPatch.context() as patch:
        for name, size in (("_LARGE", 1), ("_PIECE", len(whole) // 3 + 1), ("_BAND", 1)):
            patch.setattr(decoding, name, size)
        for data in (deflated, deflated + b"\0\1", deflated[:-4]):
            got = fl.read_image(_file(folder, replace(page, segments=[data]), order=order))
            np.testing.assert_allclose(got, _expected(page, False).astype(np.float32), rtol=3e-6, atol=3e-7)
        wrong_sum = deflated[:-1] + bytes([deflated[-1] ^ 1])
        for data in (deflated[:2], wrong_sum):
            with pytest.raises(ImageError, match="cut short|damaged|too short"):
                fl.read_image(_file(folder, replace(page, segments=[data]), order=order))


def test_more_rows_than_the_last_strip_needs_are_no_fault(folder):
    samples = _random(3, (10, 8, 1), "u", 8)
    filled = np.concatenate([samples, samples[:6]])
    for compression in BYTE_CODECS:
        segments = Page(filled, compression=compression, rows=8).encoded("<")
        path = _file(folder, Page(samples, compression=compression, rows=8, segments=segments))
        np.testing.assert_array_equal(fl.read_image(path), _scaled(samples, 8).astype(np.float32))


def test_strips_without_byte_counts_are_those_of_old_files(folder):
    samples = _random(3, (10, 8, 3), "u", 8)
    page = Page(samples, photometric=2, rows=4, extra={279: None})
    np.testing.assert_array_equal(fl.read_image(_file(folder, page)), _scaled(samples, 8).astype(np.float32))


@given(pages(), st.sampled_from("<>"), st.booleans(), st.integers(0, 2**32))
def test_mutated_files_are_read_or_refused_in_one_line(folder, page, order, big, seed):
    rng = np.random.default_rng(seed)
    data = bytearray(tiff([page, _grey(3)], order, big))
    for _ in range(rng.integers(1, 4)):
        position = int(rng.integers(len(data)) if rng.random() < 0.5 else rng.integers(min(len(data), 300)))
        data[position] = rng.choice([0, 1, 2, 127, 128, 255, data[position] ^ (1 << rng.integers(8))])
    if rng.random() < 0.2:
        del data[rng.integers(8, len(data)) :]
    line = ""
    try:
        reading = read_picture(_file(folder, bytes(data)))
        assert reading.values.dtype == np.float32
        assert reading.values.ndim == 3
    except ImageError as error:
        line = str(error)
    assert len(line) < 300
    assert "\n" not in line


def test_nothing_is_printed_or_logged(folder, capfd, caplog):
    for page, _ in (*NOT_SUPPORTED, *REFUSED):
        with suppress(ImageError):
            fl.read_image(_file(folder, page))
    assert capfd.readouterr() == ("", "")
    assert not caplog.records
