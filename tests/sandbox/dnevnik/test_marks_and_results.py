"""Marks in every cut, of whole classes, recent ones, averages, results and the feed."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from diary_sandbox.clock import MOSCOW
from diary_sandbox.dnevnik.wire_ids import Space, wire_id, world_id
from diary_sandbox.state import SandboxState
from diary_sandbox.world import Mark, PastYear, ResultKind, TermKind, TermResult, World

from .conftest import Json, SignedIn, SignIn

pytestmark = pytest.mark.anyio

SPAN = "2026-09-01/2026-11-23"
SUMMER = datetime(2027, 7, 20, 12, tzinfo=MOSCOW)


def _person(parent: SignedIn, place: int = 0) -> int:
    return wire_id(Space.PUPIL_PERSON, parent.children[place].id)


def _group(parent: SignedIn, place: int = 0) -> int:
    return wire_id(Space.CLASS, parent.children[place].class_id)


async def _all(parent: SignedIn) -> list[Json]:
    school = wire_id(Space.SCHOOL, parent.children[0].school_id)
    return await parent.get_list(f"persons/{_person(parent)}/schools/{school}/marks/{SPAN}")


async def test_every_cut_of_a_child_s_marks_is_a_part_of_the_whole(mother: SignedIn) -> None:
    """By class, subject, subgroup, lesson, work and day of entry: the same objects, narrowed."""
    whole = await _all(mother)
    person, group = _person(mother), _group(mother)
    assert await mother.get(f"persons/{person}/edu-groups/{group}/marks/{SPAN}") == whole
    mark = whole[0]
    lesson = await mother.get_dict(f"lessons/{mark['lesson']}")
    subject = lesson["subject"]["id"]
    of_subject = await mother.get_list(f"persons/{person}/subjects/{subject}/marks/{SPAN}")
    assert mark in of_subject
    assert [one for one in whole if one in of_subject] == of_subject
    assert 0 < len(of_subject) < len(whole)
    on_lesson = await mother.get_list(f"persons/{person}/lessons/{mark['lesson']}/marks")
    assert on_lesson == [one for one in whole if one["lesson"] == mark["lesson"]]
    on_work = await mother.get_list(f"persons/{person}/works/{mark['work']}/marks")
    assert on_work == [one for one in whole if one["work"] == mark["work"]]
    assert await mother.get(f"marks/{mark['id']}") == mark
    assert await mother.refusal("marks/17") == (404, "apiResourceUnavailable")


async def test_marks_of_a_subgroup_are_its_subject_s(mother: SignedIn, state: SandboxState) -> None:
    """Asked for by the number of an own subgroup."""
    child = mother.children[0]
    subgroup = next(one for one in state.world.study_groups(child.id) if one.subgroup)
    subject = wire_id(Space.SUBJECT, subgroup.subject_id)
    base = f"persons/{_person(mother)}"
    by_group = f"{base}/subject-groups/{wire_id(Space.STUDY_GROUP, subgroup.id)}/marks/{SPAN}"
    marks = await mother.get_list(by_group)
    assert marks
    assert marks == await mother.get(f"{base}/subjects/{subject}/marks/{SPAN}")


async def test_days_of_entry_and_days_of_lessons_differ(mother: SignedIn, state: SandboxState) -> None:
    """Both operations together find every mark, each by its own day."""
    child = mother.children[0]
    world = state.world
    late = next(
        one
        for one in world.marks(child.id, world.year.since, world.year.until)
        if one.entered_at.date() != one.on
    )
    number = wire_id(Space.MARK, late.id * 2)
    entered = await mother.get_list(f"persons/{_person(mother)}/marks/{late.entered_at.date()}")
    same_day = await mother.get_list(f"persons/{_person(mother)}/marks/{late.on}")
    held = await mother.get_list(f"lessons/{late.on}/persons/{_person(mother)}/marks")
    assert number in {one["id"] for one in entered}
    assert number not in {one["id"] for one in same_day}
    assert number in {one["id"] for one in held}


async def test_class_wide_calls_answer_with_everybody(mother: SignedIn, state: SandboxState) -> None:
    """A parent's token reads classmates' marks, as on the real wire; a client must filter."""
    group = _group(mother)
    whole = await mother.get_list(f"edu-groups/{group}/marks/{SPAN}")
    persons = {one["person"] for one in whole}
    assert len(persons) > 15
    own = await _all(mother)
    assert [one for one in whole if one["person"] == _person(mother)] == own
    mark = own[0]
    on_lesson = await mother.get_list(f"lessons/{mark['lesson']}/marks")
    assert on_lesson == [one for one in whole if one["lesson"] == mark["lesson"]]
    on_work = await mother.get_list(f"works/{mark['work']}/marks")
    assert on_work == [one for one in whole if one["work"] == mark["work"]]
    subject = (await mother.get_dict(f"lessons/{mark['lesson']}"))["subject"]["id"]
    of_subject = await mother.get_list(f"edu-groups/{group}/subjects/{subject}/marks/{SPAN}")
    assert [one for one in whole if one in of_subject] == of_subject
    for path in ("lessons/marks", "lessons/many/marks"):
        assert (await mother.client.post(f"/v2/{path}", json=[mark["lesson"]])).json() == on_lesson


async def test_histograms_count_without_names(mother: SignedIn, state: SandboxState) -> None:
    """Of one work, and of every work of a subject in a period."""
    work = next(one for one in await _all(mother) if one["number"] == 1)["work"]
    marks = await mother.get_list(f"works/{work}/marks")
    histogram = await mother.get_dict(f"works/{work}/marks/histogram")
    assert [one["markNumber"] for one in histogram["markNumbers"]] == [0, 1]
    counted = {
        (one["markNumber"], line["value"]): line["count"]
        for one in histogram["markNumbers"]
        for line in one["marks"]
    }
    assert counted == Counter((one["number"], one["value"]) for one in marks)
    subject = (await mother.get_dict(f"works/{work}"))["subjectId"]
    terms = state.world.terms(mother.children[0].class_id)
    found: list[Json] = []
    for term in terms[:2]:
        period = wire_id(Space.PERIOD, term.id)
        path = f"periods/{period}/subjects/{subject}/groups/{_group(mother)}/marks/histogram"
        body = await mother.get_dict(path)
        found += [one for one in body["works"] if one["workId"] == work]
        assert "person" not in str(body)
    assert [one["markNumbers"] for one in found] == [histogram["markNumbers"]]


async def test_the_values_of_mark5_are_fifteen(mother: SignedIn) -> None:
    """In the documented order."""
    values = await mother.get("marks/values/type/mark5")
    assert values == ["1-", "1", "1+", "2-", "2", "2+", "3-", "3", "3+", "4-", "4", "4+", "5-", "5", "5+"]
    assert await mother.get("marks/values") == {"mark5": values}


async def test_recent_marks_run_backwards_and_count_by_subject(mother: SignedIn) -> None:
    """Newest first, so many a subject at most, results of periods among them; later ones are cut off."""
    path = f"persons/{_person(mother)}/group/{_group(mother)}/recentmarks"
    three = await mother.get_dict(path, limit=3)
    dates = [one["date"] for one in three["marks"]]
    assert dates == sorted(dates, reverse=True)
    works = {one["id"]: one for one in three["works"]}
    by_subject = Counter(works[one["work"]]["subjectId"] for one in three["marks"])
    assert max(by_subject.values()) == 3
    assert {one["id"] for one in three["subjects"]} == set(by_subject)
    assert {one["lesson"] for one in three["marks"]} - {None} == {one["id"] for one in three["lessons"]}
    assert {one["workType"] for one in three["works"]} == {one["id"] for one in three["workTypes"]}
    everything = await mother.get_dict(path, limit=100)
    assert any(one["lesson"] is None for one in everything["marks"])
    earlier = await mother.get_dict(path, limit=100, fromDate="2026-10-01")
    assert earlier["marks"] == [one for one in everything["marks"] if one["date"] < "2026-10-01T21"]
    subject = next(iter(by_subject))
    narrowed = await mother.get_dict(path, limit=100, subject=subject)
    assert {one["id"] for one in narrowed["subjects"]} == {subject}


def _comma(values: list[Decimal]) -> str:
    mean = (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{mean.normalize():f}".replace(".", ",")


def _plain(marks: tuple[Mark, ...], subject_id: int | None) -> list[Decimal]:
    return [
        value for one in marks if one.counts and subject_id in (None, one.subject_id) for value in one.values
    ]


async def test_averages_are_plain_means_with_a_decimal_comma(mother: SignedIn, state: SandboxState) -> None:
    """Of a period, of a subject in it, and class-wide for a span and as of a day: all the same figures."""
    child = mother.children[0]
    world = state.world
    term = world.terms(child.class_id)[0]
    marks = world.marks(child.id, term.since, term.until)
    period = wire_id(Space.PERIOD, term.id)
    base = f"persons/{_person(mother)}/reporting-periods/{period}"
    assert await mother.get(f"{base}/avg-mark") == _comma(_plain(marks, None))
    rows = await mother.get_list(f"edu-groups/{_group(mother)}/avg-marks/{term.since}/{term.until}")
    own = next(one for one in rows if one["person"] == _person(mother))
    figures = {one["subject"]: one["avg-mark-value"] for one in own["per-subject-averages"]}
    assert figures
    for subject, figure in figures.items():
        expected = _comma(_plain(marks, world_id(Space.SUBJECT, subject)))
        assert figure == expected == await mother.get(f"{base}/subjects/{subject}/avg-mark")
    assert any("," in figure for figure in figures.values())
    assert len(rows) == len(world.pupils(child.class_id))
    as_of = await mother.get_list(
        f"edu-groups/{_group(mother)}/reporting-periods/{period}/avg-marks/2027-05-01"
    )
    line = next(one for one in as_of if one["person"] == _person(mother))
    assert line["per-subject-averages"] == own["per-subject-averages"]
    assert (line["reportingPeriod"], line["group"]) == (period, _group(mother))


async def test_an_average_of_nothing_is_an_empty_text(mother: SignedIn, state: SandboxState) -> None:
    """A period that has not begun has no marks; a class-wide answer for a day before it is empty."""
    period = wire_id(Space.PERIOD, state.world.terms(mother.children[0].class_id)[3].id)
    assert await mother.get(f"persons/{_person(mother)}/reporting-periods/{period}/avg-mark") == ""
    path = f"edu-groups/{_group(mother)}/reporting-periods/{period}/avg-marks/2026-11-23"
    assert await mother.get(path) == []


async def test_weighted_averages_are_numbers(mother: SignedIn, state: SandboxState) -> None:
    """Of the whole class by subject; equal to the world's own, which weighs."""
    child = mother.children[0]
    body = await mother.get_dict(f"edu-groups/{_group(mother)}/wa-marks/{SPAN}")
    checked = 0
    for line in body["subjectMarks"]:
        for one in line["marks"]:
            if one["person"] == _person(mother):
                subject_id = world_id(Space.SUBJECT, line["subject"]) or 0
                mean = state.world.average(child.id, subject_id, date(2026, 9, 1), date(2026, 11, 23))
                assert mean is not None
                assert one["value"] == float(mean.quantize(Decimal("0.01"), ROUND_HALF_UP))
                checked += 1
    assert checked > 5


