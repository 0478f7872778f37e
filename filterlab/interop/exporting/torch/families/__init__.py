"""The layers in PyTorch, a file for each family."""
