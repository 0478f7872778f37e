"""A value of a picture that is read in parts is explained as it is in the whole picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import filterlab as fl
from filterlab.errors import ParameterError
from filterlab.explain.account import account, path
from filterlab.explain.explainer import Explainer
from filterlab.explain.parts import PartExplainer
from filterlab.run.tiling.ends import ArraySource
from tests.explain.random_pipelines import branched

SOME = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))


@SOME
@given(st.data())
def test_random_values_are_explained_as_in_the_whole_picture(data):
    pipeline, shape = data.draw(branched())
    image = np.random.default_rng(data.draw(st.integers(0, 99))).uniform(-1, 1, shape).astype(np.float32)
    try:
        whole = pipeline.run(image)
    except fl.FilterLabError:
        assume(False)
    name = data.draw(st.sampled_from([node.name for node in pipeline.nodes]))
    place = [data.draw(st.integers(0, n - 1)) for n in (*whole[name].shape, 1, 1)[:3]]
    there = Explainer(pipeline, image).explain(name, *place)
    here = PartExplainer(pipeline, ArraySource(image)).explain(name, *place)
    assert (here.where, here.layer, here.rule, here.bias) == (
        there.where,
        there.layer,
        there.rule,
        there.bias,
    )
    assert [term.where for term in here.terms] == [term.where for term in there.terms]
    np.testing.assert_allclose(
        [here.value, *(term.value for term in here.terms)],
        [there.value, *(term.value for term in there.terms)],
        rtol=1e-5,
        atol=1e-5,
    )


def test_a_picture_of_any_size_is_read_where_the_value_sees_it():
    class Far:
        """A picture of a terabyte, whose pixels tell where they are."""

        shape = (1, 500_000, 500_000)

        def read(self, rows, cols):
            assert (rows[1] - rows[0]) * (cols[1] - cols[0]) < 100, "more is read than the value sees"
            found = np.arange(*rows)[:, None] % 64 + np.arange(*cols)[None] % 64 / 64
            return found[None].astype(np.float32)

    pipeline = fl.Pipeline([("mean", fl.Filter2d(fl.kernels.box(3))), ("pool", fl.MaxPool2d(2))])
    explainer = PartExplainer(pipeline, Far())
    found = account(explainer, "pool", 0, 200_010, 100_005).explanation
    assert [(term.where.row, term.where.col) for term in found.winners] == [(400_021, 200_011)]
    assert explainer.explain("image", 0, 400_021, 200_011).value == 21 + 11 / 64
    assert len(path(explainer, found.where)) == 2
    with pytest.raises(ParameterError, match="there is no row 500000"):
        explainer.explain("image", 0, 500_000, 0)
    with pytest.raises(ParameterError, match="larger than memory"):
        explainer.map("mean")
