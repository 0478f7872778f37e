"""Reading ONNX files: every operator becomes a node, constants are folded, what cannot be carried is cut and said.

`reading` makes the model of a file whose claims are checked; `values` says what a tensor of the model is (a constant,
the map of a node, a rearrangement that is not settled yet, or cut); `walk` goes through the operators in their order;
`operators` holds one function for each, found by its name; `patterns` recognises activations that are written out.
"""

from filterlab.interop.importing.network import (
    Imported,
    LeftOut,
    import_onnx,
    input_size,
    load_onnx_graph,
)

__all__ = ["Imported", "LeftOut", "import_onnx", "input_size", "load_onnx_graph"]
