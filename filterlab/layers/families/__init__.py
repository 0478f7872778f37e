"""What layers of a family share: poolings, activations, merges, normalisations."""
