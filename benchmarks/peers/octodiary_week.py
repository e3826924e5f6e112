"""A week of two children with `octodiary`, as its `Examples.md` shows it: `python -m … <address> <token>`.

Its addresses are attributes of `octodiary.urls.BaseURLs`; they alone are changed, to where the far diary is.
Source: https://github.com/OctoDiary/OctoDiary-py/blob/main/Examples.md, 2026-11-27, `mobile_api`.
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
    urls: Any = import_module("octodiary.urls")  # untyped, and not in our own environment
    urls.BaseURLs.MES.SCHOOL = urls.BaseURLs.MES.DNEVNIK = address
    urls.BaseURLs.MES.SCHOOL_API = f"{address}/api"
    apis: Any = import_module("octodiary.apis")  # as above
    api = apis.AsyncMobileAPI(system=urls.Systems.MES, token=token)
    me = (await api.get_users_profile_info())[0].id
    children = (await api.get_family_profile(profile_id=me)).children

    async def lessons(child: Any, since: date, until: date) -> None:  # a child of the client's own model
        await api.get_events(
            person_id=child.contingent_guid, mes_role="parent", begin_date=since, end_date=until
        )

    async def as_shown(since: date, until: date) -> None:
        """Call after call, in the order of the example: lessons, homework, marks, what the days are."""
        for child in children:
            whose = {"student_id": child.id, "profile_id": me, "from_date": since, "to_date": until}
            await lessons(child, since, until)
            await api.get_homeworks_short(**whose)
            await api.get_marks(**whose)
            await api.get_periods_schedules(**whose)

    async def fewest(since: date, until: date) -> None:
        """The one call a child that brings lessons with marks and homework, one child after the other."""
        for child in children:
            await lessons(child, since, until)

    async def side_by_side(since: date, until: date) -> None:
        """The fewest calls, put side by side by a developer who knows how; no example does it."""
        await asyncio.gather(*(lessons(child, since, until) for child in children))

    await take_turns({"as shown": as_shown, "fewest": fewest, "side by side": side_by_side})


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
