"""Explanations as text, and laid out as sheets of shapes, which the window, SVG, PNG and film paint alike."""
