"""The settings of the selected node: made from the layer's declaration, with the kernel editor in it."""

from filterlab.gui.inspector.inspector import Inspector

__all__ = ["Inspector"]
