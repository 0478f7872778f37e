"""What every panel stands on: the document and its history, what is looked at, what came out. It paints nothing."""
