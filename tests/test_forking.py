"""A process may fork whatever its other threads are doing: the child computes, and the parent goes on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

# Children that hang are killed after `PATIENCE` seconds and counted; so is a thread of the parent that never goes on.
WATCH = """
import faulthandler, os, signal, sys, threading, time, warnings

warnings.simplefilter("ignore")  # of forking beside threads, which is what is tested here
PATIENCE = 120

def fork(work):
    "'' where a forked child returns from `work` with a true value; else what became of it."
    child = os.fork()
    if child == 0:
        signal.alarm(0)
        faulthandler.dump_traceback_later(PATIENCE / 2)  # of a child that hangs, to say where
        good = False
        try:
            good = work()
        finally:
            os._exit(0 if good else 1)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "" if status == 0 else f"child ended with {os.waitstatus_to_exitcode(status)}"
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "child hung"
"""

COMPUTE = """
import numpy as np
import filterlab as fl
import filterlab.functional as F

numbers = np.random.default_rng(0)
x = numbers.random((4, 8, 40, 40), dtype=np.float32)
weight = numbers.random((8, 8, 3, 3), dtype=np.float32)
matrix = numbers.random((300, 1600), dtype=np.float32)
pipe = fl.Pipeline([fl.Node("a", fl.Conv2d(weight={"init": "kaiming_normal", "seed": 1, "shape": [4, 8, 3, 3]})),
                    fl.Node("b", fl.MaxPool2d(kernel_size=2))])

WORK = {
    "conv2d": lambda: F.conv2d(x, weight, padding=1),
    "gradient": lambda: F.conv2d_weight_backward(x[..., 1:-1, 1:-1], x, weight)[0],
    "max_pool2d": lambda: F.max_pool2d(x, 2),
    "linear": lambda: F.linear(x.reshape(-1, 1600), matrix),  # large enough for several threads of BLAS
    "pipeline": lambda: pipe.run(x)["b"],
}
"""

BESIDE = """
def again_and_again(name):
    while True:
        WORK[name]()
        turns[name] += 1

turns = dict.fromkeys(WORK, 0)
want = {name: work() for name, work in WORK.items()} if WARM else {}
for name in WORK:
    threading.Thread(target=again_and_again, args=(name,), daemon=True).start()

def right():
    for name, work in WORK.items():
        result = work()
        if name in want and not np.array_equal(result, want[name]):
            return False
    return True

wrong = list(filter(None, (fork(right) for _ in range(FORKS))))
before, end = dict(turns), time.monotonic() + PATIENCE
while any(turns[name] == before[name] for name in turns) and time.monotonic() < end:
    time.sleep(0.01)
wrong += [f"thread of {name} in the parent hangs" for name in turns if turns[name] == before[name]]
print(*wrong, sep="\\n")
sys.stdout.flush()
os._exit(len(wrong) > 0)
"""


def run(code: str) -> None:
    command = [sys.executable, "-c", code]
    # The fork itself may hang, too, where a library waits in it for a thread that was told to end.
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr


def test_children_compute_while_other_threads_of_the_parent_do():
    run(WATCH + COMPUTE + "WARM, FORKS = True, 10\n" + BESIDE)


def test_children_compute_while_other_threads_import_and_compile():
    """Forks in the first moments, when threads load modules and compiled code."""
    run(WATCH + COMPUTE + "WARM, FORKS = False, 6\n" + BESIDE)


@pytest.mark.soak
@pytest.mark.parametrize("warm", [True, False])
def test_a_thousand_forks(warm):
    for _ in range(10 if warm else 40):
        run(WATCH + COMPUTE + f"WARM, FORKS = {warm}, {100 if warm else 6}\n" + BESIDE)


def test_a_fork_waits_for_work_that_it_must_not_cut_in_two():
    run(
        WATCH
        + """
from filterlab.forking import no_fork

half, begun = [False], threading.Event()

def work():
    with no_fork(), no_fork():
        half[0] = True
        begun.set()
        time.sleep(0.2)
        half[0] = False

def whole():
    with no_fork():  # free again in the child
        return not half[0]

thread = threading.Thread(target=work)
thread.start()
begun.wait()
with no_fork():  # the thread that forks does not wait for itself
    assert fork(whole) == ""
thread.join()
"""
    )


def test_locks_that_other_threads_hold_are_free_in_the_child():
    run(
        WATCH
        + """
from filterlab.forking import Lock

others, own, held, end = Lock(), Lock(), threading.Event(), threading.Event()

def hold():
    with others:
        held.set()
        end.wait()

def enter_both():
    with others:
        pass
    try:
        return not own._lock.acquire(blocking=False)  # held here, by the thread that forked
    finally:
        own.__exit__(None, None, None)

thread = threading.Thread(target=hold)
thread.start()
held.wait()
with own:
    assert fork(enter_both) == ""
end.set()
thread.join()
with others:
    pass
"""
    )


def test_blas_has_its_threads_again_in_the_child():
    """Where another thread held it to one, which nobody in the child would undo."""
    run(
        WATCH
        + """
import numpy as np
from threadpoolctl import ThreadpoolController
from filterlab.functional.threads import single_threaded_blas

def threads():
    return [library.num_threads for library in ThreadpoolController().lib_controllers]

normal, held, end = threads(), threading.Event(), threading.Event()

def hold():
    with single_threaded_blas():
        held.set()
        end.wait()

def inside():
    return threads() == [1] * len(normal)

thread = threading.Thread(target=hold)
thread.start()
held.wait()
assert inside()
assert fork(lambda: threads() == normal) == ""
with single_threaded_blas():
    assert fork(inside) == ""
end.set()
thread.join()
assert threads() == normal
"""
    )
