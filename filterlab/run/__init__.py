"""Running a graph: evaluation that reuses what it knows, the ledger, the file format, and source text."""

from filterlab.run.evaluate import Evaluator

__all__ = ["Evaluator"]
