"""AVIF, JPEG XL, JPEG 2000 and HEIC: every depth, grey and colours, with alpha and without, and animations."""

from __future__ import annotations

import io
import os
import re
import struct
import sys
import time

import imagecodecs
import numpy as np
import pytest
from PIL import Image

import filterlab as fl
from filterlab.images import count_pages, decoded, read_picture
from filterlab.images.formats.jpegxl import decoder


def _written(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def _samples(rng, bits, channels, height=9, width=12):
    kind = np.uint8 if bits <= 8 else np.uint16
    samples = rng.integers(0, 2**bits, (height, width, channels)).astype(kind)
    samples[0, 0] = 2**bits - 1
    return samples


def _planes(samples, bits):
    return (samples.transpose(2, 0, 1) / np.float32(2**bits - 1)).astype(np.float32)


def _squeezed(samples):
    return samples[..., 0] if samples.shape[2] == 1 else samples


def _jpegxl(samples, bits):
    return imagecodecs.jpegxl_encode(_squeezed(samples), lossless=True, bitspersample=bits)


def _jpeg2000(samples, bits, form="jp2"):
    return imagecodecs.jpeg2k_encode(
        _squeezed(samples), codecformat=form, reversible=True, level=0, bitspersample=bits
    )


def _codestream(samples, bits):
    return _jpeg2000(samples, bits, "j2k")


def _avif(samples, bits):
    form = "yuv400" if samples.shape[2] < 3 else "yuv444"
    return imagecodecs.avif_encode(_squeezed(samples), level=100, pixelformat=form, bitspersample=bits)


LOSSLESS = [
    *((_jpegxl, bits) for bits in (8, 16)),
    *((_jpeg2000, bits) for bits in (8, 10, 12, 16)),
    *((_codestream, bits) for bits in (8, 11, 16)),
    *((_avif, bits) for bits in (8, 10, 12)),
]


@pytest.mark.parametrize(("encode", "bits"), LOSSLESS, ids=lambda value: getattr(value, "__name__", value))
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_every_bit_is_read(tmp_path, rng, encode, bits, channels):
    samples = _samples(rng, bits, channels)
    path = _written(tmp_path, encode(samples, bits), "a.bin")
    want = _planes(samples, bits)
    # YCbCr in as many bits as RGB rounds.
    tolerance = 1.5 / (2**bits - 1) if encode is _avif and channels > 2 else 0
    # JPEG 2000 has alpha only where a channel definition says so, which imagecodecs does not write.
    has_alpha = channels in (2, 4) and encode not in (_jpeg2000, _codestream)
    colours = channels - 1 if has_alpha else channels
    np.testing.assert_allclose(fl.read_image(path), want[:colours], atol=tolerance)
    found = read_picture(path, alpha=True)
    np.testing.assert_allclose(found.values, want, atol=tolerance)
    assert (found.pages, found.remarks, count_pages(path)) == (1, (), 1)


@pytest.mark.parametrize("bits", [10, 12])
def test_jpegxl_of_other_depths(tmp_path, rng, bits):
    samples = _samples(rng, bits, 3)
    np.testing.assert_array_equal(
        fl.read_image(_written(tmp_path, _jpegxl(samples, bits), "a.jxl")), _planes(samples, bits)
    )


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_floats_of_jpegxl_stay_as_they_are(tmp_path, rng, kind):
    values = rng.random((9, 12, 3)).astype(kind)
    path = _written(tmp_path, imagecodecs.jpegxl_encode(values, lossless=True), "a.jxl")
    np.testing.assert_array_equal(fl.read_image(path), values.transpose(2, 0, 1).astype(np.float32))


@pytest.mark.parametrize("size", [(4, 4), (7, 5), (3, 8), (12, 12), (1, 2)])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", range(2, 8))
def test_grey_bands_of_jpegxl_come_in_their_order(tmp_path, rng, channels, kind, size):
    bands = (rng.random((channels, *size)) * 200).astype(kind)
    content = imagecodecs.jpegxl_encode(bands, lossless=True, photometric="gray", planar=True)
    greatest = 1 if kind is np.float32 else np.iinfo(kind).max
    path = _written(tmp_path, content, "a.jxl")
    np.testing.assert_array_equal(fl.read_image(path), (bands / np.float32(greatest)).astype(np.float32))
    assert not read_picture(path).remarks


def _with_extra_type(content, kind):
    """An RGBA JPEG XL file of 64 x 64 pixels whose last channel is of another type, written out in full.

    The description of alpha is one bit. The new one is longer by exactly 19 bytes: type, depth of 8 bits, a name.
    """
    fields = [(0, 1), (2, 2), (kind - 2, 4), (0, 1), (3, 2), (7, 6), (0, 2), (2, 2), (0, 5), (0, 16 * 8)]
    number, count = 0, 0
    for value, bits in fields:
        number, count = number | value << count, count + bits
    at = 33  # bits: signature, size, and what stands before the first extra channel
    stored = int.from_bytes(content, "little")
    assert count == 19 * 8 + 1
    assert (stored >> at) & 1, "the extra channel is not described by one bit"
    changed = stored & ((1 << at) - 1) | number << at | (stored >> at + 1) << at + count
    return changed.to_bytes(len(content) + 19, "little")


def test_further_channels_of_a_jpegxl_in_colour_are_said_to_be_left_out(tmp_path, rng):
    samples = _samples(rng, 8, 4, 64, 64)
    content = _with_extra_type(imagecodecs.jpegxl_encode(samples, lossless=True), kind=6)  # thermal
    found = read_picture(_written(tmp_path, content, "a.jxl"), alpha=True)
    np.testing.assert_array_equal(found.values, _planes(samples[..., :3], 8))
    assert found.remarks == ("its channels besides colours and alpha are not read",)


def test_cmyk_in_jpegxl_does_not_pass_for_rgb(tmp_path, rng):
    content = _with_extra_type(imagecodecs.jpegxl_encode(_samples(rng, 8, 4, 64, 64), lossless=True), kind=4)
    with pytest.raises(fl.errors.ImageError, match="CMYK"):
        fl.read_image(_written(tmp_path, content, "a.jxl"))


@pytest.mark.parametrize("encode", [_jpegxl, _avif])
@pytest.mark.parametrize("size", [(1, 1), (9, 12), (64, 48), (240, 320), (300, 400), (16, 777)])
def test_sizes(tmp_path, encode, size):
    samples = np.zeros((*size, 3), np.uint8)
    assert fl.read_image(_written(tmp_path, encode(samples, 8), "a.bin")).shape == (3, *size)


def test_jpegxl_in_a_container(tmp_path, rng):
    samples = _samples(rng, 8, 3)
    content = imagecodecs.jpegxl_encode(samples, lossless=True, usecontainer=True)
    assert content[4:8] == b"JXL "
    np.testing.assert_array_equal(fl.read_image(_written(tmp_path, content, "a.jxl")), _planes(samples, 8))


@pytest.mark.parametrize("count", [2, 3, 4, 7])
def test_frames_of_jpegxl(tmp_path, rng, count):
    listed = [_samples(rng, 8, 3) for _ in range(count)]
    path = _written(tmp_path, imagecodecs.jpegxl_encode(np.stack(listed), lossless=True), "a.jxl")
    assert count_pages(path) == count
    for page, samples in enumerate(listed, 1):
        np.testing.assert_array_equal(fl.read_image(path, page=page), _planes(samples, 8))
    with pytest.raises(fl.errors.ImageError, match=f"it has {count} pages"):
        fl.read_image(path, page=count + 1)


def test_frames_of_jpegxl_in_turn_are_counted_once(tmp_path, rng, monkeypatch):
    counts = []
    count = decoder._pages
    monkeypatch.setattr(decoder, "_pages", lambda *args: counts.append(1) or count(*args))
    listed = np.stack([_samples(rng, 8, 3) for _ in range(4)])
    path = _written(tmp_path, imagecodecs.jpegxl_encode(listed, lossless=True), "a.jxl")
    when = time.time_ns() - 60 * 10**9  # nothing is kept of a file that was written just now
    os.utime(path, ns=(when, when))
    assert [read_picture(path, page=page).pages for page in (1, 2, 3, 4)] == [4] * 4
    assert len(counts) == 1


def test_more_frames_of_jpegxl_than_are_read_are_refused(tmp_path, monkeypatch):
    listed = np.stack([np.full((4, 4), i, np.uint8) for i in range(5)])
    path = _written(tmp_path, imagecodecs.jpegxl_encode(listed[..., None], lossless=True), "a.jxl")
    assert count_pages(path) == 5
    for module in (decoded, decoder):
        monkeypatch.setattr(module, "MAX_PAGES", 4)
    path.write_bytes(path.read_bytes() + b"\0")  # another file
    with pytest.raises(fl.errors.ImageError, match="more than 4 pages"):
        count_pages(path)


def test_frames_of_avif(tmp_path, rng):
    listed = [_samples(rng, 8, 3, 32, 48) for _ in range(3)]
    path = _written(tmp_path, imagecodecs.avif_encode(np.stack(listed), level=100), "a.avif")
    assert count_pages(path) == 3
    for page in (2, 1, 3):
        found = read_picture(path, page=page)
        np.testing.assert_allclose(found.values, _planes(listed[page - 1], 8), atol=0.006)
        assert (found.pages, found.remarks) == (3, ())


def test_frames_of_deep_avif_say_that_bits_are_lost(tmp_path, rng):
    listed = np.stack([_samples(rng, 10, 3, 32, 48) for _ in range(2)])
    path = _written(tmp_path, imagecodecs.avif_encode(listed, level=100, bitspersample=10), "a.avif")
    found = read_picture(path, page=2)
    np.testing.assert_allclose(found.values, _planes(listed[1], 10), atol=0.008)
    assert found.remarks == ("its frames have 10 bits for each sample, of which 8 are read",)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_avif_is_upright(tmp_path, orientation):
    stored = Image.fromarray(np.arange(0, 240, 10, np.uint8).reshape(4, 6).repeat(8, 0).repeat(8, 1))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "a.png", exif=exif)
    stored.save(tmp_path / "a.avif", quality=100, exif=exif)
    found = fl.read_image(tmp_path / "a.avif")
    np.testing.assert_allclose(found, fl.read_image(tmp_path / "a.png"), atol=0.02)


