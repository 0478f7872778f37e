"""Marks over the tiles of the wall."""