async def test_finals_are_the_world_s_results_without_lessons(state: SandboxState, sign_in: SignIn) -> None:
    """Periods, year, exam and certificate; the year's columns are there before anything stands in them."""
    early = await sign_in("lesnaya")
    path = f"persons/{_person(early)}/edu-groups/{_group(early)}/allfinalmarks"
    before = await early.get_dict(path)
    empty = {one["id"] for one in before["works"]} - {one["work"] for one in before["marks"]}
    assert {one["periodType"] for one in before["works"] if one["id"] in empty} == {"Year"}
    state.clock.set(SUMMER)
    parent = await sign_in("lesnaya")
    body = await parent.get_dict(path)
    works = {one["id"]: one for one in body["works"]}
    rows = sorted(_result_row(works[one["work"]], one) for one in body["marks"])
    expected = sorted(_world_row(state.world, one) for one in state.world.results(parent.children[0].id))
    assert rows == expected
    assert {one["type"] for one in body["works"]} == {"PeriodMark", "PeriodFinalMark", "Exam"}
    assert all(one["lesson"] is None and one["lesson_str"] is None for one in body["marks"])
    assert {one["workType"] for one in body["works"]} == {one["id"] for one in body["workTypes"]}
    assert all(one["isFinal"] for one in body["workTypes"])


