"""The log of an account, as it is shown."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from diary_api.events.kinds import About, EventKind
from diary_core.model import Moment


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Event(_Shown):
    """One thing that was done with your account."""

    id: str = Field(examples=["evt_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    kind: EventKind
    at: Moment
    """When; of failed sign-ins, which are counted by the hour, the first."""
    count: int
    """How often: more than one for failed sign-ins only."""
    last_at: Moment
    about: About


class Events(_Shown):
    """What was done with your account."""

    items: tuple[Event, ...]
    """Newest first."""
    next: str | None
    """Send it as `cursor` to get what came before; null when there is nothing."""
