"""Maps that no pipeline makes, compared as maps of nodes are."""

from __future__ import annotations

import numpy as np
import pytest

from filterlab.graph.editing import remove
from filterlab.gui.bench.work import Picture
from filterlab.gui.compare.sides import MapSource
from filterlab.images.views import MapView
from tests.gui.compare.conftest import shown


@pytest.fixture
def sources(opened, picture):
    """The picture and twice a copy of it, each a little darker."""

    def source(title, factor):
        return MapSource(title, opened.document.pipeline, given=MapView(factor * picture.pixels))

    return [source("blurred", 1.0), source("restored, 1", 0.9), source("restored, 2", 0.8)]


@pytest.fixture
def given(comparing, sources, qtbot):
    """Compare the first of them with another: `given(1)`."""

    def show(number):
        comparing.compare_given(sources[0], sources[number], same=True)
        qtbot.waitUntil(
            lambda: (
                comparing.page.view.pair is not None and comparing.page.view.pair.b.source is sources[number]
            )
        )
        return comparing.page.view.pair

    return show


def test_given_maps_are_shown_with_their_statistics(comparing, given, picture):
    pair = given(1)
    assert comparing.page.view.names() == ("A  blurred · RGB", "B  restored, 1 · RGB")
    assert comparing.page.listing.isHidden()
    assert pair.here.rms == pytest.approx(float(np.sqrt(np.mean((0.1 * picture.pixels) ** 2))), rel=1e-5)
    assert pair.here.psnr is not None, "both are pictures"


def test_another_map_takes_the_place_of_the_one_before_and_the_keyboard_stays(comparing, given, qtbot):
    given(1)
    comparing.page.view.set_up(mode="difference", cell=(3, 4))
    comparing._wall.setFocus()
    focused = comparing._wall.window().focusWidget()
    pair = given(2)
    assert pair.b.source.title == "restored, 2"
    assert (comparing.page.view.mode, comparing.page.view.cell) == ("difference", (3, 4))
    assert comparing._wall.window().focusWidget() is focused


def test_they_stay_through_an_edit_and_go_with_another_picture(comparing, given, opened, picture):
    given(1)
    opened.document.edit("Remove", remove(opened.document.pipeline, ["pool"]))
    assert comparing.given
    assert not comparing.page.view.stale
    opened.document.show_picture("Other", Picture("other", picture.pixels[:1]))
    assert not comparing.active


def test_maps_of_nodes_can_be_compared_afterwards(comparing, given, qtbot):
    given(1)
    comparing.choose("sobel", 0, False)
    comparing.choose("blur", 0, True)
    shown(comparing, qtbot, "sobel", "blur")
    assert not comparing.given
