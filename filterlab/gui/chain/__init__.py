"""The pipeline panel and the history of edits."""

from filterlab.gui.chain.history import HistoryPanel
from filterlab.gui.chain.panel import ChainPanel

__all__ = ["ChainPanel", "HistoryPanel"]
