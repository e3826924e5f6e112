"""The catalogue of regions: who serves each, how to sign in, what can be read."""
