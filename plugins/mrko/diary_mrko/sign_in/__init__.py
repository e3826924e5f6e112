"""The ways in, one module a method, and what they share at the end."""
