"""What holds in every town: nothing of the diary contradicts the rest of it."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal

import pytest

from diary_sandbox.world import (
    AbsenceKind,
    Child,
    DayKind,
    LessonChange,
    LessonKind,
    MarkStatus,
    PointState,
    TermKind,
    World,
)
from diary_sandbox.world.reading import status_of, values_of

from .towns import AFTER, EACH_SEED, FIRST_DAY, LAST_DAY, pupils, town

_YEAR = (FIRST_DAY, LAST_DAY)


@pytest.fixture(scope="module", params=EACH_SEED)
def page(request: pytest.FixtureRequest) -> tuple[World, list[Child]]:
    """A whole year of a town, and a few of its pupils, others in every town."""
    seed: int = request.param
    world = town(seed, now=AFTER, families=40)
    children = list(pupils(world))
    return world, [children[(seed * 3 + step * 11) % len(children)] for step in range(4)]


Page = tuple[World, list[Child]]


def test_lessons_are_on_school_days_at_the_bells(page: Page) -> None:
    """Every lesson stands on a school day, at its slot's bell; clubs have no slot."""
    world, children = page
    for child in children:
        days = {day.on: day.kind for day in world.days(child.school_id, *_YEAR)}
        for lesson in world.lessons(child.id, *_YEAR):
            for half in filter(None, (lesson.planned, lesson.actual)):
                assert days[half.on] is DayKind.SCHOOL
                if lesson.kind is LessonKind.ADDITIONAL:
                    assert half.slot is None
                    continue
                bell = next(b for b in world.bells(child.school_id, half.on) if b.slot == half.slot)
                assert (half.starts, half.ends) == (bell.starts, bell.ends)


def test_no_vacation_has_lessons(page: Page) -> None:
    """Vacations and holidays are empty."""
    world, children = page
    for child in children:
        for vacation in world.vacations(child.school_id):
            assert world.class_lessons(child.class_id, vacation.since, vacation.until) == ()
        for holiday in world.holidays():
            assert world.class_lessons(child.class_id, holiday.on, holiday.on) == ()


def test_a_pupil_is_in_one_place_at_a_time(page: Page) -> None:
    """No two held lessons of a pupil share a slot; of a class they do, one for each subgroup."""
    world, children = page
    for child in children:
        taken = Counter(
            (lesson.on, lesson.half.starts) for lesson in world.lessons(child.id, *_YEAR) if lesson.actual
        )
        assert [place for place, count in taken.items() if count > 1] == []
        whole = Counter(
            (lesson.on, lesson.half.slot, lesson.subgroup)
            for lesson in world.class_lessons(child.class_id, *_YEAR)
            if lesson.actual and lesson.half.slot
        )
        assert [place for place, count in whole.items() if count > 1] == []


def test_days_are_as_long_as_they_should_be(page: Page) -> None:
    """A school day has four to nine lessons, and a week what the study plan says."""
    world, children = page
    for child in children:
        planned = Counter(
            lesson.planned.on
            for lesson in world.lessons(child.id, *_YEAR)
            if lesson.planned and lesson.kind is not LessonKind.ADDITIONAL
        )
        grade = world.class_group(child.class_id).parallel
        assert [
            (on, count) for on, count in planned.items() if not 4 <= count <= (5 if grade == 1 else 8)
        ] == []
        plan = {line.subject_id: line for line in world.study_plan(child.class_id).subjects}
        held = Counter(one.planned.subject_id for one in world.lessons(child.id, *_YEAR) if one.planned)
        assert {s: line.total_hours for s, line in plan.items()} == {s: held[s] for s in plan}


def test_halves_agree_with_the_change(page: Page) -> None:
    """Each kind of change shows in the halves, and nothing else does."""
    world, children = page
    for child in children:
        for lesson in world.class_lessons(child.class_id, *_YEAR):
            planned, actual = lesson.planned, lesson.actual
            assert planned
            if lesson.change is LessonChange.CANCELLED:
                assert (actual, lesson.happened, lesson.topic) == (None, False, None)
                continue
            assert actual
            assert lesson.happened
            same_place = (planned.on, planned.slot) == (actual.on, actual.slot)
            same_teaching = (planned.teacher_id, planned.subject_id) == (actual.teacher_id, actual.subject_id)
            assert same_place == (lesson.change is not LessonChange.MOVED)
            assert same_teaching == (lesson.change is not LessonChange.REPLACED)
            assert (lesson.changed_at is None) == (lesson.change is LessonChange.NONE)
            group = world.study_group(lesson.group_id)
            assert (group.class_id, group.subject_id) == (lesson.class_id, actual.subject_id)
            assert world.teacher(actual.teacher_id).school_id == child.school_id
            assert world.lesson(lesson.id) == lesson


