"""The page itself: what goes into it, what has no room, and the HTML around it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from filterlab.errors import ParameterError
from filterlab.explain.explainer import Explainer, check_position
from filterlab.explain.page.packing import packed, picture_uri, preview_uri
from filterlab.explain.page.places import Around, around, sums
from filterlab.explain.page.words import LANGUAGES, in_languages
from filterlab.explain.way import Place
from filterlab.fields.regions import Region
from filterlab.files import atomic_write
from filterlab.functional.arrays import Array
from filterlab.graph import IMAGE, Graph
from filterlab.graph.shapes import all_shapes
from filterlab.resources import resource
from filterlab.text.messages import say

MOST_BYTES = 2_000_000  # of a page: what any mail takes
PREVIEW = 256  # pixels of the longer side of a map's picture
_MOST_PICTURE = 600_000  # bytes of a whole picture in a page; of a larger one the page holds a part
_MOST_NUMBERS = 700_000  # bytes of the picture's numbers
_MOST_READ = 32  # channels of the inputs that are shown, those that contribute most


@dataclass(frozen=True)
class Page:
    """A page as text. left_out: what it would have held besides, in words by language."""

    html: str
    left_out: tuple[dict[str, str], ...]

    def write(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the page, whole or not at all. Raises FileError where it exists or cannot be written."""
        with atomic_write(Path(path), overwrite=overwrite) as temporary:
            temporary.write_text(self.html, encoding="utf-8")


def make_page(
    graph: Graph,
    image: Any,
    name: str,
    place: Place,
    *,
    maps: Mapping[str, Array] | None = None,
    picture: str = "",
    title: str = "",
    language: str = "en",
    theme: str = "",
) -> Page:
    """A page of the value at `place` (channel, row, column) of a node, of at most `MOST_BYTES`.

    image: (C, H, W). maps: known maps, by node. picture: what the picture is called; title: what the page is called;
    language: "en" or "zh_CN", which it begins with; theme: "light", "dark" or "" for that of the reader. What has no
    room is left out and named: first the maps that are farthest from the value, then the values farthest from it.
    Raises ParameterError for another language and where the sum of the value alone has no room, and as
    `Pipeline.explain`.
    """
    if language not in LANGUAGES:
        what, hint = say("there is no language {!r}", language), say("one of {}", ", ".join(LANGUAGES))
        raise ParameterError(what, "page", hint, parameter="language")
    explainer = Explainer(graph, image, maps)
    pixels = explainer.map(IMAGE)
    graph.check_names(name)
    shapes = all_shapes(graph, pixels.shape)
    check_position(name, shapes[name], place)
    content = _Content(explainer, shapes, name, around(explainer, shapes, name, place))
    data, left_out = content.fitted(picture or "image")
    shown = title or f"{name} [{place[0]}, {place[1]}, {place[2]}]"
    html = _html(data, shown, language, theme)
    return Page(html, tuple(left_out))


