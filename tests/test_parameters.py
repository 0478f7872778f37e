"""Declared parameters: what they accept, what they refuse in words, and how a schema describes them."""

from __future__ import annotations

import inspect
from math import inf

import jsonschema
import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import ParameterError
from filterlab.learning import options
from filterlab.learning.descent.optimizers import OPTIMIZER, OPTIMIZERS
from filterlab.learning.descent.schedules import SCHEDULE, SCHEDULES
from filterlab.parameters import (
    Choice,
    Flag,
    Integer,
    Number,
    NumberPair,
    Pairs,
    Parameter,
    bind,
    settings,
)

SHARE = Number(minimum=0, maximum=1, open_maximum=True)
OPEN = Number(minimum=0, maximum=1, open_minimum=True, open_maximum=True)


@pytest.mark.parametrize(
    ("kind", "value", "normal"),
    [
        (Integer(), np.int16(3), 3),
        (Integer(odd=True), 5, 5),
        (Integer(maximum=inf), 2**80, 2**80),
        (Integer(optional=True), None, None),
        (Number(), np.float32(0.5), 0.5),
        (Number(), 2, 2.0),
        (SHARE, 0, 0.0),
        (NumberPair(minimum=0), [1, 2], (1.0, 2.0)),
        (Flag(), np.True_, True),
        (Choice(options=("a", "b")), "b", "b"),
        (Pairs(), 3, (3, 3)),
        (Pairs(), np.array([3, 4]), (3, 4)),
        (Pairs(gaps=True), (None, 4), (None, 4)),
    ],
)
def test_a_value_is_read_into_its_one_normal_form(kind, value, normal):
    found = kind.read(value, "x")
    assert found == normal
    assert type(found) is type(normal)


@pytest.mark.parametrize(
    ("kind", "value", "rule"),
    [
        (Integer(minimum=1), 0, "a whole number, at least 1"),
        (Integer(maximum=10**9), 10**10, "a whole number, at most 1000000000"),
        (Integer(), 2**31, "no number larger than 2147483647"),
        (Integer(odd=True, minimum=1, maximum=9), 4, "an odd whole number, 1 to 9"),
        (Integer(), True, "a whole number"),
        (Number(), np.nan, "a number, any finite value"),
        (Number(minimum=0, open_minimum=True), 0, "a number, above 0"),
        (Number(minimum=0, open_minimum=True), np.inf, r"it must be a finite number, above 0\)"),
        (Number(maximum=5), -np.inf, "a finite number, at most 5"),
        (Number(minimum=0), "inf", "be a number, at least 0"),
        (NumberPair(minimum=0), (1, np.inf), "two finite numbers, each at least 0"),
        (Number(minimum=0, open_minimum=True, maximum=np.inf), 0, r"a number, above 0\)"),
        (Number(maximum=1, open_maximum=True), 1, "a number, below 1"),
        (Number(minimum=0, open_minimum=True, maximum=1), 0, "a number, above 0, at most 1"),
        (SHARE, 1, "a number, at least 0 and below 1"),
        (OPEN, 0, "a number, above 0 and below 1"),
        (NumberPair(minimum=0), (1, -1), "two numbers, each at least 0"),
        (NumberPair(), 1.0, "two numbers"),
        (Flag(), 1, "true or false"),
        (Choice(options=("a", "b")), "c", "one of a, b"),
        (Pairs(minimum=1), (1, 2, 3), r"a whole number or \(height, width\), at least 1"),
    ],
)
def test_other_values_are_refused_with_the_rule(kind, value, rule):
    with pytest.raises(ParameterError, match=f"where: x is .*{rule}") as caught:
        Parameter("x", kind, "Doc.").read(value, "where")
    assert caught.value.parameter == "x"


@pytest.mark.parametrize(
    ("kind", "legal", "illegal"),
    [
        (Integer(minimum=1, odd=True), 3, 4),
        (Integer(optional=True), None, "x"),
        (OPEN, 0.5, 1),
        (NumberPair(minimum=0), [0, 1], [0]),
        (Pairs(minimum=1), [1, 2], [0, 2]),
        (Flag(), False, 0),
    ],
)
def test_the_schema_draws_the_same_line(kind, legal, illegal):
    schema = Parameter("x", kind, "Doc.").schema()
    jsonschema.validate(legal, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(illegal, schema)


DECLARED = (
    Parameter("a", Integer(), "Some number.", required=True),
    Parameter("b", Flag(), "On or off.", False),
)


def test_arguments_are_bound_and_completed_by_defaults():
    assert settings(DECLARED, bind(DECLARED, (3,), {}, "f"), "f") == {"a": 3, "b": False}


@pytest.mark.parametrize(
    ("args", "given", "message"),
    [
        ((1, True, 2), {}, "f: 3 parameters given .*allowed: a, b"),
        ((1,), {"a": 2}, "f: a is given twice"),
        ((1,), {"bb": 2}, "f: there is no parameter 'bb' .*did you mean 'b'"),
        ((), {}, "f: a is missing .*Some number. Give a whole number"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(args, given, message):
    with pytest.raises(ParameterError, match=message):
        bind(DECLARED, args, given, "f")


def test_the_defaults_of_learn_are_those_that_are_declared():
    declared = (OPTIMIZER, SCHEDULE, options.LOSS, options.RATE, options.STEPS, options.SEED, options.BATCH)
    signature = inspect.signature(fl.learn).parameters
    for parameter in (*declared, options.CROP):
        assert signature[parameter.name].default == parameter.default, parameter.name


def test_every_default_of_an_option_is_allowed():
    declared = [p for kind in (*OPTIMIZERS.values(), *SCHEDULES.values()) for p in kind.options]
    for parameter in declared:
        assert parameter.read(parameter.default, "learn") == parameter.default
