"""Cleans upstream text."""

from __future__ import annotations

_FILLERS = {"", "-", ".", "нет", "не задано", "б/з"}


def filler(text: str) -> bool:
    """Tell whether a homework text only fills the field."""
    return text.strip().casefold() in _FILLERS
