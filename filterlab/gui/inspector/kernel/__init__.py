"""The kernel editor: a grid of cells, presets, slices, operations and readouts."""
