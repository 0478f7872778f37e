"""A pipeline as PyTorch source, with its weights in a safetensors file beside it.

`source` writes the module; `writers` finds the function that writes a layer, by the layer's key; `helpers` are the
functions that the written source brings along, for what PyTorch has no function for.
"""

from filterlab.interop.exporting.torch.source import TorchModule, torch_line, torch_module

__all__ = ["TorchModule", "torch_line", "torch_module"]
