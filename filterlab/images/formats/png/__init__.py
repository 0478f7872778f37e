"""PNG and animated PNG: the chunks are checked here, libpng decodes."""
