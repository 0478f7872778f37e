"""The three levels of an explanation as sheets of cells, words and small maps."""
