"""Listening, serving, and going away without anybody noticing."""
