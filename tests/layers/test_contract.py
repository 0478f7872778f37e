"""What every layer type promises, tried on each: the registry gives the types, their test files the cases."""

from __future__ import annotations

import importlib
import json
import math
import pickle

import jsonschema
import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import GradientError
from filterlab.layers import Layer, layer_types
from filterlab.layers.base.block import Block
from filterlab.layers.base.kinds import Padding, Tensor
from filterlab.layers.base.schema import file_schema
from filterlab.parameters import Integer, Number, Pairs
from filterlab.run import files

TYPES = layer_types()


def _module(key):
    return importlib.import_module(f"tests.layers.test_{key}")


CASES = [pytest.param(case, id=f"{key}-{i}") for key in TYPES for i, case in enumerate(_module(key).CASES)]
every_case = pytest.mark.parametrize("case", CASES)
every_case_with_gradient = pytest.mark.parametrize(
    "case", [param for param in CASES if param.values[0].layer.differentiable]
)
every_case_without = pytest.mark.parametrize(
    "case", [param for param in CASES if not param.values[0].layer.differentiable]
)
every_type = pytest.mark.parametrize("kind", TYPES.values(), ids=list(TYPES))


@every_type
def test_it_says_what_it_is(kind):
    assert kind.key
    assert kind.title
    assert kind.stem
    assert kind.group
    assert kind.__doc__.strip()
    for parameter in kind.declarations():
        assert parameter.doc.endswith("."), parameter.name
        assert parameter.kind.editor, parameter.name
        if isinstance(parameter.kind, (Integer, Pairs, Padding)) and parameter.name != "axis":
            assert parameter.kind.unit, parameter.name


@every_type
def test_sliders_lie_within_the_legal_range(kind):
    for parameter in kind.declarations():
        if isinstance(parameter.kind, (Integer, Number, Pairs, Padding)):
            low, high = parameter.kind.slider
            assert low < high
            assert parameter.kind.minimum is None or low >= parameter.kind.minimum
            assert parameter.kind.maximum is None or high <= parameter.kind.maximum


@every_type
def test_wrong_values_are_named(kind):
    module = _module(kind.key)
    whole = module.CASES[0].layer.raw()
    numeric = [p for p in kind.declarations() if not isinstance(p.kind, Tensor)]
    assert not numeric or module.WRONG, "the test file tries no wrong value"
    for name, value in module.WRONG:
        with pytest.raises(fl.FilterLabError) as caught:
            kind(**{**whole, name: value})
        assert caught.value.parameter == name
        assert kind.__name__ in str(caught.value)
        assert caught.value.hint


@every_type
def test_it_starts_with_sensible_values(kind):
    maps = (3, 32, 32)
    for shape in (maps, (8, 15, 20), (1, 1, 1)):
        layer = kind.starter(*[shape] * kind.arity[0], seed=1)
        assert type(layer) is kind
    inputs = [(40,) if kind is fl.Linear else maps] * kind.arity[0]
    layer = kind.starter(*inputs, seed=1)
    y = layer.forward(*[np.ones((1, *shape), np.float32) for shape in inputs])
    assert y.shape == (1, *layer.output_shape(*inputs))
    assert kind.starter() == kind.starter()


@every_type
def test_an_unknown_parameter_is_refused(kind):
    with pytest.raises(fl.FilterLabError, match="no parameter 'sieve'"):
        kind(sieve=1)


@every_type
def test_every_parameter_refuses_what_is_no_value_at_all(kind):
    whole = _module(kind.key).CASES[0].layer.raw()
    for parameter in kind.declarations():
        for nonsense in (object(), {"no": "recipe"}, [[1, 2], [3]], math.nan):
            with pytest.raises(fl.FilterLabError) as caught:
                kind(**{**whole, parameter.name: nonsense})
            assert caught.value.parameter == parameter.name


@pytest.fixture(scope="module")
def schema():
    """What checks documents by the schema of files, which is long: `jsonschema.validate` would check it each time."""
    found = file_schema()
    kind = jsonschema.validators.validator_for(found)
    kind.check_schema(found)
    return kind(found)


