"""The window: everything that knows Qt. It shows and edits; what is computed, the engine computes."""
