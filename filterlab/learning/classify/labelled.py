"""Labelled pictures: from a folder of folders, a .npz file or arrays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import filterlab.functional as F
from filterlab.errors import Cancelled, FileError, ParameterError, ShapeError
from filterlab.functional.arrays import Array, shape_text
from filterlab.functional.geometry import pair
from filterlab.functional.threads import Cancel
from filterlab.images.decoded import MAX_VALUES, scaled
from filterlab.images.reading import IMAGE_SUFFIXES, read_image
from filterlab.learning.classify.npz import read_arrays
from filterlab.text.messages import count, say
from filterlab.text.system import refusal

PICTURE_KEYS = ("x", "X", "images", "data", "x_train")
LABEL_KEYS = ("y", "labels", "target", "targets", "y_train")
MOST_LETTERS = 256  # length of a label: about what file systems allow in a folder's name


@dataclass(frozen=True)
class Labelled:
    """Pictures x (N, C, H, W), float32, with class numbers y (N,), and the names of the classes by number."""

    x: Array
    y: Array
    labels: tuple[str, ...]


def read_classes(data: Any, size: Any = None, cancel: Cancel | None = None) -> Labelled:
    """Labelled pictures from a folder whose folders are the classes, a .npz file, or (pictures, labels).

    .npz: pictures under x, X, images, data or x_train; labels under y, labels, target, targets or y_train. Arrays of
    pictures are (N, H, W), (N, C, H, W) or (N, H, W, C) with C of 1 or 3; unsigned integers are scaled to [0, 1],
    other numbers stay. Labels are integers or names. Grey pictures among coloured ones become RGB. size: (height,
    width) to which all pictures are resized; without it the pictures of a folder must have one size. Raises
    FileError, ImageError, ShapeError, ParameterError, Cancelled. Python objects are never unpickled.
    """
    if isinstance(data, Labelled):
        found = data
    elif isinstance(data, (str, Path)):
        path = Path(data)
        found = _read_folder(path, size, cancel) if os.path.isdir(path) else _read_npz(path)
    else:
        found = _from_arrays(*_two(data))
    # For arrays: the pictures of a folder were resized one by one, as they may not fit into memory in their own sizes.
    if size is not None and found.x.shape[2:] != pair(size, "size", "read_classes", 1):
        found = Labelled(F.resize(found.x, size, antialias=True), found.y, found.labels)
    return _checked(found)


def _checked(found: Labelled) -> Labelled:
    counts = np.bincount(found.y, minlength=len(found.labels))
    if len(counts) < 2:
        what = (
            say("all pictures are of one class, {!r}", found.labels[0])
            if found.labels
            else say("there are no pictures")
        )
        raise ParameterError(what, "classes", "give two classes or more", parameter="classes")
    if counts.min() < 2:
        what = say("there is one picture of class {!r}", found.labels[counts.argmin()])
        hint = say("give two or more of each: one to learn from and one to try")
        raise ParameterError(what, "classes", hint, parameter="classes")
    if not np.isfinite(found.x).all():
        raise ParameterError("the pictures hold NaN or infinity", "classes", parameter="classes")
    return found


# -- a folder of folders ----------------------------------------------------------------------------------


def _read_folder(folder: Path, size: Any, cancel: Cancel | None) -> Labelled:
    try:
        classes = {
            inner.name: list(_pictures(inner)) for inner in sorted(folder.iterdir()) if _visible(inner)
        }
    except OSError as error:
        what, hint = refusal(error)
        raise FileError(say("it cannot be read: {}", what), str(folder), hint) from None
    classes = {name: files for name, files in classes.items() if files}
    if not classes:
        hint = say("give a folder that holds a folder of pictures for each class")
        raise FileError("no folder in it holds pictures", str(folder), hint)
    found = _read_alike([file for files in classes.values() for file in files], size, cancel)
    numbers = [number for number, files in enumerate(classes.values()) for _ in files]
    channels = max(len(picture) for picture in found)
    x = np.stack([np.broadcast_to(p, (channels, *p.shape[1:])) if len(p) == 1 else p for p in found])
    return Labelled(x, np.array(numbers), tuple(classes))


def _visible(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".")


def _pictures(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith(".") and path.is_file():
            yield path


def _read_alike(files: list[Path], size: Any, cancel: Cancel | None) -> list[Array]:
    """The pictures of one size. One that does not fit raises as soon as it is read, before the others are."""
    found: list[Array] = []
    values = 0
    for file in files:
        if cancel is not None and cancel():
            raise Cancelled("stopped while pictures were read", "classes")
        picture = read_image(file)
        found.append(picture if size is None else F.resize(picture, size, antialias=True))
        _check_alike(files[0], found[0], file, found[-1])
        values += found[-1].size
        if values > MAX_VALUES:
            what = count(
                len(found),
                "{} of its {} picture(s) takes {:,} numbers",
                "{} of its {} picture(s) take {:,} numbers",
                *(len(files), values),
            )
            raise FileError(what, str(files[0].parents[1]), "give a smaller size to resize all of them to")
    return found


def _check_alike(first_file: Path, first: Array, file: Path, picture: Array) -> None:
    if picture.shape[1:] != first.shape[1:]:
        what = say(
            "{} is {}, {} is {}", first_file, shape_text(first.shape[1:]), file, shape_text(picture.shape[1:])
        )
        raise ShapeError(what, "classes", "give a size to resize all of them to", parameter="size")
    if len({len(picture), len(first)} - {1}) > 1:
        text = "{1} has {0} channel, {2} has {3}", "{1} has {0} channels, {2} has {3}"
        what = count(len(first), *text, first_file, file, len(picture))
        raise ShapeError(what, "classes", "give grey or RGB pictures", parameter="classes")


# -- arrays -----------------------------------------------------------------------------------------------


def _read_npz(path: Path) -> Labelled:
    return _from_arrays(*read_arrays(path, PICTURE_KEYS, LABEL_KEYS))


def _two(data: Any) -> tuple[Array, Array]:
    """The pictures and the labels as arrays."""
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        what = say("{} was given instead of pictures and labels", type(data).__name__)
        hint = say("give a folder, a .npz file or (pictures, labels)")
        raise ParameterError(what, "classes", hint, parameter="classes")
    try:
        return np.asarray(data[0]), np.asarray(data[1])
    except ValueError:
        raise ShapeError("the pictures differ in size", "classes", parameter="classes") from None


def _from_arrays(pictures: Array, classes: Array) -> Labelled:
    if pictures.dtype.kind not in "biuf":
        what = say("the pictures are {}", pictures.dtype.name[:40])
        raise ParameterError(what, "classes", "give real numbers", parameter="classes")
    # Where both axes could hold channels, (N, C, H, W) is meant, as everywhere else in this package.
    if pictures.ndim == 4 and pictures.shape[3] in (1, 3) and pictures.shape[1] not in (1, 3):
        pictures = pictures.transpose(0, 3, 1, 2)
    elif pictures.ndim == 3:
        pictures = pictures[:, None]
    if pictures.ndim != 4 or 0 in pictures.shape[1:]:
        what = say("the pictures have shape {}", shape_text(pictures.shape))
        hint = say("give (N, H, W), (N, C, H, W) or (N, H, W, C)")
        raise ShapeError(what, "classes", hint, parameter="classes")
    if classes.shape != pictures.shape[:1]:
        text = "there is {} picture, and labels of shape {}", "there are {} pictures, and labels of shape {}"
        what = count(len(pictures), *text, shape_text(classes.shape))
        raise ShapeError(what, "classes", "give one label for each picture", parameter="classes")
    if classes.dtype.kind not in "iubU":
        what = say("the labels are {}", classes.dtype.name[:40])
        raise ParameterError(what, "classes", "give whole numbers or names", parameter="classes")
    # NumPy keeps each letter in 4 bytes and gives every label the room of the longest: one of them can fill the memory.
    if classes.dtype.kind == "U" and classes.dtype.itemsize > 4 * MOST_LETTERS:
        what = say("a label has at most {:,} letter(s)", classes.dtype.itemsize // 4)
        raise ParameterError(
            what, "classes", say("give names of {} letters at most", MOST_LETTERS), parameter="classes"
        )
    names, numbers = np.unique(classes, return_inverse=True)
    return Labelled(np.ascontiguousarray(scaled(pictures)), numbers, tuple(str(name) for name in names))
