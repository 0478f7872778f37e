"""The blur as a linear operator between a scene and the picture of it, with its exact adjoint.

The border decides what the scene is. A camera sees more than its picture: each pixel is a sum over a window of the
scene, and windows at the border reach beyond it. So with the border "unknown" the scene is larger than the picture, by
the size of the kernel less one, and the picture is the "valid" part of its blur. Any other border is a padding mode:
the scene has the size of the picture, and its windows see what `functional.pad` shows them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.conv.convolution import conv2d, conv2d_input_backward
from filterlab.functional.conv.plan import ConvOptions
from filterlab.restoration.transforms import good_length, waves

FAINT = 0.1  # the sum of a kernel's weights relative to that of their magnitudes, below which it is no blur


class Blur:
    """The blur of one channel by a cross-correlation kernel (kh, kw); scenes and pictures are (height, width).

    scene_shape: of the scene. place: where the picture lies in it, as slices.
    """

    def __init__(self, kernel: Array, shape: tuple[int, int], border: str, dtype: Any) -> None:
        self.dtype, self._weight = dtype, kernel.astype(dtype)[None, None]
        self.kernel, self.shape, self.border = kernel.astype(np.float64), shape, border
        extra = [k - 1 for k in kernel.shape] if border == "unknown" else [0, 0]
        seen = tuple(n + e for n, e in zip(shape, extra, strict=True))
        # Pixels that no window sees cost little, and transforms of a scene of a good size take a third of the time.
        grown = [good_length(n) for n in seen] if border == "unknown" else seen
        self.scene_shape: tuple[int, int] = (grown[0], grown[1])
        self._seen = tuple(slice(0, n) for n in seen)
        self.place = tuple(slice(e // 2, e // 2 + n) for n, e in zip(shape, extra, strict=True))
        mode = "zeros" if border == "unknown" else border
        self._options: ConvOptions = {
            "padding": "valid" if border == "unknown" else "same",
            "padding_mode": mode,
        }
        self._model = np.zeros((1, *seen), dtype)
        # How much the kernel amplifies what it passes best, which of a blur is the mean: 1.
        self.gain = float(np.sqrt(response_power(kernel, kernel.shape).max()))

    def forward(self, scene: Array) -> Array:
        """The picture of a scene."""
        return conv2d(scene[self._seen][None], self._weight, **self._options)[0]

    def adjoint(self, picture: Array) -> Array:
        """The transposed operator: what each pixel of the scene gets back from the windows that see it."""
        back = conv2d_input_backward(picture[None], self._model, self._weight, **self._options)[0]
        if back.shape == self.scene_shape:
            return back
        scene = np.zeros(self.scene_shape, back.dtype)
        scene[self._seen] = back
        return scene

    def start(self, picture: Array) -> Array:
        """A scene to begin with: the picture in its place and its border repeated around it, as bright as the scene.

        A kernel that sums to nearly zero, as those that find edges, tells little of how bright it is: it begins at 0.
        """
        sides = [(s.start, n - s.stop) for s, n in zip(self.place, self.scene_shape, strict=True)]
        total, size = self.kernel.sum(), np.abs(self.kernel).sum()
        factor = 1 / total if abs(total) > FAINT * size else 0.0
        return np.pad(picture * picture.dtype.type(factor), sides, mode="edge")

    def power(self) -> Array:
        """The squared magnitudes of the kernel's response at the frequencies of `rfft2` of a scene, in float64."""
        return response_power(self.kernel, self.scene_shape)


def response_power(kernel: Array, shape: tuple[int, int]) -> Array:
    """The squared magnitudes of a kernel's frequency response at the frequencies of `rfft2` of a picture of a shape."""
    room = np.zeros(shape)
    # A kernel larger than the picture is wound around it, as a circular blur would do.
    rows, cols = (np.arange(k) % n for k, n in zip(kernel.shape, shape, strict=True))
    np.add.at(room, np.ix_(rows, cols), kernel)
    return np.abs(waves(room)) ** 2
