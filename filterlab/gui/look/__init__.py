"""Colours, icons and pixels: how the window looks, in light and dark."""
