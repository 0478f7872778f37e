"""Hostile pictures, kernels and labelled pictures: read rightly, or refused in one line of ours. Nothing else.

`make soak PART=files` reads very many; the suite reads some, so that what the soak is made of works.
"""

from __future__ import annotations

import pytest

from tests.soak.campaign import Part

FILES = Part("files", memory=(1 << 30, 0), count=40_000)  # bytes beyond the picture


@pytest.mark.soak
def test_no_hostile_file_is_at_fault(tmp_path, capsys):
    FILES.run_long(tmp_path, capsys)


def test_some_hostile_files_are_not_at_fault(tmp_path):
    campaign = FILES.run_short(tmp_path, 60)
    assert any(tally.compared for tally in campaign.tallies.values()), campaign.report()


def test_the_whole_files_are_read_as_they_were_made_and_without_a_word(tmp_path):
    FILES.read_wholes(tmp_path)
