"""GIF: the blocks are checked here, Pillow draws the frames."""
