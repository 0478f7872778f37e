"""Animations give each frame as a viewer shows it, on whichever way it is reached, and count them without decoding."""

from __future__ import annotations

import importlib
import io
import os
import struct
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import filterlab as fl
from filterlab.images import count_pages, decoded, read_picture
from filterlab.images.formats import frames
from filterlab.images.formats.gif import blocks
from filterlab.images.formats.gif.decoder import _GifPlayer
from filterlab.images.formats.png import apng
from tests.images.pngmaker import SAMPLES, animated, chunk

KEEP, CLEAR, RESTORE = 0, 1, 2


def _written(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    return _settled(path)


def _settled(path):
    """The path of a file that now looks as if nobody had written to it for a minute: what is found in it is kept."""
    when = time.time_ns() - 60 * 10**9
    os.utime(path, ns=(when, when))
    return path


# -- APNG -------------------------------------------------------------------------------------------------


@st.composite
def animations(draw):
    """An APNG's size, kind, frames for `animated`, and the still picture or None."""
    colour, depth = draw(
        st.sampled_from([(0, 8), (0, 16), (2, 8), (2, 16), (4, 8), (4, 16), (6, 8), (6, 16)])
    )
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    height, width = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    found = []
    has_still = draw(st.booleans())
    for i in range(draw(st.integers(1, 5))):
        whole = i == 0 and not has_still
        rows, cols = (height, width) if whole else (rng.integers(1, height + 1), rng.integers(1, width + 1))
        top, left = rng.integers(0, height - rows + 1), rng.integers(0, width - cols + 1)
        found.append((_noise(rng, rows, cols, colour, depth), left, top, rng.integers(3), rng.integers(2)))
    still = _noise(rng, height, width, colour, depth) if has_still else None
    return (height, width), depth, colour, found, still


def _noise(rng, height, width, colour, depth):
    return rng.integers(0, 2**depth, (height, width, SAMPLES[colour]))


def _drawn(size, depth, colour, listed, still):
    """Every page as (C + 1, H, W) with alpha, by the words of the standard."""
    channels = 1 if colour in (0, 4) else 3
    canvas = np.zeros((channels + 1, *size))
    pages = [] if still is None else [_with_alpha(still, depth, channels)]
    for samples, left, top, dispose, over in listed:
        values = _with_alpha(samples, depth, channels)
        area = canvas[:, top : top + values.shape[1], left : left + values.shape[2]]
        before = area.copy()
        for row, col in np.ndindex(values.shape[1:]):
            area[:, row, col] = _laid(values[:, row, col], area[:, row, col]) if over else values[:, row, col]
        pages.append(canvas.copy())
        area[...] = (area, 0, before)[dispose]
    return pages


def _with_alpha(samples, depth, channels):
    values = samples.transpose(2, 0, 1) / (2**depth - 1)
    return values if len(values) > channels else np.concatenate([values, np.ones_like(values[:1])])


def _laid(upper, lower):
    alpha = upper[-1] + lower[-1] * (1 - upper[-1])
    if not alpha:
        return np.zeros_like(upper)
    colours = (upper[:-1] * upper[-1] + lower[:-1] * lower[-1] * (1 - upper[-1])) / alpha
    return np.append(colours, alpha)


@given(animations(), st.randoms(use_true_random=False))
def test_frames_of_apng(tmp_path_factory, animation, random):
    size, depth, colour, listed, still = animation
    content = animated(size, depth, colour, listed, still=still)
    path = _written(tmp_path_factory.getbasetemp(), content, "a.png")
    pages = _drawn(size, depth, colour, listed, still)
    assert count_pages(path) == len(pages)
    order = list(range(len(pages)))
    random.shuffle(order)
    for index in [*order, *range(len(pages))]:
        found = read_picture(path, alpha=True, page=index + 1)
        assert (found.pages, found.remarks) == (len(pages), ())
        want = pages[index]
        # Without alpha, everything is opaque.
        want = want if len(found.values) == len(want) else want[:-1]
        np.testing.assert_allclose(found.values, want, atol=1e-6)
        colours = fl.read_image(path, page=index + 1)
        np.testing.assert_allclose(colours, pages[index][:-1], atol=1e-6)


def _three(tmp_path, **options):
    """The path of an APNG of three frames, which are plain and 4 x 4."""
    listed = [(np.full((4, 4, 1), level), 0, 0, KEEP, 0) for level in (0, 100, 200)]
    return _written(tmp_path, animated((4, 4), 8, 0, listed, **options), "a.png")


def test_a_still_picture_beside_an_animation_is_the_first_page(tmp_path):
    path = _three(tmp_path, still=np.full((4, 4, 1), 50))
    assert count_pages(path) == 4
    levels = [round(float(fl.read_image(path, page=page)[0, 0, 0]) * 255) for page in (1, 2, 3, 4)]
    assert levels == [50, 0, 100, 200]


def test_frames_that_are_announced_and_missing_are_said(tmp_path):
    path = _three(tmp_path, announced=9)
    found = read_picture(path)
    assert found.pages == 3
    assert "of the 9 frames that it announces, 3 can be read" in found.remarks[0]


@pytest.mark.parametrize("place", ["fcTL", "fdAT"])
def test_behind_a_damaged_frame_there_are_no_more(tmp_path, place):
    path = _three(tmp_path)
    whole = bytearray(path.read_bytes())
    at = whole.index(place.encode(), whole.index(b"IDAT"))
    whole[at + 6] ^= 1
    path.write_bytes(whole)
    found = read_picture(path)
    assert found.pages == 1
    assert any("its animation is damaged" in remark for remark in found.remarks)
    with pytest.raises(fl.errors.ImageError, match="it has 1 page, not a page 2"):
        fl.read_image(path, page=2)


def test_frames_out_of_order_are_not_drawn(tmp_path):
    path = _three(tmp_path)
    content = path.read_bytes()
    last = content.rindex(b"fcTL") - 4
    control = bytearray(content[last : last + 38])
    body = bytes(control[8:-4])
    swapped = struct.pack(">I", 7) + body[4:]
    path.write_bytes(content[:last] + chunk(b"fcTL", swapped) + content[last + 38 :])
    assert read_picture(path).pages == 2


def test_the_pixels_of_each_frame_are_checked(tmp_path):
    path = _three(tmp_path)
    content = path.read_bytes()
    at = content.rindex(b"fdAT")
    length = int.from_bytes(content[at - 4 : at], "big")
    body = content[at + 4 : at + 4 + length]
    wrong = body[:-1] + bytes([body[-1] ^ 1])
    path.write_bytes(content[: at - 4] + chunk(b"fdAT", wrong) + content[at + 8 + length :])
    assert fl.read_image(path, page=2).shape == (1, 4, 4)
    with pytest.raises(fl.errors.ImageError, match="compressed data are damaged"):
        fl.read_image(path, page=3)


# -- GIF --------------------------------------------------------------------------------------------------


def _seen(path, index):
    """(4, H, W): the frame as Pillow shows it."""
    with Image.open(path) as image:
        image.seek(index)
        return np.asarray(image.convert("RGBA")).transpose(2, 0, 1) / np.float32(255)


def _as_rgba(values):
    colours = values[: 1 if len(values) < 3 else 3]
    alpha = values[len(colours) :] if len(values) in (2, 4) else np.ones_like(values[:1])
    return np.concatenate([*[colours] * (3 // len(colours)), alpha])


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
@pytest.mark.parametrize("disposal", [0, 1, 2])
def test_frames_of_gif(tmp_path, rng, mode, disposal):
    path = tmp_path / "a.gif"
    for _ in range(4):
        height, width = rng.integers(1, 12, 2)
        pixels = rng.integers(0, 256, (height, width, 4)).astype(np.uint8)
        listed = []
        for _ in range(4):
            pixels[rng.integers(height) :, rng.integers(width) :] = rng.integers(0, 256, 4)
            pixels[..., 3] = np.where(rng.random((height, width)) < 0.3, 0, 255) if mode == "RGBA" else 255
            image = Image.fromarray(pixels if mode == "RGBA" else pixels[..., :3])
            listed.append(image.convert(mode))
        options = {"interlace": int(rng.integers(2)), "optimize": bool(rng.integers(2))}
        listed[0].save(path, save_all=True, append_images=listed[1:], disposal=disposal, **options)
        _settled(path)
        pages = count_pages(path)
        with Image.open(path) as image:
            assert image.n_frames == pages
        for index in rng.permutation(pages):
            found = read_picture(path, alpha=True, page=int(index) + 1)
            assert (found.pages, found.remarks) == (pages, ())
            got, want = _as_rgba(found.values), _seen(path, index)
            np.testing.assert_array_equal(got[3], want[3])
            np.testing.assert_array_equal(got * (got[3] > 0), want * (want[3] > 0))


def _gif(*blocks, size=(4, 4), palette=b"\0\0\0\xff\xff\xff", background=0):
    """A GIF of blocks; its palette has two colours."""
    return b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, background, 0) + palette + b"".join(blocks) + b";"


def _frame(bits, left=0, top=0, dispose=0, transparent=None, palette=b""):
    """A frame of bits (H, W), after its control block. The code is never compressed: it clears at each pixel."""
    words = [word for bit in np.ravel(bits) for word in (4, int(bit))] + [5]
    number = sum(word << (3 * i) for i, word in enumerate(words))
    data = number.to_bytes(-(-3 * len(words) // 8), "little")
    flags = dispose << 2 | (transparent is not None)
    control = b"!\xf9\x04" + struct.pack("<BHBB", flags, 10, transparent or 0, 0)
    height, width = np.shape(bits)
    image = b"," + struct.pack("<HHHHB", left, top, width, height, 0x80 if palette else 0) + palette
    return control + image + b"\x02" + bytes([len(data)]) + data + b"\0"


def test_a_gif_frame_lies_where_it_says_and_leaves_what_it_says(tmp_path):
    ones = np.ones((2, 2))
    path = _written(
        tmp_path,
        _gif(
            _frame(np.zeros((4, 4))),
            _frame(ones, 1, 1, dispose=3),
            _frame(ones, 0, 0, dispose=2),
            _frame(ones, 2, 2),
            background=1,
        ),
        "a.gif",
    )
    want = np.zeros((4, 4, 4))
    want[1, 1:3, 1:3] = 1
    want[2, :2, :2] = 1
    want[3, :2, :2] = want[3, 2:, 2:] = 1  # the background is white, too
    for page in (4, 1, 3, 2):
        np.testing.assert_array_equal(fl.read_image(path, page=page), want[page - 1][None])


def test_a_transparent_colour_lets_the_frame_below_be_seen(tmp_path):
    checks = np.indices((4, 4)).sum(0) % 2
    path = _written(tmp_path, _gif(_frame(checks), _frame(np.zeros((4, 4)), transparent=0)), "a.gif")
    np.testing.assert_array_equal(fl.read_image(path, page=2), checks[None])


def test_all_frames_of_a_gif_have_the_same_channels(tmp_path):
    bits = np.eye(4)
    colours = b"\xff\0\0\0\0\xff"
    path = _written(tmp_path, _gif(_frame(bits), _frame(bits, palette=colours)), "a.gif")
    np.testing.assert_array_equal(fl.read_image(path, page=1), [bits] * 3)
    np.testing.assert_array_equal(fl.read_image(path, page=2), [1 - bits, 0 * bits, bits])


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
def test_a_cut_animation_gives_the_frames_that_are_whole(tmp_path, rng, name):
    listed = [Image.fromarray(rng.integers(0, 256, (20, 20), np.uint8)) for _ in range(4)]
    path = tmp_path / name
    options = {"lossless": True} if name == "a.webp" else {}
    listed[0].save(path, save_all=True, append_images=listed[1:], **options)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 5 // 8])
    if name == "a.webp":  # libwebp wants the whole file
        with pytest.raises(fl.errors.ImageError):
            fl.read_image(path)
        return
    found = read_picture(path)
    assert found.pages in (2, 3)
    assert found.remarks
    assert read_picture(path, page=found.pages).remarks
    with pytest.raises(fl.errors.ImageError, match="pages, not a page 4"):
        fl.read_image(path, page=4)


def test_small_codes_may_fill_large_frames(tmp_path):
    path = tmp_path / "a.gif"
    Image.new("L", (5000, 5000)).save(path)
    assert fl.read_image(path).shape == (1, 5000, 5000)


def test_a_canvas_that_no_frame_could_fill_is_refused(tmp_path):
    path = _written(tmp_path, _gif(_frame(np.zeros((1, 1))), size=(17_000, 17_000)), "a.gif")
    with pytest.raises(fl.errors.ImageError, match="17000 x 17000 pixels, which .* bytes can hardly hold"):
        fl.read_image(path)


@pytest.mark.parametrize("size", [(65_535, 65_535), (17_000, 17_000)])
def test_a_later_frame_that_claims_too_much_is_refused(tmp_path, size):
    frame = _frame(np.zeros((4, 4)))
    at = frame.index(b",") + 5
    huge = frame[:at] + struct.pack("<HH", *size) + frame[at + 4 :]
    path = _written(tmp_path, _gif(frame, huge), "a.gif")
    assert fl.read_image(path).shape == (1, 4, 4)
    with pytest.raises(fl.errors.ImageError, match="more than|hardly hold"):
        fl.read_image(path, page=2)


# -- WebP, and all of them --------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_frames_of_webp(tmp_path, rng, mode):
    path = tmp_path / "a.webp"
    pixels = rng.integers(0, 256, (4, 9, 7, len(mode))).astype(np.uint8)
    listed = [Image.fromarray(frame) for frame in pixels]
    listed[0].save(path, save_all=True, append_images=listed[1:], lossless=True)
    assert count_pages(path) == 4
    for index in (2, 0, 1, 3, 3):
        with Image.open(path) as image:
            image.seek(index)
            want = np.asarray(image).transpose(2, 0, 1) / np.float32(255)
        np.testing.assert_array_equal(fl.read_image(path, alpha=True, page=index + 1), want)


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
def test_pages_that_do_not_exist_are_refused(tmp_path, name):
    listed = [Image.new("L", (4, 4), level) for level in (0, 200)]
    listed[0].save(tmp_path / name, save_all=True, append_images=listed[1:])
    for page in (0, 3, -1):
        with pytest.raises(fl.errors.ImageError, match=f"it has 2 pages, not a page {page}"):
            fl.read_image(tmp_path / name, page=page)


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
def test_a_file_that_changes_between_two_frames_is_read_anew(tmp_path, name):
    path = tmp_path / name
    options = {"lossless": True} if name == "a.webp" else {}
    for base in (0, 100):
        listed = [Image.new("L", (4, 4), base + level) for level in (0, 50, 99)]
        path.unlink(missing_ok=True)
        listed[0].save(path, save_all=True, append_images=listed[1:], **options)
        for page, level in ((1, 0), (2, 50), (3, 99), (2, 50)):
            assert round(float(fl.read_image(path, page=page)[0, 0, 0]) * 255) == base + level


def test_frames_in_turn_are_each_drawn_once(tmp_path, monkeypatch):
    drawn = []
    decode = apng.planes
    monkeypatch.setattr(apng, "planes", lambda *args, **options: drawn.append(1) or decode(*args, **options))
    listed = [(np.zeros((4, 4, 2), int), 0, 0, KEEP, 1)] * 5
    path = _written(tmp_path, animated((4, 4), 8, 4, listed), "a.png")
    for page in range(1, 6):
        fl.read_image(path, page=page)
    assert len(drawn) == 5


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
def test_a_frame_on_too_many_others_is_refused_unless_they_come_in_turn(tmp_path, monkeypatch, name):
    monkeypatch.setattr(frames, "MOST_DRAWN", 40)
    monkeypatch.setattr(frames, "PER_FRAME", 0)
    path = _overlaid(tmp_path, name, 7)
    with pytest.raises(fl.errors.ImageError, match="drawn over 2 earlier"):
        fl.read_image(path, page=3)
    in_turn = [fl.read_image(path, page=page) for page in range(1, 8)]
    assert [round(float(values[0, 3, 3]) * 255) for values in in_turn] == [0, 9, 18, 27, 36, 45, 54]
    # From where the last reading stopped, two frames may be drawn, and three may not.
    for page in (2, 4):
        assert fl.read_image(path, page=page).shape[1:] == (4, 4)
    with pytest.raises(fl.errors.ImageError, match="drawn over 2 earlier"):
        fl.read_image(path, page=7)


def _overlaid(tmp_path, name, count):
    """The path of an animation of frames that are each drawn on the one before, with level 9 times their number."""
    if name == "a.png":
        listed = [
            (np.dstack([np.full((4, 4), 9 * i), np.full((4, 4), 255)]), 0, 0, KEEP, 1) for i in range(count)
        ]
        return _written(tmp_path, animated((4, 4), 8, 4, listed), name)
    if name == "a.gif":
        palettes = [bytes([255] * 3 + [9 * i] * 3) for i in range(count)]
        holes = np.ones((4, 4))
        holes[0, 0] = 0
        return _written(
            tmp_path, _gif(*[_frame(holes, transparent=0, palette=palette) for palette in palettes]), name
        )
    listed = [Image.new("L", (4, 4), 9 * i) for i in range(count)]
    listed[0].save(tmp_path / name, save_all=True, append_images=listed[1:], lossless=True)
    return _settled(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "room"), [("a.gif", "gif.decoder"), ("a.png", "png.decoder"), ("a.webp", "webp")]
)
def test_pages_in_turn_walk_over_the_file_once(tmp_path, monkeypatch, name, room):
    module = importlib.import_module(f"filterlab.images.formats.{room}")
    walks = []
    walk = module.contents
    monkeypatch.setattr(module, "contents", lambda stream: walks.append(1) or walk(stream))
    path = _overlaid(tmp_path, name, 9)
    assert count_pages(path) == 9
    for page in range(1, 10):
        assert read_picture(path, page=page).pages == 9
    assert len(walks) == 1
    assert frames._index is None, "the contents are dropped with the last page"


def _in_two_steps(corner):
    """A GIF whose first frame has one white pixel, and whose second shows it through. All are of the same size."""
    first = np.zeros((4, 4))
    first[corner] = 1
    return _gif(_frame(first), _frame(np.zeros((4, 4)), transparent=0))


@pytest.mark.parametrize("age", [0, 60], ids=["written just now", "a copy with the times of the original"])
def test_frames_of_a_file_that_was_written_again_are_those_of_the_new_one(tmp_path, age):
    if age and os.name == "nt":
        pytest.skip("the system does not tell when the attributes of a file were changed")
    path = tmp_path / "a.gif"
    when = time.time_ns() - age * 10**9
    for corner in ((0, 0), (3, 3)):
        path.write_bytes(_in_two_steps(corner))
        os.utime(path, ns=(when, when))
        # The second time, the contents and the player of the first file would still wait at its second frame.
        pages = (1,) if corner == (0, 0) else (2, 1)
        for page in pages:
            assert np.argwhere(fl.read_image(path, page=page)[0]).tolist() == [list(corner)]
        time.sleep(0.05)  # longer than a tick of the clock that dates changes


@pytest.mark.parametrize("name", ["a.gif", "a.png", "a.webp"])
def test_more_pages_than_are_read_are_refused(tmp_path, monkeypatch, name):
    path = _overlaid(tmp_path, name, 5)
    monkeypatch.setattr(decoded, "MAX_PAGES", 4)
    for read in (count_pages, fl.read_image):
        with pytest.raises(fl.errors.ImageError, match="more than 4 pages"):
            read(path)
    assert count_pages(_overlaid(tmp_path, name, 4)) == 4


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"\x89PNG\r\n\x1a\n", "cannot be told apart"),
        (b"GIF89a\1\0\1\0\0\0\0", "cut short"),
        (b"RIFF\0\0\0\0WEBP", "cut short"),
    ],
)
def test_a_file_of_gigabytes_of_nothing_is_counted_without_taking_memory(tmp_path, start, words):
    path = _written(tmp_path, start, "a.bin")
    with path.open("r+b") as stream:
        stream.truncate(2 << 30)  # sparse: it takes no room on the disk
    tracemalloc.start()
    try:
        with pytest.raises(fl.errors.ImageError, match=words):
            count_pages(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 24
    finally:
        tracemalloc.stop()


def test_a_frame_on_very_many_tiny_ones_is_refused(tmp_path):
    path = _written(tmp_path, _gif(*[_frame([[1]])] * 40_000), "a.gif")
    with pytest.raises(fl.errors.ImageError, match="drawn over 39,999 earlier"):
        fl.read_image(path, page=40_000)
    assert read_picture(path, page=100).pages == 40_000


def test_clearing_a_frame_does_not_look_at_all_of_them(tmp_path):
    class Watched(list):
        walks = 0

        def __iter__(self):
            Watched.walks += 1
            return super().__iter__()

    stream = io.BytesIO(_gif(*[_frame([[1]], dispose=2)] * 50))
    found = blocks.contents(stream)
    found.frames = Watched(found.frames)
    _GifPlayer(found).show(stream, 49)
    assert Watched.walks < 5


def test_a_frame_that_hides_all_others_is_drawn_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(frames, "MOST_DRAWN", 20)
    assert fl.read_image(_three(tmp_path), page=3).shape == (1, 4, 4)


def test_very_many_frames_are_counted(tmp_path):
    assert count_pages(_written(tmp_path, _gif(*[_frame([[1]])] * 20_000), "a.gif")) == 20_000
    listed = [(np.zeros((1, 1, 1), int), 0, 0, KEEP, 0)] * 5_000
    assert count_pages(_written(tmp_path, animated((1, 1), 8, 0, listed), "a.png")) == 5_000
