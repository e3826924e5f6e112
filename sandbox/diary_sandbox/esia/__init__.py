"""ЕСИА of the invented town: sign-in, consent, tokens and what a person allowed to be read."""

from diary_sandbox.esia.app import build
from diary_sandbox.esia.hosts import ESIA_HOST

__all__ = ["ESIA_HOST", "build"]
