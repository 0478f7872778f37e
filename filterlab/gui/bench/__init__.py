"""What all panels share: the document and its history, what is looked at, and the results. No widgets."""
