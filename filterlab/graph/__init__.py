"""Named layers joined into an immutable graph; its edits, shapes and names."""

from filterlab.graph.graph import G, Graph
from filterlab.graph.nodes import IMAGE, Node

__all__ = ["IMAGE", "G", "Graph", "Node"]