def test_exif_that_is_none_in_avif(tmp_path):
    path = tmp_path / "a.avif"
    exif = b"II*\0\x08\0\0\0" + bytes(40)
    Image.new("RGB", (16, 16), "red").save(path, quality=100, exif=exif)
    content = path.read_bytes()
    assert exif in content
    path.write_bytes(content.replace(exif, b"no EXIF at all".ljust(len(exif))))
    assert fl.read_image(path).shape == (3, 16, 16)


# -- JPEG 2000 --------------------------------------------------------------------------------------------


def test_signed_samples_stay_as_they_are(tmp_path, rng):
    values = rng.integers(-3000, 3000, (9, 12)).astype(np.int16)
    content = imagecodecs.jpeg2k_encode(values, codecformat="j2k", reversible=True, level=0)
    np.testing.assert_array_equal(fl.read_image(_written(tmp_path, content, "a.j2k")), values[None])


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_alpha_of_jpeg2000_is_where_its_channel_definition_says(tmp_path, rng, mode):
    pixels = rng.integers(0, 256, (9, 12, len(mode))).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels, mode).save(stream, "JPEG2000", irreversible=False)
    content = stream.getvalue()
    path = _written(tmp_path, content, "a.jp2")
    np.testing.assert_array_equal(fl.read_image(path), _planes(pixels[..., :-1], 8))
    np.testing.assert_array_equal(fl.read_image(path, alpha=True), _planes(pixels, 8))
    # Without the definition, the last channel is data like the others.
    path.write_bytes(content.replace(b"cdef", b"free"))
    np.testing.assert_array_equal(fl.read_image(path), _planes(pixels, 8))


