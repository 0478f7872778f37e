"""The kernel that the network is at the pinned value, and the lenses on it."""

from filterlab.gui.local.panel import LocalPanel

__all__ = ["LocalPanel"]
