"""A mask painted on the spectrum."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array, shape_text
from filterlab.functional.filters.spectrum import EDGE
from filterlab.layers.base.derived import explain_by_gradient
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Arithmetic, Layer
from filterlab.layers.base.rules import sum_of_products
from filterlab.layers.base.window import Size, Window, need_size, whole_window
from filterlab.parameters import Number
from filterlab.text.messages import say

MOST = 1000  # notches or bands; each takes a pass over the spectrum


class SpectrumMask(Layer):
    """The spectrum times factors: notches and their mirrors take out grids and moiré, bands whole ranges of waves.

    The border is circular, as if the map was repeated on all sides.
    """

    key: ClassVar[str] = "spectrum_mask"
    title: ClassVar[str] = "Spectrum mask"
    search_words: ClassVar[str] = (
        "fourier fft frequency notch band stop pass grid moire descreen 频谱 傅里叶 陷波 带阻 网格 摩尔纹"
    )
    stem: ClassVar[str] = "spectrum"
    group: ClassVar[str] = "convolution"
    locally_linear: ClassVar[bool] = True

    notches: Annotated[
        Array | None,
        Tensor(axes=("notches", "u, v, radius, gain"), trainable=False, optional=True, absent=1.0),
        Field(
            default=None,
            description="Rows of u (along rows) and v (down columns), radius, gain; in cycles a pixel.",
        ),
    ]
    bands: Annotated[
        Array | None,
        Tensor(axes=("bands", "low, high, gain"), trainable=False, optional=True, absent=1.0),
        Field(default=None, description="Rows of lowest and highest frequency in any direction, and gain."),
    ]
    edge: Annotated[
        float,
        Number(minimum=0, maximum=1, slider=(0, 0.1), unit="cycles a pixel"),
        Field(default=EDGE, description="Width of the smooth edge around notches and bands."),
    ]

    def check(self) -> None:
        for name, columns in (("notches", 4), ("bands", 3)):
            shape = self.shape_of(name)
            if shape and (shape[1] != columns or shape[0] > MOST):
                what = say("{} has shape {}", name, shape_text(shape))
                hint = say("each row has {} number(s), and there are at most {} rows", columns, MOST)
                raise ParameterError(what, hint=hint, parameter=name)

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        height, width = need_size(sizes[0], type(self).__name__)
        return ((whole_window(height, height), whole_window(width, width)),)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        found = explain_by_gradient(self, xs, y, channel, row, col)
        # A mask adds nothing: what the products of a whole map leave is their round-off, and no bias.
        return sum_of_products(self.title, found.terms, 0.0, y[0, channel, row, col])