def test_palettes_and_ycc_of_jpeg2000(tmp_path, rng):
    path = tmp_path / "a.jp2"
    image = Image.fromarray(rng.integers(0, 256, (32, 32, 3)).astype(np.uint8))
    image.convert("YCbCr").save(path, irreversible=False)
    np.testing.assert_allclose(fl.read_image(path), _planes(np.asarray(image), 8), atol=0.02)


def test_colours_of_jpeg2000_that_are_not_read_are_named(tmp_path, rng):
    content = _jpeg2000(_samples(rng, 8, 3), 8)
    at = content.index(b"colr") + 7
    path = _written(tmp_path, content[:at] + struct.pack(">I", 14) + content[at + 4 :], "a.jp2")
    with pytest.raises(fl.errors.ImageError, match="space .number 14. that is not read"):
        fl.read_image(path)


def test_a_container_that_claims_another_size_is_refused(tmp_path, rng):
    content = _jpeg2000(_samples(rng, 8, 3), 8)
    at = content.index(b"ihdr") + 4
    claim = content[:at] + struct.pack(">II", 1 << 24, 31) + content[at + 8 :]
    with pytest.raises(fl.errors.ImageError, match="two different sizes"):
        fl.read_image(_written(tmp_path, claim, "a.jp2"))


# -- what they claim, and damage --------------------------------------------------------------------------


