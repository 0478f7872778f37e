"""Where a target lies over the picture that it was made from: a shift, to a fraction of a pixel.

First the whole pixels: the place where both pictures, their low and their highest frequencies taken out, correlate
best. Then the fraction, by least squares: a kernel that equals its image under rotation by 180 degrees cannot shift
anything, so the target is predicted with the best such kernel, and what is left is explained by the gradient of the
prediction (Lucas and Kanade 1981); the picture is resampled, and again, until nothing moves. The even kernel takes
blur, contrast and offset of the target into account, so that the shift is not biased by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from filterlab.errors import ShapeError
from filterlab.functional.arrays import Array, as_float, shape_text
from filterlab.functional.geometry import Pair
from filterlab.functional.threads import single_threaded_blas
from filterlab.learning.wishes import pairs_of_cells
from filterlab.text.messages import say

REACH = 10  # cells to either side that a resampled value is made of
SIDE = 512  # cells of the parts that are looked at
EVEN = 11  # side of the even kernel
RIDGE = 1e-7
TURNS = 20
MOVED = 5e-4  # pixels, below which a turn has settled
NEAREST = 0.005  # pixels: a fraction that is smaller, or within its error, counts as none
MOST_SNAP = 0.02
LEAST = 24  # cells of a side of the overlap
SHARE = 0.3  # of the smaller picture that must lie in the overlap
EVENLY = 0.95  # of what a kernel explains must be explained by an even one: an edge detector has no place of its own
SURE = 0.1  # pixels: the largest standard error of a shift that is trusted
PEAK = 6.0  # how far the best correlation must stand out, in standard deviations of all others
BESIDE = 12  # cells from the best place that count with it: a blur draws the best correlation out
EVENNESS = 1e-16  # contrast, squared, of what counts as one tone
RIVAL = 0.9  # a second place that correlates so well beside the best makes the answer ambiguous


@dataclass(frozen=True)
class Registration:
    """How a target lies over a picture: target[r] shows what the picture has at r - shift.

    shift: (rows, columns), positive where the content of the target lies further down and to the right; (-top, -left)
    for a target that was cropped. error: its standard error. found: whether it was found with confidence; else the
    shift is 0. sizes: of picture and target. reason: why none was found.
    """

    shift: tuple[float, float]
    error: tuple[float, float]
    found: bool
    sizes: tuple[Pair, Pair]
    reason: str = ""

    @property
    def whole(self) -> Pair:
        """The part of the shift in whole pixels, which chooses rows and columns."""
        return round(self.shift[0]), round(self.shift[1])

    @property
    def fraction(self) -> tuple[float, float]:
        """The rest, -0.5 to 0.5, by which the picture is resampled; 0 where it is too small to be told from that."""
        parts = []
        for shift, whole, error in zip(self.shift, self.whole, self.error, strict=True):
            least = min(max(NEAREST, 2 * error), MOST_SNAP)
            parts.append(shift - whole if abs(shift - whole) > least else 0.0)
        return parts[0], parts[1]

    @property
    def identity(self) -> bool:
        """Whether the pictures lie over each other as they are."""
        return self.whole == (0, 0) and self.fraction == (0.0, 0.0) and self.sizes[0] == self.sizes[1]

    @property
    def area(self) -> tuple[slice, slice]:
        """The rows and columns of the target that lie over the picture."""
        parts = zip(self.whole, self.fraction, *self.sizes, strict=True)
        rows, cols = (
            slice(max(w + REACH * (f != 0), 0), min(n + w - REACH * (f != 0), m)) for w, f, n, m in parts
        )
        return rows, cols

    @property
    def words(self) -> str:
        """The shift and the overlap in a sentence, or why there is none."""
        if not self.found:
            return say("no shift was found with confidence: {}", self.reason)
        rows, cols = self.area
        return say(
            "shift {}, {} (rows down, columns to the right); {} cells overlap",
            *(f"{value:.2f}" for value in self.shift),
            shape_text((rows.stop - rows.start, cols.stop - cols.start)),
        )

    def overlap(self, image: Array, target: Array) -> tuple[Array, Array]:
        """The picture (C, H, W), resampled, and the target where they overlap: one cell of both is one place.

        Raises ShapeError where nothing is left.
        """
        rows, cols = self.area
        if rows.stop - rows.start < 1 or cols.stop - cols.start < 1:
            raise ShapeError(say("picture and target do not overlap"), "registration", parameter="target")
        moved = resampled(image, self.fraction)
        places = []
        for part, whole, fraction in zip((rows, cols), self.whole, self.fraction, strict=True):
            first = part.start - whole - REACH * (fraction != 0)
            places.append(slice(first, first + part.stop - part.start))
        return moved[:, *places], target[:, rows, cols]


def find_shift(image: Any, target: Any) -> Registration:
    """How a target lies over the picture that it was made from; both (H, W) or (C, H, W).

    The mean of the channels is looked at. The target may be smaller (cropped), blurred, noisy, and of another
    contrast. All that shifts is found as one: a kernel that lies off its centre counts as a shift. The answer says
    `found` False where there is no single place, such as in an even or a periodic picture, or where the two have
    nothing in common. Raises ShapeError.
    """
    x, y = (_grey(a, name) for a, name in ((image, "picture"), (target, "target")))
    sizes = ((x.shape[0], x.shape[1]), (y.shape[0], y.shape[1]))
    nothing = partial(Registration, (0.0, 0.0), (np.inf, np.inf), False, sizes)
    if min(*x.shape, *y.shape) < LEAST:
        return nothing(say("the pictures are too small"))
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return nothing(say("the pictures hold NaN or infinity"))
    start = _whole_shift(x, y)
    if isinstance(start, str):
        return nothing(start)
    found = _refined(x, y, start)
    if found is None:
        return nothing(say("the target does not follow from the picture by any kernel that is centred"))
    shift, error = found
    # A fraction that is not resampled is not part of what is told either.
    made = Registration(shift, error, True, sizes)
    down, across = (whole + part for whole, part in zip(made.whole, made.fraction, strict=True))
    return Registration((down, across), error, True, sizes)


def _grey(picture: Any, name: str) -> Array:
    array = as_float(picture, "registration", name)
    if array.ndim not in (2, 3) or 0 in array.shape:
        what = say("the {} has shape {}", name, shape_text(array.shape))
        raise ShapeError(what, "registration", say("give (H, W) or (C, H, W)"), parameter=name)
    grey: Array = array.astype(np.float64) if array.ndim == 2 else array.mean(axis=0, dtype=np.float64)
    return grey


# -- whole pixels -------------------------------------------------------------------------------------


def _whole_shift(x: Array, y: Array) -> Pair | str:
    """The shift in whole pixels, or why there is none that stands out."""
    factor = -(-max(*x.shape, *y.shape) // (2 * SIDE))
    found = _best(_reduced(x, factor), _reduced(y, factor))
    if factor == 1 or isinstance(found, str):
        return found
    # Again in all pixels, of a part that is quick to look at.
    near = (found[0] * factor, found[1] * factor)
    part_x, part_y, offset = _parts(x, y, near, SIDE, 3 * factor)
    again = _best(part_x, part_y)
    return again if isinstance(again, str) else (again[0] + offset[0], again[1] + offset[1])


def _parts(x: Array, y: Array, shift: Pair, side: int, margin: int) -> tuple[Array, Array, Pair]:
    """A part of the target, at most `side` cells long, that of the picture around it, and what to add to their shift.

    Of the ends and the middle of each axis of the overlap, where the target varies most: a sky has no place.
    """
    sides = [(max(place, 0), min(n + place, m)) for place, n, m in zip(shift, x.shape, y.shape, strict=True)]
    rows, cols = (
        [slice(low, low + side) for low in sorted({first, (first + last - side) // 2, last - side})]
        if last - first > side
        else [slice(first, last)]
        for first, last in sides
    )
    chosen = max(product(rows, cols), key=lambda place: _variation(y[place]))
    around, offset = [], []
    for part, place, n in zip(chosen, shift, x.shape, strict=True):
        begin = max(part.start - place - margin, 0)
        around.append(slice(begin, min(part.stop - place + margin, n)))
        offset.append(part.start - begin)
    return x[around[0], around[1]], y[chosen], (offset[0], offset[1])


def _variation(picture: Array) -> float:
    """The sum of squared differences between neighbours."""
    return float(sum((np.diff(picture, axis=axis) ** 2).sum() for axis in (0, 1)))


def _reduced(picture: Array, factor: int) -> Array:
    """The means of squares of `factor` cells a side; what is over at the end is left out."""
    rows, cols = (n // factor for n in picture.shape)
    parts = picture[: rows * factor, : cols * factor].reshape(rows, factor, cols, factor)
    return parts.mean(axis=(1, 3))


def _best(x: Array, y: Array) -> Pair | str:
    """The shift at which two pictures correlate best, by normalised correlation over each overlap."""
    from scipy import fft

    a, b = _band(x), _band(y)
    if any((band**2).sum() <= EVENNESS * (whole**2).sum() for band, whole in ((a, x), (b, y))):
        return say("one of the pictures is even")
    size = [fft.next_fast_len(n + m, real=True) for n, m in zip(x.shape, y.shape, strict=True)]
    spectra = [fft.rfft2(part, size) for part in (a, a**2, np.ones_like(a), b, b**2, np.ones_like(b))]
    of_a, of_aa, of_xs, of_b, of_bb, of_ys = spectra
    product, left, right, cells = (
        fft.irfft2(target * picture.conj(), size)
        for target, picture in ((of_b, of_a), (of_ys, of_aa), (of_bb, of_xs), (of_ys, of_xs))
    )
    # Where one of the parts is nearly even, round-off of the transforms would correlate.
    enough = (cells > SHARE * min(x.size, y.size)) & (left * right > 1e-9 * (a**2).sum() * (b**2).sum())
    if not enough.any():
        return say("no place stands out")
    # The sign does not matter: a negative may be registered, too.
    score = np.where(enough, np.abs(product) / np.sqrt(np.where(enough, left * right, 1)), 0)
    best = np.unravel_index(score.argmax(), score.shape)
    top = score[best]
    if top < PEAK * np.sqrt(np.mean(score[enough] ** 2)) and top < RIVAL:
        return say("no place stands out")
    sides = [np.abs(np.arange(n) - p) for n, p in zip(size, best, strict=True)]
    around = [np.minimum(side, len(side) - side) for side in sides]
    far = np.maximum.outer(*around) > BESIDE
    if (score * far).max() > RIVAL * top:
        return say("several places fit as well")
    place = [int(p if p < m else p - n) for p, m, n in zip(best, y.shape, size, strict=True)]
    return place[0], place[1]


def _band(picture: Array) -> Array:
    """Differences of two blurs: without what varies slowly, as light does, and without the noise of single pixels."""
    from scipy.ndimage import gaussian_filter

    band: Array = gaussian_filter(picture, 1.0, mode="nearest") - gaussian_filter(
        picture, 4.0, mode="nearest"
    )
    return band


# -- fractions ----------------------------------------------------------------------------------------


def _refined(x: Array, y: Array, start: Pair) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The shift and its standard error, or None where they are not to be trusted."""
    x, y, offset = _parts(x, y, start, 2 * SIDE, REACH + BESIDE)
    shift = first = np.subtract(start, offset).astype(np.float64)
    before = np.inf
    for _ in range(TURNS):
        made = Registration((shift[0], shift[1]), (0.0, 0.0), True, (x.shape, y.shape))
        if min(part.stop - part.start for part in made.area) < LEAST:
            return None
        picture, target = (part[0] for part in made.overlap(x[None], y[None]))
        step, error, even = _step(picture, target)
        shift = np.array(made.whole) + made.fraction + step
        if np.abs(step).max() < MOVED or np.abs(step).max() > 2 * before:
            break
        before = np.abs(step).max()
    settled = np.abs(step).max() < SURE and np.abs(shift - first).max() < BESIDE
    trusted = settled and error.max() < SURE and even > EVENLY
    found = shift + offset
    if not trusted:
        return None
    return (float(found[0]), float(found[1])), (float(error[0]), float(error[1]))


