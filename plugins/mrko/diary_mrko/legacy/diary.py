"""The diary behind an МРКО account: one child, and the week page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from typing_extensions import override

from diary_core.abilities import Diary, ReadsDays
from diary_core.credentials import CredentialKeeper, Credentials
from diary_core.errors import ChildUnknown
from diary_core.model import UNSUPPORTED, Answer, Child, Day, Enrolment, Source
from diary_core.provider import Channel
from diary_core.side_calls import together
from diary_mrko.legacy import client
from diary_mrko.legacy.parse import days, mondays
from diary_mrko.legacy.wire import Column, read_week

_ENROLMENT: Final = "mrko"
"""An account opens one child, so every connection has one enrolment."""
_AT_ONCE: Final = 4
"""Pages asked for at the same time: the site was a small one."""


class MrkoLegacyDiary(Diary, ReadsDays):
    """What the week page shows, and nothing else.

    Args:
        channel: Moscow's servers.
        keeper: The session cookie, and what opens a new session.
        source: Stamped on every answer.
    """

    def __init__(self, channel: Channel, keeper: CredentialKeeper, source: Source) -> None:
        super().__init__(source, channel.now)
        self._channel = channel
        self._keeper = keeper
        self._zone = ZoneInfo(channel.instance.zone)

    @override
    async def enrolments(self) -> Answer[Enrolment]:
        """Return the one child of the account, called as the parent called it."""
        facts = (await self._keeper.current()).facts
        child = Child(
            id=sha256(facts["login"].encode()).hexdigest()[:16],
            name=UNSUPPORTED,
            label=facts["account"],
            birth_date=UNSUPPORTED,
        )
        return self.answered(
            [
                Enrolment(
                    id=_ENROLMENT,
                    child=child,
                    school=UNSUPPORTED,
                    group=UNSUPPORTED,
                    since=UNSUPPORTED,
                    role="parent",
                )
            ]
        )

    @override
    async def days(self, enrolment_id: str, since: date, until: date) -> Answer[Day]:
        """Return the days of a span, a page a week."""
        if enrolment_id != _ENROLMENT:
            raise ChildUnknown("an account opens one child only", field="enrolment_id")
        weeks = await self._keeper.use(partial(self._weeks, mondays(since, until)))
        return self.answered(days(weeks, since, until, self._zone))

    async def _weeks(
        self, wanted: Sequence[date], credentials: Credentials
    ) -> Mapping[date, Sequence[Column]]:
        cookie = credentials.secret("cookie")
        turns = asyncio.Semaphore(_AT_ONCE)

        async def page(monday: date) -> Sequence[Column]:
            async with turns:
                return read_week(await client.week(self._channel, cookie, monday))

        async with together() as tasks:
            pages = {monday: tasks.create_task(page(monday)) for monday in wanted}
        return {monday: task.result() for monday, task in pages.items()}
