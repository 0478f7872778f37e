"""Linear layers merged into fewer that give the same numbers, and layers split into cheaper ones."""
