"""JPEG XL: the header is checked here, libjxl decodes."""