def _step(x: Array, y: Array) -> tuple[Array, Array, float]:
    """How far the target still lies from the picture, the standard error, and how much of what a kernel can explain.

    The last is the share that the even kernel explains of what any kernel of its size does.
    """
    from filterlab.functional.conv.convolution import conv2d

    kernel, offset, even = _even_kernel(x, y)
    prediction = conv2d(x[None], kernel[None, None])[0] + offset
    edge = EVEN // 2
    rest = y[edge : y.shape[0] - edge, edge : y.shape[1] - edge] - prediction
    seen = rest[1:-1, 1:-1]
    down = (prediction[2:, 1:-1] - prediction[:-2, 1:-1]) / 2
    across = (prediction[1:-1, 2:] - prediction[1:-1, :-2]) / 2
    slopes = np.stack([down, across])
    curvature = np.einsum("aij,bij->ab", slopes, slopes)
    curvature += 1e-12 * max(np.trace(curvature), 1e-300) * np.eye(2)
    inverse = np.linalg.inv(curvature)
    step = -inverse @ np.einsum("aij,ij->a", slopes, seen)
    # Neighbouring residuals are alike where the kernel is not even; sums over blocks allow for that.
    blocks = np.stack([_sums(slope * seen) for slope in slopes])
    error = np.sqrt(np.diag(inverse @ (blocks @ blocks.T) @ inverse))
    return step, error, even


