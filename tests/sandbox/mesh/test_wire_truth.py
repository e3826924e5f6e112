"""What the wire says is what the world says: value by value, for several towns, weeks and children."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from tests.more import quick_first

from diary_sandbox.clock import MOSCOW
from diary_sandbox.mesh.wire import (
    attendance,
    calendar,
    events,
    family,
    homework,
    marks,
    meals,
    notifications,
    rating,
    schedule,
    school,
    subject_marks,
    turnstile,
)
from diary_sandbox.mesh.wire.ids import entry_student_id, task_and_child
from diary_sandbox.world import (
    AbsenceKind,
    Child,
    LessonChange,
    LessonKind,
    MealKind,
    PointState,
    ResultKind,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from diary_sandbox.state import SandboxState
    from diary_sandbox.world.world import World

SEEDS = quick_first((1, 2, 3))
EVERYTHING = frozenset(("homework", "marks", "absence_reason_id", "nonattendance_reason_id", "health_status"))
SINCE, UNTIL = date(2026, 11, 30), date(2026, 12, 20)


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest, new_state: Callable[..., SandboxState]) -> World:
    """Return a town in the middle of December."""
    return new_state(datetime(2026, 12, 18, 12, 0, tzinfo=MOSCOW), seed=request.param).world


def children(world: World) -> Iterator[Child]:
    """Yield the children of every family that are read through МЭШ."""
    for family_id in range(1, world.families() + 1):
        for child_id in world.family(family_id).child_ids:
            child = world.child(child_id)
            if world.school(child.school_id).hosts & {"school.mos.ru", "authedu.mosreg.ru"}:
                yield child


def asked(expand: frozenset[str] = EVERYTHING, *sources: str) -> events.Asked:
    """Return a calendar call for three weeks, all sources unless some are named."""
    return events.Asked(since=SINCE, until=UNTIL, expand=expand, sources=frozenset(sources))


def items(body: Any, key: str = "payload") -> list[Any]:
    """Return the entries of an answer."""
    return body[key]


def homework_of(event: Any) -> dict[str, Any]:
    """Return the homework of an event; clubs have none."""
    return event["homework"] or {"descriptions": [], "entries": []}


def number(value: str | float | None) -> Decimal | None:
    """Read an average in any of its spellings."""
    return None if value is None else Decimal(str(value).replace(",", "."))


def test_events_are_the_lessons_of_the_world(world: World) -> None:
    """Same lessons in the same order with place, change, remote link and absence."""
    for child in children(world):
        truth = world.lessons(child.id, SINCE, UNTIL)
        body = events.events(world, [child], asked(EVERYTHING, "PLAN", "EC", "AE"))
        served = items(body, "response")
        assert [event["id"] for event in served] == [lesson.id for lesson in truth]
        assert body["total_count"] == len(truth)
        missed = {
            absence.lesson_id: absence
            for absence in world.absences(child.id, SINCE, UNTIL)
            if absence.kind is AbsenceKind.ABSENT
        }
        for event, lesson in zip(served, truth, strict=True):
            half, subject = lesson.half, world.subject(lesson.subject_id)
            for field, at in (("start_at", half.starts), ("finish_at", half.ends)):
                assert datetime.fromisoformat(event[field]) == datetime.combine(half.on, at, MOSCOW)
            assert event["subject_name"] == subject.name
            expected_id = {LessonKind.REGULAR: subject.id, LessonKind.EXTRA: 0, LessonKind.ADDITIONAL: None}
            assert event["subject_id"] == expected_id[lesson.kind]
            assert event["room_number"] == (None if lesson.kind is LessonKind.ADDITIONAL else half.room)
            assert event["cancelled"] is (lesson.change is LessonChange.CANCELLED)
            assert event["replaced"] is (lesson.change is LessonChange.REPLACED)
            assert event["link_to_join"] == lesson.link
            absence = missed.get(lesson.id)
            reason = absence.reason if absence else None
            assert event["is_missed_lesson"] is (absence is not None)
            assert event["absence_reason_id"] == (int(reason) if reason else None)
            assert event["health_status"] == ("SICK" if reason and reason.ill else None)


def test_events_carry_marks_and_homework(world: World) -> None:
    """Marks of the lesson, and the tasks due on it with the materials packed as the app packs them."""
    for child in children(world):
        truth = world.marks(child.id, SINCE, UNTIL)
        due = {task.id: task for task in world.homework(child.id, SINCE, UNTIL)}
        served = items(events.events(world, [child], asked()), "response")
        seen = {mark["id"]: mark for event in served if event["marks"] for mark in event["marks"]}
        assert seen.keys() == {mark.id for mark in truth}
        for mark in truth:
            assert seen[mark.id]["value"] == mark.display
            assert seen[mark.id]["comment"] == mark.comment
        texts = [text for event in served for text in homework_of(event)["descriptions"]]
        assert sorted(text for text in texts if text != "Не задано") == sorted(t.text for t in due.values())
        for event in served:
            for entry in homework_of(event)["entries"]:
                task = due[entry["homework_entry_id"]]
                packed = base64.urlsafe_b64decode(entry["materials"] or "eyJtYXRlcmlhbE9iaiI6W119")
                uuids = [item["uuid"] for item in json.loads(packed)["materialObj"]]
                assert uuids == [material.uuid for material in task.materials]
                assert entry["attachment_ids"] == [file.id for file in task.attachments]


def test_optional_parts_come_only_when_asked_for(world: World) -> None:
    """Without `expand` there are no marks, no homework and no reasons; sources narrow the answer."""
    child = next(children(world))
    bare = items(events.events(world, [child], asked(frozenset())), "response")
    for event in bare:
        for part in EVERYTHING:
            assert event[part] is None
    clubs = items(events.events(world, [child], asked(EVERYTHING, "AE")), "response")
    assert {event["source"] for event in clubs} <= {"AE"}


def test_short_days_and_details_are_the_lessons_that_were_held(world: World) -> None:
    """Days without lessons are there and empty; topics, bells and teachers are the world's."""
    for child in list(children(world))[:5]:
        days = [SINCE + timedelta(days=shift) for shift in range(14)]
        for day in items(schedule.short(world, child, days)):
            on = date.fromisoformat(day["date"])
            truth = [
                lesson
                for lesson in world.lessons(child.id, on, on)
                if lesson.change is not LessonChange.CANCELLED
            ]
            assert [item["schedule_item_id"] for item in day["lessons"]] == [lesson.id for lesson in truth]
            for item, lesson in zip(day["lessons"], truth, strict=True):
                assert item["lesson_name"] == lesson.topic
                details = schedule.details(world, child, lesson, "https://x.test")
                teacher = world.teacher(lesson.half.teacher_id).person.name
                named: Any = details["teacher"]
                assert (named["last_name"], named["first_name"]) == (teacher.last, teacher.first)
                remarks = [r.text for r in world.remarks(child.id, on, on) if r.lesson_id == lesson.id]
                assert details["comment"] == ("\n".join(remarks) or None)


