"""Limiting values to a range."""

from __future__ import annotations

from math import inf
from typing import Annotated, Any, ClassVar

from pydantic import Field

from filterlab.errors import ParameterError
from filterlab.layers.base.layer import Shape
from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Number


class Clamp(Elementwise):
    """min(max(x, min), max); a limit left out does not apply. Where min exceeds max, all values are max."""

    key: ClassVar[str] = "clamp"
    title: ClassVar[str] = "Clamp"
    search_words: ClassVar[str] = "clip limit 截断 裁剪数值 限幅"
    locally_linear: ClassVar[bool] = True

    min: Annotated[
        float | None,
        Number(slider=(-1, 1), optional=True),
        Field(default=None, description="Smallest value of the output."),
    ]
    max: Annotated[
        float | None,
        Number(slider=(-1, 1), optional=True),
        Field(default=None, description="Largest value of the output."),
    ]

    @classmethod
    def starting_values(cls, *shapes: Shape, seed: int = 0) -> dict[str, Any]:
        # Both limits have no default, and `check` wants one of them: the range of a picture is a start that is legal.
        return {"min": 0.0, "max": 1.0}

    def check(self) -> None:
        if self.min is None and self.max is None:
            raise ParameterError("neither min nor max is given", hint="give one of them", parameter="min")

    def limits(self) -> tuple[float, float]:
        return -inf if self.min is None else self.min, inf if self.max is None else self.max

    def written(self, x: float, channel: int) -> Written:
        template, limits = "{x}", {}
        if self.min is not None:
            template, limits["low"] = f"max({template}, {{low}})", self.min
        if self.max is not None:
            template, limits["high"] = f"min({template}, {{high}})", self.max
        return template, limits
