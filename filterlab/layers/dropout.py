"""Dropout, which does nothing in a trained network."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.prepared import Place
from filterlab.layers.base.layer import Arithmetic, Gradients
from filterlab.layers.base.rules import at, copied
from filterlab.layers.base.terms import Where
from filterlab.layers.families.elementwise import Elementwise
from filterlab.parameters import Number


class Dropout(Elementwise):
    """x itself: dropout acts in training only, and stands here so that networks keep their form."""

    key: ClassVar[str] = "dropout"
    title: ClassVar[str] = "Dropout"
    search_words: ClassVar[str] = "regularisation 暂退法 丢弃法 随机失活 正则化"
    group: ClassVar[str] = "normalization"
    locally_linear: ClassVar[bool] = True

    p: Annotated[
        float,
        Number(minimum=0, maximum=1, slider=(0, 1)),
        Field(
            default=0.5, description=("Probability that training would have set a value to 0; not used here.")
        ),
    ]

    def forward(self, *xs: Array) -> Array:
        return xs[0]

    def placed(self, dtype: Any) -> Place:
        return lambda space, x: (x, ())

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((dy,), {})

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        return copied(self.title, xs[0], Where(0, channel, row, col), y[at(y, channel, row, col)])
