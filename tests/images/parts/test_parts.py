"""Parts of a picture are those of the whole, and a map that is written in parts is the map."""

from __future__ import annotations

import io
import threading

import numpy as np
import pytest
import tifffile
from PIL import Image

import filterlab as fl
from filterlab.errors import ImageError
from filterlab.images.formats.tiff.pixels import Decoder
from filterlab.images.parts.arrays import NpyParts
from filterlab.images.parts.png import read_png_part, write_png_rows
from filterlab.images.parts.reading import PictureParts
from filterlab.images.parts.tiff import TiffParts

RNG = np.random.default_rng(5)
COLOURS = RNG.integers(0, 256, (90, 70, 3), np.uint8)
GREY = COLOURS[..., 0]
REALS = RNG.standard_normal((3, 90, 70)).astype(np.float32)

TIFFS = {
    "strips": (COLOURS, {"photometric": "rgb"}),
    "compressed strips": (COLOURS, {"photometric": "rgb", "compression": "zlib", "rowsperstrip": 13}),
    "tiles": (COLOURS, {"photometric": "rgb", "compression": "zlib", "predictor": True, "tile": (32, 16)}),
    "on its side": (COLOURS, {"photometric": "rgb", "extratags": [(274, "H", 1, 6, True)]}),
    "mirrored": (
        COLOURS,
        {"photometric": "rgb", "compression": "zlib", "extratags": [(274, "H", 1, 7, True)]},
    ),
    "upside down": (GREY, {"extratags": [(274, "H", 1, 3, True)]}),
    "16 bits, big-endian": (GREY.astype(np.uint16) * 257, {"byteorder": ">"}),
    "planes": (
        COLOURS.transpose(2, 0, 1),
        {"photometric": "rgb", "planarconfig": "separate", "rowsperstrip": 20},
    ),
    "bits": (GREY > 128, {"photometric": "minisblack"}),
    "white is zero": (GREY, {"photometric": "miniswhite"}),
    "channels in pages": (REALS, {"photometric": "minisblack", "metadata": {"axes": "CYX"}}),
    "BigTIFF": (REALS[0], {"bigtiff": True, "tile": (32, 32)}),
}
ARRAYS = {
    "rows": GREY,
    "channels first": REALS.astype(np.float64),
    "channels last": COLOURS,
    "by columns": np.asfortranarray(REALS),
    "channels last, by columns": np.asfortranarray(COLOURS),
}


def check_parts(path):
    whole = fl.read_image(path)
    rng = np.random.default_rng(1)
    with PictureParts(path, kept=4000) as parts:
        assert parts.shape == whole.shape
        for _ in range(8):
            rows, cols = (
                tuple(sorted(map(int, rng.choice(n + 1, 2, replace=False)))) for n in whole.shape[1:]
            )
            np.testing.assert_array_equal(parts.read(rows, cols), whole[:, slice(*rows), slice(*cols)])
            for step in (2, 7, 40):
                some = whole[:, slice(*rows, step), slice(*cols, step)]
                np.testing.assert_array_equal(parts.read(rows, cols, step), some)


