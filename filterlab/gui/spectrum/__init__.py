"""The spectrum of a map, and the notches and bands that are painted on it."""

from filterlab.gui.spectrum.panel import SpectrumPanel

__all__ = ["SpectrumPanel"]
