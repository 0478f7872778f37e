"""The first loop does not wait for libraries that no loop here needs."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
import numpy as np
from filterlab.functional import batch_norm
batch_norm(np.zeros((1, 8, 8), np.float32), [0.0], [1.0])
print("numba" in sys.modules, "scipy.linalg" in sys.modules)
import numba
print(numba.njit(lambda a, b: np.dot(a, b))(np.eye(2), 3 * np.eye(2))[1, 1])
"""


def test_the_first_loop_waits_for_no_blas_and_loops_of_others_find_one():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["True", "False", "3.0"], done.stderr
