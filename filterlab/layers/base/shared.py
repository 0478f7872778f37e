"""Fields that several layer types share, with their words."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import PADDING_MODES, Pair
from filterlab.layers.base.kinds import Padding, PaddingValue, Tensor
from filterlab.parameters import Choice, Flag, Integer, Number, Pairs, Switch

KernelSize = Annotated[
    Pair,
    Pairs(minimum=1, slider=(1, 31), unit="cells", start=2),
    Field(description="Height and width of the window."),
]
Stride = Annotated[
    Pair,
    Pairs(minimum=1, slider=(1, 8), unit="cells"),
    Field(
        default=(1, 1),
        description="Cells from one window to the next; rows and columns between are not visited.",
    ),
]
PoolStride = Annotated[
    Pair | None,
    Pairs(minimum=1, slider=(1, 8), unit="cells", optional=True),
    Field(default=None, description="Cells from one window to the next; left out, the kernel size."),
]
Dilation = Annotated[
    Pair,
    Pairs(minimum=1, slider=(1, 8), unit="cells"),
    Field(default=(1, 1), description="Cells from one tap of the kernel to the next."),
]
WindowPadding = Annotated[
    PaddingValue,
    Padding(minimum=0, slider=(0, 16), unit="cells"),
    Field(default=((0, 0), (0, 0)), description="Cells added around the input before the windows are laid."),
]
PaddingMode = Annotated[
    str,
    Choice(options=PADDING_MODES),
    Field(default="zeros", description="What the cells beyond the border hold."),
]
PaddingFill = Annotated[
    float,
    Number(slider=(-1, 1)),
    Field(default=0.0, description='The number that the padding mode "constant" puts.'),
]
CeilMode = Annotated[
    bool,
    Flag(),
    Field(default=False, description="Keep a last window that sticks out beyond the end."),
]
ChannelScale = Annotated[
    Array | None,
    Tensor(axes=("channels",), optional=True, absent=1.0),
    Field(default=None, description="A factor for each channel; left out, 1."),
]
ChannelBias = Annotated[
    Array | None,
    Tensor(axes=("channels",), optional=True),
    Field(default=None, description="A number added to each channel; left out, 0."),
]
Epsilon = Annotated[
    float,
    Number(minimum=0, slider=(0, 1e-2)),
    Field(default=1e-5, description="Added to the variance, so that flat maps do not divide by 0."),
]
OutputSize = Annotated[
    tuple[int | None, int | None],
    Pairs(minimum=1, slider=(1, 64), unit="cells", gaps=True, start=7),
    Field(description="Height and width of the output; none keeps that of the input."),
]
Operation = Annotated[
    str,
    Switch(
        options=("cross-correlation", "convolution"),
        sentences=(
            "The kernel is laid on the picture as it is printed.",
            "The kernel is turned by 180 degrees before it is laid on the picture.",
        ),
    ),
    Field(
        default="cross-correlation",
        description="Cross-correlation lays the kernel as it is; convolution turns it by 180 degrees first.",
    ),
]
Groups = Annotated[
    int,
    Integer(minimum=1, slider=(1, 16), unit="groups"),
    Field(default=1, description="Channels are split into so many groups that do not see each other."),
]
BlockSize = Annotated[
    int,
    Integer(minimum=1, slider=(1, 8), unit="cells"),
    Field(description="Side of the block of cells that r * r channels make."),
]
