"""Results that are remembered are those of the function, whatever was asked before."""

from __future__ import annotations

import pytest

from filterlab.functional.remembering import remembered


@pytest.fixture
def asked():
    """The arguments that the function itself was called with."""
    return []


@pytest.fixture
def function(asked):
    @remembered
    def act(*args, **options):
        asked.append((args, options))
        return object()

    return act


@pytest.mark.parametrize("args", [(1,), ("same", (2, 3)), (None, True), ((1, (2, 3)),)])
def test_equal_arguments_give_the_same_result(function, asked, args):
    assert function(*args, groups=2) is function(*args, groups=2)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("first", "second"), [(1, True), (0, False), (1, 1.0), ((1, 0), (True, 0)), (0.0, -0.0), ((1,), 1)]
)
def test_arguments_that_only_compare_equal_are_told_apart(function, first, second):
    assert function(first) is not function(second)


@pytest.mark.parametrize("value", [[1, 2], 2.5, (1.0, 2)])
def test_other_arguments_are_worked_out_each_time(function, asked, value):
    function(value)
    function(value)
    assert len(asked) == 2


def test_an_error_is_raised_each_time():
    calls = []

    @remembered
    def refuse(value):
        calls.append(value)
        raise ValueError(value)

    for _ in range(2):
        with pytest.raises(ValueError, match="7"):
            refuse(7)
    assert calls == [7, 7]
