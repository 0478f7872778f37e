"""Explanations drawn: as text, as a drawing, as a film."""
