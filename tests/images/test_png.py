"""PNG of every kind, against what was written; and damage, of which none passes without a word."""

from __future__ import annotations

import struct
import warnings
import zlib
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab as fl
from filterlab.images import DamageWarning, read_picture
from tests.images.pngmaker import END, KINDS, SAMPLES, SIGNATURE, chunk, filtered, header, png, still


def _written(tmp_path, content, name="a.png"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def _remarks(path, **options):
    """What was said of the picture, which must be read."""
    return read_picture(path, **options).remarks


@st.composite
def pictures(draw):
    """The bytes of a file, its colours (C, H, W), and its alpha (H, W) or None."""
    colour, depth = draw(st.sampled_from(KINDS))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = draw(st.integers(1, 11)), draw(st.integers(1, 11)), SAMPLES[colour]
    samples = rng.integers(0, 2**depth, shape)
    before, alpha, transparent = [], None, draw(st.booleans())
    if colour == 3:
        palette = rng.integers(0, 256, (2**depth, 3)).astype(np.uint8)
        if draw(st.booleans()):
            palette[:] = palette[:, :1]  # of greys
        before.append((b"PLTE", palette.tobytes()))
        colours = palette[samples[..., 0]].transpose(2, 0, 1) / np.float32(255)
        colours = colours if np.ptp(palette, axis=1).any() else colours[:1]
        if transparent:
            levels = rng.integers(0, 256, rng.integers(1, 2**depth + 1)).astype(np.uint8)
            before.append((b"tRNS", levels.tobytes()))
            alpha = np.append(levels, [255] * 256)[samples[..., 0]] / np.float32(255)
    else:
        planes = samples.transpose(2, 0, 1) / np.float32(2**depth - 1)
        colours = planes[: 1 if shape[2] < 3 else 3]
        if shape[2] in (2, 4):
            alpha = planes[-1]
        elif transparent:
            level = samples[0, 0]
            before.append((b"tRNS", level.astype(">u2").tobytes()))
            alpha = (samples != level).any(-1)
    content = still(
        samples,
        depth,
        colour,
        interlace=draw(st.integers(0, 1)),
        filters=draw(st.lists(st.integers(0, 4), min_size=1, max_size=5)),
        before=before,
        split=draw(st.sampled_from([0, 1, 7])),
    )
    return content, colours, alpha


@given(pictures())
def test_every_kind_reads_as_it_was_written(tmp_path_factory, picture):
    content, colours, alpha = picture
    path = _written(tmp_path_factory.getbasetemp(), content)
    np.testing.assert_array_equal(fl.read_image(path), colours.astype(np.float32))
    both = colours if alpha is None else np.concatenate([colours, alpha[None]])
    np.testing.assert_array_equal(fl.read_image(path, alpha=True), both.astype(np.float32))


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("interlace", [0, 1])
def test_nothing_is_printed(tmp_path, capfd, kind, interlace):
    # libpng prints warnings past Python: of interlaced pictures, and of chunks that it does not like.
    colour, depth = kind
    notes = [(b"iCCP", b"x\0\0" + zlib.compress(b"too short")), (b"sBIT", b"\x99" * 7), (b"gAMA", b"12")]
    notes += [(b"PLTE", bytes(3 * 2 ** min(depth, 8)))] if colour == 3 else []
    notes += [(b"tRNS", bytes(9)), (b"bKGD", b""), (b"hIST", b"1")]
    samples = np.zeros((5, 5, SAMPLES[colour]), int)
    path = _written(tmp_path, still(samples, depth, colour, interlace=interlace, before=notes))
    fl.read_image(path)
    assert capfd.readouterr() == ("", "")


# -- damage -----------------------------------------------------------------------------------------------


def _smooth(colour, depth, height=4, width=5):
    """Samples of a ramp: what is compressed is short, and each bit of it counts."""
    ramp = np.arange(width) * (2**depth - 1) // (width - 1)
    return np.broadcast_to(ramp[None, :, None], (height, width, SAMPLES[colour]))


@pytest.mark.parametrize(
    ("colour", "depth", "interlace"),
    [(0, 8, 0), (0, 16, 0), (2, 8, 1), (3, 4, 1), (6, 8, 0), (4, 16, 1)],
)
def test_no_flipped_bit_changes_a_picture_without_a_word(tmp_path, colour, depth, interlace):
    palette = [(b"PLTE", bytes(range(12)))] if colour == 3 else []
    notes = [(b"tEXt", b"a\0b")]
    samples = np.minimum(_smooth(colour, depth), 3) if colour == 3 else _smooth(colour, depth)
    whole = still(samples, depth, colour, interlace=interlace, before=palette, after=notes, split=20)
    path = _written(tmp_path, whole)
    right = read_picture(path, alpha=True)
    assert not right.remarks
    for place in range(8 * len(whole)):
        broken = bytearray(whole)
        broken[place // 8] ^= 1 << place % 8
        path.unlink()  # writing into an existing file waits for the disk
        path.write_bytes(broken)
        with suppress(fl.errors.ImageError):
            found = read_picture(path, alpha=True)
            assert found.remarks, f"bit {place} of {whole!r} was passed over"
            # Only what holds no pixels may be damaged.
            np.testing.assert_array_equal(found.values, right.values)


@pytest.mark.parametrize("depth", [8, 16])
def test_every_cut_is_noticed(tmp_path, depth):
    whole = still(_smooth(2, depth), depth, 2, split=20, after=[(b"tEXt", b"a\0b")])
    path = _written(tmp_path, whole)
    right = fl.read_image(path)
    pixels_end = whole.rindex(b"tEXt") - 4
    for length in range(1, len(whole)):
        path.unlink()
        path.write_bytes(whole[:length])
        with suppress(fl.errors.ImageError):
            found = read_picture(path)
            assert "its end is missing" in found.remarks
            np.testing.assert_array_equal(found.values, right)
            # Of the last piece, only the sum of the pixels may be missed.
            assert length >= pixels_end - 16 - 20
        if length >= pixels_end:
            assert read_picture(path).remarks == ("its end is missing",)


def _with_stream(stream, depth=8):
    return png(header(5, 4, depth, 0), (b"IDAT", stream), END)


@pytest.mark.parametrize("depth", [8, 16])
def test_what_is_compressed_is_checked_to_its_end(tmp_path, capfd, depth):
    lines = filtered(_smooth(0, depth), depth)
    stream = zlib.compress(lines)
    right = fl.read_image(_written(tmp_path, _with_stream(stream, depth)))
    wrong_sum = stream[:-1] + bytes([stream[-1] ^ 1])
    refused = [
        ("are damaged", wrong_sum),
        ("are damaged", stream[:9] + b"\xff\xff" + stream[11:]),
        ("end before the last pixel", zlib.compress(lines[:-1])),
        ("far beyond", zlib.compress(lines + bytes(1 << 22))),
    ]
    for words, damaged in refused:
        with pytest.raises(fl.errors.ImageError, match=words):
            fl.read_image(_written(tmp_path, _with_stream(damaged, depth)))
    read = [
        ("is missing", stream[:-4]),
        ("go on after the last pixel", stream + b"more"),
        ("go on after the last pixel", stream + stream),
        ("go on after the last pixel", zlib.compress(lines + b"more")),
    ]
    for words, damaged in read:
        found = read_picture(_written(tmp_path, _with_stream(damaged, depth)))
        np.testing.assert_array_equal(found.values, right)
        assert words in found.remarks[0]
    assert capfd.readouterr() == ("", "")


def test_more_after_a_long_stream_is_noticed_wherever_it_begins(tmp_path):
    # The stream is looked at in pieces of a mebibyte: noise, so that it is as long as its pixels.
    noise = np.random.default_rng(1).integers(0, 256, (1 << 10, (1 << 10) - 1, 1))
    stream = zlib.compress(filtered(noise, 8), 0)
    for more in (1, (1 << 20) - len(stream) % (1 << 20), 1 << 20):
        content = png(header(*noise.shape[1::-1]), (b"IDAT", stream + bytes(more)), END)
        assert _remarks(_written(tmp_path, content)) == ("its compressed data go on after the last pixel",)


def test_a_damaged_part_beside_the_pixels_is_left_out(tmp_path):
    whole = bytearray(still(_smooth(0, 8), 8, 0, before=[(b"tEXt", b"a\0hello")]))
    whole[whole.index(b"hello")] ^= 1
    path = _written(tmp_path, bytes(whole))
    with pytest.warns(DamageWarning, match=r"a\.png: damaged parts .* were left out: tEXt"):
        assert fl.read_image(path).shape == (1, 4, 5)


def test_palettes_that_lack_a_colour_give_black_and_say_so(tmp_path):
    samples = np.array([[[0], [1], [2]]])
    path = _written(tmp_path, still(samples, 8, 3, before=[(b"PLTE", bytes([255, 0, 0, 0, 255, 0]))]))
    found = read_picture(path)
    np.testing.assert_array_equal(found.values[:, 0], [[1, 0, 0], [0, 1, 0], [0, 0, 0]])
    assert "colours that its palette lacks" in found.remarks[0]


RED, BLUE = bytes([255, 0, 0] * 4), bytes([0, 0, 255] * 4)


@pytest.mark.parametrize(
    ("before", "after", "left_out"),
    [
        ([(b"PLTE", RED)], [(b"PLTE", BLUE)], "PLTE"),
        ([(b"PLTE", RED), (b"PLTE", BLUE)], [], "PLTE"),
        ([(b"PLTE", RED)], [(b"tRNS", b"\0\0")], "tRNS"),
        ([(b"tRNS", b"\0\0"), (b"PLTE", RED)], [], "tRNS"),
        ([(b"PLTE", RED), (b"tRNS", b"\xff\xff"), (b"tRNS", b"\0\0")], [(b"PLTE", BLUE)], "PLTE, tRNS"),
    ],
)
def test_colours_that_come_twice_or_in_the_wrong_place_are_left_out(tmp_path, before, after, left_out):
    path = _written(tmp_path, still(np.zeros((4, 5, 1), int), 8, 3, before=before, after=after))
    found = read_picture(path, alpha=True)
    np.testing.assert_array_equal(found.values[:3, 0, 0], [1, 0, 0])
    assert (found.values[3:] == 1).all()
    assert found.remarks == (f"parts that come twice or in the wrong place were left out: {left_out}",)


def test_a_palette_behind_the_pixels_is_none(tmp_path):
    path = _written(tmp_path, still(np.zeros((4, 5, 1), int), 8, 3, after=[(b"PLTE", RED)]))
    with pytest.raises(fl.errors.ImageError, match="palette is missing"):
        fl.read_image(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SIGNATURE, "cut short"),
        (SIGNATURE + b"\0", "cut short"),
        (SIGNATURE.replace(b"\r\n", b"\n") + bytes(40), "text mode"),
        (png(header(4, 4), END), "holds no pixels"),
        (png((b"IDAT", b""), END), "header is damaged"),
        (png(header(0, 4), END), "0 x 4 pixels"),
        (png(header(4, 4, 3), END), "what PNG does not have"),
        (png(header(4, 4, 8, 3), (b"IDAT", zlib.compress(bytes(20))), END), "palette is missing"),
        (png(header(4, 4), (b"NEED", b""), (b"IDAT", zlib.compress(bytes(20))), END), "NEED"),
        (png(header(4, 4), header(4, 4), (b"IDAT", zlib.compress(bytes(20))), END), "IHDR"),
        (png((b"CgBI", bytes(4)), header(4, 4), END), "Apple"),
        (png(header(4, 4), (b"IDAT", b"x"), (b"tIME", b""), (b"IDAT", b"y"), END), "out of order"),
        (png(header(4, 4), (b"IDAT", zlib.compress(b"\7" * 20)), END), "contents are damaged"),
    ],
)
def test_what_is_no_whole_picture_is_named(tmp_path, content, words):
    with pytest.raises(fl.errors.ImageError, match=words):
        fl.read_image(_written(tmp_path, content))


