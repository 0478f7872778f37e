"""Operations on tones: what becomes of a value by its place in the distribution of its map."""
