"""Hostile pictures, kernels and labelled pictures: read rightly, or refused in one line of ours. Nothing else.

`make soak PART=files` reads very many; the suite reads some, so that what the soak is made of works.
"""

from __future__ import annotations

import os

import pytest

from tests.soak.campaign import Campaign, fresh
from tests.soak.options import COUNT, SEED

MEMORY = (1 << 30, 0)  # bytes beyond the picture


@pytest.mark.soak
def test_no_hostile_file_is_at_fault(tmp_path, capsys):
    campaign = Campaign("files", fresh(tmp_path / "files"), MEMORY)
    campaign.run(COUNT or 40_000, SEED, processes=min(os.cpu_count() or 1, 4))
    campaign.write()
    with capsys.disabled():
        print(f"\nhostile files, seed {SEED}\n{campaign.report()}")
    assert campaign.unread() == []
    assert campaign.faults == []


def test_some_hostile_files_are_not_at_fault(tmp_path):
    campaign = Campaign("files", tmp_path, MEMORY, kept=tmp_path / "kept")
    campaign.run(60, 1, processes=1)
    assert sum(t.read + t.refused for t in campaign.tallies.values()) == 60, campaign.report()
    assert campaign.unread() == []


def test_the_whole_files_are_read_without_a_word(tmp_path):
    campaign = Campaign("files", tmp_path, MEMORY, kept=tmp_path / "kept")
    campaign.read_wholes()
    assert campaign.unread() == []
