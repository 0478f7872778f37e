"""The shape of a picture from its header is that of the picture."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile
from PIL import Image

import filterlab as fl
from filterlab.images.sizes import picture_shape

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16")
FORMATS = {
    ".png": MODES,
    ".jpg": ("L", "RGB", "CMYK"),
    ".webp": ("L", "RGB", "RGBA"),
    ".bmp": ("1", "L", "P", "RGB"),
}


@pytest.mark.parametrize("suffix", FORMATS)
def test_of_pictures(tmp_path, suffix):
    for mode in FORMATS[suffix]:
        if (suffix, mode) == (".png", "CMYK"):
            continue
        path = tmp_path / f"a{suffix}"
        Image.new(mode, (5, 3)).save(path)
        assert picture_shape(path) == fl.read_image(path).shape, mode


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif"])
def test_of_pictures_on_their_side(tmp_path, suffix):
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (5, 3)).save(tmp_path / f"a{suffix}", exif=exif)
    assert picture_shape(tmp_path / f"a{suffix}") == fl.read_image(tmp_path / f"a{suffix}").shape == (3, 5, 3)


@pytest.mark.parametrize("shape", [(4, 5), (2, 4, 5), (6, 7, 3), (1, 3, 4, 5)])
def test_of_arrays(tmp_path, shape):
    np.save(tmp_path / "a.npy", np.zeros(shape, np.float32))
    assert picture_shape(tmp_path / "a.npy") == fl.read_image(tmp_path / "a.npy").shape


def test_of_pages(tmp_path):
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(np.zeros((4, 5, 4), np.uint8), photometric="rgb", extrasamples=["unassalpha"])
        file.write(np.zeros((6, 7), np.float32), photometric="minisblack")
    for page in (1, 2):
        assert picture_shape(tmp_path / "a.tif", page) == fl.read_image(tmp_path / "a.tif", page=page).shape
    with pytest.raises(fl.FilterLabError, match="not a page 3"):
        picture_shape(tmp_path / "a.tif", 3)


def test_the_pixels_are_not_decoded(tmp_path, rng):
    fl.write_image(tmp_path / "a.png", rng.random((3, 40, 50)))
    content = (tmp_path / "a.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(content[: len(content) // 2])
    assert picture_shape(tmp_path / "cut.png") == (3, 40, 50)


def test_what_is_no_picture_is_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(fl.FilterLabError, match="it is not a picture"):
        picture_shape(tmp_path / "a.png")


def test_what_only_decoding_tells_may_be_refused(tmp_path):
    Image.new("P", (5, 3)).save(tmp_path / "a.png")
    with pytest.raises(fl.FilterLabError):
        picture_shape(tmp_path / "a.png", decode=False)
