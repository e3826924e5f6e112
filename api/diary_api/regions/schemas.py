"""What the catalogue of regions looks like from outside."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from diary_core.access_guide import AccessGuide
from diary_core.bilingual import Bilingual
from diary_core.provider import InstanceStatus
from diary_core.sign_in import SignInMethod


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class DiarySystem(_Shown):
    """The diary system a region uses, whether the gateway serves it or not."""

    code: str = Field(examples=["mes"])
    title: Bilingual
    host: str | None = Field(examples=["school.mos.ru"])
    """Where parents open it."""
    earlier: Bilingual | None
    """What was used before or beside it, and until when."""


class RegionBrief(_Shown):
    """A region in a list."""

    code: str = Field(examples=["77"])
    """Two digits."""
    name: Bilingual
    zone: str = Field(examples=["Europe/Moscow"])
    """IANA zone of its capital."""
    system: DiarySystem
    served: bool
    """Whether at least one of its diaries can be linked now."""


class MethodShown(SignInMethod):
    """One way to sign in, and what can be read after it."""

    abilities: tuple[str, ...] = Field(examples=[["ReadsDays", "ReadsMarks"]])
    """By name; some ways in show less than others."""


class DiaryServer(_Shown):
    """A diary server the gateway knows how to talk to."""

    provider: str = Field(examples=["mrko"])
    provider_title: Bilingual
    instance: str = Field(examples=["moscow"])
    title: Bilingual
    zone: str
    """IANA zone its schools live in."""
    status: InstanceStatus
    note: Bilingual | None
    """For a partial or retired one: since when, and what replaced it."""
    methods: tuple[MethodShown, ...]
    """Ways to sign in, the best one first; none for a retired server."""
    abilities: tuple[str, ...]
    """Everything its system can do, by name."""


class Region(RegionBrief):
    """A region with its diaries."""

    instances: tuple[DiaryServer, ...]
    """Working ones first."""
    access: tuple[AccessGuide, ...]
    """How to get a login: to each working diary, or, where we serve none, what holds everywhere."""


class RegionList(_Shown):
    """The catalogue."""

    items: tuple[RegionBrief, ...]
    """Every region of the country, by code."""
