"""What the spectrum of a blurred picture tells: its noise, the spectrum of the scene, and a good price of roughness."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.threads import check_wanted
from filterlab.restoration.blur import response_power
from filterlab.restoration.roughness import Roughness
from filterlab.restoration.transforms import waves

QUIET = 0.05  # the share of frequencies by which noise is estimated
TYPICAL = 1.5  # the order of the power law of most photographs
# No noise counts as smaller, as a part of the range of the picture: sums of so many products resolve no less.
FINEST = {4: 1e-4, 8: 1e-6}
# Of the power law of a scene, whose power falls as 1 / f^(2 order). Blurred pictures seem to fall faster than their
# scenes, and then too little would be expected at the frequencies that the blur has taken.
ORDERS = (0.5, 1.25)
PRICES = (
    -6.0,
    4.0,
)  # powers of ten, times the largest power that may be passed, among which a price is searched


class Periodogram:
    """The power of a blurred picture (height, width) at each frequency, in units of the variance of white noise.

    The picture is faded out towards its border (Hann), or its edges would leak into all frequencies.
    """

    def __init__(self, picture: Array, kernel: Array) -> None:
        shape = picture.shape
        fade = np.outer(*(np.hanning(n + 2)[1:-1] for n in shape))
        faded = (picture - np.average(picture, weights=fade)) * fade
        self.power: Array = np.abs(waves(faded)).ravel()[1:] ** 2 / np.square(fade).sum()
        self.passed: Array = response_power(kernel, shape).ravel()[1:]
        self.squares: Array = Roughness(shape, 1, True, np.float64).at_frequencies().ravel()[1:]
        self._loudest = float(np.abs(kernel).sum()) ** 2  # no frequency is passed with more power
        self.finest = FINEST[picture.itemsize] * (float(np.ptp(picture)) or 1.0)

    @cached_property
    def noise(self) -> float:
        """The standard deviation of white noise, from the frequencies at which the least is to be expected of a scene.

        The power of white noise is distributed exponentially, so its mean is the median / log 2; the median takes no
        notice of the few frequencies at which the scene shines through.
        """
        count = max(int(QUIET * self.passed.size), 1)
        quiet = np.argpartition(self.passed / self.squares**TYPICAL, count - 1)[:count]
        return float(np.sqrt(np.median(self.power[quiet]) / np.log(2)))

    def power_law(self, noise: float) -> tuple[float, float]:
        """(scale, order) of the spectrum scale / (D'D)^order of the scene that make this periodogram likeliest.

        Whittle's likelihood: the power at each frequency is exponential around passed * spectrum + noise^2.
        """
        from scipy import optimize  # here, so that the window need not wait for it when it starts

        logs = np.log(self.squares)

        def loss(values: Array) -> float:
            check_wanted()
            model = self.passed * np.exp(values[0] - np.clip(values[1], *ORDERS) * logs) + noise**2
            return float((np.log(model) + self.power / model).mean())

        begin = np.array([np.log(max((self.power * self.squares).mean(), noise**2)), 1.0])
        found = optimize.minimize(loss, begin, method="Nelder-Mead", options={"xatol": 1e-2, "fatol": 1e-6})
        return float(np.exp(found.x[0])), float(np.clip(found.x[1], *ORDERS))

    def cross_validated(self) -> float:
        """The price of squared differences that predicts each value best from the others.

        Generalised cross-validation (Golub, Heath and Wahba 1979): the mean squared residual over the square of the
        mean share of each value that its own restoration leaves.
        """

        from scipy import optimize

        # Values that a constant picture does not have are as small as round-off, which has no best price.
        power = np.maximum(self.power, self.finest**2)

        def score(exponent: float) -> float:
            check_wanted()
            price = 10.0**exponent * self._loudest * self.squares
            left = price / (self.passed + price)
            return float(np.log((left**2 * power).mean()) - 2 * np.log(left.mean()))

        exponents = np.arange(PRICES[0], PRICES[1] + 0.25, 0.5)
        best = exponents[int(np.argmin([score(e) for e in exponents]))]
        found = optimize.minimize_scalar(
            score, bounds=np.clip((best - 0.5, best + 0.5), *PRICES), method="bounded"
        )
        return float(10.0**found.x) * self._loudest
