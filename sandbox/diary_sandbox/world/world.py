"""The world: one object to ask everything of."""

from __future__ import annotations

from diary_sandbox.world.lesson_edits import LessonEdits
from diary_sandbox.world.personas import Persona, personas


class World(LessonEdits):
    """The truth about the town, as it is known at the world's clock. Both wires are projections of it.

    Every answer is cheap, deterministic and a tuple in a documented order; nothing depends on what was
    asked before. The same `(seed, families, year)` is the same town for ever; its clock only reveals more
    of it, and edits are laid over it (typed ones for the wire are in `diary_sandbox.edits`).
    """

    def personas(self) -> tuple[Persona, ...]:
        """Return the people to sign in as."""
        return personas(self.families())