def _sums(map_: Array) -> Array:
    """The sums over 8 times 8 blocks."""
    rows, cols = (np.linspace(0, n, 9)[:-1].astype(int) for n in map_.shape)
    blocks: Array = np.add.reduceat(np.add.reduceat(map_, rows, axis=0), cols, axis=1)
    return blocks.reshape(-1)


def _even_kernel(x: Array, y: Array) -> tuple[Array, float, float]:
    """The kernel that equals its rotation by 180 degrees and predicts y from x best, its offset, and its share."""
    from filterlab.functional.conv.plan import plan_conv2d
    from filterlab.functional.normal_equations import normal_equations

    plan = plan_conv2d((1, 1, *x.shape), (1, 1, EVEN, EVEN), stride=1, dilation=1, groups=1, padding="valid")
    edge = EVEN // 2
    inner = y[None, None, edge : y.shape[0] - edge, edge : y.shape[1] - edge]
    zero, mean = np.zeros((1, 1, EVEN, EVEN)), np.array([x.mean()])
    sums = normal_equations(x[None, None], inner, plan, zero, np.zeros(1), mean, gram=True)
    assert sums.gram is not None, "it was asked for"
    gram = sums.gram - np.outer(sums.inputs, sums.inputs) / sums.count
    cross = sums.cross[0] - sums.errors[0] * sums.inputs / sums.count
    # A little ridge: frequencies that the picture does not have need not be predicted.
    gram += RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram))
    even = pairs_of_cells((EVEN, EVEN))
    with single_threaded_blas():  # its threads gain nothing on so few equations, and get in each other's way
        weights = even @ np.linalg.solve(even.T @ gram @ even, even.T @ cross)
        explained, possible = weights @ cross, np.linalg.solve(gram, cross) @ cross
    offset = (sums.errors[0] - weights @ sums.inputs) / sums.count - weights.sum() * mean[0]
    return weights.reshape(EVEN, EVEN), float(offset), float(explained / max(possible, 1e-300))


def resampled(picture: Array, fraction: tuple[float, float]) -> Array:
    """A picture (C, H, W) at places that lie `fraction` further up and left.

    An axis along which it moves loses REACH cells at either end. The weights are a sinc under a Kaiser window, which
    keeps frequencies below 0.4 cycles a pixel to about 1e-3.
    """
    from filterlab.functional.conv.convolution import conv2d

    moved = picture[:, None]
    for axis, part in enumerate(fraction):
        if part:
            places = np.arange(-REACH, REACH + 1) + part
            inside = np.clip(1 - (places / (REACH + 1)) ** 2, 0, None)
            taps = np.sinc(places) * np.i0(6 * np.sqrt(inside))
            kernel = (taps / taps.sum()).reshape((1, 1, -1, 1) if axis == 0 else (1, 1, 1, -1))
            moved = conv2d(moved, kernel.astype(picture.dtype))
    return moved[:, 0]
