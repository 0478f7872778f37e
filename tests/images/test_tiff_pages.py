"""Which pages of a TIFF file are pictures, and which are channels of one."""

from __future__ import annotations

import os
import struct
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tifffile

import filterlab as fl
from filterlab.errors import ImageError
from filterlab.images.formats.tiff.directories import ByteSource
from filterlab.images.reading import count_pages, read_picture
from tests.images.tiffcases import (
    file_of,
    grey_page,
)
from tests.images.tiffs import Page


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
    pages = [grey_page(10), grey_page(20, 6, 7), Page(np.full((3, 3, 3), 30, np.uint8), photometric=2)]
    path = file_of(folder, *pages, order=order, big=big)
    assert _seen(path) == [[10], [20], [30, 30, 30]]
    assert fl.read_image(path, page=2).shape == (1, 6, 7)


def test_previews_levels_and_masks_are_no_pages(folder):
    kinds = [{}, {254: ("L", 1)}, {254: ("L", 4)}, {255: ("H", 2)}, {254: ("L", 2)}, {255: ("H", 1)}]
    path = file_of(folder, *(grey_page(10 * i, extra=extra) for i, extra in enumerate(kinds)))
    assert _seen(path) == [[0], [40], [50]]
    path = file_of(folder, grey_page(7, extra={254: ("L", 1)}))  # there is nothing else
    assert _seen(path) == [[7]]


@pytest.fixture
def settled(tmp_path):
    """Three pages, in a file that nobody has written to for a minute."""
    path = file_of(tmp_path, grey_page(10), grey_page(20), grey_page(30))
    _date(path, 60)
    return path


def _date(path, age):
    when = time.time_ns() - age * 10**9
    os.utime(path, ns=(when, when))


def test_the_list_of_pages_is_read_once_for_all_of_them(settled, monkeypatch):
    count_pages(settled)
    with monkeypatch.context() as patch:
        patch.setattr(ByteSource, "chain", lambda self: pytest.fail("the list was read again"))
        assert _seen(settled) == [[10], [20], [30]]
    file_of(settled.parent, grey_page(40), grey_page(50), grey_page(60), grey_page(70))
    _date(settled, 30)
    assert _seen(settled) == [[40], [50], [60], [70]]


def test_a_list_of_pages_that_was_written_just_now_is_not_kept(settled):
    pages = [grey_page(value, 2, 2, extra={254: ("L", 0)}) for value in (10, 20, 30)]
    file_of(settled.parent, *pages)
    times = settled.stat().st_mtime_ns
    assert _seen(settled) == [[10], [20], [30]]
    preview = grey_page(40, 2, 2, extra={254: ("L", 1)})
    file_of(settled.parent, preview, *pages[1:])  # of the same size, and within the same tick of the clock
    os.utime(settled, ns=(times, times))
    assert _seen(settled) == [[20], [30]]


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


@pytest.mark.parametrize(("kind", "axes"), list(_kinds_of_stacks()))
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
    assert _seen(file_of(folder, page)) == [[0], [1], [2]]


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
    pages = [grey_page(10, extra={270: ("s", text)}), grey_page(20)]
    assert _seen(file_of(folder, *pages)) == [[10], [20]]


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
        path = file_of(folder, grey_page(10, extra={270: ("s", text)}), grey_page(20))
        assert _seen(path) == want, data


@pytest.mark.parametrize("where", ["../secret/x.tif", "x.tif", "/etc/hostname"])
def test_a_picture_never_opens_another_file(tmp_path, where):
    (tmp_path / "secret").mkdir()
    for folder in (tmp_path, tmp_path / "secret"):
        file_of(folder, grey_page(99), name="x.tif")
    planes = "".join(
        f"<TiffData IFD='0' FirstC='{c}'><UUID FileName='{name}'>u{c}</UUID></TiffData>"
        for c, name in enumerate(("a.ome.tif", where))
    )
    for uuid in ("UUID='u0'", ""):
        text = _ome(planes, uuid=uuid)
        path = file_of(tmp_path, grey_page(10, extra={270: ("s", text)}), name="a.ome.tif")
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
