"""A family of each system reads its whole diary through the gateway: it is that of the town."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from datetime import date, timedelta
from typing import Final

import pytest

from diary_core.abilities import abilities_of
from diary_core.model import ClassStanding
from diary_dnevnik_ru.diary import DnevnikRuDiary
from diary_sandbox.world import PointState
from tests.api.grants.giving import trusted
from tests.api.households import SYSTEMS, Household, running_households
from tests.api.running import LinkedFamily
from tests.api.test_readings import AIM, QUERIES, diary_reads
from tests.oracle.classmates import standings
from tests.oracle.compare import Comparison

pytestmark = pytest.mark.anyio

ABOUT: Final[Mapping[str, str]] = {
    "absence-notices/reasons": "NotifiesAbsence",
    "announcements": "ReadsAnnouncements",
    "attendance": "ReadsAttendance",
    "attendance/summary": "ReadsAttendance",
    "averages": "ReadsMarks",
    "bells": "ReadsBells",
    "calendar": "ReadsCalendar",
    "class-standing": "ReadsClassStanding",
    "days": "ReadsDays",
    "debts": "ReadsMarks",
    "events": "ReadsEvents",
    "forecast": "ReadsMarks",
    "homework": "ReadsHomework",
    "homework/overdue": "ReadsOverdueHomework",
    "marks": "ReadsMarks",
    "marks/{mark_id}": "ReadsMarkDetails",
    "meals": "ReadsMeals",
    "meals/account": "ReadsMeals",
    "progress": "ReadsMarks",
    "remarks": "ReadsRemarks",
    "results": "ReadsResults",
    "school": "ReadsSchool",
    "signatures": "SignsWeeks",
    "study-plan": "ReadsStudyPlan",
    "terms": "ReadsTerms",
    "threads": "ReadsMessages",
    "threads/{thread_id}/messages": "ReadsMessages",
    "visits": "ReadsVisits",
    "week": "ReadsDays",
    "years": "ReadsResults",
}
"""Which ability stands behind a route."""
ABOUT_A_MARK: Final = ("id", "subject", "date", "display", "value", "status", "weight")
CHANGED_DAYS: Final = 8
"""So many of the days with changed marks, the last ones: each mark is two more calls."""


@pytest.fixture(scope="module")
async def households(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Mapping[str, Household]]:
    """One town, one gateway, a family of each system."""
    async with running_households(tmp_path_factory.mktemp("households")) as families:
        yield families


@pytest.fixture(params=SYSTEMS)
def home(households: Mapping[str, Household], request: pytest.FixtureRequest) -> Household:
    """A family of each system in turn."""
    return households[request.param]


async def test_every_route_answers_what_the_diary_can(home: Household) -> None:
    """What the diary's class can do is answered, everything else is not supported; nothing else happens."""
    averaged = {average["subject"]["id"] for average in await home.read("averages")}
    mark = next(one for one in await home.read("marks", **QUERIES) if one["subject"]["id"] in averaged)
    able = {ability.__name__ for ability in abilities_of(home.diary)}
    await home.compare_with_class()
    aim = AIM | {"subject": mark["subject"]["name"]}
    routes = [path.removeprefix("/v1/children/{child_id}/") for path in diary_reads()]
    told: dict[str, str] = {}
    for route in routes:
        answer = await home.ask(route.format(thread_id="th-1", mark_id=mark["id"]), **QUERIES, **aim)
        told[route] = "answered" if answer.status_code == 200 else answer.json()["code"]
    assert told == {route: "answered" if ABOUT[route] in able else "not_supported" for route in routes}


