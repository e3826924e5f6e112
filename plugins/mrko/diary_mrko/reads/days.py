"""The week diary."""

from __future__ import annotations

from datetime import date

from typing_extensions import override

from diary_core.abilities import ReadsDays
from diary_core.model import Answer, Day, Reason
from diary_mrko.ids import ChildRef
from diary_mrko.parse.days import days
from diary_mrko.session import Session
from diary_mrko.week import read_week


class Days(Session, ReadsDays):
    """Days with all that is on them."""

    @override
    async def days(self, enrolment_id: str, since: date, until: date) -> Answer[Day]:
        """Return the days of a span; what else than lessons failed to come is named as partial."""
        parts = await self.read(enrolment_id, lambda client, child: read_week(client, child, since, until))
        if any(part.reason is Reason.NOT_PERMITTED for part in parts.missing()):
            await self.child(ChildRef.read(enrolment_id))
        return self.answered(days(parts, since, until, self.zone), partial=parts.missing())
