"""Batches killed at any moment, and folders in any state: `--resume` ends in what an undisturbed run leaves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random

import pytest

from tests.soak import batches
from tests.soak.batches import JOURNAL, KILLS, Batch
from tests.soak.options import COUNT, SEED

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of another kind")

# Kills are spread over a quarter more than a run is known to last: those past what is known find out where it grows.
_BEYOND = 1.25
_PHASES = ("before the journal", "before the first map", "between the maps", "after the last map")


class Bench:
    """Pictures, pipelines, and what each leaves undisturbed: files by pipeline and format."""

    def __init__(self, folder: Path, count: int) -> None:
        self.count = count
        self.folder = folder
        self._pipelines = batches.pipelines(folder)
        self._pictures = batches.pictures(folder / "in", count)
        self._wholes: dict[tuple[str, str], dict[str, bytes]] = {}
        self._lengths: dict[object, float] = {}
        self.seconds = 0.0

    def batch(self, name: str = "first", form: str = "png") -> Batch:
        """One of the pipelines over the pictures."""
        return Batch(self._pipelines[name], self._pictures, ("--format", form))

    def whole(self, name: str = "first", form: str = "png") -> dict[str, bytes]:
        """What it leaves in an empty folder."""
        if (name, form) not in self._wholes:
            out = self.folder / f"whole-{name}-{form}"
            began = time.monotonic()
            result = self.batch(name, form).run(out)
            self.seconds = time.monotonic() - began
            assert result.returncode == (1 if name == "colour" else 0), result.stderr
            self._wholes[name, form] = batches.tree(out)
        return self._wholes[name, form]

    def moment(self, kind: object, rng: Random) -> float:
        """A moment of chance in a run of this kind, in seconds from its beginning."""
        return rng.uniform(0, _BEYOND * self._lengths.get(kind, self.seconds))

    def learn(self, kind: object, lasted: float, *, ended: bool) -> None:
        """Take note of how long a run has lasted. ended: by itself.

        No run tells for long: the first one compiles, and other programs come and go on the machine.
        """
        known = self._lengths.get(kind, self.seconds)
        self._lengths[kind] = (known + lasted) / 2 if ended else max(known, lasted)

    def finish(self, out: Path, name: str = "first", form: str = "png", *more: str) -> None:
        """Resume it, and assert that everything is there and right."""
        result = self.batch(name, form).run(out, "--resume", "--json", *more)
        assert batches.done(result) == self.count
        batches.check_whole(out, self.whole(name, form))

    def begun_folder(self, out: Path, name: str = "first", form: str = "png") -> Path:
        """A folder in which it is done, with the person's own files."""
        out.mkdir()
        batches.put_theirs(out)
        assert self.batch(name, form).run(out).returncode == 0
        return out


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """Sixteen pictures."""
    return Bench(tmp_path_factory.mktemp("bench"), 16)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Four pictures."""
    return Bench(tmp_path_factory.mktemp("small"), 4)


# -- kills ------------------------------------------------------------------------------------------------


@dataclass
class _Tally:
    """The kills of a test, and how far the runs were that they met."""

    late: int = 0
    hows: Counter[str] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    torn: int = 0
    stopping: float = 0.0

    def add(self, killed: batches.Killed, out: Path, whole: dict[str, bytes], before: set[str]) -> None:
        """Count a kill. before: the names of the maps that earlier runs had left."""
        if killed.finished:
            self.late += 1
            return
        self.hows[killed.how] += 1
        if killed.how in ("terminate", "interrupt"):
            self.stopping = max(self.stopping, killed.stopping)
        if killed.how == "kill_worker":  # the run went on to its end
            return
        found = _maps(out, whole)
        number = 3 if len(found) == len(whole) else 2 if found > before else int((out / JOURNAL).is_file())
        self.phases[_PHASES[number]] += 1
        names = (name.rpartition("/")[2] for name in batches.without_theirs(batches.tree(out)))
        self.torn += any(name.startswith(".") for name in names)

    def __str__(self) -> str:
        return (
            f"{self.hows.total()} kills ({dict(self.hows)}; {dict(self.phases)}; {self.torn} left half-written files), "
            f"all resumed to the same bytes; {self.late} came after the end; the slowest stop on a signal took "
            f"{self.stopping:.2f} s"
        )


def _maps(out: Path, whole: dict[str, bytes]) -> set[str]:
    return batches.tree(out).keys() & whole.keys()


def _wait_for_maps(process: subprocess.Popen[bytes], out: Path, whole: dict[str, bytes], number: int) -> None:
    """Until so many of the maps are there."""
    while process.poll() is None and sum((out / name).exists() for name in whole) < number:
        time.sleep(0.002)


def _kill_and_resume(bench: Bench, out: Path, how: str, jobs: int, rng: Random, tally: _Tally) -> None:
    """One to three kills of the same batch at moments of chance, then one run to the end."""
    out.mkdir()
    batches.put_theirs(out)
    whole = bench.whole()
    for number in range(rng.choice((1, 1, 2, 3))):
        # The first run may also be one that refuses files that exist: those of a killed worker must not be among them.
        more = ("--resume",) if number or rng.random() < 0.5 else ()
        kind, before = (jobs, number > 0), _maps(out, whole)
        with bench.batch().begun(out, *more, "--jobs", str(jobs)) as process:
            if rng.random() < 0.5:
                killed = batches.kill(process, how, bench.moment(kind, rng), rng)
                bench.learn(kind, killed.lasted, ended=killed.finished)
            else:  # most of the time programs start: so few moments of chance are between two maps
                _wait_for_maps(process, out, whole, rng.randint(len(before), len(whole)))
                killed = batches.kill(process, how, rng.uniform(0, 0.02), rng)
        tally.add(killed, out, whole, before)
        batches.check_no_part(out, whole)
    began = time.monotonic()
    bench.finish(out, "first", "png", "--jobs", str(jobs))
    bench.learn((jobs, True), time.monotonic() - began, ended=True)
    shutil.rmtree(out)


@pytest.mark.soak
def test_a_batch_killed_at_any_moment_is_finished_by_resuming(bench, tmp_path, capsys):
    rng, tally, wanted = Random(SEED), _Tally(), COUNT or 200
    bench.whole()
    for turn in count():
        how = KILLS[turn % len(KILLS)].__name__
        jobs = 2 if how == "kill_worker" else rng.choice((1, 2))
        _kill_and_resume(bench, tmp_path / "out", how, jobs, rng, tally)
        if tally.hows.total() >= wanted:
            break
    with capsys.disabled():
        print(f"\nbatch, seed {SEED}: {tally}")
    assert wanted < 200 or set(tally.phases) == set(_PHASES), "moments of all phases"


def test_one_kill_is_resumed(small, tmp_path):
    small.whole()
    _kill_and_resume(small, tmp_path / "out", "kill_all", 1, Random(1), _Tally())


def test_one_killed_worker_costs_nothing_where_existing_files_are_kept(small, tmp_path):
    whole, out = small.whole(), tmp_path / "out"
    out.mkdir()
    batches.put_theirs(out)
    with small.batch().begun(out, "--jobs", "2") as process:
        batches.kill(process, "kill_worker", 0.7 * small.seconds, Random(1))
    batches.check_whole(out, whole)


# -- other runs in the same folder ------------------------------------------------------------------------


def _wait_for_change(process, out: Path, before: dict[str, bytes]) -> None:
    """Until one file is another than before."""
    deadline = time.monotonic() + batches.PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        if any(out.joinpath(name).read_bytes() != content for name, content in before.items()):
            return
        time.sleep(0.002)


@pytest.mark.soak
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("number", range(4))
def test_maps_of_another_pipeline_that_was_killed_do_not_stay(bench, tmp_path, jobs, number):
    out = bench.begun_folder(tmp_path / "out")
    with bench.batch("other").begun(out, "--overwrite", "--jobs", jobs) as process:
        _wait_for_change(process, out, bench.whole())
        batches.kill(process, "kill_all", number * 0.03, Random(number))
    batches.check_no_part(out, bench.whole(), bench.whole("other"))
    bench.finish(out)


@pytest.mark.soak
def test_maps_of_another_pipeline_that_failed_half_way_do_not_stay(bench, tmp_path):
    out = bench.begun_folder(tmp_path / "out", form="npy")
    assert bench.batch("colour", "npy").run(out, "--overwrite").returncode == 1
    batches.check_no_part(out, bench.whole(form="npy"), bench.whole("colour", "npy"))
    bench.finish(out, "first", "npy")


@pytest.mark.soak
@pytest.mark.parametrize("number", range(6))
def test_of_two_different_runs_at_once_one_is_refused_and_the_other_is_whole(bench, tmp_path, number):
    out = tmp_path / "out"
    out.mkdir()
    batches.put_theirs(out)
    names = ("first", "other")
    with bench.batch("first").begun(out) as one:
        time.sleep(number * bench.seconds / 6)
        with bench.batch("other").begun(out, *(["--overwrite"] if number % 2 else [])) as two:
            said = [process.communicate(timeout=batches.PATIENCE)[1].decode() for process in (one, two)]
            codes = [one.returncode, two.returncode]
    if codes[1] == 0:  # it came when the first had ended, or before it had begun
        assert number % 2 or codes[0] != 0, (codes, said)
    winner = names[1] if codes[1] == 0 else names[0]
    assert 0 in codes, (codes, said)
    assert set(codes) <= {0, 1, 2}, (codes, said)
    batches.check_whole(out, bench.whole(winner))


@pytest.mark.soak
def test_a_folder_is_free_again_when_its_holder_dies(bench, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    batches.put_theirs(out)
    with bench.batch().begun(out, "--jobs", "2") as process:
        while not (out / JOURNAL).is_file() and process.poll() is None:
            time.sleep(0.01)
        refused = bench.batch("other").run(out, "--overwrite")
        assert refused.returncode in (2, 0 if process.poll() is not None else 2), refused.stderr
        batches.kill(process, "kill_parent", 0.0, Random(1))
    bench.finish(out)


# -- outputs that were changed ----------------------------------------------------------------------------


def _remove(path: Path, rng: Random) -> None:
    path.unlink()


def _empty(path: Path, rng: Random) -> None:
    path.write_bytes(b"")


def _cut(path: Path, rng: Random) -> None:
    path.write_bytes(path.read_bytes()[: rng.randrange(1, path.stat().st_size)])


def _replace(path: Path, rng: Random) -> None:
    path.unlink()
    path.write_bytes(rng.randbytes(100))


def _other_content(path: Path, rng: Random) -> None:
    """As many bytes as before, at another time."""
    path.write_bytes(rng.randbytes(path.stat().st_size))
    later = path.stat().st_mtime_ns + 10**9
    os.utime(path, ns=(later, later))


def _other_content_same_time(path: Path, rng: Random) -> None:
    """As many bytes as before, at the same time: only a digest can tell."""
    state = path.stat()
    path.write_bytes(rng.randbytes(state.st_size))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def _link(path: Path, rng: Random) -> None:
    """A link to the same bytes elsewhere: the next change of that file would change the map."""
    content = path.read_bytes()
    path.unlink()
    aside = path.parents[2] / "aside.bin"
    aside.write_bytes(content)
    path.symlink_to(aside)


_CHANGES = (_remove, _empty, _cut, _replace, _other_content, _link)


@pytest.mark.parametrize(
    "change", [pytest.param(change, marks=pytest.mark.soak) for change in _CHANGES[1:]] + [_remove]
)
@pytest.mark.parametrize("verify", [(), pytest.param(("--verify",), marks=pytest.mark.soak)])
def test_outputs_that_are_not_what_was_written_are_made_again(small, tmp_path, change, verify):
    out = small.begun_folder(tmp_path / "out")
    rng = Random(SEED)
    for name in rng.sample(sorted(small.whole()), 2):
        change(out / name, rng)
    small.finish(out, "first", "png", *verify)
    assert not any(path.is_symlink() for path in out.rglob("*"))


@pytest.mark.soak
def test_with_verify_not_even_the_time_deceives(small, tmp_path):
    out = small.begun_folder(tmp_path / "out")
    _other_content_same_time(out / sorted(small.whole())[0], Random(1))
    small.finish(out, "first", "png", "--verify")


@pytest.mark.soak
def test_outputs_that_were_only_touched_are_not_made_again(small, tmp_path):
    out = small.begun_folder(tmp_path / "out")
    before = {}
    for name in small.whole():
        os.utime(out / name, ns=(10**18, 10**18))
        before[name] = (out / name).stat().st_ino
    small.finish(out)
    assert {name: (out / name).stat().st_ino for name in small.whole()} == before


# -- journals ---------------------------------------------------------------------------------------------


def _garbage(content: bytes, rng: Random) -> bytes:
    place = rng.randrange(len(content))
    noise = rng.choice(
        (rng.randbytes(50), b"\0" * 500, b"[" * 5000, b'{"folder": 3}\n', b"null\n", b"9" * 6000 + b"\n")
    )
    return content[:place] + noise + content[place + rng.choice((0, 50)) :]


def _foreign(content: bytes, rng: Random) -> bytes:
    """Entries that name other places."""
    return content.replace(b"p00", rng.choice((b"../p00", b"/etc", b"p01", b"\\u0000", b"p00/..")))


@pytest.mark.soak
@pytest.mark.parametrize("number", range(30))
def test_a_journal_that_is_damaged_costs_work_but_no_maps(small, tmp_path, number):
    out = small.begun_folder(tmp_path / "out")
    rng, journal = Random(f"{SEED}/{number}"), out / JOURNAL
    content = journal.read_bytes()
    damage = (
        lambda c, r: c[: r.randrange(len(c))],
        _garbage,
        _garbage,
        _foreign,
        lambda c, r: b"",
        lambda c, r: c + c[:40],
    )
    journal.write_bytes(rng.choice(damage)(content, rng))
    victim = rng.choice(sorted(small.whole()))
    rng.choice(_CHANGES)(out / victim, rng)
    small.finish(out)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["pipe", "folder", "link", "device"])
def test_a_journal_that_is_no_file_is_refused_at_once(small, tmp_path, kind):
    out = small.begun_folder(tmp_path / "out")
    journal = out / JOURNAL
    journal.unlink()
    if kind == "pipe":
        os.mkfifo(journal)
    elif kind == "folder":
        journal.mkdir()
    else:
        journal.symlink_to("/dev/zero" if kind == "device" else tmp_path / "elsewhere")
    result = small.batch().run(out, "--resume")
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "elsewhere").exists()
    batches.check_whole(out, small.whole())


# -- disks ------------------------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path):
    """A disk of 120 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=120k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may mount no disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.soak
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_full_disk_costs_pictures_and_leaves_whole_files(small, disk, jobs):
    result = small.batch().run(disk / "out", "--jobs", jobs, "--json")
    assert result.returncode == 1, result.stderr
    report = json.loads(result.stdout)
    assert report["failed"]
    assert all("disk is full" in failed["error"] for failed in report["failed"])
    for name, content in batches.tree(disk / "out").items():
        assert content == small.whole()[name]
    subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
    assert batches.done(small.batch().run(disk / "out", "--resume", "--json")) == small.count
    assert batches.tree(disk / "out") == small.whole()


