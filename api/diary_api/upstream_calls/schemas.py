"""What a parent is told of the requests that were sent for them."""

from __future__ import annotations

import datetime

from pydantic import BaseModel, ConfigDict, Field


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class CallsOfLink(_Shown):
    """Requests that were sent to one diary."""

    connection_id: str = Field(examples=["con_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    provider: str = Field(examples=["mrko"])
    instance: str = Field(examples=["moscow"])
    calls: int = Field(examples=[23])
    """Every attempt that went out: reading, signing in, renewing, and what the gateway looks at by itself."""


class CallsOfDay(_Shown):
    """Requests that were sent to diaries for one parent on one day."""

    day: datetime.date = Field(examples=["2026-09-16"])
    """By Moscow's clock, as all days of these counts."""
    calls: int = Field(examples=[23])
    """To all of the parent's diaries; what trusted people read of them included."""
    items: tuple[CallsOfLink, ...]
    """By link, oldest first; on the present day also those that were not asked."""
