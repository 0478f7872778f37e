"""Networks that tell classes of pictures apart."""