async def test_one_mark_tells_what_lists_leave_out(home: Household) -> None:
    """Its earlier versions come with it, and it is otherwise the mark of the list."""
    changed = sorted({str(mark.on) for mark in home.marks() if mark.history})[-CHANGED_DAYS:]
    listed = await home.read("marks", since=changed[0], until=changed[-1])
    versions: list[str] = []
    for mark in [one for one in listed if one["date"] in changed]:
        (deep,) = await home.read(f"marks/{mark['id']}")
        assert {key: deep[key] for key in ABOUT_A_MARK} == {key: mark[key] for key in ABOUT_A_MARK}
        if home.diary is DnevnikRuDiary:
            assert deep["history"]["reason"] == "unsupported"
        else:
            versions += [version["display"] for version in deep["history"]]
    if home.diary is not DnevnikRuDiary:
        assert sorted(versions) == sorted(
            version.display for mark in home.marks() if str(mark.on) in changed for version in mark.history
        )
    unknown = await home.ask("marks/999999999")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "mark_unknown")


async def test_marks_are_told_by_subject(home: Household) -> None:
    """Each subject's are the ones the whole list has of it; a name may be written in any letters."""
    span = {"since": str(home.sandbox.world.year.since), "until": str(home.today)}
    listed = await home.read("marks", **span)
    subjects = {mark["subject"]["id"]: mark["subject"]["name"] for mark in listed}
    for subject_id, name in subjects.items():
        own = [mark for mark in listed if mark["subject"]["id"] == subject_id]
        assert await home.read("marks", **span, subject=subject_id) == own
        assert await home.read("marks", **span, subject=name.upper()) == own
    unknown = await home.ask("marks", **span, subject="Магия")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "subject_unknown")


async def test_debts_are_the_points_whose_day_has_passed(home: Household) -> None:
    """As the town knows them, the longest overdue first."""
    owed = [mark for mark in home.marks() if mark.point and mark.point.state is PointState.EXPIRED]
    told = await home.read("debts")
    assert sorted(one["mark"]["date"] for one in told) == sorted(str(mark.on) for mark in owed)
    assert [one["overdue_since"] for one in told] == sorted(one["overdue_since"] for one in told)


async def test_former_years_keep_their_results(home: Household) -> None:
    """Each listed year has results of its own; unless one is named, the present one is meant."""
    years = await home.read("years")
    present = [year["id"] for year in years if year["current"]]
    assert len(present) == 1
    by_year = {year["id"]: await home.read("results", year=year["id"]) for year in years}
    assert by_year[present[0]] == await home.read("results")
    assert len(years) == 1 + len(home.sandbox.world.past_years(home.child.id))
    assert all(by_year[year["id"]] for year in years if not year["current"])
    unknown = await home.ask("results", year="1999")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "year_unknown")


async def test_the_place_in_the_class_is_the_towns(home: Household) -> None:
    """As reckoned from every classmate's marks, of whom none is told; one system alone ranks."""
    chosen = await home.compare_with_class()
    if home.diary is DnevnikRuDiary:
        assert (chosen.status_code, chosen.json()["code"]) == (409, "not_supported")
        assert "мобильном приложении" in chosen.json()["reason"]
        return
    answer = await home.ask("class-standing")
    seen = [ClassStanding.model_validate(one) for one in answer.json()["items"]]
    true = standings(home.sandbox.world, home.child, home.today)
    comparison = Comparison()
    comparison.each(seen, true, "the class")
    assert (comparison.differences, len(true) > 5) == ([], True)
    pupils = home.sandbox.world.pupils(home.child.class_id)
    assert [pupil.id for pupil in pupils if pupil.person.uuid in answer.text] == []