def _claiming(encode, rng):
    """A file that says it is very large, or more pixels than its bytes can hold."""
    content = encode(_samples(rng, 8, 3), 8)
    if encode is _jpegxl:
        return b"\xff\x0a" + (0b11 << 1 | (1 << 29) << 3 | 0 << 33 | 0b11 << 36 | (1 << 29) << 38).to_bytes(
            16, "little"
        )
    if encode is _avif:
        return re.sub(
            rb"(ispe\0\0\0\0).{8}", lambda found: found[1] + struct.pack(">II", 16_000, 16_000), content
        )
    size = content.index(b"\xff\x4f\xff\x51") + 8
    return content[:size] + struct.pack(">II", 18_000, 18_000) + content[size + 8 :]


@pytest.mark.parametrize("encode", [_jpegxl, _avif, _jpeg2000, _codestream])
def test_what_they_claim_is_checked_before_memory_is_taken(tmp_path, rng, encode):
    with pytest.raises(fl.errors.ImageError, match="hardly hold|more than|cannot be decoded"):
        fl.read_image(_written(tmp_path, _claiming(encode, rng), "a.bin"))


def _segment(marker, body):
    return struct.pack(">HH", marker, len(body) + 2) + body


def _codestream_header(side, tile, channels, precincts=b"", channel_style=b""):
    """The segments of a JPEG 2000 codestream before its first tile; channel_style: the body of a COC segment."""
    size = struct.pack(">H8IH", 0, side, side, 0, 0, tile, tile, 0, 0, channels) + b"\x0f\1\1" * channels
    style = bytes([bool(precincts), 0, 0, 1, 0, max(len(precincts) - 1, 0), 4, 4, 0, 1]) + precincts
    further = _segment(0xFF53, channel_style) if channel_style else b""
    head = b"\xff\x4f" + _segment(0xFF51, size) + _segment(0xFF52, style) + further
    return head + _segment(0xFF5C, b"\x40" + b"\x80" * (1 + 3 * max(len(precincts) - 1, 0)))


def _empty_tiles(count, style=b""):
    """Parts of tiles without a pixel; style: a segment in the header of each."""
    return b"".join(
        struct.pack(">HHHIBB", 0xFF90, 10, i, 14 + len(style), 0, 1) + style + b"\xff\x93"
        for i in range(count)
    )


SMALL_PRECINCTS = _segment(0xFF52, bytes([1, 0, 0, 1, 0, 0, 4, 4, 0, 1, 0]))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_codestream_header(40, 1, 200) + _empty_tiles(1600), "too many tiles"),
        (_codestream_header(200, 1, 1) + _empty_tiles(40_000), "too many tiles"),
        (_codestream_header(1024, 1024, 1, b"\0") + _empty_tiles(1), "too many precincts"),
        (_codestream_header(1024, 1024, 1, b"\x88\x11") + _empty_tiles(1), "too many precincts"),
        (_codestream_header(1024, 1024, 1) + _empty_tiles(1, SMALL_PRECINCTS), "too many precincts"),
        (
            _codestream_header(1024, 1024, 3, channel_style=bytes([1, 1, 0, 4, 4, 0, 1, 0]))
            + _empty_tiles(1),
            "too many precincts",
        ),
    ],
)
def test_structures_of_jpeg2000_that_would_fill_the_memory_are_refused(tmp_path, content, words):
    with pytest.raises(fl.errors.ImageError, match=words):
        fl.read_image(_written(tmp_path, content + b"\xff\xd9", "a.j2k"))


