"""The old door: its week page is the world's week, as far as a page of 2015 shows it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from inline_snapshot import snapshot

from diary_core.errors import ChildUnknown, RegionChanged, TryLater
from diary_core.model import UNSUPPORTED, Day, Lesson, Unavailable, known
from diary_core.sign_in import Reply, SignedIn
from diary_mrko.legacy.diary import MrkoLegacyDiary
from diary_mrko.legacy.parse import days, mondays
from diary_mrko.legacy.wire import read_week
from diary_sandbox.faults import FaultKind
from diary_sandbox.world import LessonChange, LessonKind

from .bodies import MONDAY, MOSCOW, ROW, SUNDAY, page
from .town import Town


def _marks(lesson: Lesson) -> list[str]:
    return [mark.display for mark in known(lesson.marks) or () if mark.status != "absent"]


def _monday(page: str) -> Day:
    return days({MONDAY: read_week(page)}, MONDAY, SUNDAY, MOSCOW)[0]


def test_a_row_is_a_lesson() -> None:
    """Number, subject, homework, marks and comment of the page stand in the model."""
    (lesson,) = _monday(page(ROW.format(2, "Алгебра", "№ 112", "5 4-", "Молодец"))).lessons
    assert (lesson.slot, lesson.actual and lesson.actual.subject.name, lesson.remark) == (
        2,
        "Алгебра",
        "Молодец",
    )
    assert [task.text for task in known(lesson.homework) or ()] == ["№ 112"]
    assert [(mark.display, str(mark.value), mark.modifier) for mark in known(lesson.marks) or ()] == snapshot(
        [("5", "5", None), ("4-", "4", "-")]
    )


def test_an_empty_slot_is_no_lesson() -> None:
    """The page numbers free slots too."""
    found = _monday(page(ROW.format(1, "", "", "", ""), ROW.format(2, "История", "-", "", "")))
    assert [(lesson.slot, lesson.homework) for lesson in found.lessons] == [(2, ())]


def test_absence_stands_in_the_mark_cell() -> None:
    """«Н» is an absence whose reason the page never told."""
    (lesson,) = _monday(page(ROW.format(1, "Химия", "", "Н", ""))).lessons
    record = known(lesson.attendance)
    assert record is not None
    assert (record.noted_by, record.display, record.reason) == ("mark_cell", "Н", UNSUPPORTED)


def test_what_the_page_never_showed_is_unsupported() -> None:
    """Times, rooms, teachers, topics: none is invented, each says that МРКО has none."""
    (lesson,) = _monday(page(ROW.format(1, "Химия", "", "", ""))).lessons
    gaps = [name for name, value in lesson if isinstance(value, Unavailable)]
    assert gaps == snapshot(["planned", "change", "topic", "control", "remote"])


@pytest.mark.parametrize(
    ("monday", "on", "expected"), [(date(2026, 12, 28), "01.01", date(2027, 1, 1)), (MONDAY, "14.09", MONDAY)]
)
def test_a_date_without_a_year_is_of_the_week_asked_for(monday: date, on: str, expected: date) -> None:
    """The week around New Year has two years in it."""
    weeks = {monday: read_week(page(ROW.format(1, "Химия", "", "", ""), on=on))}
    found = days(weeks, monday, monday + timedelta(days=6), MOSCOW)
    assert [day.date for day in found if day.lessons] == [expected]


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("<html><body>Дневник</body></html>", "b-diary-st__body"),
        (page(on="вчера"), "b-diary-date"),
        (page(on="21.09"), "b-diary-date"),
        (page('<div class="b-dl-table__list"><div class="b-dl-td_column">1</div></div>'), "b-dl-td_column"),
    ],
)
def test_another_markup_is_not_passed_over(page: str, field: str) -> None:
    """The markup changed three times; a fourth one is told by the class that is missing."""
    with pytest.raises(RegionChanged) as caught:
        _monday(page)
    assert caught.value.field == field


def test_a_span_touches_whole_weeks() -> None:
    """Pages are asked for by the Monday."""
    assert mondays(date(2026, 9, 16), date(2026, 9, 21)) == [MONDAY, date(2026, 9, 21)]


async def _paper(town: Town, login: str = "9900000101", password: str = "mrko-artem") -> MrkoLegacyDiary:
    values = {"account": "Artem", "login": login, "password": password}
    step = await town.provider.answer(town.channel(), "mrko", {}, Reply(values=values))
    assert isinstance(step, SignedIn)
    return town.open_legacy(step.credentials)[0]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("login", "password", "first"),
    [("9900000101", "mrko-artem", "Артём"), ("9900000102", "mrko-varya", "Варвара")],
)
async def test_the_page_shows_the_worlds_weeks(town: Town, login: str, password: str, first: str) -> None:
    """Six weeks: subjects by number, marks and homework are the world's, for the child of that account."""
    world, since, until = town.sandbox.world, date(2026, 10, 12), date(2026, 11, 22)
    account = world.mrko_account(login)
    assert account is not None
    child = world.child(account.child_id)
    assert child.person.name.first == first
    answer = await (await _paper(town, login, password)).days("mrko", since, until)
    told = [
        (lesson.date, lesson.slot, lesson.actual.subject.name, _marks(lesson))
        for day in answer.items
        for lesson in day.lessons
        if lesson.actual
    ]
    true = [
        (
            lesson.on,
            lesson.half.slot,
            world.subject(lesson.subject_id).name,
            [
                mark.display
                for mark in world.marks(child.id, lesson.on, lesson.on)
                if mark.lesson_id == lesson.id
            ],
        )
        for lesson in world.lessons(child.id, since, until)
        if lesson.kind is LessonKind.REGULAR and lesson.change is not LessonChange.CANCELLED
    ]
    assert told == sorted(true, key=lambda row: (row[0], row[1] or 0))


@pytest.mark.anyio
async def test_an_account_opens_one_child(town: Town) -> None:
    """Any other enrolment is unknown, before a page is asked for."""
    diary = await _paper(town)
    assert [child.id for child in (await diary.enrolments()).items] == ["mrko"]
    with pytest.raises(ChildUnknown):
        await diary.days("3007850.x", MONDAY, SUNDAY)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.STATUS])
async def test_trouble_of_the_old_site_is_told(town: Town, kind: FaultKind) -> None:
    """A page that does not come is tried again later."""
    diary = await _paper(town)
    town.fail(kind, "/dnevnik/services/dnevnik.php")
    with pytest.raises(TryLater):
        await diary.days("mrko", MONDAY, SUNDAY)
