"""How far a restored value is to be trusted: the standard deviation of its error.

    variance(x) = mean over frequencies f of  1 / (seen(x) |k(f)|^2 / noise^2 + 1 / spectrum(f))

This is the error of the linear estimate of least mean square error (Wiener), where the scene has the power law
spectrum that was estimated from the picture and the noise is white; seen(x) is the share of the squared weights by
which the windows of the picture see a pixel: 1 inside, less at the border. It holds for the chosen noise, and counts
both the noise that comes through and the detail that is lost.

It leaves out errors of the kernel and of the border model, clipped values, doubts about the pixels beyond the border,
and the place: flat areas are better and edges worse than the mean that it gives, and a picture that is small or half
empty may be off by a factor of two. Methods that know more than a spectrum, such as total variation, are usually
better; ones that were stopped early or told another strength may be worse.
"""

from __future__ import annotations

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.restoration.blur import Blur
from filterlab.restoration.iterating import Task

LEVELS = 9  # shares of windows for which the variance is worked out; between them it is interpolated
LEAST_SEEN = 0.02


def uncertainty_of(task: Task) -> Array:
    """The standard deviation of the error at each pixel of a task's picture, (height, width), in its dtype."""
    blur, spectrum = task.blur, task.spectrum
    scale, order = spectrum.power_law(task.noise)
    prior = spectrum.squares**order / scale
    squares = Blur(blur.kernel**2, blur.shape, blur.border, blur.dtype)
    seen = squares.adjoint(np.ones_like(task.picture))[blur.place] / np.square(blur.kernel).sum()
    levels = np.linspace(max(float(seen.min()), LEAST_SEEN), max(float(seen.max()), LEAST_SEEN), LEVELS)
    variances = [float((1 / (level * spectrum.passed / task.noise**2 + prior)).mean()) for level in levels]
    return np.sqrt(np.interp(seen, levels, variances)).astype(task.picture.dtype)
