"""The parent's choice, and what comes of it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from diary_api.school.schemas import DiaryAnswer
from diary_core.model import ClassStanding


class ClassStandingAnswer(DiaryAnswer[ClassStanding]):
    """Places in the class."""


class ClassStandingChoice(BaseModel):
    """Whether a child is compared with the class."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True
    )

    shown: bool
    """Off unless you turn it on; off again, whatever was kept of it is erased at once."""
