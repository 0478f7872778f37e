"""Restoring what was open: the session, its file, and recovery after a crash."""
