"""What was open is there again: the session, its file, and recovery after a crash."""
