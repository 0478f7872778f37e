"""A value as the sum that made it, and where it comes from."""
