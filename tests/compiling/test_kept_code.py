"""Compiled code is kept where that is possible, and every result is computed where it is not."""

from __future__ import annotations

import ast
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import filterlab
from filterlab import notices
from filterlab.compiling import kept
from filterlab.compiling.kept import Shelf
from filterlab.functional import normal_equations
from filterlab.functional.conv import blocks, lines, weight_gradient
from filterlab.functional.pool import loops as pool_loops
from filterlab.functional.pool import median_loops

# Prints a sum, and for how many loops code was found and was not; notices go to the error stream.
COUNTED = """
for counts in ("cache_hits", "cache_misses"):
    print(sum(sum(getattr(loop.stats, counts).values()) for loop in loops))
"""
# One loop that takes a fifth of a second to compile, because most of these tests compile it.
SCRIPT = f"""
import numpy as np, filterlab.functional as F
from filterlab.functional.pointwise import scale_rows
print(F.batch_norm(np.arange(16.0).reshape(1, 4, 4), [0.0], [1.0], eps=0.0).sum())
loops = [scale_rows]
{COUNTED}"""
SUM = 120.0
# Loops that are made from several sources and take seconds to compile.
CONVOLUTION = f"""
import numpy as np, filterlab.functional as F
from filterlab.functional.conv import blocks
ramp = np.arange(16.0).reshape(1, 4, 4)
print(F.conv2d(ramp, np.ones((1, 1, 2, 2)), [1.0]).sum())
loops = blocks.LOOPS.values()
{COUNTED}"""
CONVOLVED = 279.0
NOTHING = ""


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A copy of the package, of which tests may change the sources and the folders."""
    home = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("gui", "__pycache__")
    shutil.copytree(Path(filterlab.__file__).parent, home / "filterlab", ignore=ignored)
    return home


@pytest.fixture(scope="module")
def code(package):
    """A folder with the code that SCRIPT needs, compiled once."""
    folder = package / "code"
    assert compute(package, folder) == (SUM, 0, 1, NOTHING)
    return folder


@pytest.fixture
def filled(code, tmp_path):
    """A copy of that folder."""
    shutil.copytree(code, tmp_path / "code")
    return tmp_path / "code"


def environment(package, folder, **more):
    return {**os.environ, "PYTHONPATH": str(package), "NUMBA_CACHE_DIR": str(folder), **more}


def started(package, folder, before="", script=SCRIPT, **more):
    return subprocess.Popen(
        [sys.executable, "-c", before + script],
        env=environment(package, folder, **more),
        cwd=package,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process):
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    total, found, missing = output.split()
    return float(total), int(found), int(missing), errors.strip()


def compute(package, folder, before="", **more):
    """(sum, loops whose code was found, loops that were compiled, what was said)."""
    return finished(started(package, folder, before, **more))


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def blocked(package):
    """Put a file in the place of the package's bytecode folder, which not even the administrator can write into."""
    place = package / "filterlab" / "functional" / "__pycache__"
    shutil.rmtree(place, ignore_errors=True)
    place.write_text("a file where a folder should be")
    return place


def test_code_is_found_at_the_next_start(package, code):
    assert compute(package, code) == (SUM, 1, 0, NOTHING)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        # Each starts two processes, which takes some seconds: the others wait for the long tests.
        pytest.param(lambda data: data[:10], marks=pytest.mark.soak),
        lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
        pytest.param(lambda data: bytes([data[0] ^ 128]) + data[1:], marks=pytest.mark.soak),
        pytest.param(lambda data: data + b"x", marks=pytest.mark.soak),
        pytest.param(lambda data: b"\x80\x05garbage that is no pickle.", marks=pytest.mark.soak),
    ],
    ids=[
        "emptied",
        "cut in half",
        "cut short",
        "a bit of the code",
        "a bit of the digest",
        "longer",
        "other",
    ],
)
def test_damaged_files_are_compiled_again_with_one_notice(package, filled, spoil):
    for path in files(filled):
        path.write_bytes(spoil(path.read_bytes()))
    total, found, missing, said = compute(package, filled)
    assert (total, found, missing) == (SUM, 0, 1)
    assert said == f"compiled code that was kept in {filled} is damaged: it is compiled again"
    assert compute(package, filled) == (SUM, 1, 0, NOTHING)


