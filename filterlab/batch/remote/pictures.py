"""Pictures behind addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

from filterlab.errors import FileError, FilterLabError, ImageError
from filterlab.text.messages import say

# Those that are meant: others of fsspec lead into archives, or run programs.
STORES = ("s3", "s3a", "gs", "gcs", "az", "abfs", "memory")
_PAGES = ("http", "https")
_ADDRESS = re.compile(rf"({'|'.join((*STORES, *_PAGES, 'file'))})://", re.IGNORECASE)
_LARGEST = 4 << 30  # bytes of a picture that is fetched


def is_address(word: Any) -> bool:
    """Whether a word is an address, of any kind."""
    return isinstance(word, str) and re.match("[a-z][a-z0-9+.:-]*://", word, re.IGNORECASE) is not None


def is_remote(word: Any) -> bool:
    """Whether a word is an address of a kind that is read."""
    return isinstance(word, str) and _ADDRESS.match(word) is not None


def path_of(address: str) -> Path:
    """What a picture behind an address is named by: its path there, without a query."""
    if scheme_of(address) in _PAGES:
        return Path(unquote(urlsplit(address).path))
    return Path(address.partition("://")[2])


def scheme_of(address: str) -> str:
    return address.partition("://")[0].lower()


@contextmanager
def explained(address: str) -> Iterator[None]:
    """Turn whatever a library raises into a FilterLabError that names the address."""
    try:
        yield
    except FilterLabError:
        raise
    except ImportError as error:
        what = say("the Python package {} is missing", error.name or "fsspec")
        raise FileError(what, address, "pip install 'filterlab[remote]'") from None
    except FileNotFoundError:
        raise ImageError("there is no such file", address, "check the address") from None
    except PermissionError:
        raise ImageError("access is denied", address, "check the credentials") from None
    except Exception as error:  # each store has errors of its own
        reason = " ".join(str(error).split())[:80] or type(error).__name__
        raise ImageError(say("it cannot be reached: {}", reason), address, "try again later") from None


def opened_at(address: str) -> tuple[Any, str]:
    """The file system behind an address, and the path in it."""
    from fsspec.core import url_to_fs

    found: tuple[Any, str] = url_to_fs(address)
    return found


def pictures_at(
    address: str, recursive: bool, is_picture: Callable[[Path], bool]
) -> list[tuple[str, str | None]]:
    """The addresses of the pictures that an address names, each with its folders below one that was searched.

    A folder or a bucket stands for those in it, a pattern with * for what matches. Raises FilterLabError.
    """
    if not is_remote(address):
        kinds = ", ".join((*STORES[:-1], *_PAGES))
        raise FileError(
            say("addresses of {} are not read", scheme_of(address)), address, say("allowed: {}", kinds)
        )
    if scheme_of(address) in _PAGES:  # folders of the web cannot be listed
        return [(address, None)]
    with explained(address):
        system, path = opened_at(address)
        head = f"{scheme_of(address)}://"
        if "*" in path:
            return [(head + name, None) for name in sorted(system.glob(path)) if is_picture(Path(name))]
        if not system.isdir(path):
            return [(address, None)]
        inside = sorted(system.find(path, maxdepth=None if recursive else 1))
        top = path.strip("/")
        found = []
        for name in inside:
            below = name.strip("/").removeprefix(top).strip("/").rpartition("/")[0]
            if is_picture(Path(name)) and not any(part.startswith(".") for part in below.split("/")):
                found.append((head + name, below if recursive else None))
        return found


@contextmanager
def at_hand(path: Path, name: str) -> Iterator[Path]:
    """Yield a picture's file: the path itself, or, where the name is an address, a copy that is removed afterwards.

    Raises FilterLabError.
    """
    if not is_remote(name):
        yield path
        return
    with TemporaryDirectory(prefix="filterlab-") as folder:
        copy = Path(folder, "picture")
        with explained(name):
            system, place = opened_at(name)
            if (system.info(place).get("size") or 0) > _LARGEST:
                raise ImageError("it is too large", name, say("a picture has at most {:,} bytes", _LARGEST))
            with system.open(place, "rb") as source, copy.open("wb") as target:
                # Counted as it comes, too: not every server tells the size beforehand.
                while part := source.read(1 << 20):
                    target.write(part)
                    if target.tell() > _LARGEST:
                        raise ImageError(
                            "it is too large", name, say("a picture has at most {:,} bytes", _LARGEST)
                        )
        yield copy


def size_of(path: Path, name: str) -> int:
    """The size of a picture's file in bytes. Raises FilterLabError, OSError."""
    if not is_remote(name):
        return path.stat().st_size
    with explained(name):
        system, place = opened_at(name)
        return int(system.info(place).get("size") or 0)


def state_of(name: str) -> list[Any] | None:
    """What tells whether the picture behind an address is still the same; None where that is not known."""
    with suppress(Exception):
        system, place = opened_at(name)
        info = system.info(place)
        marks = [
            str(info[key]) for key in ("ETag", "etag", "LastModified", "mtime", "created") if info.get(key)
        ]
        return [info.get("size"), *marks] if marks else None
    return None
