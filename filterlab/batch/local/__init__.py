"""The processes of this machine that do the pictures of a batch, and what becomes of a picture that failed."""
