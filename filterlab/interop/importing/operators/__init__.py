"""The readers of operators, a file for each family; defining one registers it."""