def _result_row(work: Json, mark: Json) -> tuple[object, ...]:
    return work["type"], work["periodType"], work["periodNumber"], work["subjectId"], mark["textValue"]


def _world_row(world: World, result: TermResult) -> tuple[object, ...]:
    types = {
        ResultKind.TERM: "PeriodMark",
        ResultKind.YEAR: "PeriodMark",
        ResultKind.FINAL: "PeriodFinalMark",
        ResultKind.EXAM: "Exam",
        ResultKind.ATTESTATION: "Exam",
    }
    term = world.term(result.term_id)
    of_term = result.kind is ResultKind.TERM
    return (
        types[result.kind],
        {TermKind.HALF_YEAR: "HalfYear", TermKind.TRIMESTER: "Trimester"}[term.kind] if of_term else "Year",
        term.number if of_term else 0,
        wire_id(Space.SUBJECT, result.subject_id),
        result.display,
    )


async def test_former_years_stand_with_the_class_of_then(state: SandboxState, sign_in: SignIn) -> None:
    """Their results and periods; the same calls for a former class of somebody else are refused."""
    parent = await sign_in("obraztsova")
    child, person = parent.children[1], _person(parent, 1)
    groups = await parent.get_list(f"persons/{person}/edu-groups/all")
    former = [one for one in groups if one["status"] == "Archive"]
    years = state.world.past_years(child.id)
    assert [one["studyyear"] for one in former] == [past.year.start for past in years] == [2025, 2024]
    for group, past in zip(former, years, strict=True):
        body = await parent.get_dict(f"persons/{person}/edu-groups/{group['id']}/allfinalmarks")
        works = {one["id"]: one for one in body["works"]}
        rows = sorted(_result_row(works[one["work"]], one) for one in body["marks"])
        assert rows == sorted(_past_row(past, one) for one in past.results)
        assert {one["eduGroup"] for one in body["works"]} == {group["id"]}
        assert {one["id"] for one in body["subjects"]} == {one["subjectId"] for one in body["works"]}
        periods = await parent.get_list(f"edu-groups/{group['id']}/reporting-periods")
        assert [one["name"] for one in periods] == [term.name for term in past.terms[:-1]]
        assert {one["year"] for one in periods} == {past.year.start}
    stranger = await sign_in("lesnaya")
    refused = (403, "systemForbidden")
    assert await stranger.refusal(f"edu-groups/{former[0]['id']}/reporting-periods") == refused
    path = f"persons/{_person(stranger)}/edu-groups/{former[0]['id']}/allfinalmarks"
    assert await stranger.refusal(path) == refused


