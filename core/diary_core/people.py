"""People's names and СНИЛС."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class PersonName(BaseModel):
    """A person's name as written."""

    model_config = ConfigDict(frozen=True)

    last: str
    first: str
    middle: str | None = None


class Snils(BaseModel):
    """A СНИЛС."""

    model_config = ConfigDict(frozen=True)

    digits: str = Field(repr=False)
