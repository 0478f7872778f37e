"""The best kernel in one go, by least squares."""
