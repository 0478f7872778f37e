"""All kernels of a layer at once: as pictures, as a mosaic, and in numbers."""

from filterlab.gui.weights.window import AllKernels

__all__ = ["AllKernels"]
