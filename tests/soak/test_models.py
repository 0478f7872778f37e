"""Hostile pipeline files: a pipeline, or one line that says what is wrong; never much memory, never for long."""

from __future__ import annotations

import os

import pytest

from tests.soak.campaign import Campaign, fresh
from tests.soak.options import COUNT, SEED

MEMORY = (256 << 20, 6)  # bytes, and times the file


@pytest.mark.soak
def test_no_hostile_pipeline_is_at_fault(tmp_path, capsys):
    campaign = Campaign("models", fresh(tmp_path / "models"), MEMORY)
    campaign.run(COUNT or 15_000, SEED, processes=min(os.cpu_count() or 1, 4))
    campaign.write()
    with capsys.disabled():
        print(f"\nhostile pipelines, seed {SEED}\n{campaign.report()}")
    assert campaign.unread() == []
    assert campaign.faults == []


def test_some_hostile_pipelines_are_not_at_fault(tmp_path):
    campaign = Campaign("models", tmp_path, MEMORY, kept=tmp_path / "kept")
    campaign.run(30, 1, processes=1)
    assert sum(t.read + t.refused for t in campaign.tallies.values()) == 30, campaign.report()
    assert campaign.unread() == []


def test_the_whole_files_are_read_without_a_word(tmp_path):
    campaign = Campaign("models", tmp_path, MEMORY, kept=tmp_path / "kept")
    campaign.read_wholes()
    assert campaign.unread() == []
