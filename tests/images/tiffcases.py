"""TIFF files for tests: pages of any kind, and what each of them must be read as."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from tests.images.tiffs import DEFLATE, LZMA, LZW, NONE, PACKBITS, ZSTD, Page, tiff

COLOURS = {0: 1, 1: 1, 2: 3, 5: 4}  # samples of a pixel, by photometric interpretation
BYTE_CODECS = (NONE, LZW, DEFLATE, PACKBITS, LZMA, ZSTD)


def file_of(folder, *pages, order="<", big=False, name="a.tif"):
    path = folder / name
    path.write_bytes(pages[0] if isinstance(pages[0], bytes) else tiff(list(pages), order, big))
    return path


def scaled_planes(samples, bits):
    """(C, H, W) of stored numbers: unsigned ones over their greatest."""
    planes = np.moveaxis(samples, 2, 0)
    return planes / (2.0**bits - 1) if samples.dtype.kind == "u" else planes.astype(float)


def expected(page, alpha):
    """What the page must be read as, reckoned in float64."""
    values = scaled_planes(page.samples, page.bits)
    first_extra = len(values) - len(page.extras)
    kinds = [0] * first_extra + list(page.extras)
    of_alpha = next((i for i, kind in enumerate(kinds) if kind in (1, 2)), None)
    count = first_extra if page.photometric in (0, 1) else COLOURS[page.photometric]
    colours = values[:count]
    if of_alpha is not None and kinds[of_alpha] == 1:
        opacity = values[of_alpha]
        if page.samples.dtype.kind == "i":
            opacity = opacity / (2.0 ** (page.bits - 1) - 1)
        colours = np.where(opacity > 0, colours / np.where(opacity > 0, opacity, 1), colours)
        if page.samples.dtype.kind == "u":
            colours = np.minimum(colours, 1)
    if page.photometric == 0 and page.samples.dtype.kind == "u":
        colours = 1 - colours
    if page.photometric == 5:
        colours = (1 - colours[:3]) * (1 - colours[3:])
    data = [values[i] for i in range(count, len(values)) if i != of_alpha]
    last = [values[of_alpha]] if alpha and of_alpha is not None else []
    return np.stack([*colours, *data, *last])


@st.composite
def any_page(draw):
    """A page of any kind that byte codecs have."""
    kind = draw(st.sampled_from("uuuif"))
    bits = draw(st.sampled_from((16, 32, 64) if kind == "f" else (*range(1, 17), 8, 8, 16, 20, 24, 32)))
    if kind == "i":
        bits = max(bits, 2)
    photometric = draw(st.sampled_from((0, 1, 1, 2, 2, 5))) if kind == "u" else draw(st.sampled_from((1, 2)))
    extras = tuple(draw(st.lists(st.sampled_from((0, 0, 1, 2)), max_size=4)))
    samples = COLOURS[photometric] + len(extras)
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    compression = draw(st.sampled_from(BYTE_CODECS))
    predictor = 1
    if compression in (LZW, DEFLATE, LZMA, ZSTD) and draw(st.booleans()):
        predictor = 3 if kind == "f" and draw(st.booleans()) else 2 if bits in (8, 16, 32, 64) else 1
    tiled = draw(st.booleans())
    return Page(
        random_samples(draw(st.integers(0, 2**32)), (height, width, samples), kind, bits),
        bits=bits,
        photometric=photometric,
        extras=extras,
        planar=draw(st.booleans()),
        compression=compression,
        predictor=predictor,
        rows=None if tiled else draw(st.integers(1, height)),
        tile=(16 * draw(st.integers(1, 2)), 16 * draw(st.integers(1, 3))) if tiled else None,
        reversed_bits=draw(st.booleans()) and draw(st.booleans()),
        extra=draw(st.sampled_from(({}, {262: None}))) if photometric == 1 and samples == 1 else {},
    )


def random_samples(seed, shape, kind, bits):
    """Numbers in long runs and short ones, from the whole range of their type."""
    rng = np.random.default_rng(seed)
    size = 8 * next(n for n in (1, 2, 4, 8) if 8 * n >= bits)
    if kind == "f":
        values = rng.normal(size=shape) * 10.0 ** rng.integers(-3, 4)
        return values.astype(f"f{size // 8}")
    low, high = (0, 2**bits) if kind == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1))
    values = rng.integers(low, high, shape)
    values[rng.random(shape[:2]) < 0.5] = values[0, 0]
    return values.astype(f"{kind}{size // 8}")


def smooth(height, width, samples):
    y, x = np.mgrid[:height, :width]
    planes = [120 + 50 * np.sin(x / (7 + i)) + 50 * np.cos(y / (9 + 2 * i)) for i in range(samples)]
    return np.stack(planes, axis=2).astype(np.uint8)


def grey_page(value, height=4, width=5, **options):
    return Page(np.full((height, width, 1), value, np.uint8), **options)
