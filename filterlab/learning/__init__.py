"""Kernels and networks from examples: step by step, at once, and from labelled pictures.

The room is not called after the function `filterlab.learn`, whose name a package would take.
"""
