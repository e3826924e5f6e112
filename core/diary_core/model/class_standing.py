"""Where a child stands in the class; of classmates nothing but how many they are and what they average."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from diary_core.model.school import Subject
from diary_core.model.values import NOT_LOADED, Maybe, Model


class ClassStanding(Model):
    """The child's place by the average that the diary ranks by, in one subject or in all of them."""

    subject: Subject | None
    """None for all subjects together."""
    place: int = Field(ge=1)
    """1 is the highest average; equal averages share a place."""
    average: Maybe[Decimal | None] = NOT_LOADED
    """The child's own, as the diary has it; None when it shows none."""
    class_size: Maybe[int] = NOT_LOADED
    """How many of the class have an average, the child among them."""
    class_average: Maybe[Decimal | None] = NOT_LOADED
    """The mean of their averages, each pupil counted once, rounded half up to four places."""
