"""What is told of the state of everything a diary's answer passes through."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from diary_core.bilingual import Bilingual
from diary_core.model import Moment

Whose = Literal["us", "diary", "gosuslugi"]
"""Who can mend it."""


class State(StrEnum):
    """How something does."""

    OK = "ok"
    SLOW = "slow"
    """It answers, and lets wait."""
    FAILING = "failing"
    """Some calls fail."""
    DOWN = "down"
    """All calls fail."""
    RESTING = "resting"
    """It failed so often that it is left alone for a while."""
    MAINTENANCE = "maintenance"
    """It says itself that it is being worked on."""
    UNKNOWN = "unknown"
    """Nobody has asked it in the last minutes."""


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Figures(_Shown):
    """What was measured in the last minutes, of all parents together."""

    minutes: int = Field(examples=[10])
    """How many minutes are meant."""
    calls: int
    """Calls that came to an end."""
    failed_share: float = Field(ge=0, le=1, examples=[0.02])
    """Of the calls; 0 without any."""
    p50_s: float | None = Field(examples=[0.4])
    """Half of the calls took no longer, in seconds, to 15 %; null without calls."""
    p95_s: float | None = Field(examples=[1.9])
    """Nineteen of twenty calls took no longer."""
    last_success: Moment | None
    """Within the last hour, as the two below."""
    last_failure: Moment | None
    last_failure_code: str | None = Field(examples=["region_slow"])
    """As in [problems](/problems)."""


class Part(_Shown):
    """How one server, or one part of the gateway, does."""

    name: str = Field(examples=["mrko/moscow"])
    """Provider and instance, or a part of the gateway."""
    title: Bilingual
    whose: Whose
    """Whose trouble it is, if there is any."""
    regions: tuple[str, ...] = Field(examples=[["77"]])
    """Codes of the regions whose parents notice it; empty for what all notice."""
    state: State
    since: Moment
    """Since when it has been so, as far as the gateway knows: without Redis it begins anew at each start."""
    sentence: Bilingual
    """The state in words."""
    figures: Figures | None
    """Null for what is not called."""


class Status(_Shown):
    """Whether diaries can be read now, and whose trouble it is where not."""

    as_of: Moment
    sentence: Bilingual
    """The most important of it in words."""
    shared: bool
    """Whether the figures are those of all processes of the gateway; else of the one that answers."""
    items: tuple[Part, ...]
    """The gateway first, then Gosuslugi, then every diary that was called within the last hour, by name."""
