"""The module of a pipeline as source text, and its weights by the names that the module gives them."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from filterlab.errors import FilterLabError
from filterlab.files import atomic_write
from filterlab.functional.arrays import Array
from filterlab.graph import IMAGE, Graph, Node
from filterlab.graph.editing import leaves
from filterlab.interop.exporting.onnx.builder import writer_of
from filterlab.interop.exporting.torch.helpers import helper_names, helper_sources
from filterlab.interop.exporting.torch.writers import Torch, written
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.weights import Weights
from filterlab.text.messages import say

# Names that every torch.nn.Module has, which a layer must not take.
_OF_MODULES = """
    T_destination _apply _backward_hooks _backward_pre_hooks _buffers _call_impl _compiled_call_impl _forward_hooks
    _forward_hooks_always_called _forward_hooks_with_kwargs _forward_pre_hooks _forward_pre_hooks_with_kwargs
    _get_backward_hooks _get_backward_pre_hooks _get_name _is_full_backward_hook _load_from_state_dict
    _load_state_dict_post_hooks _load_state_dict_pre_hooks _maybe_warn_non_full_backward_hook _modules
    _named_members _non_persistent_buffers_set _parameters _register_load_state_dict_pre_hook
    _register_state_dict_hook _replicate_for_data_parallel _save_to_state_dict _slow_forward _state_dict_hooks
    _state_dict_pre_hooks _version _wrapped_call_impl add_module apply bfloat16 buffers call_super_init children
    compile cpu cuda double dump_patches eval extra_repr float forward get_buffer get_extra_state get_parameter
    get_submodule half ipu load_state_dict modules mtia named_buffers named_children named_modules named_parameters
    parameters register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
    register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook
    register_load_state_dict_pre_hook register_module register_parameter register_state_dict_post_hook
    register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory state_dict to to_empty
    train training type xpu zero_grad
"""
# Names that the calls use, which a variable must not take.
_OF_CALLS = "torch nn F functools self image x sum len list range tuple"


@dataclass(frozen=True)
class TorchModule:
    """Source whose function `load()` makes the module, in eval mode, from the weights beside it."""

    source: str
    weights: dict[str, Array]

    def save(self, path: Path, *, overwrite: bool = False) -> tuple[Path, Path]:
        """Write `path` (.py) and the weights beside it (.safetensors), both whole or neither.

        Raises FileError where one of them exists and `overwrite` is False, or cannot be written.
        """
        from safetensors.numpy import save as save_tensors

        weights = path.with_suffix(".safetensors")
        content = {name: np.ascontiguousarray(array) for name, array in self.weights.items()}
        # Both are finished before either gets its name: a source without its weights would be of no use.
        with (
            atomic_write(path, overwrite=overwrite) as source,
            atomic_write(weights, overwrite=overwrite) as tensors,
        ):
            source.write_bytes(self.source.encode())
            tensors.write_bytes(save_tensors(content))
        return path, weights


def torch_line(layer: Layer) -> str:
    """How a layer is written in PyTorch, in one line; "" where it has no equivalent. No recipe is made for it."""
    found = written(_without_numbers(layer))
    return "" if found is None else found.line


def _without_numbers(layer: Layer) -> Layer:
    """The layer with zeros for its numbers, of which the line shows the shapes alone: recipes may be large."""
    shapes = {name: value.shape for name, value in layer.raw().items() if isinstance(value, Weights)}
    # One number that stands for all takes no memory.
    return layer.with_arrays({name: np.broadcast_to(np.float32(0), shape) for name, shape in shapes.items()})


def torch_module(graph: Graph) -> TorchModule:
    """The module of a graph. Raises FilterLabError for a layer without an equivalent, naming the node."""
    names = _identifiers(graph)
    found = {node.name: _written(node) for node in graph.nodes if node.enabled}
    weights = {
        f"{names[name]}.{parameter}": array
        for name, torch in found.items()
        for parameter, array in torch.tensors.items()
    }
    helpers = helper_sources(helper for torch in found.values() for helper in torch.helpers)
    return TorchModule(_source(graph, names, found, helpers), weights)


def _written(node: Node) -> Torch:
    torch = written(node.layer)
    if torch is None:
        what = say("{} with these parameters has no equivalent in PyTorch", type(node.layer).__name__)
        elsewhere = (
            "remove the node" if writer_of(node.layer) is None else "export to ONNX, or remove the node"
        )
        raise FilterLabError(what, f"node '{node.name}'", elsewhere, node=node.name)
    return torch


def _identifiers(graph: Graph) -> dict[str, str]:
    """The name of each node in the source: letters that Python does not allow become _, and no two are alike."""
    names, reserved = {IMAGE: IMAGE}, {IMAGE, *_OF_MODULES.split()}
    taken = set(reserved)
    for node in graph.nodes:
        stem = re.sub(r"\W", "_", node.name, flags=re.ASCII)
        stem = f"_{stem}" if stem[0].isdigit() or keyword.iskeyword(stem) or stem in reserved else stem
        # Python would rename an attribute that begins with two _, and its weights would not be found.
        stem = re.sub(r"^__+", "_", stem)
        name, number = stem, 2
        while name in taken:
            name, number = f"{stem}_{number}", number + 1
        taken.add(name)
        names[node.name] = name
    return names


def _variables(names: Mapping[str, str]) -> dict[str, str]:
    """The variable that holds each node's output: its name, unless the calls use that name themselves."""
    used = {*_OF_CALLS.split(), *helper_names()}
    taken, found = set(names.values()), {}
    for node, name in names.items():
        variable = name
        while node != IMAGE and (variable in used or (variable != name and variable in taken)):
            variable += "_"
        found[node] = variable
        taken.add(variable)
    return found


def _source(graph: Graph, names: dict[str, str], found: dict[str, Torch], helpers: list[str]) -> str:
    modules, calls, variables = [], [], _variables(names)
    for step in graph.steps:
        name, inputs = names[step.name], [variables[source] for source in step.inputs]
        torch = found.get(step.name)
        if torch is None:
            # A node that is switched off passes its first input through.
            calls.append(f"{variables[step.name]} = {inputs[0]}")
            continue
        if torch.module:
            modules.append(f"self.{name} = {torch.module}")
        call = torch.call.replace("{m}", f"self.{name}").replace("{xs}", f"[{', '.join(inputs)}]")
        for number, source in enumerate(inputs):
            call = call.replace(f"{{{number}}}", source)
        calls.append(f"{variables[step.name]} = {call}")
    ends = leaves(graph)
    returned = variables[ends[0]] if len(ends) == 1 else _dictionary({end: variables[end] for end in ends})
    body = "\n".join(f"        {line}" for line in (*calls, f"return {returned}"))
    made = "\n".join(f"        {line}" for line in ("super().__init__()", *modules))
    parts = [_HEAD, *helpers, _CLASS.format(made=made, body=body), _LOAD]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _dictionary(names: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name!r}: {variable}" for name, variable in names.items()) + "}"


_HEAD = '''
"""A pipeline of FilterLab as a PyTorch module: `load()` makes it, with the weights of the file beside this one."""

import functools
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn
'''
_CLASS = '''
class Network(nn.Module):
    """Takes pictures (N, C, H, W) in [0, 1]."""

    def __init__(self):
{made}

    def forward(self, image):
{body}
'''
_LOAD = '''
def load(weights=Path(__file__).with_suffix(".safetensors")):
    """The network with its weights, ready to run."""
    network = Network()
    network.load_state_dict(load_file(weights))
    return network.eval()
'''
