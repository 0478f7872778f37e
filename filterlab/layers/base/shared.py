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
        description="Distance from one window to the next, in cells; the rows and columns between are skipped.",
    ),
]
# None and not a pair, so that the stride follows when the kernel size is changed, as in PyTorch.
PoolStride = Annotated[
    Pair | None,
    Pairs(minimum=1, slider=(1, 8), unit="cells", optional=True),
    Field(
        default=None,
        description="Distance from one window to the next, in cells; by default the kernel size.",
    ),
]
Dilation = Annotated[
    Pair,
    Pairs(minimum=1, slider=(1, 8), unit="cells"),
    Field(
        default=(1, 1),
        description="Distance between neighbouring cells of the kernel, in cells of the input.",
    ),
]
WindowPadding = Annotated[
    PaddingValue,
    Padding(minimum=0, slider=(0, 16), unit="cells"),
    Field(default=((0, 0), (0, 0)), description="Cells added around the input before the windows are laid."),
]
PaddingMode = Annotated[
    str,
    Choice(options=PADDING_MODES),
    Field(default="zeros", description="Which values the padding holds."),
]
PaddingFill = Annotated[
    float,
    Number(slider=(-1, 1)),
    Field(default=0.0, description='The value that the padding mode "constant" fills in.'),
]
CeilMode = Annotated[
    bool,
    Flag(),
    Field(default=False, description="Keep a last window that reaches beyond the end of the input."),
]
ChannelScale = Annotated[
    Array | None,
    Tensor(axes=("channels",), optional=True, absent=1.0),
    Field(default=None, description="Factor of each channel; 1 by default."),
]
ChannelBias = Annotated[
    Array | None,
    Tensor(axes=("channels",), optional=True),
    Field(default=None, description="Number added to each channel; 0 by default."),
]
Epsilon = Annotated[
    float,
    Number(minimum=0, slider=(0, 1e-2)),
    Field(
        default=1e-5, description="Added to the variance, so that constant maps do not cause a division by 0."
    ),
]
OutputSize = Annotated[
    tuple[int | None, int | None],
    Pairs(minimum=1, slider=(1, 64), unit="cells", gaps=True, start=7),
    Field(description="Height and width of the output; none keeps those of the input."),
]
Operation = Annotated[
    str,
    Switch(
        options=("cross-correlation", "convolution"),
        sentences=(
            "The kernel is applied as it is printed.",
            "The kernel is rotated by 180 degrees before it is applied.",
        ),
    ),
    Field(
        default="cross-correlation",
        description="Cross-correlation applies the kernel as it is; convolution rotates it by 180 degrees first.",
    ),
]
Groups = Annotated[
    int,
    Integer(minimum=1, slider=(1, 16), unit="groups"),
    Field(
        default=1,
        description="Number of groups that the channels are split into; groups do not see each other.",
    ),
]
BlockSize = Annotated[
    int,
    Integer(minimum=1, slider=(1, 8), unit="cells"),
    Field(description="Side of the block of cells that r * r channels make."),
]
