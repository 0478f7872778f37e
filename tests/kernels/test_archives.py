"""Kernels among other arrays: .npz, .safetensors, and what cv::FileStorage writes."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from safetensors.numpy import save

import filterlab as fl
from filterlab.kernels.archives import archived_kernel

KERNEL = np.array([[-1, 0, 1], [-2, 0, 2.5]], np.float32)


def npz(**arrays):
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


YAML = """%YAML:1.0
---
kernel: !!opencv-matrix
   rows: 2
   cols: 3
   dt: f
   data: [ -1., 0., 1., -2.,
       0., 2.5e+00 ]
"""
XML = """<?xml version="1.0"?>
<opencv_storage>
<kernel type_id="opencv-matrix">
  <rows>2</rows>
  <cols>3</cols>
  <dt>f</dt>
  <data>
    -1. 0. 1. -2. 0. 2.5</data></kernel>
</opencv_storage>
"""
JSON = json.dumps(
    {"kernel": {"type_id": "opencv-matrix", "rows": 2, "cols": 3, "dt": "f", "data": [-1, 0, 1, -2, 0, 2.5]}}
)
WHOLE = {
    "a.npz": npz(k=KERNEL, weights=np.ones((4, 3, 3, 3))),
    "a.safetensors": save({"k": KERNEL, "b": np.ones(3, np.float32)}),
    "a.yml": YAML.encode(),
    "a.xml": XML.encode(),
    "a.json": JSON.encode(),
}


@pytest.mark.parametrize("name", WHOLE)
def test_the_one_kernel_among_others_is_read(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(WHOLE[name])
    found = fl.kernels.read_kernel(path)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, KERNEL)


def test_double_precision_stays(tmp_path):
    for name, data in {
        "a.yml": YAML.replace("dt: f", "dt: d").encode(),
        "a.npz": npz(k=KERNEL / 3.0),
    }.items():
        (tmp_path / name).write_bytes(data)
    assert fl.kernels.read_kernel(tmp_path / "a.yml").dtype == np.float64
    (tmp_path / "b.npz").write_bytes(npz(k=np.array([[1 / 3]])))
    assert fl.kernels.read_kernel(tmp_path / "b.npz")[0, 0] == 1 / 3


def oversized():
    header = json.dumps({"k": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 2**60]}}).encode()
    return len(header).to_bytes(8, "little") + header


REFUSED = {
    "two.npz": (npz(a=KERNEL, b=KERNEL), "it holds 2 kernels: 'a', 'b'"),
    "none.npz": (npz(a=np.ones(3), b=np.ones((1, 2, 3))), "none of its arrays is a kernel"),
    "cut.npz": (npz(a=KERNEL)[:-30], "the archive is broken"),
    "objects.npz": (npz(a=np.array([[{}]], object)), "Python objects are never loaded"),
    "large.safetensors": (oversized(), "is not a kernel"),
    "short.yml": (YAML.replace("2.5e+00", "").encode(), "with 5 numbers is not a kernel"),
    "words.yml": (YAML.replace("2.5e+00", "much").encode(), "its numbers are broken"),
    "infinite.yml": (YAML.replace("2.5e+00", ".Inf").encode(), "infinity"),
    "sides.json": (JSON.replace("2,", '"x",', 1).encode(), "its numbers are broken"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_kernel_is_refused_in_words(tmp_path, name):
    data, words = REFUSED[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(fl.FilterLabError, match=words.replace("(", r"\(")):
        fl.kernels.read_kernel(tmp_path / name)


def test_many_empty_lines_are_searched_once():
    # From every line to the end, this would take hours.
    with pytest.raises(fl.FilterLabError, match="no matrix of OpenCV"):
        archived_kernel(b"\n" * (1 << 21) + b"opencv-matrix")
