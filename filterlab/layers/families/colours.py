"""The base of the layers that express colours in another space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic, Layer, need_channels
from filterlab.layers.base.symbols import equation
from filterlab.layers.base.terms import Term, Where

# A formula with the fields {name}, the numbers of these, and the symbols of names that are no letters.
Written = tuple[str, Mapping[str, Any], Mapping[str, str]]


class ColourSpace(Layer):
    """Base of layers from three channels to three, at each cell by itself. `letters` names those of the input."""

    group: ClassVar[str] = "colour"
    per_channel: ClassVar[bool] = False
    letters: ClassVar[str] = "rgb"

    def output_channels(self, *channels: int) -> int:
        need_colours(channels[0], self)
        return 3

    def written(self, values: Sequence[float], channel: int) -> Written:
        """The formula of one channel of the output for the three values of the input."""
        raise NotImplementedError(type(self).__name__)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        cells = [Where(0, c, row, col) for c in range(3)]
        values = [float(xs[0][0, c, row, col]) for c in range(3)]
        template, numbers, symbols = self.written(values, channel)
        result = y[0, channel, row, col]
        terms = tuple(Term(value, None, None, cell) for value, cell in zip(values, cells, strict=True))
        # In the dtype of the map, as digits beyond it are none of the value's.
        letters = dict(zip(self.letters, map(y.dtype.type, values), strict=True))
        formula = equation(template, {**letters, **numbers}, result, symbols)
        return Arithmetic(
            self.title, terms, 0.0, float(result), "other", formula=formula, constants=dict(numbers)
        )


def need_colours(channels: int, layer: Layer) -> None:
    """Raise ChannelError unless a layer is given three channels."""
    need_channels(channels, 3, layer, "it takes the three channels of a colour")
