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
from filterlab.explain.provenance import influence_in_part
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


def test_the_kernel_and_the_field_at_a_value_are_those_in_the_whole_picture():
    rng = np.random.default_rng(2)
    image = rng.uniform(-1, 1, (2, 40, 50)).astype(np.float32)
    pipeline = fl.Pipeline(
        [
            ("conv", fl.Conv2d(rng.standard_normal((3, 2, 3, 3)), padding=1, padding_mode="reflect")),
            ("relu", fl.ReLU()),
            ("pool", fl.MaxPool2d(2)),
        ]
    )
    source = ArraySource(image)
    for place in ((0, 0, 0), (1, 9, 11), (2, 19, 24)):
        whole, part = (pipeline.local_kernel(picture, "pool", *place) for picture in (image, source))
        np.testing.assert_array_equal(part.kernel, whole.kernel)
        assert (part.region, part.value, part.bias) == (whole.region, whole.value, whole.bias)
        seen, top, left = influence_in_part(pipeline, source, "pool", place)
        laid = np.zeros((40, 50), np.float32)
        laid[top : top + seen.shape[0], left : left + seen.shape[1]] = seen
        np.testing.assert_array_equal(laid, pipeline.provenance(image, "pool", *place).influence)


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
