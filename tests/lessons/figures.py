"""The figures in the words of a lesson: equations that must hold, and numbers that must come from somewhere.

A number comes from the facts of the lesson, from what its step shows (numbers, settings, shapes), or from an equation
in the same words. What is neither is named.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Collection, Iterator

import numpy as np

from filterlab.lessons import scene
from filterlab.run.files import to_dict

FEW = 100  # numbers of a weight or a picture that a text may speak of one by one

NUMBER = r"[-−]?\d+(?:[ \u00a0]\d{3}(?!\d))*(?:\.\d+)?"
_NAMES = re.compile(r"[A-Za-z][A-Za-z]*[-_/]?\d[\w/-]*|\d[a-z]/\S*")  # conv1, VGG-16, 3a/output
_WORD = r"(?: (?!and )[a-z]+| ?[个格][\u4e00-\u9fff]*)?"  # a unit, as in "3 channels × 9 cells + 1 bias"
_OPEN, _CLOSE = r"[(⌊⌈]*", r"[)⌋⌉]*"
_TERM = rf"{_OPEN}(?:\d+(?:[ \u00a0]\d{{3}}(?!\d))*(?:\.\d+)?){_WORD}{_CLOSE}"
EQUATION = re.compile(rf"(?<![\w.])({_TERM}(?: ?[-+−×·/] ?{_TERM})+) = ({NUMBER})( ?%)?")
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}

# Of facts: the losses of the first and the last step are two figures, and not the ends of a range.
_TWO_FIGURES = ("losses", "gradient", "map")

Basis = tuple[np.ndarray, list[tuple[float, float]]]


def plain(text: str) -> str:
    """Without marks of Markdown and names with numbers in them."""
    return _NAMES.sub("", re.sub(r"[*`]", "", text))


def value(written: str) -> float:
    """−12 800.5 as a number."""
    return float(re.sub(r"[ \u00a0]", "", written).replace("−", "-"))


def decimals(written: str) -> int:
    """How many digits stand behind the point."""
    return len(written.partition(".")[2])


def agree(written: str, real: float, *, rounded: bool = False) -> bool:
    """Whether a number is what is real, to the digits written; whole numbers are exact if they are not `rounded`."""
    places = decimals(written)
    slack = 0.5 * 10**-places if places or rounded else 0
    return abs(value(written) - real) <= slack + 1e-6


def result(expression: str) -> float:
    """What an expression in the signs of the lessons comes to."""
    text = re.sub(r" ?[a-z]+| ?[\u4e00-\u9fff]+", "", expression)
    text = re.sub(r"(?<=\d)[ \u00a0](?=\d{3}(?!\d))", "", text)
    for sign, plain_sign in (("−", "-"), ("×", "*"), ("·", "*"), ("⌋", ")"), ("⌉", ")")):
        text = text.replace(sign, plain_sign)
    text = text.replace("⌊", "_floor(").replace("⌈", "_ceil(")
    while text.count("(") > text.count(")"):
        text = text.replace("(", "", 1)  # of the sentence
    return _evaluated(ast.parse(text.strip(), mode="eval").body)


def _evaluated(node: ast.expr) -> float:
    if isinstance(node, ast.Constant):
        return float(node.value)
    if isinstance(node, ast.Call):
        rounding = {"_floor": math.floor, "_ceil": math.ceil}[node.func.id]
        return float(rounding(_evaluated(node.args[0])))
    assert isinstance(node, ast.BinOp), ast.dump(node)
    return _OPERATORS[type(node.op)](_evaluated(node.left), _evaluated(node.right))


def equations(text: str) -> list[tuple[str, str, str]]:
    """(expression, result, the sign of per cent or nothing) as they are written."""
    return EQUATION.findall(plain(text))


def numbers(text: str) -> list[str]:
    """All numbers as they are written; a dash or minus between two is no sign."""
    apart = re.sub(r"(?<=\d)[–×/](?=\d)| [−/] ", " ; ", plain(text).replace("\u00a0", " "))
    return re.findall(rf"(?<![A-Za-z0-9_.]){NUMBER}", apart)


def step_texts(step) -> Iterator[object]:
    """The prediction, words, question and answer of a step, as they are read."""
    if step.predict is not None:
        yield step.predict.text
        yield from (choice.text for choice in step.predict.choices)
        yield step.predict.hint
    yield step.text
    if step.question is not None:
        yield step.question.text
        yield step.question.answer


def known(lesson, index: int) -> Basis:
    """(values, ranges): the numbers of the facts and of what the step shows; pairs in facts may be ranges.

    An answer may speak of what the next step shows, so its settings count as well.
    """
    shown = scene(lesson, index)
    shapes = shown.pipeline.output_shapes(shown.pixels.shape)
    found = [len(shown.pipeline), *shown.pixels.shape, *(n for shape in shapes.values() for n in shape)]
    found += shown.pixels.ravel().tolist() if shown.pixels.size <= FEW else []
    for place in range(index, min(index + 2, len(lesson.steps))):
        found += _settings(scene(lesson, place).pipeline)
    ranges: list[tuple[float, float]] = []
    for step in lesson.steps:
        for fact in [*step.claims, *step.untrue]:
            found += _flat(fact)
            ranges += _pairs(fact)
    step = lesson.steps[index]
    found += _flat(step.learn.model_dump()) if step.learn is not None else []
    return np.array(found, np.float64), ranges


def _settings(pipeline) -> list[float]:
    settings = [_flat(s) for node in to_dict(pipeline)["nodes"] for s in node.get("params", {}).values()]
    return [number for numbers in settings if len(numbers) <= FEW for number in numbers]


def _flat(content: object) -> list[float]:
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, (list, tuple)):
        return [number for item in content for number in _flat(item)]
    return [float(content)] if isinstance(content, (int, float)) and not isinstance(content, bool) else []


def _pairs(content: object) -> list[tuple[float, float]]:
    if isinstance(content, dict):
        items = [item for key, item in content.items() if key not in _TWO_FIGURES]
        return [pair for item in items for pair in _pairs(item)]
    if not isinstance(content, (list, tuple)):
        return []
    if len(content) == 2 and all(isinstance(item, (int, float)) for item in content):
        return [(content[0], content[1])]
    return [pair for item in content for pair in _pairs(item)]


def unfounded(lesson, given: Collection[str] = ()) -> list[str]:
    """What the words of a lesson say and nothing bears out. given: numbers as written that may stand so."""
    found = []
    for index, step in enumerate(lesson.steps):
        basis = known(lesson, index)
        for words in step_texts(step):
            for text in (words.en, words.zh_CN):
                found += [
                    f"lesson '{lesson.name}', step {index + 1}: {doubt}"
                    for doubt in doubts(text, basis, given)
                ]
    return found


def doubts(text: str, basis: Basis, given: Collection[str] = ()) -> Iterator[str]:
    """What one text says and `basis`, as `known` gives it, does not bear out."""
    values, ranges = basis
    derived = []
    for expression, written, percent in equations(text):
        real = result(expression) * (100 if percent else 1)
        derived += [real, *(value(number) for number in re.findall(NUMBER, expression))]
        if agree(written, real, rounded=bool(percent)):
            derived.append(value(written))
        else:
            yield f"{expression} = {written} is really {real:g}"
    pool = np.concatenate([values, derived])
    for written in numbers(text):
        if written not in given and not _borne_out(written, pool, ranges):
            yield f"where does {written} come from?"


def _borne_out(written: str, pool: np.ndarray, ranges: list[tuple[float, float]]) -> bool:
    if any(agree(written, real) for real in pool):
        return True
    scales = (1e-6, 1e-4, 1e-8, 100)  # millions, 万, 亿, per cent
    if any(agree(written, real * scale, rounded=scale < 1) for scale in scales for real in pool):
        return True
    return any(low <= value(written) / scale <= high for low, high in ranges for scale in (1, 100))
