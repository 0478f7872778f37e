"""JPEG: the markers and the compressed data are checked here, libjpeg decodes."""
