"""Saving maps: what to save, how it looks, and the dialog that asks."""
