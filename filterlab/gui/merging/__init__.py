"""The craft of kernels in the window: merging and splitting layers, designed responses and banks."""

from filterlab.gui.merging.commands import KernelCraft

__all__ = ["KernelCraft"]
