"""The weekly signature: what it costs, who may give it, and what the diary makes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest
from pydantic import SecretStr

from diary_core.abilities import SignsWeeks, able
from diary_core.credentials import Credentials
from diary_core.errors import ChildUnknown, DiaryError, NotPermitted, RegionChanged, RegionDown
from diary_core.model import UNSUPPORTED, WeekSignature
from diary_core.testing import MemoryStore, fixed_clock, open_diary
from diary_mrko.parse.signatures import signatures
from diary_mrko.provider import MrkoProvider
from diary_mrko.wire.signatures import SignedWeek

from .bodies import MONDAY, MOSCOW, SIGNED, SUNDAY, rows
from .test_parse_family import CHILD
from .town import Town

pytestmark = pytest.mark.anyio

PATH = "/api/ej/core/family/v1/aware_journals"


def this_week(town: Town) -> date:
    """Return the present Monday of the town."""
    today = town.now().date()
    return today - timedelta(days=today.weekday())


async def test_weeks_cost_one_call(town: Town) -> None:
    """However long the span, and a span that lies ahead has no weeks."""
    diary, child = await town.first_child()
    town.sandbox.state.requests.clear()
    found = (await diary.signatures(child.id, date(2026, 9, 1), date(2027, 5, 31))).items
    assert town.asked("school.mos.ru") == {f"GET {PATH}": 1}
    assert (found[0].week, found[-1].week) == (date(2026, 8, 31), this_week(town))
    assert {one.signed for one in found} == {True, False}
    assert (await diary.signatures(child.id, date(2027, 1, 1), date(2027, 5, 31))).items == ()


async def test_the_next_read_shows_what_was_signed(town: Town) -> None:
    """By the town's clock, and the diary of the other child knows nothing of it."""
    diary, _ = town.open(await town.credentials())
    one, other = (await diary.enrolments()).items
    week = this_week(town)
    signed = await diary.sign_week(one.id, week)
    assert signed == WeekSignature(week=week, signed=True, signed_at=town.now().replace(microsecond=0))
    assert (await diary.signatures(one.id, week, week)).items == (signed,)
    assert [seen.signed for seen in (await diary.signatures(other.id, week, week)).items] == [False]


async def test_a_signed_week_is_not_sent_again(town: Town) -> None:
    """The diary is asked first: what it makes of a second signature is not known."""
    diary, child = await town.first_child()
    await diary.sign_week(child.id, this_week(town))
    town.sandbox.state.requests.clear()
    await diary.sign_week(child.id, this_week(town))
    assert f"POST {PATH}" not in town.asked("school.mos.ru")


async def test_a_trusted_person_signs_nothing(town: Town) -> None:
    """Nothing is sent either."""
    diary, store = town.open(await town.credentials("nanny"))
    child = (await diary.enrolments()).items[0]
    assert child.role == "trusted"
    town.sandbox.state.requests.clear()
    with pytest.raises(NotPermitted):
        await able(diary, SignsWeeks).sign_week(child.id, this_week(town))
    assert f"POST {PATH}" not in town.asked("school.mos.ru")
    assert store.credentials


async def test_a_strangers_weeks_are_unknown(town: Town) -> None:
    """To read and to sign."""
    diary, _ = await town.first_child()
    _, stranger = await town.first_child("many")
    with pytest.raises(ChildUnknown):
        await diary.signatures(stranger.id, this_week(town), this_week(town))
    with pytest.raises(ChildUnknown):
        await diary.sign_week(stranger.id, this_week(town))


@pytest.mark.parametrize(
    ("status", "error"), [(201, RegionChanged), (400, RegionChanged), (403, NotPermitted), (500, RegionDown)]
)
async def test_a_signature_that_is_not_listed_is_none(status: int, error: type[DiaryError]) -> None:
    """Whether the diary says no, or says yes and keeps nothing."""
    bodies: dict[str, object] = {
        "/api/family/mobile/v1/profile": {
            "profile": {"id": 1, "type": "parent"},
            "children": [{**CHILD, "is_legal_representative": True}],
        },
        PATH: [],
    }

    def answer(asked: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status if asked.method == "POST" else 200, json=bodies[asked.url.path])

    provider = MrkoProvider()
    secrets = Credentials(secrets={"access": SecretStr("x")}, facts={"profile_id": "1", "role": "parent"})
    now = fixed_clock(datetime(2026, 9, 16, 12, tzinfo=UTC))
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
        diary = open_diary(
            provider, provider.instance("moscow"), "token", MemoryStore(secrets), http=http, now=now
        )
        child = (await diary.enrolments()).items[0]
        with pytest.raises(error):
            await able(diary, SignsWeeks).sign_week(child.id, MONDAY)


def test_a_week_is_signed_by_the_first_who_did() -> None:
    """By any of its days, of this child alone; when, is told where the diary tells it."""
    body = [
        {**SIGNED, "week": "2026-09-16", "created_at": "2026-09-21T08:00:00"},
        SIGNED,
        {**SIGNED, "student_profile_id": 33, "week": "2026-09-21"},
        {"week": "2026-09-28"},
    ]
    found = list(signatures(rows(SignedWeek, body), "32", MONDAY, SUNDAY + timedelta(weeks=2), MOSCOW))
    assert [(one.week, one.signed, one.signed_at) for one in found] == [
        (MONDAY, True, datetime(2026, 9, 20, 19, 30, tzinfo=MOSCOW)),
        (MONDAY + timedelta(weeks=1), False, None),
        (MONDAY + timedelta(weeks=2), True, UNSUPPORTED),
    ]
