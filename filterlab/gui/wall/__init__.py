"""The wall of feature maps: columns of layers, linked zoom, ranges, numbers, receptive-field boxes."""

from filterlab.gui.wall.wall import Wall

__all__ = ["Wall"]
