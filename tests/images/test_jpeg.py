"""JPEG: what libjpeg would warn of is said, and nothing is said of whole files."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess

import imagecodecs
import numpy as np
import pytest
from PIL import Image

import filterlab as fl
from filterlab.images import DamageWarning, count_pages, read_picture, read_reduced
from filterlab.images.formats.jpeg import decoder

WAYS = [
    {},
    {"progressive": True},
    {"optimize": True},
    {"restart_marker_blocks": 1},
    {"restart_marker_blocks": 3, "progressive": True},
    {"restart_marker_rows": 1, "subsampling": "4:2:2"},
    {"subsampling": "4:4:4"},
    {"subsampling": "4:2:0", "progressive": True},
    {"quality": 5},
    {"quality": 100, "progressive": True},
]


def _pixels(rng, height, width, mode="RGB"):
    rows, cols = np.mgrid[:height, :width]
    planes = [128 + 90 * np.sin(rows / (3 + i) + cols / 5) for i in range(len(mode))]
    noisy = np.stack(planes, -1) + rng.normal(0, 12, (height, width, len(mode)))
    return (
        noisy.clip(0, 255).astype(np.uint8).squeeze(-1)
        if mode == "L"
        else noisy.clip(0, 255).astype(np.uint8)
    )


def _jpeg(pixels, mode="RGB", **options):
    stream = io.BytesIO()
    Image.fromarray(pixels, mode).save(stream, "JPEG", **options)
    return stream.getvalue()


def _written(tmp_path, content):
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    return path


def _as_pillow(content):
    with Image.open(io.BytesIO(content)) as image:
        pixels = np.asarray(image)
    planes = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return (planes / np.float32(255)).astype(np.float32)


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_whole_files_read_as_pillow_reads_them_and_nothing_is_said(tmp_path, rng, way, mode):
    for height, width in [(1, 1), (8, 8), (17, 31), (40, 9)]:
        content = _jpeg(_pixels(rng, height, width, mode), mode, **way)
        found = read_picture(_written(tmp_path, content))
        want = _as_pillow(content)
        if mode == "CMYK":
            want = (1 - want[:3]) * (1 - want[3:])
        np.testing.assert_array_equal(found.values, want)
        assert (found.pages, found.remarks) == (1, ())


def test_sound_pictures_in_colours_do_not_go_through_pillow_and_others_do(tmp_path, rng, monkeypatch):
    through, decoded = [], decoder._decoded
    monkeypatch.setattr(decoder, "_decoded", lambda *more: (through.append(1), decoded(*more))[1])
    content = _jpeg(_pixels(rng, 17, 31))
    want = read_picture(_written(tmp_path, content)).values
    assert not through
    np.testing.assert_array_equal(want, _as_pillow(content))
    np.testing.assert_array_equal(read_picture(_written(tmp_path, content[:-2])).values, want)
    assert through == [1], "without its end"
    monkeypatch.setattr(decoder, "_sound", lambda *more: None)
    np.testing.assert_array_equal(read_picture(_written(tmp_path, content)).values, want)
    monkeypatch.undo()
    monkeypatch.setattr(imagecodecs, "jpeg8_decode", lambda data: 1 / 0)
    np.testing.assert_array_equal(read_picture(_written(tmp_path, content)).values, want)


def _scan(content):
    """Where the first compressed data begin."""
    start = content.index(b"\xff\xda")
    return start + 2 + int.from_bytes(content[start + 2 : start + 4], "big")


@pytest.mark.soak
@pytest.mark.skipif(
    shutil.which("djpeg") is None, reason="djpeg is libjpeg's own program, which prints its warnings"
)
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_all_that_libjpeg_warns_of_is_said(tmp_path, rng, way):
    whole = _jpeg(_pixels(rng, 40, 50), **way)
    for _ in range(300):
        place = int(rng.integers(_scan(whole), len(whole)))
        cut = place + int(rng.integers(0, 4))
        path = _written(tmp_path, whole[:place] + rng.bytes(rng.integers(0, 4)) + whole[cut:])
        done = subprocess.run(["djpeg", "-pnm", path], capture_output=True, check=False)
        try:
            remarks = read_picture(path).remarks
        except fl.errors.ImageError:
            continue
        assert remarks or not done.stderr, done.stderr


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_damage_is_said_by_its_kind(tmp_path, rng, way):
    whole = _jpeg(_pixels(rng, 40, 50), **way)
    end = len(whole) - 2
    for damaged, words in [
        (whole[:end] + b"\x12\x34" * 9 + whole[end:], "longer than they should be"),
        (whole[: end - 9] + whole[end:], "end too early"),
        (whole[: _scan(whole)] + b"\xff\xd3" + whole[_scan(whole) :], "compressed data"),
        (whole[:2] + b"junk" + whole[2:], "4 bytes in no known part"),
    ]:
        with pytest.warns(DamageWarning, match=words):
            assert fl.read_image(_written(tmp_path, damaged)).shape == (3, 40, 50)


def test_words_that_the_codes_do_not_have_are_noticed(tmp_path, rng):
    whole = _jpeg(_pixels(rng, 40, 50))
    place = _scan(whole) + 40
    with pytest.warns(DamageWarning, match="compressed data"):
        # No code has a word of ones alone; each FF needs a stuffed zero.
        fl.read_image(_written(tmp_path, whole[:place] + b"\xff\0" * 4 + whole[place + 8 :]))


def test_restarts_out_of_order_are_noticed(tmp_path, rng):
    whole = _jpeg(_pixels(rng, 40, 50), restart_marker_blocks=1)
    swapped = whole.replace(b"\xff\xd1", b"\xff\xd9", 1)
    for damaged in (whole.replace(b"\xff\xd1", b"\xff\xd2", 1), whole.replace(b"\xff\xd1", b"", 1)):
        with pytest.warns(DamageWarning, match="compressed data"):
            fl.read_image(_written(tmp_path, damaged))
    with pytest.raises(fl.errors.ImageError):
        fl.read_image(_written(tmp_path, swapped[: swapped.index(b"\xff\xd9")]))


def test_passes_that_do_not_go_on_from_one_another_are_noticed(tmp_path, rng):
    whole = bytearray(_jpeg(_pixels(rng, 40, 50), progressive=True))
    second = whole.index(b"\xff\xda", _scan(bytes(whole)))
    whole[second + 1 + whole[second + 3]] = 0x10  # it says that one bit is known already
    with pytest.warns(DamageWarning, match="compressed data are damaged"):
        fl.read_image(_written(tmp_path, bytes(whole)))


def test_filling_before_markers_is_no_damage(tmp_path, rng):
    whole = _jpeg(_pixels(rng, 40, 50), restart_marker_blocks=2)
    for marker in (b"\xff\xd0", b"\xff\xd9", b"\xff\xc4"):
        whole = whole.replace(marker, b"\xff\xff\xff" + marker)
    assert not read_picture(_written(tmp_path, whole)).remarks
    padded = whole[:-2].rstrip(b"\xff") + b"\0\0\0" + whole[-2:]
    assert not read_picture(_written(tmp_path, padded)).remarks


def test_what_follows_the_end_is_nobodys_business(tmp_path, rng):
    whole = _jpeg(_pixels(rng, 40, 50))
    assert not read_picture(_written(tmp_path, whole + b"\xff\xd8 a film, as telephones add" * 9)).remarks


def test_a_missing_end_is_said_or_refused(tmp_path, rng):
    whole = _jpeg(_pixels(rng, 40, 50))
    right = fl.read_image(_written(tmp_path, whole))
    for length in range(2, len(whole), 7):
        path = _written(tmp_path, whole[:length])
        try:
            found = read_picture(path)
        except fl.errors.ImageError:
            continue
        assert found.remarks
        assert found.values.shape == right.shape


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_all_pixels_without_an_end_are_read_and_the_missing_end_is_said(tmp_path, rng, way):
    whole = _jpeg(_pixels(rng, 40, 50), **way)
    for cut in (whole[:-1], whole[:-2]):
        found = read_picture(_written(tmp_path, cut))
        np.testing.assert_array_equal(found.values, _as_pillow(whole))
        assert found.remarks == ("its end is missing",)


def test_a_picture_whose_last_passes_are_missing_does_not_pass_for_a_whole_one(tmp_path, rng):
    whole = _jpeg(_pixels(rng, 40, 50), progressive=True)
    with pytest.raises(fl.errors.ImageError, match="damaged"):
        read_picture(_written(tmp_path, whole[: whole.rindex(b"\xff\xda")]))


# -- notes ------------------------------------------------------------------------------------------------


def _with_note(content, marker, body):
    return content[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + content[2:]


def test_exif_that_is_none_turns_nothing(tmp_path, rng):
    whole = _jpeg(_pixels(rng, 16, 24))
    with pytest.warns(DamageWarning, match="EXIF"):
        read = fl.read_image(_written(tmp_path, _with_note(whole, 0xE1, b"Exif\0\0nonsense")))
    assert read.shape == (3, 16, 24)


@pytest.mark.parametrize("note", ["exif", "xmp"])
def test_notes_turn_the_picture(tmp_path, rng, note):
    whole = _jpeg(_pixels(rng, 16, 24))
    exif = Image.Exif()
    exif[0x0112] = 6
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x><tiff:Orientation>6</tiff:Orientation></x>"
    body = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0") if note == "exif" else xmp
    turned = fl.read_image(_written(tmp_path, _with_note(whole, 0xE1, body)))
    np.testing.assert_array_equal(turned, np.rot90(_as_pillow(whole), -1, (1, 2)))


def test_very_many_notes_are_passed_over(tmp_path, rng):
    notes = b"".join(b"\xff\xe5\0\x04ab" for _ in range(50_000))
    whole = _jpeg(_pixels(rng, 16, 24))
    assert fl.read_image(_written(tmp_path, whole[:2] + notes + whole[2:])).shape == (3, 16, 24)


# -- several pictures, and kinds --------------------------------------------------------------------------


def test_the_pictures_of_an_mpo_file_are_pages(tmp_path, rng):
    listed = [Image.fromarray(_pixels(rng, 16, 24)) for _ in range(3)]
    path = tmp_path / "a.mpo"
    listed[0].save(path, "MPO", save_all=True, append_images=listed[1:])
    assert count_pages(path) == 3
    with Image.open(path) as image:
        for index in range(3):
            image.seek(index)
            want = np.asarray(image).transpose(2, 0, 1) / np.float32(255)
            np.testing.assert_array_equal(fl.read_image(path, page=index + 1), want)


def test_maps_of_brightness_and_lost_pictures_are_no_pages(tmp_path, rng):
    listed = [Image.fromarray(_pixels(rng, 16, 24)) for _ in range(2)]
    path = tmp_path / "a.mpo"
    listed[0].save(path, "MPO", save_all=True, append_images=listed[1:])
    whole = path.read_bytes()
    second = whole.rindex(b"\xff\xd8\xff")
    gain = _with_note(whole[second:], 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x hdrgm:Version='1.0'/>")
    path.write_bytes(whole[:second] + gain)
    assert count_pages(path) == 1
    path.write_bytes(whole[:second])
    assert count_pages(path) == 1
    assert not read_picture(path).remarks


def test_kinds_that_are_not_read_are_named(tmp_path, rng):
    whole = _jpeg(_pixels(rng, 16, 24))
    frame = whole.index(b"\xff\xc0")
    for damaged, words in [
        (whole[: frame + 4] + b"\x0c" + whole[frame + 5 :], "12 bits"),
        (whole[: frame + 1] + b"\xc3" + whole[frame + 2 :], "lossless"),
        (whole[: frame + 1] + b"\xc5" + whole[frame + 2 :], "hierarchical"),
    ]:
        with pytest.raises(fl.errors.ImageError, match=words):
            fl.read_image(_written(tmp_path, damaged))


def test_claims_and_passes_are_bounded(tmp_path, rng):
    whole = _jpeg(_pixels(rng, 16, 24))
    frame = whole.index(b"\xff\xc0")
    huge = whole[: frame + 5] + struct.pack(">HH", 17_000, 17_000) + whole[frame + 9 :]
    with pytest.raises(fl.errors.ImageError, match="too short for 17000 x 17000 pixels"):
        fl.read_image(_written(tmp_path, huge))
    scan = whole.index(b"\xff\xda")
    with pytest.raises(fl.errors.ImageError, match="passes"):
        fl.read_image(_written(tmp_path, whole[:scan] + whole[scan : scan + 14] * 2000 + whole[scan:]))


def test_millions_of_markers_without_a_segment_are_refused(tmp_path, rng):
    content = _jpeg(_pixels(rng, 8, 8))
    path = _written(tmp_path, content[:2] + b"\xff\x01" * 70_000 + content[2:])
    for read in (count_pages, fl.read_image):
        with pytest.raises(fl.errors.ImageError, match="too many parts"):
            read(path)


def test_markers_without_a_segment_change_nothing(tmp_path, rng):
    content = _jpeg(_pixels(rng, 8, 8))
    found = fl.read_image(_written(tmp_path, content[:2] + b"\xff\x01" * 9 + content[2:]))
    np.testing.assert_array_equal(found, _as_pillow(content))


@pytest.mark.parametrize(("mode", "turned"), [("RGB", 6), ("L", 1), ("CMYK", 1)])
def test_a_reduced_decode_is_the_picture_at_a_fraction_of_its_size(tmp_path, rng, mode, turned):
    rows, cols = np.mgrid[:96, :160]
    plane = (40 + rows / 96 * 60 + cols / 2).astype(np.uint8)
    pixels = plane if mode == "L" else np.stack([plane, 255 - plane, plane // 2, plane // 3][: len(mode)], -1)
    exif = Image.Exif()
    exif[0x0112] = turned
    buffer = io.BytesIO()
    Image.fromarray(pixels, mode=mode).save(buffer, "JPEG", quality=95, exif=exif)
    file = _written(tmp_path, buffer.getvalue())
    whole = read_picture(file).values
    values, divisor = read_reduced(file, 40, 0)
    assert divisor == 4
    assert values.shape == (len(whole), whole.shape[1] // 4, whole.shape[2] // 4)
    means = whole.reshape(len(whole), whole.shape[1] // 4, 4, -1, 4).mean(axis=(2, 4))
    assert np.abs(values - means).max() < 0.05
    assert read_reduced(file, 81, 0) is None, "half of it is less than was asked for"
    assert read_reduced(file, 40, 96 * 160 + 1) is None, "it is small"


def test_only_jpeg_is_reduced_and_damage_is_refused_in_words(tmp_path, rng):
    fl.write_image(tmp_path / "p.png", np.zeros((64, 64)))
    assert read_reduced(tmp_path / "p.png", 8, 0) is None
    with pytest.raises(fl.errors.ImageError, match="cut short"):
        read_reduced(_written(tmp_path, _jpeg(_pixels(rng, 64, 64))[:200]), 8, 0)
