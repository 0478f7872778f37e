"""What a person should hear of is said once a run, whoever met it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import filterlab
from filterlab.resources import examples, samples


def run_command(arguments, folder, **more):
    """What is said on the error stream. folder: where it runs, so that the package of the environment is taken."""
    command = [sys.executable, "-m", "filterlab", "run", *map(str, arguments)]
    done = subprocess.run(
        command, env={**os.environ, **more}, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.splitlines()


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A copy of the package in which no compiled code can be kept, whoever runs this test."""
    home = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("gui", "__pycache__")
    shutil.copytree(Path(filterlab.__file__).parent, home / "filterlab", ignore=ignored)
    (home / "filterlab" / "functional" / "__pycache__").write_text("a file where a folder should be")
    return home


@pytest.mark.soak  # every run compiles
@pytest.mark.parametrize("jobs", [1, 2])
def test_without_a_folder_for_compiled_code_all_pictures_are_done(package, tmp_path, jobs):
    pictures = [samples()["coins"], samples()["camera"]]
    arguments = [examples()["edges"], *pictures, "--out", tmp_path, "--jobs", jobs]
    environment = {"PYTHONPATH": str(package), "NUMBA_CACHE_DIR": "/dev/null/code", "HOME": "/dev/null"}
    said = run_command(arguments, tmp_path, XDG_CACHE_HOME="", **environment)
    assert said == [
        "filterlab: compiled code cannot be kept for later starts "
        "(/dev/null/code: Not a directory; NUMBA_CACHE_DIR names a folder for it)"
    ]
    assert all((tmp_path / picture.stem / "edges.png").stat().st_size for picture in pictures)


def test_a_wrong_number_of_threads_is_said_once_and_all_pictures_are_done(tmp_path):
    pictures = [samples()["coins"], samples()["camera"]]
    said = run_command([examples()["edges"], *pictures, "--out", tmp_path], tmp_path, FILTERLAB_THREADS="²")
    assert len(said) == 1
    assert said[0].startswith("filterlab: FILTERLAB_THREADS is '²', not a whole number from 1 to ")