@every_case
def test_file_round_trip(case, schema):
    pipeline = fl.Pipeline([fl.Node("a", case.layer, ["image"] * len(case.shapes))])
    document = json.loads(files.to_text(pipeline))
    schema.validate(document)
    back = files.from_dict(document)
    assert back == pipeline
    assert back["a"].params() == case.layer.params()


@every_case
def test_it_is_a_value(case):
    layer = case.layer
    again = pickle.loads(pickle.dumps(layer))
    assert again == layer
    assert hash(again) == hash(layer)
    assert layer.replace() == layer
    with pytest.raises(Exception, match="frozen|immutable"):
        layer.title_of_someone_else = 1
    for array in layer.trainable().values():
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@every_case
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_declared_shape_and_dtype(case, dtype, rng):
    y = case.layer.forward(*case.inputs(rng, 2, dtype))
    assert y.shape == (2, *case.layer.output_shape(*case.shapes))
    assert y.dtype == dtype


@every_case
def test_a_batch_is_its_pictures_one_by_one(case, rng):
    xs = case.inputs(rng, 3)
    whole = case.layer.forward(*xs)
    for i in range(3):
        alone = case.layer.forward(*[x[i : i + 1] for x in xs])
        np.testing.assert_allclose(whole[i : i + 1], alone, rtol=1e-12, atol=1e-12)


@every_case
def test_the_layout_of_its_inputs_in_memory_changes_nothing(case, rng):
    xs = case.inputs(rng, 2, np.float32)
    laid = [np.asfortranarray(x) for x in xs]
    y = case.layer.forward(*xs)
    # Some products of matrices are summed in another order then.
    np.testing.assert_allclose(case.layer.forward(*laid), y, rtol=1e-5, atol=1e-4)
    rectified = case.layer.prepared(
        np.float32, *(x.shape for x in xs), then=[fl.ReLU().pointwise(np.float32)]
    )
    np.testing.assert_allclose(rectified(*laid), fl.ReLU().forward(y), rtol=1e-5, atol=1e-4)


@every_case
def test_inputs_are_left_as_they_were(case, rng):
    xs = case.inputs(rng, 2)
    before = [x.copy() for x in xs]
    y = case.layer.forward(*xs)
    if case.layer.differentiable:
        case.layer.backward(np.ones_like(y), xs, y)
    for x, old in zip(xs, before, strict=True):
        np.testing.assert_array_equal(x, old)


@every_case_with_gradient
def test_gradients_against_central_differences(case, rng):
    xs = case.inputs(rng, 2)
    y = case.layer.forward(*xs)
    dy = rng.standard_normal(y.shape)
    found = case.layer.backward(dy, xs, y)
    assert len(found.inputs) == len(xs)
    for i, x in enumerate(xs):
        assert found.inputs[i].shape == x.shape
        want = _differences(lambda moved, i=i: case.layer.forward(*xs[:i], moved, *xs[i + 1 :]), x, dy)
        np.testing.assert_allclose(found.inputs[i], want, rtol=1e-5, atol=1e-6)
    assert set(found.parameters) == set(case.layer.trainable())
    for name, array in case.layer.trainable().items():
        want = _differences(
            lambda moved, name=name: case.layer.replace(**{name: moved}).forward(*xs), array.astype(float), dy
        )
        np.testing.assert_allclose(found.parameters[name], want, rtol=1e-5, atol=1e-5, err_msg=name)


@every_case_without
def test_a_layer_without_a_gradient_is_refused_by_name(case, rng):
    xs = case.inputs(rng)
    with pytest.raises(GradientError, match="it has no gradient") as refused:
        case.layer.backward(np.ones_like(case.layer.forward(*xs)), xs, case.layer.forward(*xs))
    assert type(case.layer).__name__ in str(refused.value)


@every_case_with_gradient
def test_it_is_straight_between_kinks_where_it_says_so(case, rng):
    xs = case.inputs(rng)
    moves = [rng.uniform(-1e-4, 1e-4, x.shape) for x in xs]
    there, here, back = (
        case.layer.forward(*(x + way * move for x, move in zip(xs, moves, strict=True))) for way in (1, 0, -1)
    )
    bent = np.abs(there - 2 * here + back).max() > 1e-12 * max(np.abs(here).max(), 1)
    assert bent != case.layer.locally_linear


