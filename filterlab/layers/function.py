"""Elementary functions of every value."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.functional.arithmetic import FUNCTIONS
from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Choice

_WRITTEN = {
    "sqrt": "√({x})",
    "exp": "exp({x})",
    "log": "ln({x})",
    "negative": "−({x})",
    "reciprocal": "1/{x}",
    "square": "{x}^2",
    "floor": "⌊{x}⌋",
    "ceil": "⌈{x}⌉",
}


class Function(Elementwise):
    """A function of each value by itself: square root, exponential, logarithm, rounding ..."""

    key: ClassVar[str] = "function"
    title: ClassVar[str] = "Function"
    search_words: ClassVar[str] = "exp log sqrt power 函数 指数 对数 平方根"
    group: ClassVar[str] = "arithmetic"

    function: Annotated[
        str,
        Choice(options=tuple(FUNCTIONS)),
        Field(default="square", description="Which function."),
    ]

    @property
    def locally_linear(self) -> bool:  # type: ignore[override]
        """True for the change of sign, and for functions that are constant but for their steps."""
        return self.function in ("negative", "sign", "floor", "ceil", "round")

    def written(self, x: float, channel: int) -> Written:
        return _WRITTEN.get(self.function, f"{self.function}({{x}})"), {}
