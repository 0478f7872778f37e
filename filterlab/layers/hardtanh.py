"""Hard hyperbolic tangent."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.errors import ParameterError
from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Number
from filterlab.text.messages import say


class Hardtanh(Elementwise):
    """min(max(x, min_val), max_val), as torch.nn.Hardtanh."""

    key: ClassVar[str] = "hardtanh"
    title: ClassVar[str] = "Hard tanh"
    search_words: ClassVar[str] = "activation 激活 激活函数"
    locally_linear: ClassVar[bool] = True

    min_val: Annotated[
        float,
        Number(slider=(-4, 4)),
        Field(default=-1.0, description="Smallest value of the output."),
    ]

    max_val: Annotated[
        float,
        Number(slider=(-4, 4)),
        Field(default=1.0, description="Largest value of the output."),
    ]

    def check(self) -> None:
        if self.max_val <= self.min_val:
            what = say("max_val {} does not exceed min_val {}", self.max_val, self.min_val)
            raise ParameterError(what, hint="give a larger one", parameter="max_val")

    def limits(self) -> tuple[float, float]:
        return self.min_val, self.max_val

    def written(self, x: float, channel: int) -> Written:
        return "min(max({x}, {low}), {high})", {"low": self.min_val, "high": self.max_val}
