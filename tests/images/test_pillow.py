"""Pillow's own limit on pixels holds for the whole process: decoders suspend it, and put it back."""

from __future__ import annotations

import io

import imagecodecs
import numpy as np
import pytest
from PIL import Image

import filterlab as fl
from filterlab.images.formats.pillow import unlimited

PIXELS = np.arange(3 * 16 * 12, dtype=np.uint8).reshape(16, 12, 3)


def _encoded(form):
    stream = io.BytesIO()
    further = [Image.fromarray(PIXELS[::-1])] if form in ("GIF", "WEBP", "AVIF") else []
    options = {"save_all": True, "append_images": further} if further else {}
    Image.fromarray(PIXELS).save(stream, form, **options)
    return stream.getvalue()


FILES = {
    **{form: _encoded(form) for form in ("PNG", "JPEG", "GIF", "BMP", "WEBP", "AVIF")},
    "JPEG 2000": imagecodecs.jpeg2k_encode(PIXELS, codecformat="j2k", reversible=True, level=0),
}


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("limit", [10, None])
def test_reading_leaves_the_limit_of_pillow_as_it_was(tmp_path, monkeypatch, form, limit):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    path = tmp_path / "a.bin"
    path.write_bytes(FILES[form])
    for page in (1, 2) if form in ("GIF", "WEBP", "AVIF") else (1,):
        assert fl.read_image(path, page=page).shape == (3, 16, 12)
        assert limit == Image.MAX_IMAGE_PIXELS
    path.write_bytes(FILES[form][: len(FILES[form]) // 2])
    with pytest.raises(fl.errors.ImageError):
        fl.read_image(path)
    assert limit == Image.MAX_IMAGE_PIXELS


def test_the_limit_comes_back_when_the_last_of_several_threads_is_done(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    first, second = unlimited(), unlimited()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert Image.MAX_IMAGE_PIXELS is None
    second.__exit__(None, None, None)
    assert Image.MAX_IMAGE_PIXELS == 10
