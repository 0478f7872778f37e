"""Running a graph tile by tile: maps of any size in bounded memory, with the numbers of the whole."""
