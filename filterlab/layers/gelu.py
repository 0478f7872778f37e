"""Gaussian error linear unit."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from filterlab.functional.activations import placed
from filterlab.functional.prepared import Place
from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Choice


class GELU(Elementwise):
    """x times the normal distribution's cumulative function at x; Hendrycks and Gimpel 2016."""

    key: ClassVar[str] = "gelu"
    title: ClassVar[str] = "GELU"
    search_words: ClassVar[str] = "activation 激活 激活函数"

    approximate: Annotated[
        str,
        Choice(options=("none", "tanh")),
        Field(default="none", description="The exact function, or its approximation by tanh."),
    ]

    def placed(self, dtype: Any) -> Place | None:
        return placed("gelu_tanh" if self.approximate == "tanh" else "gelu", dtype)

    def written(self, x: float, channel: int) -> Written:
        if self.approximate == "tanh":
            return "{x}/2·(1 + tanh(√(2/π)·({x} + 0.044715·{x}^3)))", {}
        return "{x}·Φ({x})", {}
