"""TIFF files of a few kilobytes that name the same bytes, or repeat the same words, again and again."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image

import filterlab as fl
from filterlab.errors import ImageError
from filterlab.images.formats import tiff as reader
from filterlab.images.formats.tiff import budget, stacks
from filterlab.images.formats.tiff.budget import Budget
from filterlab.images.formats.tiff.inflate import Flaw
from filterlab.images.reading import count_pages
from tests.images.tiffcases import file_of, grey_page
from tests.images.tiffs import DEFLATE, JPEG, PACKBITS, Page

SHORT, LONG, RATIONAL, TEXT = 3, 4, 5, 2


def _sharing(blob, first, rest=(), pages=1):
    """A file whose directories all stand behind the bytes that they share. Entries: (tag, type, count, value)."""

    def directory(entries, following):
        body = b"".join(struct.pack("<HHLL", *entry) for entry in sorted(entries, key=lambda entry: entry[0]))
        return struct.pack("<H", len(entries)) + body + struct.pack("<L", following)

    out = [struct.pack("<2sHL", b"II", 42, 8 + len(blob)), blob]
    end = 8 + len(blob)
    for i in range(pages):
        entries = rest if i else first
        end += 2 + 12 * len(entries) + 4
        out.append(directory(entries, end if i + 1 < pages else 0))
    return b"".join(out)


def _entries(height=1, width=1, **options):
    """The tags of a grey page of one strip, whose pixels are the first bytes of the file that are no header."""
    values = {"bits": 8, "compression": 1, "photometric": 1, "offset": 8, "count": height * width} | options
    return [
        *((256, LONG, 1, width), (257, LONG, 1, height), (258, SHORT, 1, values["bits"])),
        *((259, SHORT, 1, values["compression"]), (262, SHORT, 1, values["photometric"])),
        *((273, LONG, 1, values["offset"]), (277, SHORT, 1, 1), (279, LONG, 1, values["count"])),
    ]


def _channels(count, height=1, width=1):
    """tifffile's description of a picture whose channels are pages."""
    return json.dumps({"shape": [count, height, width], "axes": "CYX"}).encode() + b"\0"


def _peak(run):
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_descriptions_that_share_their_bytes_take_the_memory_of_one(folder):
    text = bytes([97]) * (1 << 22)
    path = file_of(folder, _sharing(text, _entries() + [(270, TEXT, len(text), 8)] * 100))
    assert _peak(lambda: fl.read_image(path)) < 1 << 26


def test_planes_of_metamorph_must_have_room(folder):
    for planes in (3, 0xFFFFFFFF):
        path = file_of(folder, _sharing(b"abcd", [*_entries(), (33629, RATIONAL, planes, 8)]))
        assert _peak(lambda path=path: count_pages(path)) < 1 << 20
        assert count_pages(path) == (3 if planes == 3 else 1)


def test_a_description_that_pages_share_is_parsed_once(folder, monkeypatch):
    parsed = []
    monkeypatch.setattr(
        stacks.json, "loads", lambda text: parsed.append(text) or json.JSONDecoder().decode(text)
    )
    text = b'{"shape": [1, 1]}\0\0\0'
    entries = [*_entries(), (270, TEXT, len(text), 8)]
    assert count_pages(file_of(folder, _sharing(text, entries, entries, 50))) == 50
    assert len(parsed) == 1


@pytest.mark.parametrize("shape", [[1] * 40 + [4, 5], [2**40, 4, 5], [2**40] * 30 + [4, 5]])
def test_descriptions_of_more_than_the_file_has_count_for_nothing(folder, shape):
    text = json.dumps({"shape": shape})
    path = file_of(folder, grey_page(10, extra={270: ("s", text)}), grey_page(20))
    assert count_pages(path) == 2


def _ome_file(folder, pages, images, blocks):
    pixels = f"<Pixels DimensionOrder='XYZCT' SizeZ='1' SizeC='{pages}' SizeT='1'>{blocks}</Pixels>"
    text = f"<OME>{f'<Image>{pixels}</Image>' * images}</OME>"
    return file_of(folder, grey_page(0, extra={270: ("s", text)}), *[grey_page(i) for i in range(1, pages)])


def test_ome_xml_of_more_planes_than_pages_is_left_before_they_are_made(folder, monkeypatch):
    assert count_pages(_ome_file(folder, 3, 1, "<TiffData/>")) == 1
    monkeypatch.setattr(stacks._OmeSeries, "pictures", lambda *_: pytest.fail("planes were made"))
    assert count_pages(_ome_file(folder, 3, 2, "<TiffData/>")) == 3


@pytest.mark.parametrize("block", ["<TiffData/>", "<TiffData IFD='0' PlaneCount='0'/>"])
def test_blocks_of_ome_xml_may_repeat_only_so_many_planes(folder, block):
    assert count_pages(_ome_file(folder, 4, 1, "<TiffData/>" + block)) == 1
    assert count_pages(_ome_file(folder, 4, 1, "<TiffData/>" + block * 8)) == 4


def test_ome_xml_of_pixels_without_samples_counts_for_nothing(folder):
    channel = "<Channel SamplesPerPixel='0'/><TiffData/>"
    assert count_pages(_ome_file(folder, 2, 1, channel)) == 2


