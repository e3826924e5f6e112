"""AUPD: the diary's own tokens, got for a city identity or at a regional node's door."""