@pytest.mark.soak
def test_a_disk_that_can_only_be_read_is_said_at_once(small, disk):
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    result = small.batch().run(disk / "out")
    assert result.returncode == 2
    assert "the disk can only be read" in result.stderr


# -- everything at random ---------------------------------------------------------------------------------


def _one_event(bench: Bench, out: Path, rng: Random) -> str:
    """Something that happens to an output folder."""
    event = rng.choice(("run", "kill", "kill", "change", "change", "journal"))
    name, jobs = rng.choice(("first", "other")), str(rng.choice((1, 2)))
    options = (rng.choice(("--resume", "--overwrite")), "--jobs", jobs)
    if event == "run":
        assert bench.batch(name).run(out, *options).returncode == 0
    elif event == "kill":
        with bench.batch(name).begun(out, *options) as process:
            how = rng.choice(KILLS).__name__
            batches.kill(process, how, rng.uniform(0.2, 1) * bench.seconds, rng)
    elif event == "change":
        maps = [path for path in out.rglob("*.png") if path.relative_to(out).as_posix() in bench.whole()]
        for path in rng.sample(maps, min(len(maps), 2)):
            rng.choice(_CHANGES)(path, rng)
    elif (out / JOURNAL).is_file():
        content = (out / JOURNAL).read_bytes()
        (out / JOURNAL).write_bytes(_garbage(content, rng) if content else b"x")
    return event


@pytest.mark.soak
def test_whatever_happened_to_a_folder_resuming_makes_it_whole(small, tmp_path, capsys):
    small.whole()
    counts: Counter[str] = Counter()
    histories = 30
    for number in range(histories):
        rng = Random(f"{SEED}/history/{number}")
        out = tmp_path / f"out{number}"
        out.mkdir()
        batches.put_theirs(out)
        happened = [_one_event(small, out, rng) for _ in range(rng.randint(2, 5))]
        counts.update(happened)
        try:
            small.finish(out)
        except AssertionError as error:
            raise AssertionError(f"history {number} of seed {SEED}, {happened}: {error}") from error
        shutil.rmtree(out)
    with capsys.disabled():
        print(
            f"\nbatch, seed {SEED}: {histories} histories of a folder ({dict(counts)}), all resumed to the same bytes"
        )