async def test_a_forecast_reckons_with_the_lessons_of_the_town(home: Household) -> None:
    """Each lesson of the subject that has not ended may bring a mark; Дневник.ру tells no cancelled ones."""
    world = home.sandbox.world
    last_days = {term["id"]: date.fromisoformat(term["until"]) for term in await home.read("terms")}
    now = home.sandbox.clock.now(world.school(home.child.school_id).zone)
    wrong: list[str] = []
    for average in await home.read("averages"):
        subject = average["subject"]["name"]
        (forecast,) = await home.read("forecast", subject=subject, target="5")
        left = [
            lesson
            for lesson in world.lessons(home.child.id, now.date(), last_days[average["term_id"]])
            if world.subject(lesson.half.subject_id).name == subject
            and (lesson.actual is not None or home.diary is DnevnikRuDiary)
            and (lesson.on, lesson.half.ends) > (now.date(), now.time())
        ]
        if forecast["lessons_left"] != {"count": len(left), "source": "timetable"}:
            wrong.append(f"{subject}: {forecast['lessons_left']} told, {len(left)} true")
    assert wrong == []


async def test_missed_lessons_are_summed_up_by_term(home: Household) -> None:
    """The sums of a term are those of its records; a made-up term is none."""
    for term in await home.read("terms"):
        records = await home.read("attendance", since=term["since"], until=term["until"])
        (summary,) = await home.read("attendance/summary", term=term["id"])
        missed = [one for one in records if one["kind"] == "absent" and one["counted"] and one["lesson_id"]]
        assert (summary["since"], summary["until"]) == (term["since"], term["until"])
        assert summary["total"]["absent"] == len(missed)
        assert summary["total"]["absent"] == sum(one["counts"]["absent"] for one in summary["subjects"])
    unknown = await home.ask("attendance/summary", term="nothing")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "term_unknown")


async def test_a_week_signed_here_is_signed(home: Household) -> None:
    """The next read shows it, the town knows by whom, and nothing waits for the parent any more."""
    monday = home.today - timedelta(days=home.today.weekday() + 7)
    address = f"/v1/children/{home.child_id}/signatures"
    if home.diary is DnevnikRuDiary:
        refused = await home.parent.put(f"{address}/{monday}")
        assert (refused.status_code, refused.json()["code"]) == (409, "not_supported")
        assert refused.json()["reason"] == "Подписывать неделю этот дневник не предлагает."
        return
    weeks = {"since": str(monday - timedelta(weeks=3)), "until": str(monday)}
    unsigned = [one["week"] for one in await home.read("signatures", **weeks) if not one["signed"]]
    learning = {str(one.on - timedelta(days=one.on.weekday())) for one in home.lessons(monday)}
    waiting = [week for week in unsigned if week in learning]
    assert await home.to_sign() == waiting != []
    signed = (await home.parent.put(f"{address}/{waiting[-1]}")).json()
    assert (signed["week"], signed["signed"]) == (waiting[-1], True)
    assert signed in await home.read("signatures", **weeks)
    assert await home.to_sign() == waiting[:-1]
    by = {str(one.week): one.parent_id for one in home.sandbox.world.signatures(home.child.id)}
    assert by[waiting[-1]] == home.parent_id
    tuesday, ahead = monday + timedelta(days=1), monday + timedelta(weeks=2)
    assert (await home.parent.put(f"{address}/{tuesday}")).json()["code"] == "invalid_input"
    assert (await home.parent.put(f"{address}/{ahead}")).json()["code"] == "week_ahead"


async def test_nobody_signs_by_a_grant_or_a_token_that_reads(home: Household) -> None:
    """The signature is the parent's own."""
    address = f"/v1/children/{home.child_id}/signatures/{home.today - timedelta(days=home.today.weekday())}"
    family = LinkedFamily(home.parent, "", [home.child_id])
    nina = await trusted(home.gate, family, email=f"{home.diary.__name__}@example.org".lower())
    assert (await nina.person.put(address)).json()["code"] == "right_missing"
    assert ("signatures", "right_missing", 1) in await nina.uses()
    new = {"name": "x", "scopes": ["diary:read"]}
    secret = (await home.parent.post("/v1/tokens", json=new)).json()["secret"]
    reader = home.gate.another_client(Authorization=f"Bearer {secret}")
    assert (await reader.put(address)).json()["code"] == "scope_missing"
