"""Writing pipelines for other programs."""