def test_a_day_with_breaks_is_without_gaps(world: World) -> None:
    """Lessons and breaks follow one another; the summary counts lessons."""
    for child in list(children(world))[:5]:
        day = schedule.day(world, child, date(2026, 12, 15))
        activities = items(day, "activities")
        for before, after in pairwise(activities):
            assert before["end_utc"] == after["begin_utc"]
        lessons = [activity for activity in activities if activity["type"] == "LESSON"]
        assert str(day["summary"]).startswith(f"{len(lessons)} урок")


def test_marks_are_the_marks_of_the_world(world: World) -> None:
    """Value, parts, weight, form, point, comment and times of every mark of the year so far."""
    for child in children(world):
        truth = world.marks(child.id, world.year.since, UNTIL)
        served = items(marks.marks(world, child, world.year.since, UNTIL))
        assert [item["id"] for item in served] == [mark.id for mark in truth]
        for item, mark in zip(served, truth, strict=True):
            assert item["value"] == mark.display
            fives = [value["grade"]["five"] for value in item["values"]]
            assert [five for five in fives if five is not None] == [float(value) for value in mark.values]
            assert item["weight"] == mark.weight
            assert item["is_exam"] is (item["weight"] > 1)
            open_point = mark.point is not None and mark.point.state is not PointState.TURNED
            assert item["is_point"] is open_point
            assert item["point_date"] == (
                mark.point.due_on.isoformat() if mark.point and open_point else None
            )
            assert (item["comment"] or None) == mark.comment
            assert item["comment_exists"] is (mark.comment is not None)
            assert item["created_at"] == f"{mark.entered_at.astimezone(MOSCOW):%Y-%m-%dT%H:%M:%S}"
            edited = mark.edited_at or mark.entered_at
            assert item["updated_at"] == f"{edited.astimezone(MOSCOW):%Y-%m-%dT%H:%M:%S}"


