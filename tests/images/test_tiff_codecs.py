"""Strips and tiles of TIFF files that are pictures of other formats, and those of fax machines."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import replace

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

import filterlab as fl
from filterlab.errors import ImageError
from filterlab.images.formats.tiff import fax
from filterlab.images.reading import read_picture
from tests.images.tiffcases import (
    file_of,
    random_samples,
    scaled_planes,
    smooth,
)
from tests.images.tiffs import JPEG, Page


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
    pixels = smooth(50, 70, samples)
    page = Page(pixels, photometric=photometric, planar=planar, compression=JPEG, rows=16)
    page = replace(page, tile=tile, segments=_jpegs(page, tile, **options))
    got = fl.read_image(file_of(folder, page))
    want = scaled_planes(pixels, 8)
    if photometric == 5:
        want = (1 - want[:3]) * (1 - want[3:])
    np.testing.assert_allclose(got, want, atol=0.06)
    assert np.abs(got - want).mean() < 0.01


def test_jpeg_tables_may_be_in_a_tag(folder):
    pixels = smooth(32, 40, 3)
    Image.fromarray(pixels).save(folder / "a.tif", compression="jpeg", quality=95)
    with tifffile.TiffFile(folder / "a.tif") as file:
        assert file.pages[0].jpegtables
    got = fl.read_image(folder / "a.tif")
    np.testing.assert_allclose(got, scaled_planes(pixels, 8), atol=0.06)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_strip_that_is_cut_short_is_refused(folder, progressive):
    stream = io.BytesIO()
    Image.fromarray(smooth(40, 40, 1)[..., 0]).save(stream, "JPEG", progressive=progressive)
    whole = stream.getvalue()
    page = Page(smooth(40, 40, 1), compression=JPEG)
    assert fl.read_image(file_of(folder, replace(page, segments=[whole]))).shape == (1, 40, 40)
    # An end marker makes the decoder content, but no picture whole; passes that are left out make it only coarser.
    tails = (b"",) if progressive else (b"", b"\xff\xd9")
    for end in range(len(whole) - 3, len(whole) // 2, -7):
        for tail in tails:
            path = file_of(folder, replace(page, segments=[whole[:end] + tail]))
            with pytest.raises(ImageError, match="strip 1 of 1 is cut short"):
                fl.read_image(path)


@pytest.mark.filterwarnings("ignore::filterlab.images.reading.DamageWarning")
def test_damage_in_a_jpeg_strip_is_said(folder):
    stream = bytearray(imagecodecs.jpeg8_encode(random_samples(1, (64, 64, 1), "u", 8)[..., 0]))
    rng = np.random.default_rng(1)
    said = 0
    for position in rng.integers(700, len(stream) - 2, 40):
        damaged = bytearray(stream)
        damaged[position] ^= 1 << int(rng.integers(8))
        page = Page(np.zeros((64, 64, 1), np.uint8), compression=JPEG, segments=[bytes(damaged)])
        path = file_of(folder, page)
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
    pixels = random_samples(samples, (48, 70, samples), np.dtype(dtype).kind, 8 * np.dtype(dtype).itemsize)
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
    np.testing.assert_allclose(
        got, scaled_planes(pixels, 8 * pixels.dtype.itemsize).astype(np.float32), rtol=1e-6
    )


@pytest.mark.parametrize("method", [{}, {"compression": "zstd"}, {"compression": "deflate"}])
def test_lerc_that_is_compressed_again(folder, method):
    pixels = random_samples(2, (30, 40, 1), "f", 32)[..., 0]
    tifffile.imwrite(folder / "a.tif", pixels, compression="lerc", compressionargs=method)
    np.testing.assert_array_equal(fl.read_image(folder / "a.tif")[0], pixels)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8, np.int16])
def test_pixels_that_lerc_marks_as_invalid_are_no_numbers(folder, dtype):
    values = np.arange(1, 21, dtype=dtype).reshape(4, 5)
    mask = np.ones((4, 5), bool)
    mask[1, 2] = mask[3, 4] = False
    page = Page(values[..., None], bits=8 * values.itemsize, compression=34887)
    path = file_of(folder, replace(page, segments=[imagecodecs.lerc_encode(values, masks=mask)]))
    found = read_picture(path)
    is_float = values.dtype.kind == "f"
    scale = 255 if dtype is np.uint8 else 1
    want = np.where(mask, values / scale, np.nan if is_float else 0).astype(np.float32)
    np.testing.assert_array_equal(found.values[0], want)
    said = [remark.split(";")[0] for remark in found.remarks]
    assert said == ([] if is_float else ["strip 1 of 1 marks pixels as invalid"])


def test_line_ends_of_a_fax_are_counted_across_pieces(monkeypatch):
    data = b"\x00\x1f\x80\x00\x01\x00\x0f\xff\x00\x00\x00\x10"
    counts = []
    for piece in (1, 2, 3, 5, 100):
        monkeypatch.setattr(fax, "_PIECE", piece)
        counts.append(fax._line_ends(data))
    assert counts == [4] * 5


@pytest.mark.parametrize(("method", "compression"), [("group3", 3), ("group4", 4)])
def test_damaged_codes_of_a_fax_are_said_to_have_changed_pixels(folder, method, compression):
    bits = random_samples(5, (40, 75, 1), "u", 1)[..., 0] != 0
    path = folder / "a.tif"
    Image.fromarray(bits).save(path, compression=method)
    with tifffile.TiffFile(path) as file:
        tags = file.pages[0].tags
        data = path.read_bytes()[tags[273].value[0] :][: tags[279].value[0]]
    page = Page(bits[..., None], bits=1, compression=compression, segments=[data])
    assert read_picture(file_of(folder, page)).remarks == ()
    said: list[tuple[str, ...]] = []
    for place in range(40, len(data) - 40, 11):
        spoilt = data[:place] + bytes([data[place] ^ 16]) + data[place + 1 :]
        with suppress(ImageError):  # libtiff refuses some by itself
            said.append(read_picture(file_of(folder, replace(page, segments=[spoilt]))).remarks)
    # A flipped bit may make another word that is legal, and then nobody can tell.
    damaged = ("strip 1 of 1 is damaged, so that a part of it may be wrong",)
    assert set(said) <= {damaged, ()}
    assert said.count(damaged) > len(said) / 2


@pytest.mark.parametrize("method", ["group3", "group4", "tiff_ccitt"])
def test_fax(folder, method):
    bits = np.zeros((60, 75), bool)
    bits[10:40, 5:60] = random_samples(5, (30, 55, 1), "u", 1)[..., 0]
    path = folder / "a.tif"
    Image.fromarray(bits).save(path, compression=method)
    np.testing.assert_array_equal(fl.read_image(path)[0], bits)
    with tifffile.TiffFile(path) as file:
        tags = file.pages[0].tags
        data = path.read_bytes()[tags[273].value[0] :][: tags[279].value[0]]
    page = Page(bits[..., None], bits=1, photometric=1, compression=tags[259].value)
    for cut in range(4, len(data), 13):
        with pytest.raises(ImageError, match="cut short|damaged|too short"):
            fl.read_image(file_of(folder, replace(page, segments=[data[:-cut]])))
    taller = Page(np.zeros((66, 75, 1), np.uint8), bits=1, compression=tags[259].value, segments=[data])
    with pytest.raises(ImageError, match="cut short|damaged"):
        fl.read_image(file_of(folder, taller))