def test_marks_are_on_held_lessons_the_pupil_was_on(page: Page) -> None:
    """A mark belongs to a held, marked lesson of the pupil, not missed, and was entered after it."""
    world, children = page
    for child in children:
        zone = world.school(child.school_id).zone
        lessons = {lesson.id: lesson for lesson in world.lessons(child.id, *_YEAR)}
        missed = {a.lesson_id for a in world.absences(child.id, *_YEAR) if a.kind is AbsenceKind.ABSENT}
        for mark in world.marks(child.id, *_YEAR):
            lesson = lessons[mark.lesson_id]
            assert lesson.happened
            assert mark.lesson_id not in missed
            assert (mark.on, mark.subject_id, mark.class_id) == (lesson.on, lesson.subject_id, child.class_id)
            assert world.subject(mark.subject_id).marked
            assert mark.entered_at >= datetime.combine(lesson.on, lesson.half.ends, tzinfo=zone)
            assert world.mark(mark.id) == mark


def test_marks_say_what_is_written(page: Page) -> None:
    """Status, values, weight and form of a mark follow from its display and the school."""
    world, children = page
    for child in children:
        school = world.school(child.school_id)
        for mark in world.marks(child.id, *_YEAR):
            assert (mark.status, mark.values) == (status_of(mark.display), values_of(mark.display))
            form = world.control_form(mark.control_form_id)
            assert (form.school_id, form.weight) == (school.id, mark.weight)
            assert (mark.weight is not None) == school.weighs_marks
            assert mark.exam == ((mark.weight or 1) > 1)
            assert bool(mark.history) == bool(mark.edited_at)
            if mark.point:
                assert mark.point.due_on > mark.on
                assert (mark.point.turned_at is not None) == (mark.point.state is PointState.TURNED)
                assert "api.dnevnik.ru" not in school.hosts


def test_first_grade_has_no_marks(page: Page) -> None:
    """Grade 1 is taught without marks and results."""
    world, _ = page
    for child in pupils(world):
        if world.class_group(child.class_id).parallel == 1:
            assert world.marks(child.id, *_YEAR) == ()
            assert world.results(child.id) == ()


def test_homework_is_due_on_a_lesson_of_its_subject(page: Page) -> None:
    """A task is given on one lesson of the group and due on a later one of the same subject."""
    world, children = page
    for child in children:
        lessons = {lesson.id: lesson for lesson in world.lessons(child.id, *_YEAR)}
        tasks = world.homework(child.id, *_YEAR)
        for task in tasks:
            given, due = lessons[task.assigned_lesson_id], lessons[task.due_lesson_id]
            assert due.planned
            assert (due.on, due.planned.subject_id, due.subgroup) == (
                task.due_on,
                task.subject_id,
                task.subgroup,
            )
            assert (given.on, given.subject_id) == (task.assigned_on, task.subject_id)
            assert given.happened
            assert task.assigned_on < task.due_on
            assert task.edited_at is None or task.created_at < task.edited_at
            assert bool(task.history) == (task.edited_at is not None)
            for attachment in task.attachments:
                same, content = world.attachment_bytes(attachment.id)
                assert (same, len(content)) == (attachment, attachment.size)
        assert sorted(t.id for t in world.homework(child.id, *_YEAR, by="assigned")) == sorted(
            t.id for t in tasks
        )


def test_absences_are_on_lessons_and_days_add_up(page: Page) -> None:
    """Every absence is of a lesson that was held; whole days miss all of them, partial days not."""
    world, children = page
    for child in children:
        lessons = {lesson.id: lesson for lesson in world.lessons(child.id, *_YEAR)}
        absences = world.absences(child.id, *_YEAR)
        assert len({absence.lesson_id for absence in absences}) == len(absences)
        for absence in absences:
            assert lessons[absence.lesson_id].on == absence.on
            assert lessons[absence.lesson_id].happened
            assert (absence.minutes_late is not None) == (absence.kind is AbsenceKind.LATE)
            assert absence.excused == (absence.reason is not None and absence.reason.excused)
        for day in world.absence_days(child.id, *_YEAR):
            held = {
                lesson.id
                for lesson in lessons.values()
                if lesson.on == day.on and lesson.happened and lesson.kind is not LessonKind.ADDITIONAL
            }
            assert day.whole_day == ({absence.lesson_id for absence in day.absences} == held)


