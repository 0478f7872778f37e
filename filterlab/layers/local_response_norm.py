"""Local response normalisation, of AlexNet and GoogLeNet."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base import Gradients, Layer
from filterlab.layers.kinds import Integer, Number


class LocalResponseNorm(Layer):
    """x / (k + alpha / size * sum of x^2 over `size` channels around)^beta; Krizhevsky et al. 2012."""

    key: ClassVar[str] = "local_response_norm"
    title: ClassVar[str] = "Local response normalisation"
    stem: ClassVar[str] = "lrn"
    group: ClassVar[str] = "normalization"
    per_channel: ClassVar[bool] = False

    size: Annotated[
        int,
        Integer(minimum=1, slider=(1, 15), unit="channels", start=5),
        Field(description="Neighbouring channels that are summed."),
    ]
    alpha: Annotated[
        float, Number(slider=(0, 1e-2)), Field(default=1e-4, description="Factor of the sum of squares.")
    ]
    beta: Annotated[float, Number(slider=(0, 2)), Field(default=0.75, description="Exponent of the divisor.")]
    k: Annotated[float, Number(slider=(0, 5)), Field(default=1.0, description="Added to the sum of squares.")]

    def _options(self) -> dict[str, Any]:
        return {"size": self.size, "alpha": self.alpha, "beta": self.beta, "k": self.k}

    def forward(self, *xs: Array) -> Array:
        return F.local_response_norm(xs[0], **self._options())

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.local_response_norm_backward(dy, xs[0], **self._options()),), {})
