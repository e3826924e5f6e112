"""Comparison with the class: off until the child's parent turns it on."""
