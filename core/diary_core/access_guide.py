"""How a parent gets into a diary: who gives the login, which papers, how long it takes, what may go wrong."""

from __future__ import annotations

from diary_core.bilingual import Bilingual
from diary_core.model import Model


class Obstacle(Model):
    """One thing that keeps a parent out."""

    shown: str | None
    """What the diary's own site says then, in its own words; None where the words are not known."""
    cause: Bilingual
    remedy: Bilingual
    """What to do, and whom to ask."""


class AccessGuide(Model):
    """The way to a login of one diary; what nobody publishes is said to be unknown."""

    diary: Bilingual
    """What it calls itself."""
    site: str | None
    """Address where parents open it; None where there is none, or none of the region's own."""
    issuer: Bilingual
    """Who gives access."""
    papers: tuple[Bilingual, ...]
    """What is asked for."""
    takes: Bilingual
    """How long it takes."""
    lasts: Bilingual
    """Until when it serves."""
    steps: tuple[Bilingual, ...]
    """What a parent does, in order."""
    obstacles: tuple[Obstacle, ...]
    """Why it may be refused, the commonest first."""
    ask: Bilingual
    """Who helps when nothing else does."""
