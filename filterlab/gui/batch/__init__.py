"""Running the pipeline over many pictures from the window, as `filterlab run` does."""

from filterlab.gui.batch.runs import BatchRuns

__all__ = ["BatchRuns"]
