"""The explanation of one value: overview, one unit, one window; what weighs how much; two variants of a layer."""

from filterlab.gui.explain.panel import ExplainPanel

__all__ = ["ExplainPanel"]