def _of_one_strip(side, strip, compression=1):
    """A picture of `side` rows, each of which is the same strip."""
    lists = struct.pack(f"<{side}L", *[8] * side) + struct.pack(f"<{side}L", *[len(strip)] * side)
    start = 8 + len(strip) + len(strip) % 2
    entries = [entry for entry in _entries(side, side, compression=compression) if entry[0] not in (273, 279)]
    entries += [(273, LONG, side, start), (278, LONG, 1, 1), (279, LONG, side, start + 4 * side)]
    return _sharing(strip.ljust(start - 8, b"\0") + lists, entries)


def test_strips_may_share_a_little_and_blank_ones_that_are_compressed_much(folder):
    assert fl.read_image(file_of(folder, _of_one_strip(900, b"\xff" * 900))).all()
    assert fl.read_image(file_of(folder, _of_one_strip(3000, zlib.compress(b"\xff" * 3000), DEFLATE))).all()


@pytest.mark.parametrize(("compression", "strip"), [(1, bytes(3000)), (PACKBITS, b"\0\0" * 3000)])
def test_strips_that_are_hardly_compressed_must_not_share_their_bytes(folder, compression, strip):
    with pytest.raises(ImageError, match="overlap"):
        fl.read_image(file_of(folder, _of_one_strip(3000, strip, compression)))


def test_pages_of_one_picture_must_not_share_their_bytes(folder):
    for pages in (2, 60):
        text = _channels(pages, 256, 256)
        entries = _entries(256, 256)
        first = [*entries, (270, TEXT, len(text), 8 + 65536)]
        path = file_of(folder, _sharing(bytes([255]) * 65536 + text, first, entries, pages))
        if pages == 2:
            assert fl.read_image(path).all()
            continue
        with pytest.raises(ImageError, match="overlap"):
            fl.read_image(path)


def test_pages_of_one_picture_must_not_share_long_tags(folder):
    text, palette = _channels(30), bytes(3 << 17)
    blob = palette + text
    entries = [*_entries(bits=16, count=2, photometric=3), (320, SHORT, 3 << 16, 8)]
    path = file_of(folder, _sharing(blob, [*entries, (270, TEXT, len(text), 8 + len(palette))], entries, 30))
    assert count_pages(path) == 1
    with pytest.raises(ImageError, match="same bytes over and over"):
        fl.read_image(path)


def test_a_picture_of_very_many_pages_is_refused(folder, monkeypatch):
    monkeypatch.setattr(reader, "_MOST_PARTS", 4)
    for pages in (4, 5):
        text = _channels(pages)
        path = file_of(folder, _sharing(text, [*_entries(), (270, TEXT, len(text), 8)], _entries(), pages))
        if pages == 4:
            assert fl.read_image(path).shape == (4, 1, 1)
            continue
        with pytest.raises(ImageError, match="its channels lie in 5 pages, more than 4"):
            fl.read_image(path)


def test_strips_are_counted_over_all_pages_of_a_picture():
    counted = Budget(1000)
    for _ in range(2):
        counted.add_segments(1 << 16, "strips")
    with pytest.raises(ImageError, match="more than 131,072 strips"):
        counted.add_segments(1, "strips")
    Budget(1 << 24).add_segments(1 << 18, "strips")  # there is a row of pixels for each


def _in_jpegs(folder, segment, extra=None):
    """A row of 20 tiles that are the same JPEG."""
    row = np.zeros((64, 64 * 20, 1), np.uint8)
    return file_of(
        folder, Page(row, compression=JPEG, tile=(64, 64), segments=[segment] * 20, extra=extra or {})
    )


def _jpeg(**options):
    stream = io.BytesIO()
    Image.fromarray(np.full((64, 64), 255, np.uint8)).save(stream, "JPEG", **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    "segment", [_jpeg(progressive=True), _jpeg().replace(b"\xff\xdb", b"\xff\1" * 999 + b"\xff\xdb")]
)
def test_passes_and_parts_are_counted_over_all_tiles(folder, monkeypatch, segment):
    monkeypatch.setattr(budget, "_FREE_BLOCKS", 1 << 19)
    assert fl.read_image(_in_jpegs(folder, _jpeg())).all()
    with pytest.raises(ImageError, match=r"tile \d+ of 20 draws its pixels in too many passes or parts"):
        fl.read_image(_in_jpegs(folder, segment))


def test_tables_of_jpeg_have_a_bounded_length(folder):
    tables = b"\xff\xd8" + b"\xff\1" * (1 << 13) + b"\xff\xd9"
    with pytest.raises(ImageError, match="its tag 347 makes no sense"):
        fl.read_image(_in_jpegs(folder, _jpeg(), {347: ("s", tables)}))


def test_tiles_within_strips_are_counted_over_all_strips():
    counted = Budget(1000)
    for _ in range(1 << 10):
        counted.add_tiles(1, 3)
    counted.add_tiles(60_000, 1)
    with pytest.raises(Flaw, match="too many tiles"):
        counted.add_tiles(60_000, 1)
