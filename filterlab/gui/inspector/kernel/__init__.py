"""The kernel editor: a grid of cells, presets, slices, operations and what can be said of the kernel."""