def test_a_flipped_bit_is_noticed_wherever_it_is(filled, rng):
    shelf = Shelf(filled)
    path = filled / "here" / "loop.nbc"
    path.parent.mkdir(mode=0o755)
    content = rng.bytes(2000)
    whole = kept._digest("key", content) + content
    shelf._folders = lambda: iter([path.parent])
    for place in rng.choice(8 * len(whole), 300, replace=False):
        spoiled = bytearray(whole)
        spoiled[place // 8] ^= 1 << (place % 8)
        path.write_bytes(spoiled)
        assert not list(shelf.found("loop.nbc", "key"))
        assert not path.exists()
    path.write_bytes(whole)
    assert next(shelf.found("loop.nbc", "key")) == content
    assert not list(shelf.found("loop.nbc", "the key of another loop"))


def test_a_file_that_numba_cannot_rebuild_is_compiled_again(package, filled):
    """As a different build of numba may leave it: the digest is right, but what follows is not code to this one."""
    no_digest = "from filterlab.compiling import kept\nkept._digest = lambda *_: b''\nkept._DIGEST = 0\n"
    for path in files(filled):
        path.write_bytes(b"\x80\x04).")  # a pickle of ()
    total, found, missing, said = compute(package, filled, no_digest)
    assert (total, found, missing) == (SUM, 0, 1)
    assert "damaged" in said


@pytest.mark.parametrize(
    "home", ["/dev/null", pytest.param(None, marks=pytest.mark.soak)], ids=["no home", "unknown home"]
)
def test_without_a_writable_folder_code_is_compiled_each_time_with_one_notice(package, home):
    place = blocked(package)
    try:
        more = {"HOME": home or "relative", "XDG_CACHE_HOME": "" if home else "relative"}
        for _ in range(2):
            total, found, missing, said = compute(package, "/dev/null/code", **more)
            assert (total, found, missing) == (SUM, 0, 1)
            assert said == (
                "compiled code cannot be kept for later starts "
                "(/dev/null/code: Not a directory; NUMBA_CACHE_DIR names a folder for it)"
            )
    finally:
        place.unlink()
    assert not (package / "relative").exists()


def test_code_goes_elsewhere_where_the_named_folder_cannot_be_written_to(package):
    elsewhere = package / "filterlab" / "functional" / "__pycache__"
    total, found, missing, said = compute(package, "/dev/null/code")
    assert (total, found, missing) == (SUM, 0, 1)
    assert (
        said == f"compiled code cannot be kept in /dev/null/code: Not a directory (it is kept in {elsewhere})"
    )
    assert compute(package, "/dev/null/code") == (SUM, 1, 0, NOTHING)
    shutil.rmtree(elsewhere)


def test_a_full_disk_costs_no_result(package, tmp_path):
    """The system refuses files of more than a few bytes, as it does on a full disk."""
    pytest.importorskip("resource")
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
    place = blocked(package)
    try:
        total, found, missing, said = compute(package, tmp_path / "code", limit, HOME="/dev/null")
    finally:
        place.unlink()
    assert (total, found, missing) == (SUM, 0, 1)
    assert said.count("\n") == 0
    assert "File too large" in said
    assert files(tmp_path / "code") == []  # not even the beginning of one


@pytest.mark.skipif(os.name == "nt", reason="folders have no mode there")
def test_folders_that_others_can_write_into_are_not_used(package, filled):
    """What lies there would be unpickled and run."""
    for path in filled.iterdir():
        path.chmod(0o777)
    total, found, missing, said = compute(package, filled)
    assert (total, found, missing) == (SUM, 0, 1)
    assert "others can write to it" in said
    shutil.rmtree(package / "filterlab" / "functional" / "__pycache__")


@pytest.mark.skipif(os.name == "nt", reason="files have no mode there")
def test_files_that_others_can_write_into_are_not_used(filled):
    path = next(path for path in files(filled) if path.suffix == ".nbc")
    assert kept._read(path) is not None
    for mode in (0o664, 0o646):
        path.chmod(mode)
        assert kept._read(path) is None
    path.chmod(0o644)
    link = path.with_name("link.nbc")
    link.symlink_to(path)
    shutil.move(path.parent, filled / "moved")
    path.parent.symlink_to(filled / "moved")
    assert kept._read(path) is None  # a folder that is a link could be made to lead anywhere


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root makes files of others")
def test_files_of_other_users_are_not_used(filled):
    path = next(path for path in files(filled) if path.suffix == ".nbc")
    os.chown(path, 12345, -1)
    assert kept._read(path) is None
    os.chown(path, 0, -1)
    os.chown(path.parent, 12345, -1)
    assert kept._read(path) is None


def test_only_the_user_can_write_to_what_is_kept(package, tmp_path):
    more = "import os\nos.umask(0)\n"
    compute(package, tmp_path / "code", more)
    for path in (tmp_path / "code").glob("filterlab-*/**/*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o022


@pytest.mark.soak
def test_two_processes_that_compile_at_once_do_no_harm(package, tmp_path):
    both = [started(package, tmp_path / "code", script=CONVOLUTION) for _ in range(2)]
    assert [finished(process)[0] for process in both] == [CONVOLVED, CONVOLVED]
    assert compute(package, tmp_path / "code", script=CONVOLUTION) == (CONVOLVED, 1, 0, NOTHING)
    assert {path.suffix for path in files(tmp_path / "code")} == {".nbc"}  # none half written


CHANGES = {
    "conv/instructions.py": ("return self.builder.load(self.bias)", "return ir.Constant(self.scalar, 0.0)"),
    "conv/lines.py": (
        "flat[place + t] = source[begin + seen] if seen",
        "flat[place + t] = 0 * source[begin + seen] if seen",
    ),
    "conv/blocks.py": ("sums, m * stride + j - start", "sums, m * stride + j - start + 1"),
    "pool/selection.py": ("low = max(min(self.ranks) - others", "low = max(min(self.ranks) + 1 - others"),
    "pool/loops.py": ("best = down[col]", "best = 2 * down[col]"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_in_any_source_of_loops_is_compiled(package, tmp_path, name):
    room = tmp_path / "functional"
    shutil.copytree(package / "filterlab" / "functional", room, ignore=shutil.ignore_patterns("__pycache__"))
    path = room / name
    text = path.read_text()
    before = Shelf(path.parent)._version()
    path.write_text(text.replace(*CHANGES[name], 1))
    assert path.read_text() != text
    assert Shelf(path.parent)._version() != before
    path.write_text(text)
    assert Shelf(path.parent)._version() == before


@pytest.mark.soak
def test_a_change_of_the_tiles_alone_is_compiled(package, tmp_path):
    """After sums are compiled and kept, their source is changed to leave out the bias."""
    assert compute(package, tmp_path, script=CONVOLUTION)[0] == CONVOLVED
    tiles = package / "filterlab" / "functional" / "conv" / "instructions.py"
    text = tiles.read_text()
    tiles.write_text(text.replace(*CHANGES["conv/instructions.py"]))
    try:
        assert compute(package, tmp_path, script=CONVOLUTION)[0] == CONVOLVED - 9
    finally:
        tiles.write_text(text)


@pytest.mark.parametrize(
    "module", [blocks, weight_gradient, lines, normal_equations, pool_loops, median_loops]
)
def test_the_version_counts_every_source_that_loops_are_made_from(module):
    """Whatever a loop uses from another file of the package comes from a file that is part of the version as well."""
    path = Path(module.__file__)
    counted = set(Shelf.beside(str(path)).sources())
    assert path in counted
    tree = ast.parse(path.read_text())
    loops = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(
            "compiled" in ast.unparse(mark) or "intrinsic" in ast.unparse(mark)
            for mark in node.decorator_list
        )
    ]
    assert loops
    used = {node.id for loop in loops for node in ast.walk(loop) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("filterlab."):
            continue
        if used & {alias.asname or alias.name for alias in node.names}:
            source = Path(filterlab.__file__).parents[1].joinpath(*node.module.split("."))
            assert {source.with_suffix(".py"), source / "__init__.py"} & counted, node.module


def test_only_the_latest_versions_stay(tmp_path):
    folders = [tmp_path / f"filterlab-room-{number:016x}" for number in range(6)]
    for age, folder in enumerate(folders):
        kept._make(folder)
        os.utime(folder, (1000 + age, 1000 + age))
    other = tmp_path / "filterlab-other-room"
    other.mkdir()
    kept._make(tmp_path / f"filterlab-room-{6:016x}")
    left = sorted(path.name for path in tmp_path.glob("filterlab-room-*"))
    assert left == sorted(f"filterlab-room-{number:016x}" for number in (3, 4, 5, 6))
    assert other.exists()


def test_processors_have_code_of_their_own(package, code, tmp_path):
    shutil.copytree(code, tmp_path / "code")
    total, found, missing, _ = compute(
        package, tmp_path / "code", NUMBA_CPU_NAME="x86-64", NUMBA_CPU_FEATURES="+sse2"
    )
    assert (total, found, missing) == (SUM, 0, 1)
    assert compute(package, tmp_path / "code") == (SUM, 1, 0, NOTHING)


def test_a_notice_is_given_once(caplog):
    heard: list[str] = []
    notices.tell(heard.append)
    try:
        for _ in range(3):
            notices.say_once("a notice of test_kept_code")
    finally:
        notices.tell(None)
    assert heard == ["a notice of test_kept_code"]
    notices.say_once("another notice of test_kept_code")
    assert [record.getMessage() for record in caplog.records] == ["another notice of test_kept_code"]
