"""The state that all panels share: document, history, selection, view and results. No widgets."""
