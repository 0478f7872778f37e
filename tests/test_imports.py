"""What importing brings along, and who may name whom; `make lint` holds the other import contracts."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import filterlab
from filterlab.layers import layer_types
from filterlab.resources import examples, samples

PACKAGE = Path(filterlab.__file__).parent
CONCRETE = {kind.__module__ for kind in layer_types().values()}
CLASSES = {kind.__name__ for kind in layer_types().values()}


def imported(path):
    """(module, name) for every import statement of a file; name is "" where the module itself is imported."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


ROOMS = ("graph", "fields", "run", "explain", "learning")  # below the pipeline: any layer will do


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_below_the_pipeline_name_no_concrete_layer(room):
    paths = sorted((PACKAGE / room).rglob("*.py"))
    assert paths
    for path in paths:
        check_names_none(path)


def check_names_none(path):
    for module, name in imported(path):
        assert module not in CONCRETE
        assert f"{module}.{name}" not in CONCRETE
        assert name not in CLASSES


def run_python(code, *args):
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, args)], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("module", ["filterlab", "filterlab.functional"])
def test_importing_is_light(module):
    done = run_python(f"import sys, {module}; print(*sys.modules)")
    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"numba", "scipy", "PySide6", "pyqtgraph", "pydantic", "PIL"}


def test_the_first_window_waits_for_no_compiler_nor_all_layers(tmp_path):
    code = """
import gc, linecache, sys
from filterlab.gui.app import load
load()
assert gc.isenabled()
from filterlab.gui.desk import Desk
from filterlab.gui.start import make_application
application = make_application()
desk = Desk()
assert "filterlab.gui.unseen" not in sys.modules
desk.window.complete()
desk.window.learning.check()  # it says that there is no picture
assert len(gc.get_objects()) < gc.get_freeze_count(), "collections look through all modules"
assert not [name for name in linecache.cache if "window.py" in name], "the sources of modules are read"
print(*(name for name in sys.modules if name in ("numba", "scipy", "filterlab.layers.gelu")))
sys.stdout.flush()
import os
os._exit(0)
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_the_command_line_runs_where_qt_is_missing(tmp_path):
    code = """
import sys
for name in ("PySide6", "shiboken6", "pyqtgraph"):
    sys.modules[name] = None  # importing it raises ImportError, as where it cannot be loaded
from filterlab.cli import main
sys.argv[0] = "filterlab"
sys.exit(main())
"""
    done = run_python(code, "run", examples()["edges"], samples()["coins"], "--out", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "coins" / "edges.png").exists()
