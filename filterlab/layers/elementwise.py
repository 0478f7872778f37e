"""What the layers share that change value by value: maps and vectors alike, their shape kept."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.base import Layer, Shape


class Elementwise(Layer):
    """Base of activations and other layers whose output has the shape of their input."""

    group: ClassVar[str] = "activation"

    def output_shape(self, *shapes: Shape) -> Shape:
        return shapes[0]
