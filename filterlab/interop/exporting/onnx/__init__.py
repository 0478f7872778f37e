"""A pipeline as an ONNX model: every node becomes one operator or a few, and its tensor has the node's name."""

from filterlab.interop.exporting.onnx.model import export_onnx, onnx_model

__all__ = ["export_onnx", "onnx_model"]
