"""The exhibits of the galleries: samples and examples, each with a title and a line of text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from filterlab.gui.words.i18n import tr
from filterlab.resources import examples, samples


@dataclass(frozen=True)
class Exhibit:
    """A file, its title and a line about it. sample: the picture that suits an example pipeline; None for pictures."""

    path: Path
    title: str
    words: str
    sample: Path | None = None


def sample_exhibits() -> list[Exhibit]:
    """The sample pictures."""
    return [Exhibit(path, tr(spelled(name)), tr("Sample picture")) for name, path in samples().items()]


def example_exhibits() -> list[Exhibit]:
    """The example pipelines, the simplest first, each with a sample picture that it can process."""
    words = _words()
    found = examples()
    names = [*(name for name in words if name in found), *(name for name in found if name not in words)]
    pictures = samples()
    exhibits = []
    for name in names:
        title, text, sample = words.get(name, (spelled(name), tr("Example pipeline"), "chelsea"))
        exhibits.append(Exhibit(found[name], title, text, pictures[sample]))
    return exhibits


def spelled(name: str) -> str:
    """A file name as a title: "hubble_deep_field" becomes "Hubble deep field"."""
    return name.replace("_", " ").replace("-", " ").capitalize()


def _words() -> dict[str, tuple[str, str, str]]:
    """The title, text and sample picture of each example, in the order in which a beginner should meet them."""
    # A function and not a constant: the texts are in the language of the window, which can change.
    return {
        "edges": (tr("Edges"), tr("Sobel across and down, and their magnitude"), "coffee"),
        "blur-sharpen": (
            tr("Blur and sharpen"),
            tr("A Gaussian blur, and the detail it removed added back"),
            "chelsea",
        ),
        "emboss": (tr("Emboss"), tr("One kernel that lights the picture from a corner"), "astronaut"),
        "pooling-comparison": (tr("Pooling"), tr("Maximum, mean and other pooling side by side"), "chelsea"),
        "rgb-to-grey": (tr("RGB to grey"), tr("1 × 1 convolutions that mix channels"), "rocket"),
        "keep-edges": (
            tr("Keep edges"),
            tr("Gaussian, median, bilateral and guided filter side by side"),
            "noisy_camera",
        ),
        "canny-edges": (tr("Canny edges"), tr("From the gradient to edges one cell wide"), "coffee"),
        "document": (tr("Black and white"), tr("Text under uneven light, by two thresholds"), "text"),
        "laplacian-pyramid": (
            tr("Laplacian pyramid"),
            tr("A picture in bands of detail, and put together again"),
            "coffee",
        ),
        "gabor-bank": (tr("Gabor bank"), tr("Stripes in every direction"), "brick"),
        "lenet-like": (tr("LeNet"), tr("A small classic network, untrained"), "text"),
        "tiny-vgg-like": (tr("Tiny VGG"), tr("The network of CNN Explainer, untrained"), "coffee"),
        "inception-block": (
            tr("Inception block"),
            tr("Four branches joined, with 1 × 1 reduction"),
            "astronaut",
        ),
        "inception-block-no-reduction": (
            tr("Inception, unreduced"),
            tr("The same without 1 × 1 convolutions: compare the multiply-adds"),
            "astronaut",
        ),
        "kernel-to-learn": (
            tr("A kernel to learn"),
            tr("Random weights: choose a target under Learn"),
            "camera",
        ),
        "denoiser": (tr("Denoiser"), tr("Three layers, learned from six photographs"), "noisy_camera"),
        "denoiser-untrained": (
            tr("Denoiser, untrained"),
            tr("The same with random weights, to be learned"),
            "noisy_camera",
        ),
        "digits": (tr("Digits"), tr("Reads handwritten digits, 98 % of them correctly"), "digit_2"),
        "digits-untrained": (
            tr("Digits, untrained"),
            tr("The same with random weights, to be learned"),
            "digit_2",
        ),
        "vgg16": (tr("VGG-16"), tr("A deep network, untrained: takes a while"), "chelsea"),
    }
