"""The explanation of a value: overview, one unit, one window; the effective field; two variants of a layer."""

from filterlab.gui.explain.panel import ExplainPanel

__all__ = ["ExplainPanel"]
