from __future__ import annotations

import filterlab as fl
from filterlab.explain.trail import Stop, trail
from filterlab.fields.maps import FieldMap
from filterlab.fields.regions import Region


def branched():
    return fl.Pipeline(
        [
            fl.Node("a", fl.MaxPool2d(3, stride=2, padding=1), ("image",)),
            fl.Node("b", fl.AvgPool2d(3, stride=1, padding=1), ("a",)),
            fl.Node("c", fl.ReLU(), ("a",)),
            fl.Node("d", fl.Add(), ("b", "c")),
            fl.Node("aside", fl.ReLU(), ("image",)),
        ]
    )


def test_stops_are_the_input_regions_of_every_map_on_the_way():
    pipeline = branched()
    for row, col in [(0, 0), (4, 5), (8, 9)]:
        stops = trail(pipeline, FieldMap(pipeline, (18, 20)), "d", row, col)
        assert [stop.node for stop in stops] == ["d", "c", "b", "a", "image"]
        for stop in stops[1:]:
            assert stop.region == pipeline.input_region("d", row, col, of=stop.node, size=(18, 20))
        assert stops[0].region == Region(row, col, row + 1, col + 1)
        assert [stop.size for stop in stops] == [(9, 10)] * 4 + [(18, 20)]


def test_padding_is_what_lies_outside():
    stop = Stop("a", Region(-1, -2, 4, 3), (10, 2))
    assert stop.extent == (5, 5)
    assert stop.inside == Region(0, 0, 4, 2)
    assert (stop.cells, stop.padding) == (25, 17)
    assert stop.middle == (1, 0)


def test_the_middle_is_a_cell_of_the_map_even_where_nothing_of_it_is_seen():
    assert Stop("a", Region(-4, 12, -1, 15), (10, 10)).middle == (0, 9)
    assert Stop("a", Region(-4, 12, -1, 15), (10, 10)).padding == 9


def test_outside_the_map_there_is_no_way():
    pipeline = branched()
    assert trail(pipeline, FieldMap(pipeline, (18, 20)), "d", 9, 0) == []
    assert trail(pipeline, FieldMap(pipeline, (18, 20)), "nowhere", 0, 0) == []


def test_the_picture_is_its_own_only_stop():
    pipeline = branched()
    assert [s.node for s in trail(pipeline, FieldMap(pipeline, (18, 20)), "image", 3, 4)] == ["image"]
