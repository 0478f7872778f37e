"""What learning looks like: the loss, the weights, the prediction beside its target."""
