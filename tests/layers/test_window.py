"""Windows of transposed convolutions, against what the definition says of each output."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from filterlab.layers.base.window import PhasedWindow, transposed_window

BEFORE = (0, 1, 4)


def cells(i, kernel, stride, dilation, before):
    """The inputs j with i = j * stride - before + tap * dilation for some tap."""
    over = [i + before - tap * dilation for tap in range(kernel)]
    return sorted(at // stride for at in over if at % stride == 0)


@pytest.mark.parametrize(("stride", "dilation"), list(product((1, 2, 3, 4), (1, 2, 3, 4))))
def test_transposed_windows_hold_the_cells_of_every_output_and_no_others(stride, dilation):
    for kernel, before in product((1, 2, 3, 5), BEFORE):
        window = transposed_window(kernel, stride, dilation, before, 30)
        firsts, stops = window.first(np.arange(30)), window.stop(np.arange(30))
        for i in range(30):
            found = list(range(window.first(i), window.stop(i), window.gap))
            assert found == cells(i, kernel, stride, dilation, before)
            assert (firsts[i], stops[i]) == (window.first(i), window.stop(i))


@pytest.mark.parametrize(("stride", "dilation"), [(2, 2), (2, 3), (4, 2), (3, 2)])
def test_phased_windows_reach_what_any_of_several_outputs_sees(stride, dilation):
    for kernel, before in product((1, 2, 3), BEFORE):
        window = transposed_window(kernel, stride, dilation, before, 30)
        assert isinstance(window, PhasedWindow)
        for first, last in product(range(9), range(12)):
            seen = [j for i in range(first, last + 1) for j in cells(i, kernel, stride, dilation, before)]
            if first <= last and seen:
                assert window.reach(first, last) == (min(seen), max(seen) + 1)
            elif first <= last:
                start, stop = window.reach(first, last)
                assert start >= stop
