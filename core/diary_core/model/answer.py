"""An answer: data, where it came from, and how much it can be trusted."""

from __future__ import annotations

from typing import Generic, Self, TypeVar

from pydantic import Field, model_validator

from diary_core.model.calendar import Moment
from diary_core.model.values import Model, Reason, Unavailable, documented_once


class Source(Model):
    """Where data came from."""

    provider: str
    """Slug of the diary system, such as `mrko`."""
    instance: str
    """Slug of its server, unique within the provider, such as `moscow`."""
    connection: str
    """The gateway's id of the connection it was read through."""


class Missing(Model):
    """A part of the answer that is not there, and why."""

    what: str
    """A field path such as `lessons.teachers`, or the part's own name such as `source:AFISHA`."""
    reason: Reason


ItemT = TypeVar("ItemT", bound=Model)


@documented_once
class Answer(Model, Generic[ItemT]):
    """What a diary said about one enrolment.

    The source and the freshness stand here once, and hold for every item inside.
    """

    items: tuple[ItemT, ...]
    """In the order the ability promises; empty when we asked and there is none."""
    source: Source
    as_of: Moment
    """When the diary said so."""
    stale: bool = False
    """True when a newer answer was wanted and could not be had."""
    stale_reason: str | None = None
    """The error code that kept us from a newer answer; None unless stale."""
    partial: tuple[Missing, ...] = Field(default=())
    """Parts the diary failed to deliver this time."""

    @model_validator(mode="after")
    def _stale_for_a_reason(self) -> Self:
        if self.stale != (self.stale_reason is not None):
            raise ValueError("a stale answer tells why, a fresh one has nothing to tell")
        return self

    @property
    def unavailable(self) -> tuple[Missing, ...]:
        """Every kind of field that is unavailable somewhere in the items, once, sorted by path."""
        found: set[tuple[str, Reason]] = set()
        _note_gaps(self.items, "", found)
        return tuple(Missing(what=path, reason=reason) for path, reason in sorted(found))


def _note_gaps(value: object, path: str, found: set[tuple[str, Reason]]) -> None:
    """Note the gaps inside a value with their dotted paths, list positions left out."""
    if isinstance(value, Unavailable):
        found.add((path, value.reason))
    elif isinstance(value, Model):
        for name, part in value:
            if isinstance(part, (Model, tuple)):
                _note_gaps(part, f"{path}.{name}" if path else name, found)  # pyright: ignore[reportUnknownArgumentType]  a tuple of anything
    elif isinstance(value, tuple):
        for part in value:  # pyright: ignore[reportUnknownVariableType]  as above
            _note_gaps(part, path, found)  # pyright: ignore[reportUnknownArgumentType]  as above
