"""The smaller sizes that a TIFF holds of its pages: SubIFDs of OME-TIFF, overviews of GDAL."""

from __future__ import annotations

import struct

import numpy as np
import pytest
import tifffile

import filterlab as fl
from filterlab.errors import ImageError
from filterlab.images.decoded import oriented
from filterlab.images.parts.reading import PictureParts

RNG = np.random.default_rng(9)
COLOURS = RNG.integers(0, 256, (90, 70, 3), np.uint8)


def pyramid(path, values, sizes, **options):
    """Write an OME-TIFF whose first page has smaller pictures of these (height, width) in SubIFDs."""
    options = {"photometric": "rgb", "tile": (32, 32), **options}
    with tifffile.TiffWriter(path, ome=True) as file:
        file.write(values, subifds=len(sizes), metadata={"axes": "YXS"}, **options)
        for height, width in sizes:
            file.write(values[:height, :width], subfiletype=1, **options)


def overviews(path, values, factors):
    """Write a TIFF whose page is followed by reduced ones, as GDAL does."""
    with tifffile.TiffWriter(path) as file:
        file.write(values, photometric="rgb", metadata=None)
        for factor in factors:
            file.write(values[::factor, ::factor], photometric="rgb", subfiletype=1, metadata=None)
        file.write(values[:20], photometric="rgb", metadata=None)


def test_levels_of_an_ome_tiff_are_read_whole_and_in_parts(tmp_path):
    pyramid(tmp_path / "a.ome.tif", COLOURS, [(45, 35), (22, 17)])
    for level, (height, width) in enumerate([(90, 70), (45, 35), (22, 17)]):
        whole = fl.read_image(tmp_path / "a.ome.tif", level=level)
        expected = COLOURS[:height, :width].transpose(2, 0, 1) / np.float32(255)
        np.testing.assert_array_equal(whole, expected)
        with PictureParts(tmp_path / "a.ome.tif", level=level) as parts:
            assert (parts.levels, parts.shape) == (3, whole.shape)
            np.testing.assert_array_equal(parts.read((3, 20), (2, 16)), whole[:, 3:20, 2:16])


def test_overviews_behind_a_page_are_its_levels_and_no_pages(tmp_path):
    overviews(tmp_path / "a.tif", COLOURS, [2, 4])
    with PictureParts(tmp_path / "a.tif") as parts:
        assert (parts.levels, parts.pages) == (3, 2)
    assert fl.read_image(tmp_path / "a.tif", level=2).shape == (3, 23, 18)
    with pytest.raises(ImageError, match="it has 1 level, not a level 1"):
        fl.read_image(tmp_path / "a.tif", page=2, level=1)


@pytest.mark.parametrize("turned", [3, 6])
def test_levels_without_an_orientation_of_their_own_are_turned_as_the_page_is(tmp_path, turned):
    page, own = ({"extratags": [(274, "H", 1, n, True)]} for n in (turned, 1))
    options = {"photometric": "rgb", "metadata": None}
    small = COLOURS[::2, ::2].transpose(2, 0, 1) / np.float32(255)
    for tags, orientation in (({}, turned), (own, 1)):
        with tifffile.TiffWriter(tmp_path / "a.tif") as file:
            file.write(COLOURS, subifds=1, **page, **options)
            file.write(COLOURS[::2, ::2], subfiletype=1, **tags, **options)
        expected = oriented(small, orientation)
        np.testing.assert_array_equal(fl.read_image(tmp_path / "a.tif", level=1), expected)
        with PictureParts(tmp_path / "a.tif", level=1) as parts:
            assert parts.shape == expected.shape
            np.testing.assert_array_equal(parts.read((3, 20), (2, 16)), expected[:, 3:20, 2:16])


def test_levels_that_are_not_there_are_refused_by_number(tmp_path):
    pyramid(tmp_path / "a.tif", COLOURS, [(45, 35)])
    np.save(tmp_path / "a.npy", COLOURS)
    fl.write_image(tmp_path / "a.png", COLOURS[..., 0] / 255)
    for name, level, levels in [("a.tif", 2, "2 levels"), ("a.tif", -1, "2 levels"), ("a.npy", 1, "1 level")]:
        with pytest.raises(ImageError, match=f"it has {levels}, not a level {level}"):
            fl.read_image(tmp_path / name, level=level)
        with pytest.raises(ImageError, match=f"it has {levels}, not a level {level}"):
            PictureParts(tmp_path / name, level=level)
    with pytest.raises(ImageError, match="it has 1 level, not a level 1"):
        fl.read_image(tmp_path / "a.png", level=1)


@pytest.mark.parametrize("sizes", [[(45, 60)], [(90, 70)], [(90, 35)]], ids=["wider", "as large", "narrower"])
def test_what_has_another_shape_is_no_level(tmp_path, sizes):
    pyramid(tmp_path / "a.tif", COLOURS, sizes)
    with PictureParts(tmp_path / "a.tif") as parts:
        assert parts.levels == 1


def test_a_subifd_that_leads_nowhere_or_in_a_circle_is_passed_over(tmp_path):
    path = tmp_path / "a.tif"
    pyramid(path, COLOURS, [(45, 35), (22, 17)])
    with tifffile.TiffFile(path) as file:
        tag = file.pages[0].tags["SubIFDs"]
        place, own = tag.valueoffset, file.pages[0].offset
        width = 8 if file.is_bigtiff else 4
    code = {4: "<I", 8: "<Q"}[width]
    whole = path.read_bytes()
    for lie in (len(whole) + 5, own, 1, 2**31):
        broken = bytearray(whole)
        broken[place : place + width] = struct.pack(code, lie)
        path.write_bytes(broken)
        with PictureParts(path) as parts:
            assert parts.levels == 2
        assert fl.read_image(path, level=1).shape == (3, 22, 17)


def test_a_million_subifds_cost_no_more_than_a_few(tmp_path):
    path = tmp_path / "a.tif"
    # Under another number first, as tifffile writes no such tag by itself.
    tifffile.imwrite(path, COLOURS, photometric="rgb", extratags=[(65000, 13, 100_000, (8,) * 100_000, True)])
    with tifffile.TiffFile(path, mode="r+b") as file:
        tag = file.pages[0].tags[65000]
        file.filehandle.seek(tag.offset)
        file.filehandle.write(struct.pack(f"{file.byteorder}H", 330))
    with PictureParts(path) as parts:
        assert parts.levels == 1


@pytest.mark.parametrize("make", [pyramid, overviews], ids=["subifds", "pages"])
def test_levels_of_mutated_files_are_read_or_refused(tmp_path, make):
    make(tmp_path / "a.tif", COLOURS, [(45, 35), (22, 17)] if make is pyramid else [2, 4])
    whole, rng = (tmp_path / "a.tif").read_bytes(), np.random.default_rng(7)
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        first = file.pages[0]
        starts = [page.offset for page in (*file.pages, *(first.pages or ()))]
    # Directories and what stands around them, not pixels, any of which are fine.
    header = [i for start in starts for i in range(start, min(start + 300, len(whole)))]
    refused = 0
    for _ in range(150):
        broken = bytearray(whole)
        for place in rng.choice(header, rng.integers(1, 5)):
            broken[place] = rng.integers(0, 256)
        (tmp_path / "b.tif").write_bytes(broken)
        for level in (1, 2):
            try:
                with PictureParts(tmp_path / "b.tif", level=level) as parts:
                    parts.read((0, parts.shape[1]), (0, parts.shape[2]), 3)
            except ImageError:
                refused += 1
    assert 10 < refused < 300
