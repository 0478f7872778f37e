"""Decoders: a module, or a room, for each family of picture files, with `read` and `count_pages`."""
