"""Hostile files of every kind that the program reads: each the same at every run of its seed and number.

A module in `tests/soak/kinds` gives a tuple `KINDS`; that alone enters it here. A file is made from a whole one (the
base) by damage that any file can take, by edits that know the format, or by both.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count as endless
from pathlib import Path
from random import Random

from tests.soak import kinds as _kinds
from tests.soak.mutations import MUTATIONS, Mutation, cut_end, splice
from tests.soak.pictures import Whole

PICTURE = "tests.soak.readers:picture"
_TRIES = 50  # of drawing an edit that fits the file
_MOST_BYTES = 24 << 20  # of one file: edits that repeat each other must not fill the disk


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    part: "files" or "models". reader: the function that reads it, as "module:function". bases: gives whole files.
    edits: damage that knows the format. sums: check sums cover every byte. told: edits that check sums tell, or that
    change no pixel. tells_cuts: what is cut off cannot go unnoticed. aware: the share of its files that are damaged
    by its edits alone. share: how often it is drawn beside the others. beside: makes what such files may refer to in
    the folder that they are put into.
    """

    name: str
    part: str
    reader: str
    suffix: str
    bases: Callable[[], Sequence[bytes | Whole]]
    edits: Sequence[Mutation]
    sums: bool = False
    told: Sequence[Mutation] = ()
    tells_cuts: bool = True
    aware: float = 0.4
    share: float = 1.0
    beside: Callable[[Path], None] | None = None

    @property
    def is_picture(self) -> bool:
        """Whether other libraries can be asked what it holds."""
        return self.reader == PICTURE


@dataclass(frozen=True)
class Case:
    """One hostile file. base: the whole file it was made from.

    same: whoever reads it as something other than its base, and says no word of it, is wrong.
    """

    kind: Kind
    seed: int
    number: int
    data: bytes
    base: int
    how: tuple[str, ...]
    same: bool

    @property
    def name(self) -> str:
        """The name of its file, which is enough to make it again."""
        return f"{self.kind.name}-{self.seed}-{self.number}{self.kind.suffix}"


@cache
def all_kinds() -> dict[str, Kind]:
    """Every kind by its name."""
    modules = sorted(found.name for found in pkgutil.iter_modules(_kinds.__path__))
    entered = [importlib.import_module(f"{_kinds.__name__}.{name}").KINDS for name in modules]
    return {kind.name: kind for group in entered for kind in group}


@cache
def wholes_of(name: str) -> tuple[Whole, ...]:
    """The whole files of a kind, and what they were made of, where they are pictures."""
    found = all_kinds()[name].bases()
    return tuple(base if isinstance(base, Whole) else Whole(base) for base in found)


@cache
def bases_of(name: str) -> tuple[bytes, ...]:
    """The bytes of the whole files of a kind."""
    return tuple(base.data for base in wholes_of(name))


def make_case(kind: Kind, seed: int, number: int) -> Case:
    """The hostile file of this kind, seed and number."""
    rng = Random(f"{kind.name}/{seed}/{number}")
    bases = bases_of(kind.name)
    base = rng.randrange(len(bases))
    draw = rng.random()
    if draw < 0.1:
        spliced = splice(rng, bases[base], rng.choice(bases))
        if spliced != bases[base]:
            return Case(kind, seed, number, spliced, base, ("splice",), False)
    edits, damage, data = [], [], bases[base]
    if draw > 0.9 - kind.aware:
        edits, data = _applied(rng, kind.edits, (1, 1, 2), data)
    if draw < 1 - kind.aware or data == bases[base]:
        damage, data = _applied(rng, MUTATIONS, (1, 1, 2, 3), data)
    how = tuple(mutation.__name__ for mutation in (*edits, *damage))
    return Case(kind, seed, number, data, base, how, _must_show(kind, edits, damage))


def _must_show(kind: Kind, edits: Sequence[Mutation], damage: Sequence[Mutation]) -> bool:
    """Whether this cannot change what a file holds without anybody noticing."""
    noticed = kind.sums or (kind.tells_cuts and all(mutation is cut_end for mutation in damage))
    return noticed and all(edit in kind.told for edit in edits)


def _applied(
    rng: Random, mutations: Sequence[Mutation], counts: tuple[int, ...], data: bytes
) -> tuple[list[Mutation], bytes]:
    """Damage a file some times. Returns the mutations that have changed it.

    An edit that does not fit the file, because an earlier one has broken it or because it is for others, is drawn anew.
    """
    used: list[Mutation] = []
    wanted = rng.choice(counts)
    for _ in range(_TRIES if mutations else 0):
        mutation = rng.choice(mutations)
        try:
            changed = mutation(rng, data)
        except Exception:
            continue
        if changed != data and len(changed) <= _MOST_BYTES:
            used.append(mutation)
            data = changed
        if len(used) == wanted:
            break
    return used, data


def cases(
    count: int, seed: int, kinds: Iterable[str] | None = None, part: str | None = None
) -> Iterator[Case]:
    """So many hostile files; each kind (of the part) gets its share of them, in turn."""
    chosen = [
        kind
        for kind in all_kinds().values()
        if (kinds is None or kind.name in kinds) and part in (None, kind.part)
    ]
    if not chosen:
        raise ValueError(f"no kind of file is named {kinds}")
    pace = {kind.name: 0.0 for kind in chosen}
    numbers = {kind.name: endless() for kind in chosen}
    for _ in range(count):
        kind = min(chosen, key=lambda kind: pace[kind.name])
        pace[kind.name] += 1 / kind.share
        yield make_case(kind, seed, next(numbers[kind.name]))


def hostile_files(folder: Path, count: int, seed: int, kinds: Iterable[str] | None = None) -> Iterator[Path]:
    """Write hostile files into the folder, one by one, and give the path of each; who reads it may remove it."""
    for case in cases(count, seed, kinds):
        path = folder / case.name
        path.write_bytes(case.data)
        yield path
