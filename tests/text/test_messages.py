"""Sentences that remember what they were made from."""

from __future__ import annotations

import pickle

import pytest

from filterlab.text.messages import Message, count, numbered, say

GERMAN = {
    "{0} is {1}": "{1} ist {0}",
    "a whole number": "eine ganze Zahl",
    "height": "Höhe",
    "width": "Breite",
}


def german(text):
    return GERMAN.get(text, text)


def test_a_sentence_reads_as_english():
    assert say("{} is {!r:.5}, not {:,}", "name", "abcdefgh", 12345) == "name is 'abcd, not 12,345"


def test_a_template_without_values_may_hold_braces():
    assert say('give {"preset": ...}') == 'give {"preset": ...}'


def test_numbered_fields_stand_for_one_value_several_times():
    assert say("{0} / {1} and {0}", 1, 2) == "1 / 2 and 1"


@pytest.mark.parametrize(("template", "values"), [("{} and {}", (1,)), ("{}", (1, 2)), ("none", (1,))])
def test_as_many_values_as_fields(template, values):
    with pytest.raises((AssertionError, IndexError)):
        say(template, *values)


def test_values_move_with_their_fields_in_another_language():
    assert say("{} is {}", "x", 3).translated(german) == "3 ist x"


def test_sentences_words_and_lists_in_fields_are_translated_too():
    assert say("{} is {}", "size", say("a whole number")).translated(german) == "eine ganze Zahl ist size"
    assert say("{} is {}", "height, width", 2).translated(german) == "2 ist Höhe, Breite"


def test_two_sentences_after_each_other_stay_sentences():
    for joined in (say("{} is {}", 1, 2) + ": " + say("a whole number"), "" + say("{} is {}", 1, 2)):
        assert isinstance(joined, Message)
        assert joined.translated(german).startswith("2 ist 1")


def test_what_stands_in_a_field_may_hold_braces():
    assert say("{} is {}", "{0}", "{").translated(german) == "{ ist {0}"


def test_one_and_many():
    assert count(1, "{} channel", "{} channels") == "1 channel"
    assert count(1234, "{} channel", "{} channels") == "1,234 channels"


def test_sentences_cross_between_processes():
    sent = say("{} is {}", "x", say("a whole number"))
    back = pickle.loads(pickle.dumps(sent))
    assert back == sent
    assert back.translated(german) == "eine ganze Zahl ist x"


def test_what_translators_see():
    assert numbered("{!r} is {:,} of {{x}}") == "{0} is {1} of {{x}}"


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1 number for 2 classes"), (0, "0 numbers for 2 classes"), (1001, "1,001 numbers for 2 classes")],
)
def test_words_agree_with_the_number_before_them(number, text):
    assert say("{:,} number(s) for {} class(es)", number, 2) == text


def test_a_language_without_plurals_needs_no_marks():
    assert (
        say("{} number(s)", 1).translated(lambda text: {"{0} number(s)": "{0} 个数"}.get(text, text))
        == "1 个数"
    )


def test_words_that_are_not_translated_agree_all_the_same():
    assert say("{} number(s)", 1).translated(lambda text: text) == "1 number"
