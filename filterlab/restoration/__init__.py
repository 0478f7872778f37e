"""Undoing a blur whose kernel is known or learned, with the pixels beyond the border estimated along with it."""
