"""What grants look like from outside."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from diary_api.grants.rights import Right
from diary_api.grants.states import GrantState
from diary_core.model import Maybe, Moment
from diary_core.people import PersonName

Called = Annotated[str, Field(min_length=1, max_length=80, examples=["Бабушка Нина"])]


class _Body(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True
    )


class NewGrant(_Body):
    """Whom to let read a child's diary, what of it, and until when."""

    called: Called
    """What you call the trusted person; only you see it."""
    rights: frozenset[Right] = Field(min_length=1, examples=[["homework", "lessons"]])
    """What she may see; nothing else is shown to her."""
    ends_at: Moment = Field(examples=["2027-05-31T18:00:00+03:00"])
    """When it ends by itself: at most a year ahead."""


class NarrowedGrant(_Body):
    """What to change about a grant: it can be shortened and narrowed, not widened."""

    called: Called | None = None
    """What you call the trusted person; as it was unless given."""
    rights: frozenset[Right] | None = Field(default=None, min_length=1, examples=[["lessons"]])
    """Some of the present rights; as they were unless given."""
    ends_at: Moment | None = Field(default=None, examples=["2027-01-31T18:00:00+03:00"])
    """No later than it was; as it was unless given. An instant that is over ends the grant."""


class Acceptance(_Body):
    """An invitation, as its link and its code have reached you."""

    link: SecretStr = Field(
        min_length=1, max_length=512, examples=["https://diary.example.org/invitation#dgi_…"]
    )
    """The whole link, or what follows its `#`."""
    code: SecretStr = Field(min_length=1, max_length=32, examples=["K7PM-3XQA"])
    """The short code the parent has told you; letter case, spaces and the hyphen do not matter."""


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Grant(_Shown):
    """What one trusted person may see of a child."""

    id: str = Field(examples=["grt_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    called: str = Field(examples=["Бабушка Нина"])
    """What you call her."""
    rights: tuple[Right, ...]
    """What she may see, by name."""
    state: GrantState
    """Whether it lets her in, and if not, why."""
    created_at: Moment
    invitation_ends_at: Moment
    """Until when the invitation can be accepted."""
    accepted_at: Moment | None
    ends_at: Moment
    """When it ends by itself."""
    ended_at: Moment | None
    """When it was ended before that; null when it was not."""
    last_used_at: Moment | None
    """When she last asked for anything, allowed or not; null while she has not."""


class Invitation(_Shown):
    """What lets one person accept a grant, once; it is shown this once."""

    link: str = Field(examples=["https://diary.example.org/invitation#dgi_…"])
    """Send it to her."""
    code: str = Field(examples=["K7PM-3XQA"])
    """Tell it to her in another way than the link, such as by voice."""
    ends_at: Moment
    """Until when it can be accepted."""


class InvitedGrant(Grant):
    """A new grant with its invitation."""

    invitation: Invitation


class Grants(_Shown):
    """Whom a parent has let read one child's diary."""

    items: tuple[Grant, ...]
    """Newest first, the ended ones included for about a year."""


class HeldGrant(_Shown):
    """What a parent lets you see of one child."""

    id: str = Field(examples=["grt_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    child_id: str = Field(examples=["chd_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    """The child is in `GET /v1/children`, and is read as one's own is."""
    child_name: Maybe[PersonName]
    rights: tuple[Right, ...]
    """What you may see, by name."""
    accepted_at: Moment
    ends_at: Moment
    """When it ends by itself; the parent can end it at any time."""


class HeldGrants(_Shown):
    """What parents let you see."""

    items: tuple[HeldGrant, ...]
    """Oldest first; those that have ended are not listed."""


class GrantUse(_Shown):
    """What a trusted person has asked for within one hour; never what she was told."""

    kind: str = Field(examples=["days"])
    """The kind of reading: `child`, `days` (weeks as well), `marks` and so on."""
    outcome: str = Field(examples=["ok"])
    """`ok`, or the code of the problem she got: `right_missing`, or `child_unknown` after the end."""
    count: int
    """How often."""
    first_at: Moment
    last_at: Moment


class GrantUses(_Shown):
    """What a grant was used for."""

    items: tuple[GrantUse, ...]
    """Newest first."""
    next: str | None
    """Send it as `cursor` to get what came before; null when there is nothing."""
