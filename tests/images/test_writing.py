from __future__ import annotations

import numpy as np
import pytest
import tifffile
from PIL import Image

import filterlab as fl
from filterlab.images import png, write_array, write_pixels


@pytest.fixture
def signed(rng):
    return rng.standard_normal((6, 7)).astype(np.float32)


def test_png_keeps_its_range_in_its_text(tmp_path, signed):
    path = tmp_path / "map.png"
    low, high = fl.write_image(path, signed, colormap="RdBu")
    assert (low, high) == (-np.abs(signed).max(), np.abs(signed).max())
    with Image.open(path) as image:
        assert image.mode == "RGB"
        assert image.size == (7, 6)
        assert tuple(map(float, image.text["range"].split(","))) == (low, high)
        assert image.text["colormap"] == "RdBu"


def test_a_file_that_finds_no_room_says_so(tmp_path):
    """NumPy itself would tell only how many of its numbers were written."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(fl.FilterLabError, match="it would be larger than the system allows"):
            write_array(tmp_path / "a.npy", np.zeros((1, 200, 200), np.float32))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("bits", [8, 16])
def test_png_values_read_back_within_half_a_level(tmp_path, signed, bits):
    low, high = fl.write_image(tmp_path / "map.png", signed, bits=bits)
    back = fl.read_image(tmp_path / "map.png")[0] * (high - low) + low
    assert np.abs(back - signed).max() <= (high - low) / (2**bits - 1) * 0.51


@pytest.mark.parametrize("bits", [8, 16])
def test_colour_pictures(tmp_path, rng, bits):
    picture = rng.random((3, 5, 4), np.float32)
    assert fl.write_image(tmp_path / "a.png", picture, bits=bits) == (0, 1)
    assert np.abs(fl.read_image(tmp_path / "a.png") - picture).max() <= 0.51 / (2**bits - 1)


@pytest.mark.parametrize("suffix", [".npy", ".tif", ".tiff"])
@pytest.mark.parametrize("channels", [1, 3, 7])
def test_numbers_read_back_exactly(tmp_path, rng, suffix, channels):
    maps = rng.standard_normal((channels, 8, 9)).astype(np.float32)
    maps[0, 0, 0] = np.nan
    fl.write_image(tmp_path / f"a{suffix}", maps)
    np.testing.assert_array_equal(fl.read_image(tmp_path / f"a{suffix}"), maps)


def test_vectors_are_numbers_too(tmp_path):
    write_array(tmp_path / "v.npy", np.arange(4, dtype=np.float32))
    np.testing.assert_array_equal(np.load(tmp_path / "v.npy"), [0, 1, 2, 3])
    write_array(tmp_path / "v.tif", np.arange(4, dtype=np.float32))
    np.testing.assert_array_equal(tifffile.imread(tmp_path / "v.tif").ravel(), [0, 1, 2, 3])


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".bmp"])
def test_other_pictures(tmp_path, signed, suffix):
    fl.write_image(tmp_path / f"a{suffix}", signed, (-3, 3), "viridis")
    assert fl.read_image(tmp_path / f"a{suffix}").shape == (3, 6, 7)


def test_trouble_leaves_nothing_behind(tmp_path, signed):
    for path, values, message in [
        (tmp_path / "a.doc", signed, "suffix '.doc' is not known"),
        (tmp_path / "no" / "a.png", signed, "folder does not exist"),
        (tmp_path / "a.png", np.zeros((5, 3, 3)), "5 channels is not a picture"),
        (tmp_path / "a.png", np.zeros((0, 3)), "is not a map"),
        (tmp_path / "a.png", "text", "is not a map"),
        (tmp_path / "a.png", [[1], [1, 2]], "rows differ in length"),
        (tmp_path / "a.webp", np.zeros((2, 16_384), np.float32), "too many for .webp.*16,383"),
        (tmp_path / "a.jpg", np.zeros((65_501, 2), np.float32), "too many for .jpg.*65,500"),
        (tmp_path / f"{'a' * 300}.png", signed, "cannot be written"),
        (tmp_path / "a\0.png", signed, "this cannot be the name of a file"),
    ]:
        with pytest.raises(fl.FilterLabError, match=message):
            fl.write_image(path, values)
    with pytest.raises(fl.FilterLabError, match="8 bits"):
        fl.write_image(tmp_path / "a.jpg", signed, bits=16)
    with pytest.raises(fl.FilterLabError, match="holds no numbers"):
        write_array(tmp_path / "a.png", signed)
    assert list(tmp_path.iterdir()) == []


def test_existing_files_stay_when_asked(tmp_path, signed):
    path = tmp_path / "a.png"
    path.write_text("mine")
    with pytest.raises(fl.FilterLabError, match="exists"):
        fl.write_image(path, signed, overwrite=False)
    assert path.read_text() == "mine"
    fl.write_image(path, signed)
    assert fl.read_image(path).shape == (1, 6, 7)


@pytest.mark.parametrize("level", range(10))
def test_a_png_of_any_level_holds_the_same(tmp_path, rng, level):
    for shape, kind in (
        ((1, 1), np.uint8),
        ((7, 5, 3), np.uint8),
        ((9, 4), np.uint16),
        ((3, 6, 3), np.uint16),
    ):
        pixels = rng.integers(0, np.iinfo(kind).max, shape, endpoint=True).astype(kind)
        write_pixels(tmp_path / "a.png", pixels, {"range": "0.0,1.0"}, level=level)
        read = fl.read_image(tmp_path / "a.png") * np.iinfo(kind).max
        expected = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
        np.testing.assert_array_equal(np.rint(read).astype(kind), expected)
        with Image.open(tmp_path / "a.png") as shown:
            assert shown.text == {"Software": "FilterLab", "range": "0.0,1.0"}


def test_the_fastest_png_is_written_in_chunks(tmp_path, rng, monkeypatch):
    monkeypatch.setattr(png, "_MOST", 100)
    pixels = rng.integers(0, 255, (40, 50, 3)).astype(np.uint8)
    write_pixels(tmp_path / "a.png", pixels, level=1)
    assert (tmp_path / "a.png").read_bytes().count(b"IDAT") > 50
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "a.png")), pixels)


def test_levels_of_png_differ_in_size(tmp_path, rng):
    pixels = np.cumsum(rng.integers(0, 3, (100, 100)), axis=1).astype(np.uint8)
    sizes = []
    for level in (0, 1, 2, 9):
        write_pixels(tmp_path / "a.png", pixels, level=level)
        sizes.append((tmp_path / "a.png").stat().st_size)
    assert sizes[0] > max(sizes[1:])
