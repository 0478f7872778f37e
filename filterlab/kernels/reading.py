"""Kernel files: a matrix of numbers as text (.csv, .txt, .tsv, .m, .py) or .npy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import FileError, FilterLabError
from filterlab.kernels.editing import MOST_CELLS
from filterlab.kernels.text import parse

KERNEL_SUFFIXES = (".csv", ".tsv", ".txt", ".m", ".py")
MOST_BYTES = 4 << 20  # a kernel is small; a table of megabytes is something else


def read_kernel(path: str | Path) -> NDArray[Any]:
    """The kernel (h, w) that a file holds. Raises FileError saying what is wrong."""
    file = Path(path)
    try:
        if file.stat().st_size > MOST_BYTES:
            raise FileError(
                "it is too large for a kernel", str(file), f"a side has at most {MOST_CELLS} cells"
            )
        kernel = _read_npy(file) if file.suffix.lower() == ".npy" else _read_text(file)
    except FileNotFoundError:
        raise FileError("there is no such file", str(file), "check the name") from None
    except IsADirectoryError:
        raise FileError("it is a folder", str(file), "name a file") from None
    except OSError as error:
        raise FileError(f"it cannot be read: {error.strerror}", str(file)) from None
    except FilterLabError as error:
        where = str(file) if error.where in ("", str(file)) else f"{file}, {error.where}"
        raise FileError(error.what, where, error.hint) from None
    if max(kernel.shape) > MOST_CELLS:
        size = " x ".join(map(str, kernel.shape))
        raise FileError(
            f"it is {size}, too large for a kernel", str(file), f"at most {MOST_CELLS} cells a side"
        )
    return kernel


def _read_text(file: Path) -> NDArray[Any]:
    try:
        return parse(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FileError("it is not text", str(file), "give a matrix of numbers") from None


def _read_npy(file: Path) -> NDArray[Any]:
    try:
        array = np.load(file, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise FileError(f"it cannot be decoded: {error}", str(file), "save it anew") from None
    if array.ndim != 2 or 0 in array.shape or array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        what = f"an array of shape {array.shape} and type {array.dtype} is no kernel"
        raise FileError(what, str(file), "give (height, width) finite numbers")
    return array if array.dtype == np.float64 else array.astype(np.float32)
