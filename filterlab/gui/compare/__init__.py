"""Two maps of one picture, each on its side: swipe, blink and difference."""

from filterlab.gui.compare.comparing import Comparing

__all__ = ["Comparing"]
