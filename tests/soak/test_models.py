"""Hostile pipeline files: a pipeline, or one line that says what is wrong; never much memory, never for long."""

from __future__ import annotations

import pytest

from tests.soak.campaign import Part

MODELS = Part("models", memory=(256 << 20, 6), count=15_000)  # bytes, and times the file


@pytest.mark.soak
def test_no_hostile_pipeline_is_at_fault(tmp_path, capsys):
    MODELS.run_long(tmp_path, capsys)


def test_some_hostile_pipelines_are_not_at_fault(tmp_path):
    MODELS.run_short(tmp_path, 30)


def test_the_whole_files_are_read_without_a_word(tmp_path):
    MODELS.read_wholes(tmp_path)
