"""A picture in levels: each value is one of the picture, or of the smaller picture that the file holds."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile

import filterlab as fl
from filterlab.errors import Cancelled, ImageError
from filterlab.images.formats.tiff.pixels import Decoder
from filterlab.images.parts import levels
from filterlab.images.parts.levels import LevelSource, PictureLevels

RNG = np.random.default_rng(6)
COLOURS = RNG.integers(0, 256, (300, 420, 3), np.uint8)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Pictures of some hundred rows count as large."""
    monkeypatch.setattr(levels, "SMALLEST", 64)
    monkeypatch.setattr(levels, "_BLOCK", 16)


def files(folder):
    tifffile.imwrite(folder / "tiles.tif", COLOURS, photometric="rgb", tile=(32, 32), compression="zlib")
    tifffile.imwrite(folder / "strips.tif", COLOURS, photometric="rgb", rowsperstrip=5, compression="zlib")
    tifffile.imwrite(folder / "plain.tif", COLOURS, photometric="rgb")
    np.save(folder / "a.npy", COLOURS)
    return sorted(folder.iterdir())


def means(values, step):
    """The means of step x step cells in float64, fewer at the end."""
    _, height, width = values.shape
    padded = np.pad(
        values.astype(np.float64), ((0, 0), (0, -height % step), (0, -width % step)), constant_values=np.nan
    )
    blocks = padded.reshape(len(values), -(-height // step), step, -(-width // step), step)
    return np.nanmean(blocks, axis=(2, 4))


@pytest.mark.parametrize(
    ("name", "averaged"), [("tiles.tif", 8), ("strips.tif", 4), ("plain.tif", 1), ("a.npy", 1)]
)
def test_a_level_has_means_where_all_is_decoded_anyway_and_else_single_pixels(
    name, averaged, tmp_path, monkeypatch
):
    monkeypatch.setattr(levels, "_AVERAGED", 3000)
    files(tmp_path)
    found, whole = PictureLevels(tmp_path / name), fl.read_image(tmp_path / name)
    assert (found.count, found.shape) == (4, whole.shape)
    assert found.sampled == (averaged < 8)
    for level in range(found.count):
        step = 2**level
        single = whole[:, ::step, ::step]
        source = LevelSource(found, level)
        assert source.shape == single.shape
        for rows, cols in (((3, 30), (5, 50)), ((20, single.shape[1]), (0, single.shape[2]))):
            expected = means(whole, step) if 1 < step <= averaged else single
            part = source.read(rows, cols)
            np.testing.assert_allclose(part, expected[:, slice(*rows), slice(*cols)], rtol=1e-6)
    found.close()


def test_means_do_not_depend_on_the_part_that_is_read(tmp_path):
    files(tmp_path)
    found = PictureLevels(tmp_path / "tiles.tif")
    whole = found.read_level(2, (0, 75), (0, 105))
    np.testing.assert_array_equal(found.read_level(2, (70, 75), (31, 90)), whole[:, 70:75, 31:90])
    found.close()


def test_the_first_look_is_coarse_where_tiles_must_be_decoded_and_ends_with_every_value(tmp_path):
    for path in files(tmp_path):
        found, whole = PictureLevels(path), fl.read_image(path)
        right = []
        while found.look():
            expected = whole[:, ::8, ::8] if found.sampled else means(whole, 8)
            right.append((np.abs(found.base - expected) < 1e-6).mean())
        assert right[-1] == 1, f"{path.name} ends with {right}"
        assert right == sorted(right), f"{path.name} became worse: {right}"
        assert (len(right) > 1) == (path.name in ("tiles.tif", "strips.tif")), f"{path.name}: {right}"
        found.close()


def test_the_pyramid_of_a_file_is_used_before_its_pixels_are_counted_off(tmp_path):
    path = tmp_path / "a.ome.tif"
    with tifffile.TiffWriter(path) as file:
        file.write(COLOURS, subifds=2, photometric="rgb", metadata={"axes": "YXS"})
        for factor, grey in ((2, 10), (8, 20)):
            small = np.full((300 // factor, 420 // factor, 3), grey, np.uint8)
            file.write(small, subfiletype=1, photometric="rgb")
    found = PictureLevels(path)
    corner = (0, 4), (0, 4)
    assert [round(float(found.read_level(level, *corner)[0, 1, 1]) * 255) for level in (1, 2, 3)] == [
        10,
        10,
        20,
    ]
    assert found.shape_at(3) == (3, 37, 52)
    assert [found.look(), found.look()] == [True, False]
    assert (found.base == np.float32(20 / 255)).all()
    found.close()


def test_what_needs_the_whole_picture_is_told_that_it_has_parts(tmp_path):
    np.save(tmp_path / "a.npy", COLOURS)
    found = PictureLevels(tmp_path / "a.npy")
    for use in (np.asarray, lambda x: x[0], lambda x: x.min(), fl.Pipeline([fl.ReLU()]).run):
        with pytest.raises(ImageError, match="larger than the memory for maps"):
            use(found)
    assert (found.ndim, found.nbytes, len(found)) == (3, 4 * COLOURS.size, 3)
    found.close()


def test_formats_that_have_no_parts_are_refused(tmp_path):
    fl.write_image(tmp_path / "a.png", COLOURS[..., 0] / 255)
    with pytest.raises(ImageError, match="parts of it cannot be read"):
        PictureLevels(tmp_path / "a.png")


def test_a_strip_that_takes_more_than_the_room_by_itself_is_never_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(Decoder, "_read", lambda *_: pytest.fail("a strip was read"))
    plain = np.zeros((400, 500), np.uint8)
    strip = {"rowsperstrip": 400, "compression": "zlib"}
    tifffile.imwrite(tmp_path / "a.tif", plain, **strip)
    words = "a.tif: reading a single pixel of it takes 200,000 bytes of memory, more than 199,999"
    with pytest.raises(ImageError, match=words):
        PictureLevels(tmp_path / "a.tif", room=199_999)
    PictureLevels(tmp_path / "a.tif", room=200_000).close()
    # The strips of all pages that hold channels are held together.
    strip["metadata"] = {"axes": "CYX"}
    tifffile.imwrite(tmp_path / "b.tif", np.stack([plain] * 3), photometric="minisblack", **strip)
    with pytest.raises(ImageError, match="takes 600,000 bytes"):
        PictureLevels(tmp_path / "b.tif", room=500_000)
    # And so are those of planes.
    tifffile.imwrite(
        tmp_path / "d.tif", np.stack([plain] * 3), photometric="rgb", planarconfig="separate", **strip
    )
    with pytest.raises(ImageError, match="takes 600,000 bytes"):
        PictureLevels(tmp_path / "d.tif", room=500_000)
    # Rows that are not compressed are read one by one.
    tifffile.imwrite(tmp_path / "c.tif", plain, rowsperstrip=400)
    PictureLevels(tmp_path / "c.tif", room=1000).close()


@pytest.mark.parametrize("room", [np.inf, 4 * 3 * 300 * 420])
def test_tall_strips_are_decoded_once_for_the_tiles_of_a_row(room, tmp_path, monkeypatch):
    monkeypatch.setattr(levels, "HELD", 0)
    monkeypatch.setattr(levels, "_ROW", 100)
    planes = {"photometric": "rgb", "planarconfig": "separate", "compression": "zlib", "rowsperstrip": 150}
    tifffile.imwrite(tmp_path / "a.tif", COLOURS.transpose(2, 0, 1), **planes)
    decoded = []
    real = Decoder._decoded
    monkeypatch.setattr(
        Decoder, "_decoded", lambda self, index, seen: decoded.append(index) or real(self, index, seen)
    )
    found, whole = PictureLevels(tmp_path / "a.tif", room=room), fl.read_image(tmp_path / "a.tif")
    decoded.clear()
    for left in range(0, 420, 70):  # across the end of the upper strips
        part = found.read_level(0, (140, 160), (left, left + 70))
        np.testing.assert_array_equal(part, whole[:, 140:160, left : left + 70])
    assert sorted(decoded) == list(range(6)), "each strip of each plane once"
    found.close()


def test_a_level_of_the_file_that_takes_more_than_the_room_is_not_used(tmp_path):
    path = tmp_path / "a.ome.tif"
    with tifffile.TiffWriter(path) as file:
        file.write(COLOURS, subifds=1, tile=(16, 16), compression="zlib", photometric="rgb")
        small = np.zeros((150, 210, 3), np.uint8)
        file.write(small, subfiletype=1, rowsperstrip=150, compression="zlib", photometric="rgb")
    for room, expected in ((100_000, 0), (90_000, COLOURS[2:4, 2:4, 0].mean() / 255)):
        found = PictureLevels(path, room=room)
        assert found.read_level(1, (1, 2), (1, 2))[0, 0, 0] == pytest.approx(expected)
        found.close()


def test_a_look_that_is_cancelled_goes_on_later(tmp_path):
    path = next(path for path in files(tmp_path) if path.name == "tiles.tif")
    found, whole = PictureLevels(path), fl.read_image(path)
    for _ in range(3):
        with pytest.raises(Cancelled):
            found.look(lambda: True)
    while found.look():
        pass
    np.testing.assert_allclose(found.base, means(whole, 8), rtol=1e-6)
    found.close()
