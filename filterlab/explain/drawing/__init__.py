"""Explanations drawn as text, as a diagram and as the frames of a film."""
