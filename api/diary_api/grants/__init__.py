"""Trusted people: whom a parent lets read one child's diary, what of it, until when, and what was read."""
