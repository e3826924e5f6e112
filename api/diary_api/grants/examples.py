"""An invented grandmother's grants, for the description of the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from pydantic import BaseModel

from diary_api.grants.rights import Right
from diary_api.grants.schemas import (
    Grant,
    Grants,
    GrantUse,
    GrantUses,
    HeldGrant,
    HeldGrants,
    Invitation,
    InvitedGrant,
)
from diary_api.grants.states import GrantState
from diary_api.school.examples import CHILD

_INVITED = datetime(2026, 9, 16, 9, 0, tzinfo=UTC)
_ACCEPTED = datetime(2026, 9, 16, 18, 30, tzinfo=UTC)
_ENDS = datetime(2027, 5, 31, 15, 0, tzinfo=UTC)
_RIGHTS = (Right.HOMEWORK, Right.LESSONS)
_INVITATION_ENDS = datetime(2026, 9, 19, 9, 0, tzinfo=UTC)
_GRANT = Grant(
    id="grt_b4tq6m2zk7f3w5xh7e2rj4n6pa",
    called="Бабушка Нина",
    rights=_RIGHTS,
    state=GrantState.ACTIVE,
    created_at=_INVITED,
    invitation_ends_at=_INVITATION_ENDS,
    accepted_at=_ACCEPTED,
    ends_at=_ENDS,
    ended_at=None,
    last_used_at=_ACCEPTED,
)
_HELD = HeldGrant(
    id=_GRANT.id,
    child_id=CHILD.id,
    child_name=CHILD.name,
    rights=_RIGHTS,
    accepted_at=_ACCEPTED,
    ends_at=_ENDS,
)
_USE = GrantUse(kind="days", outcome="ok", count=2, first_at=_ACCEPTED, last_at=_ACCEPTED)

GRANTS: Final[Mapping[str, BaseModel]] = {
    "invite": InvitedGrant(
        id=_GRANT.id,
        called=_GRANT.called,
        rights=_RIGHTS,
        state=GrantState.INVITED,
        created_at=_INVITED,
        invitation_ends_at=_INVITATION_ENDS,
        accepted_at=None,
        ends_at=_ENDS,
        ended_at=None,
        last_used_at=None,
        invitation=Invitation(
            link="https://diary.example.org/invitation#dgi_…", code="K7PM-3XQA", ends_at=_INVITATION_ENDS
        ),
    ),
    "list_grants": Grants(items=(_GRANT,)),
    "narrow_grant": _GRANT,
    "list_uses": GrantUses(items=(_USE,), next=None),
    "accept_invitation": _HELD,
    "list_held_grants": HeldGrants(items=(_HELD,)),
}
"""Good answers by the name of the operation."""
