"""FilterLab: image filtering, and convolution understood.

Importing this package is quick: layers, pictures and compiled loops are loaded when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Names that live in one module each; every layer class is found in `filterlab.layers` besides.
_HOMES = {
    "Evaluator": "filterlab.run",
    "FilterLabError": "filterlab.errors",
    "Node": "filterlab.graph",
    "Pipeline": "filterlab.pipeline",
    "classifier": "filterlab.pipeline",
    "import_onnx": "filterlab.pipeline",
    "export_onnx": "filterlab.pipeline",
    "find_shift": "filterlab.learning.fit.registering",
    "fit_kernel": "filterlab.learning.fit.fitting",
    "learn": "filterlab.learning.descent.learning",
    "map_blocks": "filterlab.run.tiling.blocks",
    "read_classes": "filterlab.learning.classify.labelled",
    "read_image": "filterlab.images",
    "restore": "filterlab.restoration.restoring",
    "restore_steps": "filterlab.restoration.restoring",
    "suggest_rate": "filterlab.learning.descent.curvature",
    "tidy": "filterlab.run.tidy",
    "to_pytorch": "filterlab.pipeline",
    "train_classifier": "filterlab.pipeline",
    "write_image": "filterlab.images",
}
_MODULES = ("batch", "functional", "images", "kernels", "layers", "pipeline")

if TYPE_CHECKING:
    from filterlab import functional as functional
    from filterlab import kernels as kernels
    from filterlab.errors import FilterLabError as FilterLabError
    from filterlab.graph import Node as Node
    from filterlab.images import read_image as read_image
    from filterlab.images import write_image as write_image
    from filterlab.learning.classify.labelled import read_classes as read_classes
    from filterlab.learning.descent.curvature import suggest_rate as suggest_rate
    from filterlab.learning.descent.learning import learn as learn
    from filterlab.learning.fit.fitting import fit_kernel as fit_kernel
    from filterlab.learning.fit.registering import find_shift as find_shift
    from filterlab.pipeline import Pipeline as Pipeline
    from filterlab.pipeline import classifier as classifier
    from filterlab.pipeline import export_onnx as export_onnx
    from filterlab.pipeline import import_onnx as import_onnx
    from filterlab.pipeline import to_pytorch as to_pytorch
    from filterlab.pipeline import train_classifier as train_classifier
    from filterlab.restoration.restoring import restore as restore
    from filterlab.restoration.restoring import restore_steps as restore_steps
    from filterlab.run import Evaluator as Evaluator
    from filterlab.run.tidy import tidy as tidy
    from filterlab.run.tiling.blocks import map_blocks as map_blocks


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
