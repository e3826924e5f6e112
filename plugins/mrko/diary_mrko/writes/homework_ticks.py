"""The family's own tick on homework."""

from __future__ import annotations

from typing_extensions import override

from diary_core.abilities import TicksHomework
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.one_homework import find_homework
from diary_mrko.session import Session


class HomeworkTicks(Session, TicksHomework):
    """Ticks; that a node lets a parent set them, and not the pupil alone, is not known for certain."""

    @override
    async def tick_homework(self, enrolment_id: str, homework_id: str, *, done: bool) -> None:
        """Set or clear the tick, unless it is so already."""

        async def tick(client: MrkoClient, child: ChildRef) -> None:
            item = await find_homework(client, child, homework_id, self.today())
            if item.is_done != done:
                await client.tick_homework(homework_id, kind=item.type, done=done)

        await self.read(enrolment_id, tick)
