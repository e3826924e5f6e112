"""Presence, the calendar and meals against the sandbox: what they cost, and what they survive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

import httpx2
import pytest
from pydantic import SecretStr

from diary_core.abilities import ReadsMeals, ReadsVisits, able
from diary_core.credentials import Credentials
from diary_core.errors import ChildUnknown, NotSupported, RegionChanged, TryLater
from diary_core.http import DoorLimits, open_client
from diary_core.model import Enrolment, Missing, Reason
from diary_core.sign_in import SignedIn
from diary_core.testing import MemoryStore, fixed_clock, open_diary
from diary_mrko.diary import MrkoDiary
from diary_mrko.provider import MrkoProvider
from diary_sandbox.faults import FaultKind

from .bodies import FAILED
from .town import Town

pytestmark = pytest.mark.anyio

SINCE, UNTIL = date(2026, 10, 19), date(2026, 11, 22)
FAMILY: Final = "/api/family/mobile/v1"
CORE: Final = "/api/ej/core/family/v1"
PASSES: Final = "GET /api/pass/entrances/v1/visit_durations"
MEALS: Final = "/api/food/meals/v3"


@pytest.fixture
async def child(town: Town) -> tuple[MrkoDiary, Enrolment]:
    """Return a diary and its second child, who learns six days a week and eats; no call is counted yet."""
    diary, _ = town.open(await town.credentials())
    child = (await diary.enrolments()).items[1]
    town.sandbox.state.requests.clear()
    return diary, child


def _calls(town: Town) -> Mapping[str, int]:
    return town.asked("school.mos.ru")


async def test_absences_take_one_round_trip_for_any_span(
    town: Town, child: tuple[MrkoDiary, Enrolment]
) -> None:
    """The timetable and the list of absences, side by side, also for five weeks."""
    diary, place = child
    answer = await diary.attendance(place.id, SINCE, UNTIL)
    assert answer.items
    assert _calls(town) == {"GET /api/eventcalendar/v1/api/events": 1, f"GET {FAMILY}/attendance": 1}


async def test_absences_survive_without_their_list(town: Town, child: tuple[MrkoDiary, Enrolment]) -> None:
    """What was missed is known; the words about it are not, and the answer says so."""
    diary, place = child
    whole = await diary.attendance(place.id, SINCE, UNTIL)
    town.fail(FaultKind.STATUS, f"{FAMILY}/attendance", status=503)
    answer = await diary.attendance(place.id, SINCE, UNTIL)
    assert answer.partial == (Missing(what="comment", reason=Reason.UPSTREAM_ERROR),)
    assert [record.id for record in answer.items] == [record.id for record in whole.items]
    assert [record for record in answer.items if record.comment != FAILED] == []


async def test_absences_stand_on_the_timetable(town: Town, child: tuple[MrkoDiary, Enrolment]) -> None:
    """Without it there is no answer: nobody would know that something was missed."""
    diary, place = child
    town.fail(FaultKind.STATUS, "/api/eventcalendar/*", status=500)
    with pytest.raises(TryLater):
        await diary.attendance(place.id, SINCE, UNTIL)


async def test_the_calendar_survives_without_moved_days(
    town: Town, child: tuple[MrkoDiary, Enrolment]
) -> None:
    """Vacations and holidays stand; which Saturday works is what is missing."""
    diary, place = child
    february = date(2027, 2, 1), date(2027, 2, 28)
    whole = await diary.calendar(place.id, *february)
    assert [day.kind for day in whole.items].count("moved") == 1
    town.fail(FaultKind.STATUS, f"{CORE}/academic_years", status=500)
    answer = await diary.calendar(place.id, *february)
    assert answer.partial == (Missing(what="moved", reason=Reason.UPSTREAM_ERROR),)
    assert [day for day in whole.items if day.kind != "moved"] == list(answer.items)


async def test_the_calendar_of_two_school_years(town: Town, child: tuple[MrkoDiary, Enrolment]) -> None:
    """Every year the span touches has moved days of its own to be asked for."""
    diary, place = child
    await diary.calendar(place.id, date(2026, 8, 1), date(2026, 9, 30))
    moved = [call for call in _calls(town) if "calendar_transpositions" in call]
    assert len(moved) == 2


async def test_passes_are_asked_for_week_by_week(town: Town, child: tuple[MrkoDiary, Enrolment]) -> None:
    """Five weeks are five calls of seven days, which is all the service gives at once."""
    diary, place = child
    visits = able(diary, ReadsVisits)
    answer = await visits.visits(place.id, SINCE, UNTIL)
    assert _calls(town) == {PASSES: 5}
    by_day = [
        visit
        for number in range((UNTIL - SINCE).days + 1)
        for visit in (
            await visits.visits(place.id, SINCE + timedelta(days=number), SINCE + timedelta(days=number))
        ).items
    ]
    assert list(answer.items) == by_day


async def test_one_lost_week_of_passes_is_no_answer(town: Town, child: tuple[MrkoDiary, Enrolment]) -> None:
    """A hole would look like days away from school."""
    diary, place = child
    town.fail(FaultKind.STATUS, "/api/pass/*", status=500, count=3)
    with pytest.raises(TryLater):
        await able(diary, ReadsVisits).visits(place.id, SINCE, UNTIL)


async def test_movements_survive_without_orders(town: Town, child: tuple[MrkoDiary, Enrolment]) -> None:
    """The money is there, what was eaten is not."""
    diary, place = child
    meals = able(diary, ReadsMeals)
    whole = await meals.meal_entries(place.id, SINCE, UNTIL)
    town.fail(FaultKind.STATUS, f"{MEALS}/orders", status=500)
    answer = await meals.meal_entries(place.id, SINCE, UNTIL)
    assert answer.partial == (Missing(what="dishes", reason=Reason.UPSTREAM_ERROR),)
    assert [(one.id, one.amount) for one in answer.items] == [(one.id, one.amount) for one in whole.items]
    orders = [one for one in answer.items if one.kind == "order"]
    assert orders
    assert [one for one in orders if one.dishes != FAILED] == []


async def test_a_node_has_no_turnstiles_and_no_meals(town: Town) -> None:
    """They are on Moscow's wire alone, and that is said before anything is asked."""
    step = await town.sign_in("node", "tikhomirova", "sandbox-node", "moscow_oblast")
    assert isinstance(step, SignedIn)
    diary, _ = town.open(step.credentials, slug="moscow_oblast")
    for ability in (ReadsVisits, ReadsMeals):
        with pytest.raises(NotSupported):
            able(diary, ability)


