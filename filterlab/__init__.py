"""FilterLab: image filtering, and convolution understood.

Importing this package is quick: layers, pictures and compiled loops are loaded when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Names that live in one module each; every layer class is found in `filterlab.layers` besides.
_HOMES = {
    "Evaluator": "filterlab.pipeline",
    "FilterLabError": "filterlab.errors",
    "Node": "filterlab.pipeline",
    "Pipeline": "filterlab.pipeline",
    "classifier": "filterlab.pipeline.classifier",
    "fit_kernel": "filterlab.pipeline.fitting",
    "learn": "filterlab.pipeline.learning",
    "read_classes": "filterlab.pipeline.labelled",
    "read_image": "filterlab.images",
    "suggest_rate": "filterlab.pipeline.curvature",
    "train_classifier": "filterlab.pipeline.training",
    "write_image": "filterlab.images",
}
_MODULES = ("batch", "functional", "images", "kernels", "layers", "pipeline")

if TYPE_CHECKING:
    from filterlab import functional as functional
    from filterlab import kernels as kernels
    from filterlab.errors import FilterLabError as FilterLabError
    from filterlab.images import read_image as read_image
    from filterlab.images import write_image as write_image
    from filterlab.pipeline import Evaluator as Evaluator
    from filterlab.pipeline import Node as Node
    from filterlab.pipeline import Pipeline as Pipeline
    from filterlab.pipeline.classifier import classifier as classifier
    from filterlab.pipeline.curvature import suggest_rate as suggest_rate
    from filterlab.pipeline.fitting import fit_kernel as fit_kernel
    from filterlab.pipeline.labelled import read_classes as read_classes
    from filterlab.pipeline.learning import learn as learn
    from filterlab.pipeline.training import train_classifier as train_classifier


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    layers = importlib.import_module(f"{__name__}.layers")
    try:
        return getattr(layers, name)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None


def __dir__() -> list[str]:
    layers = importlib.import_module(f"{__name__}.layers")
    return sorted([*_HOMES, *_MODULES, "__version__", *dir(layers)])