# -- notes ------------------------------------------------------------------------------------------------


def test_large_and_many_notes_are_passed_over(tmp_path):
    note = b"a\0\0" + zlib.compress(bytes(2 << 20))
    many = [(b"zTXt", note), (b"iCCP", note), *[(b"tEXt", b"a\0b")] * 20_000]
    assert not _remarks(_written(tmp_path, still(_smooth(0, 8), 8, 0, before=many)))


def _exif(orientation=6):
    return b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0) + bytes(4)


_XMP = b'<x tiff:Orientation="6"/>'


@pytest.mark.parametrize(
    "note",
    [
        (b"eXIf", _exif()),
        (b"eXIf", b"Exif\0\0" + _exif()),
        (b"tEXt", b"Raw profile type exif\0\nexif\n  26\n" + _exif().hex().encode()),
        (b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n  26\n" + _exif().hex().encode())),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _XMP),
        (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(_XMP)),
    ],
)
@pytest.mark.parametrize("where", ["before", "after"])
def test_notes_that_turn_the_picture(tmp_path, note, where):
    samples = np.arange(6).reshape(2, 3, 1)
    found = read_picture(_written(tmp_path, still(samples, 8, 0, **{where: [note]})))
    np.testing.assert_array_equal(found.values[0] * 255, np.rot90(samples[..., 0], -1))
    assert not found.remarks


@pytest.mark.parametrize(
    "block",
    [b"no TIFF", b"Exif\0\0garbage", b"II*\0\xff\xff\xff\xff", b"II*\0", b"\0" * 40],
)
def test_exif_that_is_none_turns_nothing(tmp_path, block):
    path = _written(tmp_path, still(_smooth(0, 8), 8, 0, before=[(b"eXIf", block)]))
    with pytest.warns(DamageWarning, match="EXIF"):
        assert fl.read_image(path).shape == (1, 4, 5)


@pytest.mark.parametrize("orientation", [0, 9, 6 << 8])
def test_orientations_that_do_not_exist_turn_nothing(tmp_path, orientation):
    path = _written(tmp_path, still(_smooth(0, 8), 8, 0, before=[(b"eXIf", _exif(orientation))]))
    assert fl.read_image(path).shape == (1, 4, 5)


# -- sizes ------------------------------------------------------------------------------------------------


def test_a_file_too_short_for_what_it_claims_is_refused(tmp_path):
    content = png(header(30_000, 30_000), (b"IDAT", zlib.compress(bytes(10_000))), END)
    with pytest.raises(fl.errors.ImageError, match="too short"):
        fl.read_image(_written(tmp_path, content))


@pytest.mark.parametrize(("height", "width"), [(1, 1_000_001), (1_000_001, 1)])
def test_sides_beyond_a_million_pixels(tmp_path, capfd, height, width):
    lines = np.zeros((height, width + 1), np.uint8)
    lines[-1, -1] = 255
    content = png(header(width, height), (b"IDAT", zlib.compress(lines)), END)
    found = fl.read_image(_written(tmp_path, content))
    assert found.shape == (1, height, width)
    assert (found.sum(), found[0, -1, -1]) == (1, 1)
    assert capfd.readouterr() == ("", "")


def test_a_chunk_longer_than_the_file_takes_no_memory(tmp_path):
    content = SIGNATURE + chunk(*header(4, 4)) + struct.pack(">I", 2**31 - 1) + b"IDAT" + b"x" * 50
    with pytest.raises(fl.errors.ImageError, match="cut short"):
        fl.read_image(_written(tmp_path, content))


def test_remarks_are_warnings_that_can_be_told_apart(tmp_path):
    path = _written(tmp_path, still(_smooth(0, 8), 8, 0)[:-12])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", DamageWarning)
        assert fl.read_image(path).shape == (1, 4, 5)
