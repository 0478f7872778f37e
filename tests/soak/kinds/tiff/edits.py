"""Edits of a whole TIFF: entries of its directories are rewritten where they stand."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from random import Random

from tests.soak.mutations import WHOLE

_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
# Sizes, depths, packings, places and counts: what says how much there is and how it lies.
_WEIGHTY = (
    256,
    257,
    258,
    259,
    262,
    273,
    277,
    278,
    279,
    284,
    317,
    320,
    322,
    323,
    324,
    325,
    330,
    338,
    339,
    347,
    530,
)
PACKINGS = (
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    32773,
    32909,
    34661,
    34676,
    34712,
    34887,
    34925,
    34934,
    50000,
    50001,
    50002,
    65000,
)


@dataclass(frozen=True)
class Entry:
    """An entry of a directory, and where it stands."""

    place: int
    tag: int
    kind: int
    count: int


class Layout:
    """What is needed to find one's way in a TIFF."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.order = "<" if data[:2] == b"II" else ">"
        self.big = self.number(2, "H") == 43
        self.first = 8 if self.big else 4  # where the place of the first directory stands
        self.word = "Q" if self.big else "I"
        self.length = 20 if self.big else 12

    def number(self, place: int, form: str) -> int:
        return int(struct.unpack_from(self.order + form, self.data, place)[0])

    def put(self, place: int, form: str, value: int) -> Layout:
        """The same file with one number changed."""
        packed = struct.pack(self.order + form, value % (1 << 8 * struct.calcsize(form)))
        return Layout(self.data[:place] + packed + self.data[place + len(packed) :])

    def links(self) -> list[int]:
        """Where the places of the directories stand: the header, and the end of each directory."""
        found = [self.first]
        while len(found) < 20:
            start = self.number(found[-1], self.word)
            if not start:
                break
            found.append(start + self._head() + self.length * self._count(start))
        return found

    def directories(self) -> list[int]:
        """Where each directory begins."""
        return [self.number(link, self.word) for link in self.links()[:-1]]

    def _head(self) -> int:
        return 8 if self.big else 2

    def _count(self, start: int) -> int:
        return min(self.number(start, "Q" if self.big else "H"), 500)

    def entries(self, start: int) -> list[Entry]:
        """The entries of the directory that begins there."""
        first = start + self._head()
        places = range(first, first + self.length * self._count(start), self.length)
        return [
            Entry(p, self.number(p, "H"), self.number(p + 2, "H"), self.number(p + 4, self.word))
            for p in places
        ]

    def value_place(self, entry: Entry, index: int = 0) -> int:
        """Where a value of an entry stands."""
        size, room = _SIZES.get(entry.kind, 1), 8 if self.big else 4
        inline = entry.place + 4 + room
        start = inline if size * entry.count <= room else self.number(inline, self.word)
        return start + size * index


def _some_entry(rng: Random, layout: Layout) -> Entry:
    entries = layout.entries(rng.choice(layout.directories()))
    weighty = [entry for entry in entries if entry.tag in _WEIGHTY]
    return rng.choice(weighty if weighty and rng.random() < 0.7 else entries)


def change_value(rng: Random, data: bytes) -> bytes:
    """Another value of an entry: sizes, depths, packings, places."""
    layout = Layout(data)
    entry = _some_entry(rng, layout)
    size = _SIZES.get(entry.kind, 1)
    value = rng.choice((*WHOLE, len(data), len(data) - 1, rng.randrange(len(data)), 64, 33, 9))
    if entry.tag in (259, 262) and rng.random() < 0.8:
        value = rng.choice(
            PACKINGS if entry.tag == 259 else (0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 77, 32803, 32844, 32845, 34892)
        )
    index = rng.randrange(min(max(entry.count, 1), 64))
    return layout.put(layout.value_place(entry, index), {1: "B", 2: "H", 4: "I", 8: "Q"}[size], value).data