async def test_an_id_without_the_register_is_a_strangers(
    town: Town, child: tuple[MrkoDiary, Enrolment]
) -> None:
    """An id without the register's number is none this family was given: nothing is sent for."""
    diary, place = child
    unregistered = place.id.partition(".")[0]
    for call in (
        able(diary, ReadsVisits).visits(unregistered, SINCE, UNTIL),
        able(diary, ReadsMeals).meal_account(unregistered),
        diary.attendance(unregistered, SINCE, UNTIL),
    ):
        with pytest.raises(ChildUnknown):
            await call
    assert _calls(town) == {}


def _page(request: httpx2.Request) -> httpx2.Response:
    """Answer as a canteen whose pages hold a thousand movements each."""
    offset = int(request.url.params["offset"])
    if request.url.path.endswith("/orders"):
        return httpx2.Response(200, json={"hasNext": False, "orders": []})
    rows = [
        {"sum": 100, "createdAt": f"2026-11-{20 - offset // 1000:02}T08:00:00", "type": 0, "orderId": None}
    ]
    endless = request.url.params["from"] == "2026-09-01"
    return httpx2.Response(200, json={"hasNext": endless or offset < 2000, "transactions": rows})


async def test_every_page_of_movements_is_read() -> None:
    """Page after page until there are no more; pages without an end are a changed diary, not a loop."""
    provider = MrkoProvider()
    instance = provider.instance("moscow")
    store = MemoryStore(
        Credentials(secrets={"access": SecretStr("x")}, facts={"profile_id": "1", "role": "parent"})
    )
    base = httpx2.MockTransport(_page)
    async with open_client(instance.hosts.values(), limits=DoorLimits(), name="test", base=base) as http:
        diary = open_diary(provider, instance, "token", store, http=http, now=fixed_clock())
        meals = able(diary, ReadsMeals)
        answer = await meals.meal_entries("3200011.00000000-0000-4000-8000-000000000011", SINCE, UNTIL)
        assert [entry.date.day for entry in answer.items] == [18, 19, 20]
        with pytest.raises(RegionChanged, match="do not end"):
            await meals.meal_entries("3200011.00000000-0000-4000-8000-000000000011", date(2026, 9, 1), UNTIL)


async def test_a_debt_is_told_with_its_sign(town: Town) -> None:
    """Some children's debts come unsigned; every balance is what the town knows."""
    told: dict[str, object] = {}
    true: dict[str, object] = {}
    for login in ("moscow", "many", "both"):
        diary, _ = town.open(await town.credentials(login))
        for enrolment in (await diary.enrolments()).items:
            pupil = town.sandbox.world.child_by_uuid(enrolment.child.id)
            assert pupil is not None
            account = town.sandbox.world.meal_account(pupil.id)
            assert account is not None
            (balance,) = (await able(diary, ReadsMeals).meal_account(enrolment.id)).items
            told[enrolment.id] = balance.balance * 100
            true[enrolment.id] = account.balance
    assert told == true
