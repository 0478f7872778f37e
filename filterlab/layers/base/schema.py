"""JSON Schema of the file format, made from the declarations of the layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from filterlab import kernels
from filterlab.functional.geometry import LARGEST
from filterlab.kernels import analysis
from filterlab.layers.base.initializers import INITIALIZERS
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.registry import layer_types


def file_schema() -> dict[str, Any]:
    """The schema of a "filterlab/1" file (JSON Schema, draft 2020-12), for editors that complete and check files."""
    types = layer_types()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "FilterLab pipeline",
        "type": "object",
        "required": ["format", "nodes"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": "filterlab/1"},
            # The constant "layer" of each alternative decides, so that an editor completes the parameters of that type
            # alone.
            "nodes": {"type": "array", "items": {"oneOf": [_ref(key) for key in types]}},
        },
        "$defs": {**{key: _node_schema(kind) for key, kind in types.items()}, **_recipe_schemas()},
    }


def _ref(key: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{key}"}


def _node_schema(kind: type[Layer]) -> dict[str, Any]:
    least, most = kind.arity
    inputs: dict[str, Any] = {"type": "array", "items": {"type": "string"}, "minItems": least}
    if most is not None:
        inputs["maxItems"] = most
    parameters = kind.declarations()
    required = [p.name for p in parameters if p.required]
    params: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {p.name: p.schema() for p in parameters},
    }
    if required:
        params["required"] = required
    return {
        "title": kind.title,
        "description": kind.__doc__ or "",
        "type": "object",
        "required": ["layer", "params"] if required else ["layer"],
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string"},
            "layer": {"const": kind.key},
            "inputs": inputs,
            "params": params,
            "enabled": {"type": "boolean", "default": True},
        },
    }


def _recipe_schemas() -> Mapping[str, Any]:
    """JSON Schema of the recipes that a file may hold in place of numbers."""
    # No additionalProperties here: each initializer has options of its own (std, low, ...), which `check_init` checks.
    init: dict[str, Any] = {"type": "object", "required": ["init", "shape"]}
    init["properties"] = {
        "init": {"enum": sorted(INITIALIZERS)},
        "seed": {"type": "integer", "minimum": 0},
        "shape": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": LARGEST}},
    }
    presets = [_preset_schema(design) for design in kernels.designs().values()]
    inverse: dict[str, Any] = {
        "type": "object",
        "required": ["wiener", "size"],
        "additionalProperties": False,
    }
    inverse["properties"] = {
        "wiener": {"anyOf": [{"type": "array"}, *presets]},
        **{p.name: p.schema() for p in (analysis.SIZE, analysis.NOISE)},
    }
    typed = {"type": "object", "required": ["values"], "additionalProperties": False}
    typed["properties"] = {"dtype": {"enum": ["float32", "float64"]}, "values": {"type": "array"}}
    return {"init_recipe": init, "kernel_recipe": {"oneOf": [*presets, inverse]}, "typed_values": typed}


def _preset_schema(design: kernels.Design) -> dict[str, Any]:
    return {
        "description": design.doc,
        "type": "object",
        "required": ["preset"],
        "additionalProperties": False,
        "properties": {"preset": {"const": design.name}, **{p.name: p.schema() for p in design.parameters}},
    }
