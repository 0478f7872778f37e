"""Pictures and maps in parts: reading and writing rectangles of files that memory need not hold as a whole."""
