"""The examples of Hypothesis are the same at every run, in whatever order the tests come."""

from __future__ import annotations

from importlib import import_module

from hypothesis import given, settings
from hypothesis import strategies as st


def test_examples_do_not_depend_on_the_modules_that_are_imported(tmp_path, monkeypatch):
    def drawn():
        found = []

        @settings(max_examples=300)
        @given(st.integers())
        def draw(number):
            found.append(number)

        draw()
        return found

    before = drawn()
    numbers = range(1_234_567, 1_234_667)
    (tmp_path / "constants_of_ours.py").write_text(f"NUMBERS = {list(numbers)}\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert list(numbers) == import_module("constants_of_ours").NUMBERS
    assert drawn() == before
