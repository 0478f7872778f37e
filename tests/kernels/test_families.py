"""Banks of kernels keep to their parameters, and a steerable kernel at any angle is the stated sum of its bank."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlab as fl
from filterlab import kernels
from filterlab.errors import ParameterError
from filterlab.kernels.families import FAMILIES


@settings(max_examples=20, deadline=None)
@given(
    order=st.sampled_from("1234"), angles=st.integers(1, 9), scales=st.integers(1, 3), side=st.integers(6, 15)
)
def test_any_angle_is_the_stated_sum_of_the_bank(order, angles, scales, side):
    bank = kernels.bank("steerable", size=side, order=order, angles=angles, scales=scales)
    assert bank.kernels.shape == (scales * (int(order) + 1), side, side)
    mixed = np.tensordot(bank.mixing, bank.kernels.astype(float), 1)
    for place, (angle, made) in enumerate(zip(bank.steered, mixed, strict=True)):
        sigma = bank.recipes[place // angles * (int(order) + 1)]["sigma"]
        wanted = kernels.steerable(side, theta=angle, order=order, sigma=sigma)
        np.testing.assert_allclose(made, wanted, atol=1e-6)


def test_the_weights_are_those_of_freeman_and_adelson():
    # At sizes at which the scale of the named kernels hardly depends on the angle.
    first = kernels.bank("steerable", size=61, order="1", angles=8)
    np.testing.assert_allclose(first.mixing, [[np.cos(a), np.sin(a)] for a in first.steered], atol=2e-2)
    second = kernels.bank("steerable", size=61, order="2", angles=5)
    turned = np.subtract.outer(second.steered, [0, np.pi / 3, 2 * np.pi / 3])
    np.testing.assert_allclose(second.mixing, (1 + 2 * np.cos(2 * turned)) / 3, atol=2e-2)


def test_the_formula_of_an_angle_names_the_kernels_that_it_takes():
    bank = kernels.bank("steerable", order="1", angles=4)
    assert bank.formulas()[0] == "G(0°) = 1.0000·G(0°)"
    assert bank.formulas()[3].startswith("G(135°) = −0.6944·G(0°) + 0.6944·G(90°)")
    assert kernels.bank("gabor").formulas() == []


def test_a_gabor_bank_has_every_angle_at_every_scale():
    bank = kernels.bank("gabor", size=21, angles=6, scales=3, ratio=1.5, pairs=True)
    assert len(bank.recipes) == 36
    sigmas = sorted({recipe["sigma"] for recipe in bank.recipes})
    np.testing.assert_allclose(np.divide(sigmas[1:], sigmas[:-1]), 1.5, rtol=1e-5)
    assert sigmas[-1] == pytest.approx(21 / 6)
    assert len({recipe["theta"] for recipe in bank.recipes}) == 6


def test_a_bank_is_a_convolution_that_stays_recipes_in_the_file():
    bank = kernels.bank("gabor", angles=3)
    pipe = fl.Pipeline([("bank", fl.Conv2d(weight=bank.weight(3), padding="same"))])
    assert "preset" in pipe.to_text()
    assert fl.Pipeline.from_text(pipe.to_text()) == pipe
    np.testing.assert_array_equal(pipe["bank"].weight[:, 1], bank.kernels)


def test_unknown_families_and_parameters_are_named():
    with pytest.raises(ParameterError, match="did you mean gabor"):
        kernels.bank("gabors")
    with pytest.raises(ParameterError, match="family 'gabor'.*angels"):
        kernels.bank("gabor", angels=3)
    for family in FAMILIES.values():
        assert family.doc.endswith(".")
        assert all(p.doc.endswith(".") for p in family.parameters)
        assert len(family().recipes) > 1


def test_an_order_may_be_given_as_a_number():
    found, wanted = (kernels.bank("steerable", order=order).kernels for order in (3, "3"))
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(ParameterError, match="order is 5"):
        kernels.bank("steerable", order=5)