def test_a_part_of_jpeg2000_that_leads_back_is_no_circle(tmp_path):
    to_second = 12 + len(SMALL_PRECINCTS)
    part = (
        struct.pack(">HHHIBB", 0xFF90, 10, 0, to_second, 0, 1) + 2 * SMALL_PRECINCTS + b"\xff\x93" + bytes(9)
    )
    with pytest.raises(fl.errors.ImageError):
        fl.read_image(_written(tmp_path, _codestream_header(16, 16, 1) + part, "a.j2k"))


def test_precincts_of_jpeg2000_are_read_where_each_can_have_a_byte(tmp_path):
    content = _codestream_header(256, 256, 1, b"\x11\x22") + _empty_tiles(1)
    with pytest.raises(fl.errors.ImageError, match="contents are damaged"):
        fl.read_image(_written(tmp_path, content, "a.j2k"))


@pytest.mark.parametrize("encode", [_jpegxl, _avif, _jpeg2000, _codestream])
def test_cut_files_are_refused_in_our_words(tmp_path, rng, encode):
    content = encode(_samples(rng, 8, 3, 40, 50), 8)
    for part in (0.1, 0.3, 0.6, 0.9):
        path = _written(tmp_path, content[: int(len(content) * part)], "a.bin")
        with pytest.raises(fl.errors.ImageError, match=r"a\.bin: it"):
            fl.read_image(path)


# -- HEIC -------------------------------------------------------------------------------------------------


def _heic(samples, bits=8):
    import pillow_heif  # of the extra "heif", which the tests install

    stream = io.BytesIO()
    modes = {
        (1, 8): "L",
        (3, 8): "RGB",
        (4, 8): "RGBA",
        (1, 10): "L;16",
        (3, 10): "RGB;16",
        (4, 10): "RGBA;16",
    }
    # The encoder takes 16 bits and keeps the upper 10.
    stored = samples if bits == 8 else samples << 6
    height, width, channels = samples.shape
    picture = pillow_heif.from_bytes(modes[channels, bits], (width, height), stored.tobytes())
    picture.save(stream, quality=-1, chroma=444, matrix_coefficients=0 if channels > 1 else 1)
    return stream.getvalue()


@pytest.mark.parametrize("bits", [8, 10])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_heic(tmp_path, rng, bits, channels):
    samples = _samples(rng, bits, channels, 64, 48)
    path = _written(tmp_path, _heic(samples, bits), "a.heic")
    want = _planes(samples, bits)
    found = read_picture(path, alpha=True)
    colours = found.values[:1] if channels == 1 else found.values
    np.testing.assert_allclose(colours, want, atol=1.5 / (2**bits - 1))
    assert (found.pages, found.remarks, count_pages(path)) == (1, (), 1)
    assert len(fl.read_image(path)) == min(channels, 3)


def test_pictures_of_a_heic_file_are_pages(tmp_path, rng):
    import pillow_heif  # of the extra "heif", which the tests install

    pixels = rng.integers(0, 256, (3, 64, 48, 3)).astype(np.uint8)
    file = pillow_heif.HeifFile()
    for samples in pixels:
        file.add_from_pillow(Image.fromarray(samples))
    file.save(tmp_path / "a.heic", quality=-1, chroma=444, matrix_coefficients=0, primary_index=1)
    assert count_pages(tmp_path / "a.heic") == 3
    # The main picture comes first.
    for page, index in ((1, 1), (2, 0), (3, 2)):
        np.testing.assert_allclose(
            fl.read_image(tmp_path / "a.heic", page=page), _planes(pixels[index], 8), atol=0.006
        )


def test_where_the_package_is_missing_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    content = struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic" + bytes(100)
    with pytest.raises(fl.errors.ImageError, match=r"HEIC .*filterlab\[heif\]"):
        fl.read_image(_written(tmp_path, content, "a.heic"))