@every_case_with_gradient
def test_parts_of_the_gradients_are_those_of_the_whole(case, rng):
    xs = case.inputs(rng, 2)
    y = case.layer.forward(*xs)
    dy = rng.standard_normal(y.shape)
    whole = case.layer.backward(dy, xs, y)
    parameters = case.layer.parameter_gradients(dy, xs, y)
    assert set(parameters) == set(whole.parameters)
    for name, gradient in parameters.items():
        np.testing.assert_allclose(gradient, whole.parameters[name], rtol=1e-12, atol=1e-12)
    for mine, all_of_it in zip(case.layer.input_gradients(dy, xs, y), whole.inputs, strict=True):
        np.testing.assert_allclose(mine, all_of_it, rtol=1e-12, atol=1e-12)


@every_case
def test_exchanging_arrays_is_replacing_them(case, rng):
    arrays = {name: array + 0.25 for name, array in case.layer.trainable().items()}
    before = {name: array.copy() for name, array in case.layer.trainable().items()}
    changed, replaced = case.layer.with_arrays(arrays), case.layer.replace(**arrays)
    assert type(changed) is type(case.layer)
    assert changed == replaced
    xs = case.inputs(rng)
    np.testing.assert_array_equal(changed.forward(*xs), replaced.forward(*xs))
    for name, array in case.layer.trainable().items():
        np.testing.assert_array_equal(array, before[name])


def _differences(function, x, dy, step=1e-5):
    gradient = np.zeros_like(x, dtype=float)
    for index in np.ndindex(x.shape):
        high, low = x.copy(), x.copy()
        high[index] += step
        low[index] -= step
        gradient[index] = ((function(high) - function(low)) * dy).sum() / (2 * step)
    return gradient


@every_case
def test_the_declared_window_is_what_moves(case, rng):
    """Moving one cell of the input moves those outputs whose window holds it, and no others."""
    xs = case.inputs(rng)
    sizes = [_size(shape) for shape in case.shapes]
    windows = case.layer.windows(*sizes)
    rest = case.layer.forward(*xs)
    out_size = _size(rest.shape[1:])
    for number, size in enumerate(sizes):
        sees = _moves(case.layer, xs, number, rest, size, out_size)
        declared, inside = _declared(windows[number], size, out_size)
        strange = (sees & ~declared).any(axis=(2, 3))
        assert not (strange & inside if case.border else strange).any(), "a cell moves more than declared"
        if not case.loose:
            # Cut off by the border, a dilated window may end in a gap; whole windows are exact.
            np.testing.assert_array_equal(_hull(sees)[:, inside], _hull(declared)[:, inside])


def _size(shape):
    return (shape[1], shape[2]) if len(shape) == 3 else (1, 1)


def _moves(layer, xs, number, rest, size, out_size):
    """Which cell (row, col) of an input moves which output (row, col), in any channel: bool [i, j, row, col]."""
    sees = np.zeros((*out_size, *size), bool)
    for row, col in np.ndindex(size):
        for by in (-7.3, 7.1):
            moved = xs[number].copy().reshape(1, -1, *size)
            moved[:, :, row, col] += by * np.linspace(1, 1.5, moved.shape[1])
            y = layer.forward(*xs[:number], moved.reshape(xs[number].shape), *xs[number + 1 :])
            with np.errstate(invalid="ignore"):
                changed = (y != rest) & ~(np.isnan(y) & np.isnan(rest))
            sees[:, :, row, col] |= changed.reshape(-1, *out_size).any(axis=0)
    return sees


def _declared(window, size, out_size):
    """Which cells each output declares, and which outputs declare none beyond the border."""
    lines, inside = [], []
    for axis in range(2):
        i = np.arange(out_size[axis])[:, None]
        cells = np.arange(size[axis])
        first, stop = window[axis].first(i), window[axis].stop(i)
        lines.append((first <= cells) & (cells < stop))
        inside.append(((first >= 0) & (stop <= size[axis]))[:, 0])
    return lines[0][:, None, :, None] & lines[1][None, :, None, :], np.logical_and.outer(*inside)


