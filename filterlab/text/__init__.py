"""Numbers and sums as words, for pictures, layers, command line and window alike."""
