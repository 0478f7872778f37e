"""What a run may be told: declared once, for the flags of `filterlab run`, the keys of a recipe, and `Settings`."""
