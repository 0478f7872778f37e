"""The legend of a colour scale: what it shows, and its ends, which can be dragged and typed."""
