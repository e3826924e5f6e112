"""How the town comes about: everything follows from `(seed, families, year)`, piece by piece, when asked."""