class _Content:
    """The parts of a page, from which those that fit are taken."""

    def __init__(self, explainer: Explainer, shapes: dict[str, Any], name: str, found: Around) -> None:
        self._explainer, self._shapes, self._name, self._found = explainer, shapes, name, found

    def fitted(self, picture: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
        """The data of the page, and what was left out."""
        found, left_out = self._found, []
        maps = [self._map(node, channel) for node, channel in self._wanted()]
        data = self._data(found, maps, picture)
        while (size := _size(data)) > MOST_BYTES and (len(maps) > 1 or len(found.places) > 1):
            if len(maps) > 1:
                gone = maps.pop()
                left_out.append(_both(f"{gone['name']} [{gone['channel']}]"))
            else:
                kept = max(len(found.places) * 3 // 4, 1)
                left_out.append(_values(len(found.places) - kept))
                found = found.first(kept)
            data = self._data(found, maps, picture)
        if size > MOST_BYTES:
            what = say("its sum of {:,} terms has no room in a page", len(found.explanations[0].terms))
            raise ParameterError(what, "page", say("choose a value that is made of fewer numbers"))
        if data["picture"]["values"] is None:
            left_out.append({"en": "the numbers of the picture", "zh_CN": "图片的数值"})
        data["leftOut"] = left_out
        return data, left_out

    def _data(self, found: Around, maps: list[dict[str, Any]], picture: str) -> dict[str, Any]:
        nodes = sorted({term.where.node for one in found.explanations for term in one.terms})
        return {
            "node": self._name,
            "channel": found.places[0][0],
            "nodes": [{"name": node} for node in nodes],
            **sums(found, nodes),
            "picture": self._picture(found, picture),
            "maps": maps,
            "leftOut": [],
        }

    def _wanted(self) -> list[tuple[str, int]]:
        """The maps to show, the nearest to the value first: node and channel."""
        first = self._found.explanations[0]
        wanted = [(self._name, first.where.channel)] if self._name != IMAGE else []
        # Of the inputs, the channels that contribute most, in their order.
        parts = sorted(first.parts, key=lambda part: -abs(part.value or 0.0))[:_MOST_READ]
        wanted += sorted((part.node, part.channel) for part in parts)
        shown = {node for node, _ in wanted}
        seen = self._found.seen
        for step in reversed(self._explainer.pipeline.steps):
            if step.name in seen and step.name not in shown:
                wanted.append((step.name, self._liveliest(step.name)))
        return wanted

    def _liveliest(self, node: str) -> int:
        """The channel that varies most, which tells most at a glance."""
        values = self._explainer.map(node)
        if values.ndim == 1:
            return 0
        with np.errstate(all="ignore"):
            return int(np.argmax(np.nan_to_num(values.std(axis=(1, 2)))))

    def _map(self, node: str, channel: int) -> dict[str, Any]:
        values = self._explainer.map(node)
        plane = values[None] if values.ndim == 1 else values[channel]
        image, (height, width) = preview_uri(plane, PREVIEW)
        layer = "Picture" if node == IMAGE else self._explainer.pipeline[node].title
        rows, columns = plane.shape
        size = {"rows": rows, "columns": columns, "height": height, "width": width}
        return {"name": node, "channel": channel, "title": in_languages(layer), "image": image, **size}

    @cached_property
    def _whole_uri(self) -> str:
        # Kept, as it takes a second of each try where the picture is large.
        return picture_uri(self._explainer.map(IMAGE))

    def _picture(self, found: Around, name: str) -> dict[str, Any]:
        pixels = self._explainer.map(IMAGE)
        _, height, width = pixels.shape
        seen = found.seen.get(IMAGE, Region(0, 0, height, width))
        part = whole = Region(0, 0, height, width)
        uri = self._whole_uri
        if len(uri) > _MOST_PICTURE:
            part = seen
            uri = picture_uri(pixels[:, seen.top : seen.bottom, seen.left : seen.right])
        numbers = pixels[:, seen.top : seen.bottom, seen.left : seen.right]
        rows, columns = part.bottom - part.top, part.right - part.left
        fits = numbers.nbytes * 4 / 3 <= _MOST_NUMBERS
        return {
            "name": name,
            "image": uri,
            "whole": part == whole,
            "top": part.top,
            "left": part.left,
            "rows": rows,
            "columns": columns,
            "width": columns,
            "height": rows,
            "values": packed(numbers) if fits else None,
            "numbers": {
                "top": seen.top,
                "left": seen.left,
                "rows": seen.bottom - seen.top,
                "columns": seen.right - seen.left,
                "channels": len(pixels),
            },
        }


def _both(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


def _values(count: int) -> dict[str, str]:
    return {"en": f"{count} of the values around it", "zh_CN": f"它周围的 {count} 个值"}


def _size(data: dict[str, Any]) -> int:
    # The script and the style beside it take some 20 kB.
    return len(_json(data).encode()) + 30_000


def _json(data: dict[str, Any]) -> str:
    text = json.dumps(_finite(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A name that holds "</script>" would end the element that holds the data.
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _finite(value: Any) -> Any:
    """NaN and infinities, which JSON does not have, as words that the script turns back into numbers."""
    if isinstance(value, float):
        return value if isfinite(value) else {"number": str(value)}
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value


def _html(data: dict[str, Any], title: str, language: str, theme: str) -> str:
    parts = {
        "language": language,
        "theme": f' data-theme="{theme}"' if theme in ("light", "dark") else "",
        "title": escape(title),
        "style": resource("page", "page.css").read_text(encoding="utf-8"),
        "script": resource("page", "page.js").read_text(encoding="utf-8"),
        "data": _json(data),
    }
    html = resource("page", "page.html").read_text(encoding="utf-8")
    # One pass over the template: a value that holds "{script}" stays as it is.
    pieces = html.split("{")
    made = [pieces[0]]
    for piece in pieces[1:]:
        key, _, rest = piece.partition("}")
        made.append(parts[key] + rest if key in parts else "{" + piece)
    return "".join(made)
