"""Every kind of picture file, and everything that only looks like one."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
import tifffile
from PIL import Image

import filterlab as fl
from filterlab.images import decoded
from tests.images.pngmaker import END, header, png

RGB = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3) * 4
GREY = np.arange(20, dtype=np.uint8).reshape(4, 5) * 12
DEEP = np.arange(4 * 5 * 3, dtype=np.uint16).reshape(4, 5, 3) * 1000


def _planes(pixels, top=255):
    """What read_image should give of (H, W) or (H, W, C) pixels."""
    planes = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return (planes / np.float32(top)).astype(np.float32)


def _saved(folder, pixels, name, **options):
    path = folder / name
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    image.save(path, **options)
    return path


@pytest.mark.parametrize(
    ("name", "options"),
    [("a.png", {}), ("a.bmp", {}), ("a.webp", {"lossless": True}), ("a.tif", {}), ("a.ppm", {})],
)
def test_lossless_colour(tmp_path, name, options):
    got = fl.read_image(_saved(tmp_path, RGB, name, **options))
    assert got.dtype == np.float32
    assert got.flags.c_contiguous
    np.testing.assert_array_equal(got, _planes(RGB))


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.gif", "a.tif", "a.pgm"])
def test_grey(tmp_path, name):
    np.testing.assert_array_equal(fl.read_image(_saved(tmp_path, GREY, name)), _planes(GREY))


def test_jpeg_is_close(tmp_path):
    smooth = np.linspace(0, 255, 32 * 32).reshape(32, 32).astype(np.uint8)
    got = fl.read_image(str(_saved(tmp_path, smooth, "a.jpg", quality=95)))
    assert np.abs(got - _planes(smooth)).max() < 0.02


def test_the_content_counts_not_the_name(tmp_path):
    path = _saved(tmp_path, RGB, "a.png").rename(tmp_path / "holiday.jpg")
    np.testing.assert_array_equal(fl.read_image(path), _planes(RGB))


def test_sixteen_bits_grey_png(tmp_path):
    np.testing.assert_array_equal(
        fl.read_image(_saved(tmp_path, DEEP[..., 0], "a.png")), _planes(DEEP[..., 0], 65535)
    )


@pytest.mark.parametrize("alpha", [False, True])
def test_sixteen_bits_colour_png_keeps_every_bit(tmp_path, alpha):
    import imagecodecs

    pixels = np.concatenate([DEEP, DEEP[..., :1] // 2], axis=2) if alpha else DEEP
    path = tmp_path / "a.png"
    path.write_bytes(imagecodecs.png_encode(pixels))
    np.testing.assert_array_equal(fl.read_image(path), _planes(DEEP, 65535))
    np.testing.assert_array_equal(fl.read_image(path, alpha=True), _planes(pixels, 65535))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(tmp_path, orientation):
    upright = np.arange(6, dtype=np.uint8).reshape(2, 3) * 40
    turn = {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: np.transpose,
        6: np.rot90,
        7: lambda a: np.rot90(a, 2).T,
        8: lambda a: np.rot90(a, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = np.ascontiguousarray(turn(upright))
    np.testing.assert_array_equal(
        fl.read_image(_saved(tmp_path, stored, "a.png", exif=exif)), _planes(upright)
    )
    tifffile.imwrite(tmp_path / "a.tif", stored, extratags=[(274, "H", 1, orientation, True)])
    np.testing.assert_array_equal(fl.read_image(tmp_path / "a.tif"), _planes(upright))


def test_palette_becomes_rgb(tmp_path):
    image = Image.fromarray(np.array([[0, 1], [2, 1]], np.uint8), "P")
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    want = np.array([[[1, 0], [0, 0]], [[0, 1], [0, 1]], [[0, 0], [1, 0]]], np.float32)
    np.testing.assert_array_equal(fl.read_image(_saved(tmp_path, image, "a.png")), want)
    np.testing.assert_array_equal(fl.read_image(_saved(tmp_path, image, "a.gif")), want)
    np.testing.assert_array_equal(fl.read_image(_saved(tmp_path, image, "a.tif")), want)


def test_a_grey_palette_is_grey_with_transparency_too(tmp_path):
    image = Image.fromarray(GREY % 2).convert("P")
    image.putpalette([10, 10, 10, 200, 200, 200])
    path = _saved(tmp_path, image, "a.png", transparency=b"\x00\xff")
    grey = _planes(np.where(GREY % 2, 200, 10))
    np.testing.assert_array_equal(fl.read_image(path), grey)
    np.testing.assert_array_equal(fl.read_image(path, alpha=True), [grey[0], GREY % 2])


def test_palette_with_transparency(tmp_path):
    image = Image.fromarray(np.array([[0, 1]], np.uint8), "P")
    image.putpalette([255, 0, 0, 0, 255, 0])
    path = _saved(tmp_path, image, "a.png", transparency=b"\x00\xff")
    assert fl.read_image(path).shape == (3, 1, 2)
    np.testing.assert_array_equal(fl.read_image(path, alpha=True)[3], [[0, 1]])


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.bmp"])
def test_one_bit(tmp_path, name):
    bits = np.array([[True, False, True]])
    np.testing.assert_array_equal(fl.read_image(_saved(tmp_path, bits, name)), [[[1, 0, 1]]])


@pytest.mark.parametrize("name", ["a.tif", "a.jpg"])
def test_cmyk(tmp_path, name):
    ink = np.zeros((16, 16, 4), np.uint8)
    ink[..., 0], ink[..., 3] = 255, 51
    got = fl.read_image(_saved(tmp_path, Image.fromarray(ink, "CMYK"), name))
    want = np.array([0, 0.8, 0.8], np.float32)
    assert np.abs(got - want[:, None, None]).max() < 0.02


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.webp"])
def test_alpha_only_on_request(tmp_path, name):
    rgba = np.dstack([RGB, GREY // 2 + 100])
    path = _saved(tmp_path, rgba, name, **({"lossless": True} if name == "a.webp" else {}))
    np.testing.assert_array_equal(fl.read_image(path), _planes(RGB))
    np.testing.assert_array_equal(fl.read_image(path, alpha=True), _planes(rgba))


def test_grey_with_alpha(tmp_path):
    path = _saved(tmp_path, Image.fromarray(np.dstack([GREY, GREY]), "LA"), "a.png")
    assert fl.read_image(path).shape == (1, 4, 5)
    assert fl.read_image(path, alpha=True).shape == (2, 4, 5)


def test_animations_show_their_first_frame(tmp_path):
    frames = [Image.fromarray(np.full((4, 4), v, np.uint8)) for v in (0, 200)]
    for name in ("a.gif", "a.webp", "a.png", "a.tif"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
        got = fl.read_image(tmp_path / name)
        assert got.shape[1:] == (4, 4)
        assert not got.any()


# -- TIFF -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("compression", [None, "zlib", "lzw"])
@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_sixteen_bit_colour_tiff(tmp_path, compression, planar):
    pixels = DEEP if planar == "contig" else DEEP.transpose(2, 0, 1)
    tifffile.imwrite(
        tmp_path / "a.tif", pixels, photometric="rgb", planarconfig=planar, compression=compression
    )
    np.testing.assert_array_equal(fl.read_image(tmp_path / "a.tif"), _planes(DEEP, 65535))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.int16])
def test_floats_and_signed_numbers_stay_as_they_are(tmp_path, dtype):
    values = (np.arange(20).reshape(4, 5) * 3 - 20).astype(dtype)
    tifffile.imwrite(tmp_path / "a.tif", values)
    np.save(tmp_path / "a.npy", values)
    for name in ("a.tif", "a.npy"):
        got = fl.read_image(tmp_path / name)
        assert got.dtype == np.float32
        np.testing.assert_array_equal(got, values[None].astype(np.float32))


def test_white_is_zero(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", GREY, photometric="miniswhite")
    np.testing.assert_allclose(fl.read_image(tmp_path / "a.tif"), 1 - _planes(GREY), atol=1e-7)


def test_other_depths(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", GREY.astype(np.uint16) * 16, bitspersample=12)
    np.testing.assert_array_equal(
        fl.read_image(tmp_path / "a.tif"), _planes(GREY.astype(np.uint16) * 16, 4095)
    )
    tifffile.imwrite(tmp_path / "b.tif", np.full((2, 2), 2**32 - 1, np.uint32))
    np.testing.assert_array_equal(fl.read_image(tmp_path / "b.tif"), np.ones((1, 2, 2)))


def test_nan_and_infinity_stay(tmp_path):
    values = np.array([[np.nan, np.inf], [-np.inf, 1]], np.float32)
    tifffile.imwrite(tmp_path / "a.tif", values)
    np.testing.assert_array_equal(fl.read_image(tmp_path / "a.tif"), values[None])


def test_strange_colours_are_named(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", RGB, photometric="cielab")
    with pytest.raises(fl.FilterLabError, match="CIELAB"):
        fl.read_image(tmp_path / "a.tif")


# -- .npy -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "want"),
    [
        ((6, 7), (1, 6, 7)),
        ((3, 6, 7), (3, 6, 7)),
        ((1, 6, 7), (1, 6, 7)),
        ((6, 7, 3), (3, 6, 7)),
        ((6, 7, 1), (1, 6, 7)),
        ((64, 7, 9), (64, 7, 9)),
        ((64, 3, 3), (64, 3, 3)),
        ((1, 3, 6, 7), (3, 6, 7)),
    ],
)
def test_layouts_of_arrays(tmp_path, shape, want):
    np.save(tmp_path / "a.npy", np.zeros(shape, np.float32))
    assert fl.read_image(tmp_path / "a.npy").shape == want


def test_whole_numbers_of_arrays_are_scaled(tmp_path):
    for dtype, top in ((np.uint8, 255), (np.uint16, 65535), (bool, 1)):
        np.save(tmp_path / "a.npy", np.array([[0, top]], dtype))
        np.testing.assert_array_equal(fl.read_image(tmp_path / "a.npy"), [[[0, 1]]])


def test_pickles_are_not_opened(tmp_path):
    np.save(tmp_path / "a.npy", np.array([[object()]], object), allow_pickle=True)
    with pytest.raises(fl.FilterLabError, match="Python objects, which are never loaded"):
        fl.read_image(tmp_path / "a.npy")


# -- trouble ----------------------------------------------------------------------------------------------


def _bytes(tmp_path, content, name="a.png"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_missing_folder_and_empty(tmp_path):
    with pytest.raises(fl.FilterLabError, match="nothing.png: there is no such file"):
        fl.read_image(tmp_path / "nothing.png")
    with pytest.raises(fl.FilterLabError, match="it is a folder"):
        fl.read_image(tmp_path)
    with pytest.raises(fl.FilterLabError, match="it is empty"):
        fl.read_image(_bytes(tmp_path, b""))


@pytest.mark.parametrize("content", [b"hello", b"%PDF-1.4 ...", b"\x89PNG\r\n\x1a\n", bytes(100), b"{}"])
def test_what_is_no_picture(tmp_path, content):
    with pytest.raises(fl.FilterLabError, match=r"a\.png: it"):
        fl.read_image(_bytes(tmp_path, content))


@pytest.mark.parametrize(
    "name", ["a.png", "a.jpg", "a.webp", "a.gif", "a.bmp", "a.tif", "b.tif", "a.npy", "d.png"]
)
def test_truncated(tmp_path, name, rng):
    pixels = rng.integers(0, 255, (64, 64, 3), np.uint8)
    path = tmp_path / name
    if name == "a.npy":
        np.save(path, pixels)
    elif name == "b.tif":
        tifffile.imwrite(path, pixels, compression="zlib")
    elif name == "d.png":
        import imagecodecs

        path.write_bytes(imagecodecs.png_encode(pixels.astype(np.uint16) * 257))
    else:
        _saved(tmp_path, pixels, name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(fl.FilterLabError, match="cannot be decoded|not a picture"):
        fl.read_image(path)


@pytest.mark.parametrize("depth", [8, 16])
def test_bombs_are_refused_before_they_are_decoded(tmp_path, depth):
    with pytest.raises(fl.FilterLabError, match="more than"):
        fl.read_image(_bytes(tmp_path, png(header(100_000, 100_000, depth, 2), (b"IDAT", b"x"), END)))


def test_huge_tiff_and_npy_headers(tmp_path, monkeypatch):
    np.save(tmp_path / "a.npy", np.zeros((20, 20)))
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((20, 20), np.float32))
    monkeypatch.setattr(decoded, "MAX_VALUES", 100)
    for name in ("a.npy", "a.tif"):
        with pytest.raises(fl.FilterLabError, match="20 x 20 values, more than"):
            fl.read_image(tmp_path / name)


def test_zero_sized(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((0, 5)))
    with pytest.raises(fl.FilterLabError, match="no pixels"):
        fl.read_image(tmp_path / "a.npy")
    with pytest.raises(fl.FilterLabError, match="0 x 5 pixels"):
        fl.read_image(_bytes(tmp_path, png(header(0, 5), (b"IDAT", b"x"), END)))


def test_complex_numbers_are_refused(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((2, 2), complex))
    with pytest.raises(fl.FilterLabError, match="not real numbers"):
        fl.read_image(tmp_path / "a.npy")


@pytest.mark.filterwarnings("ignore::filterlab.images.DamageWarning")
def test_broken_bytes_never_raise_anything_else(tmp_path, rng):
    sources = [_saved(tmp_path, RGB, name) for name in ("a.png", "a.jpg", "a.gif", "a.bmp", "a.webp")]
    tifffile.imwrite(tmp_path / "a.tif", DEEP, compression="zlib")
    np.save(tmp_path / "a.npy", DEEP)
    sources += [tmp_path / "a.tif", tmp_path / "a.npy"]
    for source in sources:
        whole = source.read_bytes()
        for _ in range(40):
            broken = bytearray(whole)
            for position in rng.integers(0, len(whole), 6):
                broken[position] = rng.integers(256)
            path = _bytes(tmp_path, bytes(broken), "broken")
            with suppress(fl.FilterLabError):
                assert fl.read_image(path).ndim == 3


@pytest.mark.parametrize("path", [3, None, b"cat.png"])
def test_what_is_no_path_is_said(path):
    with pytest.raises(fl.errors.ImageError, match="not the path of a file"):
        fl.read_image(path)
