"""What is taken along, and what is told of an erasure."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from diary_api.absences.schemas import Notice
from diary_api.accounts.schemas import AccessKey, Account
from diary_api.connections.schemas import Connection
from diary_api.events.schemas import Event
from diary_api.grants.schemas import Grant, HeldGrant
from diary_api.school.schemas import ChildShown
from diary_api.upstream_calls.schemas import CallsOfDay
from diary_core.model import Change, Moment


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class KnownAnswer(_Shown):
    """The last known answer of a diary to one question."""

    enrolment_id: str
    kind: str = Field(examples=["marks"])
    """What was read."""
    asked_at: Moment
    answer: dict[str, JsonValue]
    """As `GET /v1/children/{child_id}/…` gave it."""


class ReadingHour(_Shown):
    """An hour of the week somebody of the account has read in lately."""

    weekday: int = Field(ge=1, le=7)
    """1 is Monday; the week is counted in UTC."""
    hour: int = Field(ge=0, le=23)
    weight: int
    """8 for every week it was read in; half of it is forgotten with every week that passes."""


class Export(_Shown):
    """Everything the gateway holds of an account, but for secrets."""

    made_at: Moment
    account: Account
    sessions: tuple[AccessKey, ...]
    tokens: tuple[AccessKey, ...]
    connections: tuple[Connection, ...]
    children: tuple[ChildShown, ...]
    answers: tuple[KnownAnswer, ...]
    """By enrolment, then by kind, then by the time of asking."""
    changes: tuple[Change, ...]
    """The whole log."""
    absence_notices: tuple[Notice, ...]
    """What was told about your children, by day."""
    grants: dict[str, tuple[Grant, ...]]
    """Whom you have let read, by child, newest first; children nobody else may see are left out."""
    upstream_calls: tuple[CallsOfDay, ...]
    """How many requests were sent to diaries for you, day by day."""
    held_grants: tuple[HeldGrant, ...]
    """What others let you see."""
    events: tuple[Event, ...]
    """What was done with your account, newest first; this export is the first of them."""
    reading_hours: tuple[ReadingHour, ...]
    """In which hours of the week you usually read, so that the gateway looks ahead of them."""


class ErasureReceipt(_Shown):
    """What was erased. The gateway keeps no copy of this receipt."""

    account_id: str = Field(examples=["acc_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    erased_at: Moment
    erased: dict[str, int] = Field(examples=[{"accounts": 1, "children": 2, "answers": 14}])
    """Rows by table; afterwards none of them was left."""
    diaries_told: int
    """Sessions at diaries that were asked to end; a diary that cannot end one lets it run out."""