def test_a_mark_in_detail_tells_its_history_and_the_class(world: World) -> None:
    """History joins end to start up to the present value; the distribution adds up."""
    changed = 0
    for child in list(children(world))[:6]:
        for mark in world.marks(child.id, SINCE, UNTIL):
            details = marks.details(world, child, mark)
            history = items(details, "history")
            changed += len(history)
            chain = [step["before"] for step in history[:1]] + [step["after"] for step in history]
            assert not chain or chain[-1] == mark.display
            results: Any = details["class_results"]
            counted = sum(part["number_of_students"] for part in results["marks_distributions"])
            assert counted == results["total_students"]
    assert changed > 0


def test_averages_are_the_worlds_rounded_half_up(world: World) -> None:
    """In any spelling: of a term, of the year; and the target's paths really reach the threshold."""
    today = date(2026, 12, 18)
    for child in children(world):
        for subject in items(subject_marks.subject_marks(world, child, today)):
            year = world.average(child.id, subject["subject_id"], world.year.since, today)
            assert number(subject["average_by_all"]) == rounded(year)
            for period in subject["periods"]:
                since, until = date.fromisoformat(period["start_iso"]), date.fromisoformat(period["end_iso"])
                mean = world.average(child.id, subject["subject_id"], since, until)
                assert number(period["value"]) == rounded(mean)
                assert period["count"] == len(period["marks"])
                assert (period["target"] is None) is (mean is None)
                if mean is not None:
                    threshold = period["target"]["round"]
                    assert mean >= Decimal("4.51") if threshold is None else Decimal(threshold) > mean


def rounded(mean: Decimal | None) -> Decimal | None:
    """Round the way the wire shows it."""
    return None if mean is None else mean.quantize(Decimal("0.01"), "ROUND_HALF_UP")


def test_the_short_form_is_about_the_present_term(world: World) -> None:
    """Every marked subject is there; those without marks in the term have nulls."""
    today = date(2026, 12, 18)
    for child in children(world):
        term = subject_marks.current_term(world, child, today)
        assert term.since <= today
        for subject in items(subject_marks.short(world, child, today)):
            own = [
                mark
                for mark in world.marks(child.id, term.since, term.until)
                if mark.subject_id == subject["subject_id"]
            ]
            assert subject["count"] == (len(own) or None)
            assert (subject["period"] is None) is not bool(own)
            assert (subject["marks"] is None) is not bool(own)


def test_results_come_as_final_and_fixed_marks(new_state: Callable[..., SandboxState]) -> None:
    """At the end of the year each term, year and attestation result is where it belongs."""
    world = new_state(datetime(2027, 6, 20, 12, 0, tzinfo=MOSCOW)).world
    for child in children(world):
        truth = world.results(child.id)
        served = {
            subject["id"]: subject
            for subject in items(subject_marks.final_marks(world, child, world.year.start), "subjects")
        }
        assert served.keys() == {result.subject_id for result in truth}
        for result in truth:
            subject = served[result.subject_id]
            match result.kind:
                case ResultKind.TERM:
                    name = world.term(result.term_id).name
                    period = next(item for item in subject["periods"] if item["name"] == name)
                    assert period["final_mark"] == result.display
                case ResultKind.YEAR:
                    assert subject["year_mark"] == result.display
                case ResultKind.ATTESTATION:
                    assert subject["intermediate_attestation_mark"] == result.display
                case _:
                    pass


def test_homework_is_the_homework_of_the_world(world: World) -> None:
    """Text, days, done flag, edit time, files and materials of every task due in three weeks."""
    for child in children(world):
        truth = world.homework(child.id, SINCE, UNTIL)
        served = items(homework.homeworks(world, child, SINCE, UNTIL, "https://x.test"))
        short: list[Any] = homework.short(world, child, SINCE, UNTIL)
        for item, brief, task in zip(served, short, truth, strict=True):
            key = entry_student_id(task.id, child.id)
            assert item["homework_entry_student_id"] == brief["homework_entry_student_id"] == key
            assert task_and_child(key) == (task.id, child.id)
            assert item["description"] == brief["description"] == task.text
            assert item["date"] == brief["date"] == task.due_on.isoformat()
            assert item["date_assigned_on"] == task.assigned_on.isoformat()
            assert item["is_done"] is brief["is_done"] is task.done
            edited = (task.edited_at or task.created_at).astimezone(MOSCOW)
            assert item["homework_updated_at"] == f"{edited:%Y-%m-%dT%H:%M:%S}"
            files = [m for m in item["materials"] if m["type"] == "attachments"]
            assert [file["title"] for file in files] == [file.name for file in task.attachments]
            rest = [m["uuid"] for m in item["materials"] if m["type"] != "attachments"]
            assert rest == [material.uuid for material in task.materials]


