"""Learning step by step: the objective, its gradient, and the rules that follow it."""
