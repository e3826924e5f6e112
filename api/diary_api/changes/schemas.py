"""What changes look like from outside."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from diary_core.model import Change


class ChangePage(BaseModel):
    """A piece of the log of changes."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    items: tuple[Change, ...]
    """In the order they were seen."""
    cursor: str = Field(examples=["42"])
    """Send it back as `after` to go on from here."""
    more: bool
    """Whether there are more right now."""