def _hull(sees):
    """First and last row and column that each output sees; -1 where it sees none."""
    rows, cols = sees.any(axis=3), sees.any(axis=2)
    ends = []
    for line in (rows, cols):
        n = line.shape[2]
        seen = line.any(axis=2)
        ends.append(np.where(seen, line.argmax(axis=2), -1))
        ends.append(np.where(seen, n - 1 - line[:, :, ::-1].argmax(axis=2), -1))
    return np.array(ends)


@every_case
def test_the_declared_channels_are_what_moves(case, rng):
    """Moving an input channel moves the output channels that say they read it, and no others."""
    xs = case.inputs(rng)
    rest = case.layer.forward(*xs)
    for number, x in enumerate(xs):
        moves = np.zeros((rest.shape[1], x.shape[1]), bool)
        for channel in range(x.shape[1]):
            for by in (-7.3, 7.1):
                moved = x.copy()
                # By other amounts from cell to cell: a normalisation does not see that all grow alike.
                moved[:, channel] += by * np.linspace(0.5, 1, moved[:, channel].size).reshape(
                    moved[:, channel].shape
                )
                y = case.layer.forward(*xs[:number], moved, *xs[number + 1 :])
                moves[:, channel] |= (y != rest).reshape(1, rest.shape[1], -1).any(axis=(0, 2))
        outputs = np.eye(rest.shape[1], dtype=bool)
        declared = [case.layer.channels_read(output, number, case.shapes) for output in outputs]
        np.testing.assert_array_equal(moves, declared)


@every_case
def test_rearranged_cells_are_those_that_are_copied(case, rng):
    xs, shape = case.inputs(rng), case.shapes[0]
    y = case.layer.forward(*xs)
    for index in np.ndindex(y.shape[1:]):
        block = case.layer.rearranged(Block.single(y.shape[1:], (*index, 0, 0)[:3]), shape)
        assert (block is not None) == (type(case.layer).rearranged is not Layer.rearranged)
        if block is not None:
            assert [mask.sum() for mask in block] == [1, 1, 1]
            place = [int(np.flatnonzero(mask)[0]) for mask in block][: len(shape)]
            assert xs[0][(0, *place)] == y[(0, *index)]


@every_case
def test_the_terms_add_up_to_the_value(case, rng):
    xs = case.inputs(rng)
    y = case.layer.forward(*xs)
    positions = [np.unravel_index(k, y.shape[1:]) for k in {0, y.size // 2, y.size - 1}]
    for position in positions:
        channel, row, col = (*map(int, position), 0, 0)[:3]
        found = case.layer.explain(xs, y, channel, row, col)
        assert found.value == y[(0, *position)]
        assert found.terms or found.value == pytest.approx(found.bias)
        for term in found.terms:
            _check_term(term, xs)
        if found.terms and found.terms[0].product is not None:
            total = math.fsum(term.product for term in found.terms) + found.bias
            assert total == pytest.approx(found.value, rel=1e-6, abs=1e-6)


def _check_term(term, xs):
    cell = term.where
    if not cell.padding:
        x = xs[cell.node][0]
        assert term.value == (x[cell.channel, cell.row, cell.col] if x.ndim == 3 else x[cell.channel])
    if term.product is not None and term.weight:
        assert term.product == term.value * term.weight


@every_case
def test_pipelines_check_and_count(case):
    names = [f"x{i}" for i in range(len(case.shapes))]
    assert case.layer.parameter_count() == sum(a.size for a in case.layer.trainable().values())
    assert case.layer.macs(case.shapes, case.layer.output_shape(*case.shapes)) >= 0
    assert len(names) >= case.layer.arity[0]
    assert type(case.layer).__name__ in repr(case.layer)


def test_a_layer_says_that_it_does_not_change_and_what_to_do():
    layer = fl.MaxPool2d(2)
    with pytest.raises(fl.FilterLabError, match="make another"):
        layer.stride = 3
    assert layer.stride is None
