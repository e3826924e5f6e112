"""One ability, one file: calls of the client made into answers of the model."""
