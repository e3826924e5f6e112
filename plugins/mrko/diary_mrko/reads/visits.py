"""Turnstile passes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from typing_extensions import override

from diary_core.abilities import ReadsVisits
from diary_core.model import Answer, Visit
from diary_core.side_calls import together
from diary_mrko.city import PASS_DAYS_AT_ONCE
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.city import visits
from diary_mrko.session import Session
from diary_mrko.wire.city import PassDay

_AT_ONCE: Final = 4
"""Calls at the same time: the service is known to be slow, and a year is fifty-three of them."""


class Visits(Session, ReadsVisits):
    """Passes through the turnstiles of Moscow's schools."""

    @override
    async def visits(self, enrolment_id: str, since: date, until: date) -> Answer[Visit]:
        """Return the passes of a span, asked for week by week."""
        days = await self.read(enrolment_id, lambda client, child: _read_passes(client, child, since, until))
        return self.answered(visits(days, since, until, self.zone))


async def _read_passes(client: MrkoClient, child: ChildRef, since: date, until: date) -> Sequence[PassDay]:
    person_id = child.registered()
    turns = asyncio.Semaphore(_AT_ONCE)

    async def week(first: date, last: date) -> Sequence[PassDay]:
        async with turns:
            return await client.city.passes(person_id, first, last)

    async with together() as tasks:
        weeks = [tasks.create_task(week(first, last)) for first, last in _weeks(since, until)]
    return [day for one in weeks for day in one.result()]


def _weeks(since: date, until: date) -> Iterator[tuple[date, date]]:
    """Cut a span into what one call may ask for, both ends of each inclusive."""
    while since <= until:
        last = min(since + timedelta(days=PASS_DAYS_AT_ONCE - 1), until)
        yield since, last
        since = last + timedelta(days=1)
