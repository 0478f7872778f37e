"""Pictures that were blurred as a camera does it, for tests of restorations."""

from __future__ import annotations

import numpy as np

import filterlab as fl
import filterlab.functional as F
from filterlab.resources import samples

MOTION = np.fliplr(np.eye(9)) / 9  # length 9 at 45 degrees


def sample(name: str, side: int = 0) -> np.ndarray:
    """The first channel of a sample picture, (1, H, W), or a square of it, away from the sky."""
    picture = fl.read_image(samples()[name])[:1]
    return picture[:, 100 : 100 + side, 180 : 180 + side] if side else picture


def rounded(picture: np.ndarray) -> np.ndarray:
    """The picture as a file of 8 bits holds it."""
    return (np.round(np.clip(picture, 0, 1) * 255) / 255).astype(np.float32)


def photographed(scene: np.ndarray, kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rounded picture of a scene that a camera saw through the blur, and the part of the scene in its place."""
    weights = np.broadcast_to(kernel, (len(scene), 1, *kernel.shape))
    picture = F.conv2d(scene, weights, groups=len(scene))
    top, left = ((k - 1) // 2 for k in kernel.shape)
    return rounded(picture), scene[:, top : top + picture.shape[1], left : left + picture.shape[2]]


def psnr(picture: np.ndarray, truth: np.ndarray) -> float:
    """The peak signal-to-noise ratio in dB, for a range of 1; values that no file could hold are clipped."""
    return float(-10 * np.log10(np.square(np.clip(picture, 0, 1) - truth, dtype=np.float64).mean()))


def border_ratio(picture: np.ndarray, truth: np.ndarray, width: int = 9) -> float:
    """The root mean square error of the outer pixels over that of the inner ones."""
    squares = np.square(np.clip(picture, 0, 1) - truth, dtype=np.float64)
    inner = squares[..., width:-width, width:-width]
    outer = (squares.sum() - inner.sum()) / (squares.size - inner.size)
    return float(np.sqrt(outer / inner.mean()))