def change_count(rng: Random, data: bytes) -> bytes:
    """Another count of values, far more than there are."""
    layout = Layout(data)
    entry = _some_entry(rng, layout)
    return layout.put(entry.place + 4, layout.word, rng.choice(WHOLE)).data


def change_kind(rng: Random, data: bytes) -> bytes:
    """Another type of values."""
    layout = Layout(data)
    return layout.put(_some_entry(rng, layout).place + 2, "H", rng.choice((*range(19), 255, 65535))).data


def change_tag(rng: Random, data: bytes) -> bytes:
    """An entry that says something else; so one is missing, or stands twice."""
    layout = Layout(data)
    entry = _some_entry(rng, layout)
    return layout.put(
        entry.place, "H", rng.choice((*_WEIGHTY, 254, 270, 274, 301, 332, 336, 529, 700, 33550, 34377, 50839))
    ).data


def change_link(rng: Random, data: bytes) -> bytes:
    """Directories that point to themselves, to each other, beyond the end, into the pixels."""
    layout = Layout(data)
    target = rng.choice(
        (*layout.directories(), layout.first, len(data), len(data) - 3, 2**31, rng.randrange(len(data)))
    )
    return layout.put(rng.choice(layout.links()), layout.word, target).data


def change_number_of_entries(rng: Random, data: bytes) -> bytes:
    """More entries, or fewer, than a directory has."""
    layout = Layout(data)
    return layout.put(rng.choice(layout.directories()), "Q" if layout.big else "H", rng.choice(WHOLE)).data


def damage_pixels(rng: Random, data: bytes) -> bytes:
    """Packed pixels that are not what the packer wrote."""
    layout = Layout(data)
    entries = {entry.tag: entry for entry in layout.entries(layout.directories()[0])}
    places = entries.get(273) or entries[324]
    form = {2: "H", 4: "I", 8: "Q"}[_SIZES[places.kind]]
    (start,) = struct.unpack_from(layout.order + form, data, layout.value_place(places))
    place = start + rng.randrange(64)
    noise = rng.randbytes(rng.choice((1, 2, 8, 40)))
    return data[:place] + noise + data[place + len(noise) :]


def share_places(rng: Random, data: bytes) -> bytes:
    """Strips, tiles, pages or values of tags that all lie at one place."""
    layout = Layout(data)
    entries = [entry for start in layout.directories() for entry in layout.entries(start)]
    if rng.random() < 0.4:
        return _with_shared_values(rng, layout, entries)
    listed = [entry for entry in entries if entry.tag in (273, 324)]
    places = [
        (layout.value_place(entry, index), {2: "H", 4: "I", 8: "Q"}[_SIZES[entry.kind]])
        for entry in listed
        for index in range(min(entry.count, 500))
    ]
    shared = rng.choice((layout.number(*rng.choice(places)), 8, layout.directories()[0]))
    for place, form in places:
        layout = layout.put(place, form, shared)
    return layout.data


def _with_shared_values(rng: Random, layout: Layout, entries: list[Entry]) -> bytes:
    """The values of all tags that are too long to stand in the directory at one place."""
    room = 8 if layout.big else 4
    apart = [entry for entry in entries if _SIZES.get(entry.kind, 1) * entry.count > room]
    shared = layout.value_place(rng.choice(apart))
    for entry in apart:
        layout = layout.put(entry.place + 4 + room, layout.word, shared)
    return layout.data


def huge_counts(rng: Random, data: bytes) -> bytes:
    """Far more values than the file can hold, for one tag or for all of a directory."""
    layout = Layout(data)
    entries = layout.entries(rng.choice(layout.directories()))
    huge = rng.choice((len(data), 2**24, 2**28, 2**31, 2**32 - 1))
    for entry in entries if rng.random() < 0.3 else [rng.choice(entries)]:
        layout = layout.put(entry.place + 4, layout.word, huge)
    return layout.data
