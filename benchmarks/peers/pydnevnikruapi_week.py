"""A week of two children with `pydnevnikruapi`, as its README shows it: `python -m … <address> <token>`.

Its address is the attribute `host`; it alone is changed. `get_person_schedule`, the call for a child's own
timetable, puts the host before a whole address in 0.1.1 and reaches nothing, so the class's lessons stand in.
Source: https://github.com/kesha1225/DnevnikRuAPI/blob/master/README.md, 2026-11-27, the asynchronous example.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from importlib import import_module
from typing import Any

from benchmarks.peers.turns import take_turns


async def main(address: str, token: str) -> None:
    """Learn who the children are, then fetch weeks."""
    client: Any = import_module("pydnevnikruapi.aiodnevnik.dnevnik")  # untyped, not in our own environment
    async with client.AsyncDiaryAPI(token=token) as api:
        api.host = f"{address}/v2/"
        children = (await api.get_context())["children"]

        def calls(child: Any, since: date, until: date) -> list[Any]:  # JSON as it came; coroutines
            person, school, group = child["personId"], child["schoolIds"][0], child["groupIds"][0]
            span = str(since), str(until)
            return [
                api.get_group_lessons_info(group, *span),
                api.get_person_marks(person, school, *span),
                api.get_person_homework(school, person, *span),
                api.get_person_lesson_logs(person, *span),
            ]

        async def as_shown(since: date, until: date) -> None:
            """Call after call: lessons, marks, homework, absences of each child."""
            for child in children:
                for call in calls(child, since, until):
                    await call

        async def side_by_side(since: date, until: date) -> None:
            """The same calls, put side by side by a developer who knows how; no example does it."""
            await asyncio.gather(*(call for child in children for call in calls(child, since, until)))

        await take_turns({"as shown": as_shown, "side by side": side_by_side})


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