def test_results_close_their_terms(page: Page) -> None:
    """Every closed term has one result a marked subject, entered as it ends; averages and results agree."""
    world, children = page
    for child in children:
        if world.class_group(child.class_id).parallel == 1:
            continue
        marked = {s.id for s in world.subjects(child.class_id) if s.marked and s.kind is LessonKind.REGULAR}
        for term in world.terms(child.class_id):
            if term.kind is TermKind.YEAR:
                continue
            results = {r.subject_id: r for r in world.results(child.id) if r.term_id == term.id}
            assert set(results) == marked
            for subject_id, result in results.items():
                assert term.since <= result.entered_at.date() <= term.until
                average = world.average(child.id, subject_id, term.since, term.until)
                if result.status is MarkStatus.GRADED:
                    assert average is not None
                    assert result.value is not None
                    assert abs(average - result.value) <= Decimal("0.5")


def test_passes_agree_with_attendance(page: Page) -> None:
    """The turnstile saw a pupil exactly on the days not missed altogether, in Moscow's schools only."""
    world, children = page
    for child in children:
        visits = world.visits(child.id, *_YEAR)
        if "school.mos.ru" not in world.school(child.school_id).hosts:
            assert (visits, world.meal_account(child.id)) == ((), None)
            continue
        away = {day.on for day in world.absence_days(child.id, *_YEAR) if day.whole_day}
        came = {visit.on for visit in visits}
        expected = {
            lesson.on
            for lesson in world.lessons(child.id, *_YEAR)
            if lesson.happened and lesson.kind is not LessonKind.ADDITIONAL
        }
        assert came == expected - away
        assert all(visit.came and (visit.left is None or visit.came < visit.left) for visit in visits)
        late = {a.lesson_id: a.on for a in world.absences(child.id, *_YEAR) if a.kind is AbsenceKind.LATE}
        first = {lesson.on: lesson for lesson in reversed(world.lessons(child.id, *_YEAR)) if lesson.happened}
        early = [
            visit.on
            for visit in visits
            for lesson in (first[visit.on],)
            if lesson.id in late and visit.came and visit.came <= lesson.half.starts
        ]
        assert early == [], "whoever was late for the first lesson came after its bell"


def test_former_years_end_as_years_do(page: Page) -> None:
    """One a year a class lower; every marked subject has a result a term and one of the year."""
    world, children = page
    for child in children:
        parallel = world.class_group(child.class_id).parallel
        past_years = world.past_years(child.id)
        assert [past.parallel for past in past_years] == [parallel - n for n in (1, 2) if parallel > n]
        assert [past.year.start for past in past_years] == [2025, 2024][: len(past_years)]
        numbers = [one.id for past in past_years for one in past.results]
        numbers += [one.id for one in world.results(child.id)]
        assert len(set(numbers)) == len(numbers)
        for past in past_years:
            assert bool(past.results) is (past.parallel > 1)
            days = [one.entered_at.date() for one in past.results]
            assert [on for on in days if not past.year.since <= on <= past.year.until] == []
            kept = {(one.subject_id, one.term_id) for one in past.results}
            subjects = {subject_id for subject_id, _ in kept}
            assert kept == {(subject_id, term.id) for subject_id in subjects for term in past.terms}


def test_meal_accounts_add_up(page: Page) -> None:
    """Each movement starts from the balance the last one left, and the account shows the end of it."""
    world, children = page
    for child in children:
        balance = 0
        for entry in world.meal_entries(child.id, *_YEAR):
            assert entry.balance_before == balance
            assert entry.amount == -sum(d.price * d.amount for d in entry.dishes) or not entry.dishes
            balance += entry.amount
        account = world.meal_account(child.id)
        assert account is None or account.balance == balance


def test_signatures_are_of_mondays_by_legal_adults(page: Page) -> None:
    """Weeks are signed once each, by a legal representative."""
    world, children = page
    for child in children:
        legal = {guardian.parent_id for guardian in world.guardians_of(child.id) if guardian.legal}
        weeks = [signature.week for signature in world.signatures(child.id)]
        assert weeks == sorted(set(weeks))
        assert [week for week in weeks if week.isoweekday() != 1] == []
        assert {signature.parent_id for signature in world.signatures(child.id)} <= legal


def test_spans_are_inclusive_and_add_up(page: Page) -> None:
    """A year asked day by day is the year asked at once."""
    world, children = page
    child = children[0]
    month = [date(2026, 10, day) for day in range(1, 32)]
    span = (month[0], month[-1])
    for whole, parts in (
        (world.lessons(child.id, *span), [world.lessons(child.id, on, on) for on in month]),
        (world.marks(child.id, *span), [world.marks(child.id, on, on) for on in month]),
        (world.absences(child.id, *span), [world.absences(child.id, on, on) for on in month]),
        (world.homework(child.id, *span), [world.homework(child.id, on, on) for on in month]),
    ):
        assert list(whole) == [thing for part in parts for thing in part]