def test_attendance_is_the_absences_and_notices_of_the_world(world: World) -> None:
    """A day for each with either; whole-day notices mark no lesson; reasons in one of two names."""
    for child in children(world):
        year = world.year
        missed = {day.on: day for day in world.absence_days(child.id, year.since, year.until)}
        notices = world.absence_notices(child.id, year.since, year.until)
        body = attendance.attendance(world, child, year.since, year.until)
        served = items(body, "attendance")
        days = [date.fromisoformat(day["date"]) for day in served]
        assert days == sorted(missed.keys() | {notice.on for notice in notices}, reverse=True)
        for day in served:
            on = date.fromisoformat(day["date"])
            own = [notice for notice in notices if notice.on == on]
            assert day["notified"] is bool(own)
            lessons = {item["schedule_item_id"]: item for item in day["lessons"]}
            absences = missed[on].absences if on in missed else ()
            assert {absence.lesson_id for absence in absences} <= lessons.keys()
            for absence in absences:
                item = lessons[absence.lesson_id]
                reason = item.get("reason_id", item.get("absence_reason_id"))
                assert item["notified"] or reason == (absence.reason and int(absence.reason))
            assert any(item["notified"] for item in lessons.values()) is any(n.slot for n in own)


def test_the_calendar_is_the_calendar_of_the_world(world: World) -> None:
    """One item a day; terms, vacations and moved days with their dates."""
    for child in children(world):
        days = calendar.periods_of_days(world, child, world.year.since, world.year.until)
        truth = world.days(child.school_id, world.year.since, world.year.until)
        types = {"school": "workday", "weekend": "holiday", "holiday": "holiday", "vacation": "vacation"}
        assert [day["type"] for day in days] == [types[day.kind.value] for day in truth]
        (periods,) = calendar.period_schedules(world, child)
        named = {(p["name"], p["begin_date"], p["end_date"]) for p in items(periods, "periods")}
        for term in subject_marks.terms(world, child):
            assert (term.name, term.since.isoformat(), term.until.isoformat()) in named
        assert len(named) == len(subject_marks.terms(world, child)) + len(world.vacations(child.school_id))
    moved = calendar.transpositions(world)
    assert [day["date"] for day in moved] == [day.on.isoformat() for day in world.moved_days()]


def test_passes_and_meals_are_those_of_the_world(world: World) -> None:
    """Times, incomplete passes, sums, dishes; money spent as a negative number or as an unsigned one."""
    for child in children(world):
        if "school.mos.ru" not in world.school(child.school_id).hosts:
            continue
        truth = world.visits(child.id, SINCE, UNTIL)
        served = [
            visit
            for day in items(turnstile.visit_durations(world, child, SINCE, UNTIL))
            for visit in day["visits"]
        ]
        assert [visit["isIncomplete"] for visit in served] == [not visit.complete for visit in truth]
        account = world.meal_account(child.id)
        assert account is not None
        (balance,) = meals.balances(world, [child])
        assert balance["balance"] in (account.balance, account.balance % 2**32)
        entries = world.meal_entries(child.id, SINCE, UNTIL)
        moved = meals.transactions(world, child, SINCE, UNTIL, slice(0, 1000))
        sums = [item["sum"] for item in items(moved, "transactions")]
        assert [
            (told, entry)
            for told, entry in zip(sums, entries[::-1], strict=True)
            if told not in (entry.amount, entry.amount % 2**32)
        ] == []
        taken = meals.orders(world, child, SINCE, UNTIL, slice(0, 2))
        orders = [entry for entry in entries if entry.kind is not MealKind.TOP_UP]
        assert [order["orderId"] for order in items(taken, "orders")] == [e.id for e in orders[::-1][:2]]
        assert taken["hasNext"] is (len(orders) > 2)
        whole = meals.orders(world, child, SINCE, UNTIL, slice(0, 1000))
        eaten = [
            [dish["title"] for item in order["items"] for dish in item["complex"]["items"]]
            if order["orderType"] == 1
            else [item["dish"]["name"] for item in order["items"]]
            for order in items(whole, "orders")
        ]
        assert eaten == [[dish.title for dish in entry.dishes] for entry in orders[::-1]]