@pytest.mark.parametrize(("values", "options"), TIFFS.values(), ids=list(TIFFS))
def test_parts_of_a_tiff_are_those_of_the_whole(values, options, tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", values, **options)
    check_parts(tmp_path / "a.tif")


@pytest.mark.parametrize("values", ARRAYS.values(), ids=list(ARRAYS))
def test_parts_of_an_array_are_those_of_the_whole(values, tmp_path):
    np.save(tmp_path / "a.npy", values)
    check_parts(tmp_path / "a.npy")


def test_what_cannot_be_cut_is_decoded_once(tmp_path):
    Image.fromarray(COLOURS).save(tmp_path / "a.png")
    check_parts(tmp_path / "a.png")
    with PictureParts(tmp_path / "a.png") as parts:
        assert parts.held == COLOURS.size * 4


def test_a_strip_of_each_plane_is_held_however_little_is_allowed(tmp_path, monkeypatch):
    path = tmp_path / "a.tif"
    planes = {"photometric": "rgb", "planarconfig": "separate", "compression": "zlib"}
    tifffile.imwrite(path, COLOURS.transpose(2, 0, 1), rowsperstrip=90, **planes)
    decoded = []
    real = Decoder._decoded
    monkeypatch.setattr(
        Decoder, "_decoded", lambda self, index, seen: decoded.append(index) or real(self, index, seen)
    )
    with PictureParts(path, kept=0) as parts:
        assert (parts.block_bytes, parts.band_bytes(30)) == (3 * 90 * 70, 3 * 90 * 70)
        for left in range(0, 70, 10):
            parts.read((20, 50), (left, left + 10))
    assert decoded == [0, 1, 2]


def test_a_page_is_chosen_as_in_the_ordinary_reader(tmp_path):
    tifffile.imwrite(
        tmp_path / "a.tif", np.stack([GREY, 255 - GREY]), photometric="minisblack", metadata=None
    )
    with PictureParts(tmp_path / "a.tif", page=2) as parts:
        assert parts.pages == 2
        np.testing.assert_array_equal(
            parts.read((3, 9), (1, 60)), fl.read_image(tmp_path / "a.tif", page=2)[:, 3:9, 1:60]
        )


def test_a_file_that_is_cut_short_is_refused_by_name(tmp_path):
    np.save(tmp_path / "a.npy", REALS)
    data = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy").write_bytes(data[:-9])
    with pytest.raises(ImageError, match=r"a\.npy: .*cut short"):
        PictureParts(tmp_path / "a.npy")


def test_a_file_that_is_cut_while_it_is_read_is_an_error_and_not_the_end(tmp_path):
    path = tmp_path / "a.npy"
    np.save(path, REALS)
    with PictureParts(path) as parts:
        with path.open("r+b") as file:
            file.truncate(2000)
        with pytest.raises(ImageError, match="cut short"):
            parts.read((0, 90), (0, 70))


def cut(shape, side):
    for top in range(0, shape[1], side[0]):
        for left in range(0, shape[2], side[1]):
            yield (top, min(top + side[0], shape[1])), (left, min(left + side[1], shape[2]))


def written(writer, values, side):
    for rows, cols in cut(values.shape, side):
        writer.write(rows, cols, values[:, slice(*rows), slice(*cols)])
    writer.finish()


MAP = RNG.standard_normal((2, 530, 300)).astype(np.float32)
MAP[0, 3, 4], MAP[1, 500, 299] = np.nan, np.inf


@pytest.mark.parametrize("side", [(256, 256), (190, 170)])
@pytest.mark.parametrize("compress", [False, True])
def test_a_tiff_written_in_parts_is_the_map(compress, side, tmp_path):
    path = tmp_path / "a.tiff"
    with path.open("wb") as file:
        written(TiffParts(file, MAP.shape, compress=compress), MAP, side)
    np.testing.assert_array_equal(fl.read_image(path), MAP)
    with tifffile.TiffFile(path) as tiff:
        assert tiff.is_bigtiff
        assert tiff.pages[0].is_tiled
        np.testing.assert_array_equal(tiff.asarray(), MAP)


def test_the_threads_that_pack_end_with_the_file(tmp_path):
    before = set(threading.enumerate())
    writer = TiffParts(io.BytesIO(), MAP.shape, compress=True)
    writer.write((0, 256), (0, 256), MAP[:, :256, :256])
    threads = set(threading.enumerate()) - before
    assert threads
    writer.close()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_more_channels_than_a_tiff_can_count_are_refused():
    with pytest.raises(ImageError, match="at most 65,535 channels, and this map has 70,000"):
        TiffParts(io.BytesIO(), (70_000, 4, 4))


def test_a_pyramid_has_levels_of_half_the_size_that_are_means(tmp_path):
    path = tmp_path / "a.tiff"
    smooth = np.cumsum(np.ones((1, 530, 1030), np.float32), axis=1)
    with path.open("wb") as file:
        written(TiffParts(file, smooth.shape, pyramid=True), smooth, (256, 300))
    assert fl.read_image(path).shape == smooth.shape, "levels are no pages"
    with tifffile.TiffFile(path) as tiff:
        levels = [level.asarray() for level in tiff.series[0].levels]
    assert [level.shape for level in levels] == [(530, 1030), (265, 515), (133, 258), (67, 129)]
    np.testing.assert_array_equal(levels[1], smooth[0].reshape(265, 2, 515, 2).mean(axis=(1, 3)))


def test_an_array_written_in_parts_is_the_map():
    file = io.BytesIO()
    file.truncate = lambda size: None  # memory grows as it is written
    written(NpyParts(file, MAP.shape), MAP, (190, 170))
    file.seek(0)
    np.testing.assert_array_equal(np.load(file), MAP)


@pytest.mark.parametrize("pixels", [GREY, COLOURS], ids=["grey", "RGB"])
def test_a_part_of_a_png_written_row_by_row_is_read_again(pixels, tmp_path):
    path = tmp_path / "a.png"
    write_png_rows(path, pixels.shape[:2], iter([pixels[:31], pixels[31:]]), {"range": "0.0,1.0"}, 1)
    np.testing.assert_array_equal(read_png_part(path, (20, 47), (5, 60)), pixels[20:47, 5:60])
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ImageError, match="a checksum is wrong"):
        read_png_part(path, (0, len(pixels)), (0, 5))


@pytest.mark.parametrize("bands", [[], [GREY[:9]]])
def test_a_png_without_all_its_rows_is_refused(bands, tmp_path):
    with pytest.raises(ImageError, match=f"there are {9 * len(bands)} rows for a picture of {len(GREY)}"):
        write_png_rows(tmp_path / "a.png", GREY.shape, iter(bands), {})


@pytest.mark.parametrize(
    "pixels", [GREY, COLOURS, GREY.astype(np.uint16) * 257], ids=["grey", "RGB", "16 bits"]
)
def test_a_png_written_row_by_row_is_the_picture(pixels, tmp_path):
    path = tmp_path / "a.png"
    bands = (pixels[top : top + 17] for top in range(0, len(pixels), 17))
    write_png_rows(path, pixels.shape[:2], bands, {"range": "0.0,1.0"})
    with Image.open(path) as image:
        assert image.text["range"] == "0.0,1.0"
        np.testing.assert_array_equal(np.asarray(image), pixels)