def _past_row(past: PastYear, result: TermResult) -> tuple[object, ...]:
    term = next(one for one in past.terms if one.id == result.term_id)
    whole_year = result.kind is not ResultKind.TERM
    kinds = {ResultKind.EXAM: "Exam", ResultKind.ATTESTATION: "Exam", ResultKind.FINAL: "PeriodFinalMark"}
    return (
        kinds.get(result.kind, "PeriodMark"),
        "Year" if whole_year else "Quarter",
        0 if whole_year else term.number,
        wire_id(Space.SUBJECT, result.subject_id),
        result.display,
    )


async def test_final_marks_close_the_year(state: SandboxState, sign_in: SignIn) -> None:
    """One a subject: the certificate's where there is one, else the year's; class-wide too."""
    state.clock.set(SUMMER)
    parent = await sign_in("obraztsova")
    person, group = _person(parent), _group(parent)
    own = await parent.get_list(f"persons/{person}/edu-groups/{group}/final-marks")
    assert len(own) > 5
    rows = await parent.get_list(f"edu-groups/{group}/final-marks")
    assert next(one for one in rows if one["person"] == person)["per-subject-final-marks"] == own
    assert len(rows) > 15
    subject, mark = own[0]["subject"], own[0]["final-mark"]
    assert mark in await parent.get_list(f"edu-groups/{group}/subjects/{subject}/final-marks")
    assert await parent.get(f"marks/{mark['id']}") == mark
    assert await parent.get(f"persons/{person}/works/{mark['work']}/marks") == [mark]
    assert mark in await parent.get_list(f"works/{mark['work']}/marks")
    work = await parent.get_dict(f"works/{mark['work']}")
    assert (work["lesson"], work["text"], work["periodType"]) == (None, None, "Year")


