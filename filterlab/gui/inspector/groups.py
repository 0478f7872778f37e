"""The groups of a layer's parameters, and what is set in each in a few words. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from filterlab import kernels
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import label_of, parameters_words
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.weights import Weights
from filterlab.parameters import Parameter

_BORDER = ("padding", "padding_mode", "value", "output_padding", "count_include_pad")
_SHAPE = (
    "kernel_size",
    "size",
    "output_size",
    "scale",
    "stride",
    "dilation",
    "groups",
    "ceil_mode",
    "angle",
    "shear",
    "translate",
    "expand",
)
_ORDER = ("weights", "shape", "border", "more")
_MOST_WORDS = 3  # settings that a heading names


def _group_of(parameter: Parameter) -> str:
    if isinstance(parameter.kind, Tensor):
        return "weights"
    if parameter.name in _BORDER:
        return "border"
    return "shape" if parameter.name in _SHAPE or parameter.name.endswith("_channels") else "more"


def group_by_name(parameters: Iterable[Parameter]) -> dict[str, list[Parameter]]:
    """The parameters by the name of their group, in the order in which the groups are shown."""
    found: dict[str, list[Parameter]] = {name: [] for name in _ORDER}
    for parameter in parameters:
        found[_group_of(parameter)].append(parameter)
    return {name: members for name, members in found.items() if members}


def group_title(name: str, members: list[Parameter]) -> str:
    """The heading of a group."""
    if name == "weights":
        return tr("Kernel") if len(members) == 1 and members[0].kind.editor == "kernel" else tr("Weights")
    return {"shape": tr("Shape"), "border": tr("Border"), "more": tr("More")}[name]


def group_words(name: str, layer: Layer) -> str:
    """What is set in a group of a layer, for its heading."""
    members = group_by_name((*layer.sizes, *layer.declarations()))[name]
    if name == "weights":
        weights = layer.raw()[members[0].name]
        return weights_words(weights) if isinstance(weights, Weights) else tr("own numbers")
    if name == "shape" and layer.parameter_count():
        return parameters_words(layer.parameter_count())
    values = {p.name: getattr(layer, p.name) for p in members}
    members, given = [p for p in members if values[p.name] is not None], {p.name for p in layer.stated()}
    # Numbers that are what they are by default say little; words always say something.
    shown = [p for p in members if p.name in given or isinstance(values[p.name], str)] or members
    return " · ".join(_setting_words(p, values[p.name]) for p in shown[:_MOST_WORDS])


def weights_words(weights: Weights) -> str:
    """Where the numbers of an array come from, in a few words."""
    titles = dict.fromkeys(_titles(weights.recipe))
    if len(titles) > 1:
        return tr("several kernels")
    return "".join(map(tr, filter(None, titles))) or own_words(weights)


def own_words(weights: Weights) -> str:
    """Where numbers come from that no named kernel makes."""
    recipe = weights.recipe
    if isinstance(recipe, Mapping) and "wiener" in recipe:
        return tr("undoes a blur")
    return _init_words(recipe) if isinstance(recipe, Mapping) and "init" in recipe else tr("own numbers")


def _titles(recipe: Any) -> Iterator[str]:
    """The titles of the named kernels in nested lists; "" for numbers."""
    if isinstance(recipe, Mapping) and "preset" in recipe:
        yield kernels.get(recipe["preset"]).title
    elif isinstance(recipe, (list, tuple)) and recipe and isinstance(recipe[0], (list, tuple, Mapping)):
        for item in recipe:
            yield from _titles(item)
    else:
        yield ""


def _init_words(recipe: Mapping[str, Any]) -> str:
    name, seed = str(recipe["init"]), recipe.get("seed", 0)
    constants = {"zeros": 0, "ones": 1, "constant": recipe.get("value", 0)}
    if name in constants:
        return tr("all {value}", value=constants[name])
    words = {
        "normal": tr("random (normal), seed {seed}", seed=seed),
        "uniform": tr("random (uniform), seed {seed}", seed=seed),
        "kaiming_normal": tr("random (He), seed {seed}", seed=seed),
        "kaiming_uniform": tr("random (He, uniform), seed {seed}", seed=seed),
        "xavier_normal": tr("random (Glorot), seed {seed}", seed=seed),
        "xavier_uniform": tr("random (Glorot, uniform), seed {seed}", seed=seed),
        "dirac": tr("each channel passed on"),
    }
    return words[name]


def _setting_words(parameter: Parameter, value: Any) -> str:
    if isinstance(value, str):
        return tr(value)
    name = tr(label_of(parameter)).lower()
    if isinstance(value, bool):
        return f"{name} {tr('on') if value else tr('off')}"
    short = parameter.kind.to_json(value)
    return f"{name} {' × '.join(map(str, short)) if isinstance(short, list) else short}"
