"""The views of a run: its losses, its weights, and the prediction beside its target."""
