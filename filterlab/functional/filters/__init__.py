"""Filters of pictures whose weights depend on the values: statistics of windows, and smoothing that keeps edges."""
