"""Convolution: the plan, the methods, tiles of outputs over lines of the input, and the gradients."""
