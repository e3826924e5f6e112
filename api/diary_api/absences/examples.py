"""Notices about an invented child, for the description of the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from pydantic import BaseModel

from diary_api.absences.schemas import Notice, Notices, ToldNotices
from diary_api.absences.states import NoticeState
from diary_api.school.examples import said
from diary_core.model import UNSUPPORTED, AbsenceNotice, AbsenceReason, OfferedReason

_AT = datetime(2026, 9, 16, 9, 2, tzinfo=UTC)
_TOLD = Notice(
    id="ntc_b4tq6m2zk7f3w5xh7e2rj4n6pa",
    child_id="chd_b4tq6m2zk7f3w5xh7e2rj4n6pa",
    enrolment_id="enr_b4tq6m2zk7f3w5xh7e2rj4n6pa",
    date=date(2026, 9, 17),
    lesson_ids=(),
    reason_code="3",
    comment="Едем к бабушке",
    state=NoticeState.DELIVERED,
    problem=None,
    receipts=("881001",),
    told_through=None,
    told_at=_AT,
    changed_at=_AT,
    next_try_at=None,
)
_ELSEWHERE = AbsenceNotice(
    id="2026-09-18",
    date=date(2026, 9, 18),
    lesson_id=None,
    reason=AbsenceReason(code="1", title="Болезнь"),
    comment=None,
    told_by="other",
    created_at=UNSUPPORTED,
)

ABSENCES: Final[Mapping[str, BaseModel]] = {
    "read_absence_reasons": said(
        OfferedReason(code="3", title="Семейные обстоятельства", document_needed=False)
    ),
    "list_absence_notices": Notices(
        items=(_TOLD,), elsewhere=(_ELSEWHERE,), as_of=_AT, stale=False, stale_reason=None
    ),
    "tell_absence": ToldNotices(items=(_TOLD,)),
    "show_absence_notice": _TOLD,
    "withdraw_absence_notice": _TOLD.model_copy(update={"state": NoticeState.WITHDRAWN}),
}
"""Good answers by the name of the operation."""