def test_notifications_tell_of_new_and_changed_things(world: World) -> None:
    """One entry for each mark and task and each edit of one, the latest first."""
    today = date(2026, 12, 18)
    since = today - timedelta(days=30)
    for child in list(children(world))[:6]:
        feed = notifications.search(world, child, today)
        stamps = [str(entry["datetime"]) for entry in feed]
        assert stamps == sorted(stamps, reverse=True)
        truth = world.marks(child.id, since, today, by="entered")
        created = [entry for entry in feed if entry["event_type"] == "create_mark"]
        updated = [entry for entry in feed if entry["event_type"] == "update_mark"]
        assert len(created) == len(truth)
        assert len(updated) == sum(len(mark.history) for mark in truth)
        tasks = [entry for entry in feed if entry["event_type"] == "create_homework"]
        until = today + timedelta(days=60)
        assert len(tasks) == len(world.homework(child.id, since, until, by="assigned"))


def test_the_rating_orders_the_class_and_names_nobody(world: World) -> None:
    """Places go with means, ties share one, and classmates are ids only."""
    child = next(children(world))
    on = date(2026, 12, 18)
    ranks: list[Any] = rating.rank_class(world, child.class_id, on)
    means = [entry["rank"]["averageMarkFive"] for entry in ranks]
    assert means == sorted(means, reverse=True)
    for entry in ranks:
        assert entry["rank"]["rankPlace"] == 1 + sum(
            mean > entry["rank"]["averageMarkFive"] for mean in means
        )
    text = json.dumps(ranks, ensure_ascii=False)
    assert all(pupil.person.name.last not in text for pupil in world.pupils(child.class_id))
    own = next(entry for entry in ranks if entry["personId"] == child.person.uuid)
    (day,) = rating.rank_short(world, child, on, on)
    assert day["rankPlace"] == own["rank"]["rankPlace"]
    subjects: list[Any] = rating.rank_subjects(world, child, on)
    marked = {mark.subject_id for mark in world.marks(child.id, world.year.since, on) if mark.counts}
    assert {entry["subjectId"] for entry in subjects} == marked


def test_the_school_and_its_plan_are_those_of_the_world(world: World) -> None:
    """Teachers with their subjects, houses, hours held; one plan, as a list or as itself."""
    for child in children(world):
        group = world.class_group(child.class_id)
        body: Any = school.school_info(world, world.school(child.school_id), group)
        taught = {name for teacher in body["teachers"] for name in teacher["subject_names"]}
        assert taught == {world.subject(g.subject_id).name for g in world.class_study_groups(group.id)}
        assert sum(house["is_student_building"] for house in body["branches"]) == 1
        given: Any = school.study_plan(world, child)
        plan: Any = given if "sections" in given else given[0]
        lines = [line for section in plan["sections"] for line in section["subjects"]]
        truth = world.study_plan(group.id).subjects
        assert {line["subject_id"]: line["passed_hours"] for line in lines} == {
            line.subject_id: line.passed_hours for line in truth
        }
        assert plan["study_profile"] == group.profile


def test_the_family_profile_is_the_family_of_the_world(world: World) -> None:
    """Each adult sees on a node the children of that node, with groups and representatives."""
    today = date(2026, 12, 18)
    for family_id in range(1, world.families() + 1):
        for parent_id in world.family(family_id).parent_ids:
            parent = world.parent(parent_id)
            seen = world.children_of(parent_id, "school.mos.ru")
            body: Any = family.family_profile(world, parent, seen, today)
            assert [child["contingent_guid"] for child in body["children"]] == [c.person.uuid for c in seen]
            for card, child in zip(body["children"], seen, strict=True):
                assert [g["id"] for g in card["groups"]] == [g.id for g in world.study_groups(child.id)]
                assert len(card["representatives"]) == len(world.guardians_of(child.id))
                born = child.person.born
                assert date(today.year - card["age"], 1, 1) >= date(born.year, 1, 1)
