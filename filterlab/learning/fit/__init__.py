"""The best kernel at once, by least squares."""