async def test_the_feed_joins_today_with_the_next_school_day(mother: SignedIn, state: SandboxState) -> None:
    """For one child by person id; days run backwards."""
    child = mother.children[0]
    feed = await mother.get_dict("users/me/feed", childPersonId=_person(mother), date="2026-11-20", limit=5)
    dates = [day["date"][:10] for day in feed["days"]]
    assert dates == [str(date(2026, 11, 20) - timedelta(days=n)) for n in range(5)]
    for day in feed["days"]:
        on = date.fromisoformat(day["date"][:10])
        following = date.fromisoformat(day["nextWorkingDayDate"][:10])
        for name, when in (("todaySchedule", on), ("nextDaySchedule", following)):
            lessons = [one for one in state.world.lessons(child.id, when, when) if one.half.slot]
            assert [one["lessonId"] for one in day[name]] == [
                wire_id(Space.LESSON, one.id) for one in lessons
            ]
        marks = {one["mark"]["id"] for card in day["summary"]["marksCards"] for one in card["marks"]}
        assert {(world_id(Space.MARK, one) or 0) // 2 for one in marks} == {
            one.id for one in state.world.marks(child.id, on, on)
        }
    assert feed["days"][0]["nextWorkingDayDate"] == "2026-11-23T00:00:00"


async def test_attendance_in_every_spelling(mother: SignedIn) -> None:
    """One child, one subject, one lesson; a whole class on one lesson and over a span."""
    person, group = _person(mother), _group(mother)
    span = {"from": "2026-09-01", "to": "2026-11-23"}
    days = {"startDate": span["from"], "endDate": span["to"]}
    log = await mother.get_dict(f"persons/{person}/lesson-log-entries", **days)
    lesson, entry = log["lessons"][0], log["logEntries"][0]
    assert lesson["works"] == []
    subject = lesson["subject"]["id"]
    of_subject = await mother.get_list(f"lesson-log-entries/person/{person}/subject/{subject}", **span)
    wanted = {one["id"] for one in log["lessons"] if one["subject"]["id"] == subject}
    assert of_subject == [one for one in log["logEntries"] if one["lesson"] in wanted]
    assert await mother.get(f"lesson-log-entries/lesson/{lesson['id']}/person/{person}") == entry
    everybody = await mother.get_list(f"lessons/{lesson['id']}/log-entries")
    assert entry in everybody
    assert {one["lesson"] for one in everybody} == {lesson["id"]}
    other = log["lessons"][-1]["id"]
    both = await mother.get_list(f"lesson-log-entries?lessons={lesson['id']}&lessons={other}")
    assert {one["lesson"] for one in both} == {lesson["id"], other}
    of_class = await mother.get_list(f"lesson-log-entries/group/{group}", **span, subject=subject)
    assert entry in of_class
    assert len({one["person"] for one in of_class}) > 5
