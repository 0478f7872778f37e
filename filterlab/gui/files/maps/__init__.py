"""Saving maps: the dialog, the plan of files, how they look, and writing them."""
