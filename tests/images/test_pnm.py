"""PNM, PAM and PFM in all their ways of writing, against what was written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab as fl
from filterlab.images import count_pages, decoded, read_picture

CHANNELS = {1: 1, 2: 1, 3: 3, 4: 1, 5: 1, 6: 3}

blanks = st.sampled_from(
    [" ", "\n", "\t", "\r\n", "\r", "  \n ", "\v", "\f", " # a note\n", "\n#\r", "\n#1 2 3\n"]
)
plain_blanks = st.sampled_from([" ", "\n", "\t", "\r\n", "\n\n   ", " # 9 9\n"])


def _written(tmp_path, content, name="a.pnm"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@st.composite
def pictures(draw):
    """The bytes of a file and its values (C, H, W)."""
    kind = draw(st.sampled_from(list(CHANNELS)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    greatest = (
        1 if kind in (1, 4) else draw(st.one_of(st.integers(1, 65535), st.sampled_from([255, 256, 65535])))
    )
    shape = draw(st.integers(1, 9)), draw(st.integers(1, 19)), CHANNELS[kind]
    samples = rng.integers(0, greatest + 1, shape)
    numbers = [shape[1], shape[0], *([] if kind in (1, 4) else [greatest])]
    head = f"P{kind}" + "".join(draw(blanks) + str(number) for number in numbers)
    if kind < 4:
        head += draw(blanks)
        body = _text(draw, samples, tight=kind == 1).encode()
    else:
        head += draw(st.sampled_from([" ", "\n", "\t"]))
        body = _packed(samples, kind, greatest)
    values = samples.transpose(2, 0, 1) / np.float32(greatest)
    return head.encode() + body, (1 - values if kind in (1, 4) else values).astype(np.float32)


def _text(draw, samples, tight):
    between = draw(plain_blanks)
    if tight and draw(st.booleans()):
        between = ""
    zeros = "" if tight else draw(st.sampled_from(["", "00"]))
    return between.join(zeros + str(value) for value in samples.flat) + draw(st.sampled_from(["", "\n", " "]))


def _packed(samples, kind, greatest):
    if kind == 4:
        return np.packbits(samples[..., 0].astype(np.uint8), axis=1).tobytes()
    return samples.astype(">u2" if greatest > 255 else "u1").tobytes()


@given(pictures())
def test_every_way_of_writing_reads_as_it_was_written(tmp_path_factory, picture):
    content, values = picture
    path = _written(tmp_path_factory.getbasetemp(), content)
    found = read_picture(path)
    np.testing.assert_array_equal(found.values, values)
    assert (found.pages, found.remarks) == (1, ())


@pytest.mark.parametrize("rows", [1, 37, 400])
def test_text_longer_than_one_block(tmp_path, rng, rows):
    # Blocks are taken from the text at any place, also inside a number or a note.
    samples = rng.integers(0, 65536, (rows, 2000 // rows * 200, 1))
    lines = "\n".join(" ".join(map(str, row)) + "  # a note of some length" for row in samples[..., 0])
    head = f"P2 {samples.shape[1]} {rows} 65535\n"
    found = fl.read_image(_written(tmp_path, (head + lines).encode()))
    np.testing.assert_array_equal(found[0], (samples[..., 0] / np.float32(65535)).astype(np.float32))


def test_a_note_longer_than_several_blocks(tmp_path):
    content = b"P2 2 1 9\n1 #" + b"8 " * (3 << 20) + b"\n2"
    np.testing.assert_allclose(fl.read_image(_written(tmp_path, content)), [[[1 / 9, 2 / 9]]])


@pytest.mark.parametrize(
    ("kind", "depth", "greatest", "alpha"),
    [
        ("GRAYSCALE", 1, 255, False),
        ("GRAYSCALE_ALPHA", 2, 1000, True),
        ("RGB", 3, 65535, False),
        ("RGB_ALPHA", 4, 255, True),
        ("BLACKANDWHITE", 1, 1, False),
        ("spectra", 7, 4095, False),
    ],
)
def test_pam(tmp_path, rng, kind, depth, greatest, alpha):
    samples = rng.integers(0, greatest + 1, (3, 4, depth))
    lines = [
        "P7",
        "# a note",
        "WIDTH 4",
        "HEIGHT 3",
        f"DEPTH {depth}",
        f"MAXVAL {greatest}",
        f"TUPLTYPE {kind}",
    ]
    path = _written(tmp_path, "\n".join([*lines, "ENDHDR", ""]).encode() + _packed(samples, 7, greatest))
    values = (samples.transpose(2, 0, 1) / np.float32(greatest)).astype(np.float32)
    np.testing.assert_array_equal(fl.read_image(path), values[:-1] if alpha else values)
    np.testing.assert_array_equal(fl.read_image(path, alpha=True), values)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("channels", [1, 3])
def test_pfm_holds_floats_from_the_lowest_row_up(tmp_path, rng, order, channels):
    values = rng.normal(0, 100, (3, 4, channels)).astype(np.float32)
    values[0, 0, 0], values[1, 1, 0] = np.nan, np.inf
    kind, scale = ("PF" if channels == 3 else "Pf"), ("-1.0" if order == "<" else "1.0")
    content = f"{kind}\n4 3\n{scale}\n".encode() + values[::-1].astype(order + "f4").tobytes()
    np.testing.assert_array_equal(fl.read_image(_written(tmp_path, content)), values.transpose(2, 0, 1))


@pytest.mark.parametrize("kind", ["Pf", "PF"])
def test_a_pfm_header_that_ends_as_lines_do_on_windows(tmp_path, kind):
    values = np.arange(18 if kind == "PF" else 6, dtype="<f4") + 0.5
    content = f"{kind}\r\n3 2\r\n-1.0\r\n".encode() + values.tobytes()
    found = read_picture(_written(tmp_path, content))
    np.testing.assert_array_equal(found.values, values.reshape(2, 3, -1)[::-1].transpose(2, 0, 1))
    assert not found.remarks


def test_pictures_one_behind_the_other_are_pages(tmp_path):
    content = b"P5 2 1 9\n\x01\x02" + b"P6 1 1 255\n\x00\xff\x00" + b"P4\n1 1\n\x80"
    path = _written(tmp_path, content)
    assert count_pages(path) == 3
    np.testing.assert_allclose(fl.read_image(path, page=1), [[[1 / 9, 2 / 9]]])
    np.testing.assert_array_equal(fl.read_image(path, page=2), [[[0]], [[1]], [[0]]])
    np.testing.assert_array_equal(fl.read_image(path, page=3), [[[0]]])
    with pytest.raises(fl.errors.ImageError, match="it has 3 pages, not a page 4"):
        fl.read_image(path, page=4)
    path.write_bytes(content[:-1])
    found = read_picture(path)
    assert found.pages == 2
    assert "the last of its pictures is cut short" in found.remarks[0]


def test_what_follows_the_last_pixel(tmp_path):
    whole = b"P5 1 1 255\n\x07"
    assert not read_picture(_written(tmp_path, whole + b"\n \n")).remarks
    assert "not read" in read_picture(_written(tmp_path, whole + b"more")).remarks[0]


@pytest.mark.parametrize("rest", [b"P6 hello", b"P5 0 1 255\n", b"P5 1 1 70000\n\1", b"Pf x", b"P7\nWIDTH"])
def test_what_only_looks_like_another_picture_does_not_spoil_the_one_before(tmp_path, rest):
    path = _written(tmp_path, b"P5 1 1 255\n\x05" + rest)
    found = read_picture(path)
    np.testing.assert_allclose(found.values, [[[5 / 255]]])
    assert (found.pages, found.remarks) == (1, ("what follows its last pixel is not read",))
    assert count_pages(path) == 1


@pytest.mark.parametrize(
    ("whole", "rest"),
    [
        *((b"P1 2 1\n0 1", rest) for rest in (b" 1", b"1", b"2", b" x", b"\nP1 1 1 0")),
        *((b"P2 2 1 9\n4 5", rest) for rest in (b" 6", b" 99999999999", b"\n-", b" " * (2 << 20) + b"7")),
        *((b"P3 1 1 9\n1 2 3", rest) for rest in (b" 4", b" 4 5 6", b" the end", b" #note\n1")),
    ],
)
def test_numbers_behind_the_last_pixel_are_said(tmp_path, whole, rest):
    plain = read_picture(_written(tmp_path, whole + b"\n# a note\n"))
    found = read_picture(_written(tmp_path, whole + rest))
    np.testing.assert_array_equal(found.values, plain.values)
    assert (plain.remarks, found.remarks) == ((), ("what follows its last pixel is not read",))


def test_a_header_that_ends_as_lines_do_on_windows(tmp_path):
    np.testing.assert_array_equal(
        fl.read_image(_written(tmp_path, b"P5\r\n2 1\r\n255\r\n\x00\xff")), [[[0, 1]]]
    )
    # Where all bytes are needed, the second letter is the first sample.
    found = fl.read_image(_written(tmp_path, b"P5\r\n2 1\r\n255\r\n\xff"))
    np.testing.assert_allclose(found, [[[10 / 255, 1]]])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"P5 1 1 11\n\xc8", "a sample of 200, above its maximum of 11"),
        (b"P5 1 1 300\n\x01\x2d", "a sample of 301, above its maximum of 300"),
        (b"P2 2 1 9\n10 1", "a sample of 10, above its maximum of 9"),
        (b"P1 2 1\n1 2", "the digit 2 among its bits"),
        (b"P2 2 1 9\n1 -1", "'-' among its numbers"),
        (b"P2 2 1 9\n1 x", "'x' among its numbers"),
        (b"P2 2 1 9\n1 1.5", "'.' among its numbers"),
        (b"P2 2 1 9\n1 9999999999999", "too long"),
        (b"P2 2 1 9\n1", "cut short"),
        (b"P2 2 2 9\n1 2 3", "cut short"),
        (b"P3 1 1 9\n1 2", "cut short"),
        (b"P1 9 9\n1", "cut short"),
        (b"P2 30000 30000 9\n1", "cut short"),
        (b"P5 30000 30000 255\n1", "cut short"),
        (b"P5 2 1 255\n1", "cut short"),
        (b"P4 9 1\n1", "cut short"),
        (b"P5 2 1 0\n11", "its maximum value is 0"),
        (b"P5 2 1 65536\n1111", "its maximum value is 65536"),
        (b"P5 0 1 255\n1", "no pixels"),
        (b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 0\nMAXVAL 1\nENDHDR\n", "no pixels"),
        (b"P5 99999 99999 255\n1", "cut short"),
        (b"P5 1 1 255", "header is damaged"),
        (b"P5 x", "header is damaged"),
        (b"P5", "header is damaged"),
        (b"P7\nWIDTH 1\n", "header is damaged"),
        (b"Pf 1 1 x\n1234", "header is damaged"),
    ],
)
def test_what_is_no_whole_picture_is_named(tmp_path, content, words):
    with pytest.raises(fl.errors.ImageError, match=words):
        fl.read_image(_written(tmp_path, content))


def test_more_pages_than_are_read_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(decoded, "MAX_PAGES", 4)
    assert count_pages(_written(tmp_path, b"P4 1 1 \0" * 4)) == 4
    with pytest.raises(fl.errors.ImageError, match="more than 4 pages"):
        count_pages(_written(tmp_path, b"P4 1 1 \0" * 5))


def test_many_pictures_are_counted(tmp_path):
    assert count_pages(_written(tmp_path, b"P5 1 1 1\n\x01" * 20_000)) == 20_000
