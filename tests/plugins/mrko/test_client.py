"""Each call of the clients, as it went over the wire, replayed from a cassette of invented people.

Recorded from the sandbox; to record them anew:

    DIARY_RECORD=1 .venv/bin/pytest tests/plugins/mrko/test_client.py

Only the fields named in `KEPT` stay: no token, no client id, no contact, no address of a file.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from pydantic import SecretStr

from diary_core.credentials import Credentials
from diary_core.errors import (
    AbsenceRefused,
    AttachmentGone,
    CodeExpired,
    HomeworkUnknown,
    WrongCredentials,
)
from diary_core.http import DoorLimits, open_client
from diary_core.provider import Channel
from diary_core.testing import Allowed, cassette, fixed_clock
from diary_mrko import aupd, sudir
from diary_mrko.client import MrkoClient
from diary_mrko.legacy import client as legacy
from diary_mrko.legacy.wire import read_week
from diary_mrko.parse.days import dates
from diary_mrko.parse.gatherings import EVENT_SOURCES
from diary_mrko.parse.homework import file_link, is_file, material_name
from diary_mrko.parse.timetable import LESSON_SOURCES
from diary_mrko.provider import MrkoProvider
from diary_mrko.wire.absences import Notification

from .town import CALLBACK, OPTIONS, Town, running_town

pytestmark = pytest.mark.anyio

RECORD: Final = os.environ.get("DIARY_RECORD") == "1"
CASSETTES: Final = Path(__file__).parent / "cassettes"
MONDAY, SUNDAY = date(2026, 11, 9), date(2026, 11, 15)
AUTUMN: Final = date(2026, 9, 14)
KEPT: Final = """
    payload response errors total_count id type name title date dates value values weight comment criteria
    profile children last_name first_name middle_name birth_date contingent_guid class_name class_level_id
    class_unit_id class_uid enrollment_date school short_name principal is_legal_representative
    source source_types start_at finish_at begin_date end_date expand person_ids student_id student_profile_id
    subject_id subject_name lesson_name lesson_theme room_name room_number lesson_type course_lesson_type
    group_id group_name cancelled replaced is_missed_lesson absence_reason_id nonattendance_reason_id
    health_status homework marks descriptions entries homework_entry_id date_assigned_on date_prepared_for
    description duration original_grade_system_type grade_system_type control_form_name is_exam is_point
    point_date created_at updated_at homework_entry_student_id lesson_date_time homework_created_at
    homework_updated_at is_done uuid content_type type_name lessons schedule_item_id
    calendar_id begin_time end_time notified reason_id is_system parent_profile_id bell_id
    activities info lesson lesson_education_type is_holiday schedule_for_weekday note postponed_from
    visits in out organizationShortName organizationAddress contractId balance expenseConstraints
    expenseDayLimit hasNext orders orderId items dish complex transactions sum createdAt
    limit offset personId clientId clientIds
    place author_name is_all_day format_name channel content pagination page_count published_at
    page per_page building_name date_end
    before history activity start_iso end_iso round target average_by_all academic_year_id subjects final_mark
    start_date end_date year_mark intermediate_attestation_mark training_camp_mark
    from to current_year periods website_link address county district classroom_teachers teachers
    subject_names branches is_main_building school_id teacher
    short_name hours comments specialization study_profile education_level education_form days_in_week
    is_adapted sections knowledge_field_name total_hours passed_hours max_hours_per_week min_hours_per_week
    parallel_curriculum_id
    rank averageMarkFive rankPlace subjectId subjectName classUnitId
    week week_from week_to student_profile_ids parent_profile_id created_at
    attendance notified reason_id bell_id begin_time end_time lesson_education_type notifications ids
    is_parent_available ae_only attachment_needed deleted_at days_count parent_profile_id success
    software_id device_type token_type expires_in scope grant_type roleId subsystem r first next exit error
"""
"""Of invented people; what opens something is not among them."""
ALLOWED: Final = Allowed(fields=frozenset(KEPT.split()))
WITH_PAGES: Final = Allowed(fields=ALLOWED.fields, pages=True)
"""For the old door alone: elsewhere a body that is no JSON may be a bare token."""
MOSCOW: Final = MrkoProvider().instance("moscow")
NODE: Final = MrkoProvider().instance("moscow_oblast")
REAL_HOSTS: Final = (*MOSCOW.hosts.values(), *NODE.hosts.values())
QUICK: Final = DoorLimits(calls_per_s=10_000, calls_burst=10_000)


@dataclass
class Tape:
    """Moscow's servers as cassettes, or the sandbox while recording."""

    channel: Channel
    town: Town | None
    credentials: Credentials

    @contextmanager
    def playing(self, name: str, allowed: Allowed = ALLOWED) -> Generator[MrkoClient]:
        """Record or replay the calls of one test."""
        path = CASSETTES / f"{name}.yaml"
        moved: dict[str, str] = {}
        if self.town is not None:
            path.unlink(missing_ok=True)
            hosts = self.town.sandbox.hosts
            moved = {hosts[real]: real for real in REAL_HOSTS}
        with cassette(path, allowed, real_hosts=moved, record=RECORD):
            yield MrkoClient(self.channel, self.credentials)


@pytest.fixture
async def tape() -> AsyncGenerator[Tape]:
    """Stand before the cassettes; before the sandbox only when they are recorded."""
    if RECORD:
        async with running_town() as town:
            yield Tape(town.channel(), town, await town.credentials())
        return
    secrets = ("access", "refresh", "city_refresh", "client_id", "client_secret")
    never_sent = Credentials(
        secrets={name: SecretStr("never-sent-anywhere") for name in secrets},
        facts={"profile_id": "0", "role": "parent"},
    )
    async with open_client(REAL_HOSTS, limits=QUICK, name="cassette") as http:
        yield Tape(Channel(MOSCOW, http, fixed_clock(), OPTIONS), None, never_sent)


@dataclass(frozen=True)
class Pupil:
    """The numbers of the recorded child."""

    student_id: str
    person_id: str
    school_id: str
    class_unit_id: str


@pytest.fixture
async def pupil(tape: Tape) -> Pupil:
    """Return the first child of the recorded family."""
    with tape.playing("family") as client:
        child = (await client.family()).children[0]
    assert child.contingent_guid
    assert child.school
    assert child.class_unit_id
    return Pupil(child.id, child.contingent_guid, child.school.id, child.class_unit_id)


async def test_family(tape: Tape) -> None:
    """The parent and both children, with their classes and schools."""
    with tape.playing("family") as client:
        family = await client.family()
    assert [child.first_name for child in family.children] == ["Артём", "Варвара"]
    assert [child.class_name for child in family.children] == ["7-Б", "3-А"]
    assert family.profile is not None
    assert family.profile.first_name == "Ольга"


async def test_events(tape: Tape, pupil: Pupil) -> None:
    """A week of lessons with homework and marks inside."""
    with tape.playing("events") as client:
        events = await client.events(pupil.person_id, MONDAY, SUNDAY, LESSON_SOURCES)
    assert len(events.response) > 20
    assert {event.source for event in events.response} <= set(LESSON_SOURCES)
    assert any(event.marks for event in events.response)
    assert any(event.homework and event.homework.descriptions for event in events.response)


async def test_gatherings(tape: Tape, pupil: Pupil) -> None:
    """Meetings and events of two months, with titles and places."""
    with tape.playing("gatherings") as client:
        found = await client.school_life.gatherings(pupil.person_id, AUTUMN, SUNDAY, EVENT_SOURCES)
    assert {one.source for one in found.response} >= {"ORGANIZER"}
    assert [one.id for one in found.response if not (one.title and one.place and one.author_name)] == []


async def test_school_events(tape: Tape, pupil: Pupil) -> None:
    """The school's own list: days without hours."""
    with tape.playing("school_events") as client:
        found = await client.school_life.school_events(pupil.school_id, AUTUMN, SUNDAY)
    assert found
    assert [one.title for one in found if not AUTUMN <= one.date <= SUNDAY] == []


async def test_news(tape: Tape) -> None:
    """A page of the list, and the words of the newest."""
    with tape.playing("news") as client:
        page = await client.school_life.news_page(1)
        told = await client.school_life.news(page.data[0].id)
    assert page.pagination
    assert page.pagination.page_count == 1
    assert [one.id for one in page.data if not (one.name and one.published_at and one.channel)] == []
    assert "TEXT" in {block.type for block in told.content}


async def test_timetable(tape: Tape, pupil: Pupil) -> None:
    """The days asked for, each with its topics."""
    with tape.playing("timetable") as client:
        days = await client.timetable(pupil.student_id, dates(MONDAY, SUNDAY))
    assert [day.date for day in days] == list(dates(MONDAY, SUNDAY))
    assert any(lesson.lesson_name for day in days for lesson in day.lessons)


async def test_a_lesson_in_depth(tape: Tape, pupil: Pupil) -> None:
    """Its teacher, and what was remarked on it."""
    with tape.playing("lesson") as client:
        listed = await client.events(pupil.person_id, MONDAY, MONDAY, ["PLAN"], expand=())
        lessons = [await client.lesson(pupil.student_id, one.id, "OO") for one in listed.response]
    assert [one for one in lessons if one.teacher is None or not one.teacher.last_name] == []
    assert any(one.comment for one in lessons)


async def test_homework(tape: Tape, pupil: Pupil) -> None:
    """What is due in the week, with its files."""
    with tape.playing("homework") as client:
        tasks = await client.homework(pupil.student_id, MONDAY, SUNDAY)
    assert [task.date for task in tasks if task.date is None or not MONDAY <= task.date <= SUNDAY] == []
    assert any(task.materials for task in tasks)


async def test_homework_tick(tape: Tape, pupil: Pupil) -> None:
    """A tick set and cleared; the homework of nobody is unknown."""
    with tape.playing("homework_tick") as client:
        task = (await client.homework(pupil.student_id, MONDAY, SUNDAY))[0]
        await client.tick_homework(task.homework_entry_student_id, kind=task.type, done=True)
        await client.tick_homework(task.homework_entry_student_id, kind="ec", done=False)
        with pytest.raises(HomeworkUnknown):
            await client.tick_homework(f"1{task.homework_entry_student_id[-6:]}", kind="oo", done=True)


async def test_file(tape: Tape, pupil: Pupil) -> None:
    """A file of a homework by its link, which a cassette does not keep; nor does it keep the words."""
    with tape.playing("file") as client:
        tasks = await client.homework(pupil.student_id, AUTUMN, AUTUMN + timedelta(days=11))
        files = [one for task in tasks for one in task.materials if is_file(one)]
        assert [one.id for one in files if file_link(one) is None] == []
        text = next(one for one in files if material_name(one).endswith(".txt"))
        async with await client.open_file(f"/api/ej/attachments/v1/files/{text.id}", "a.txt") as file:
            assert file.media_type == "text/plain"
            assert b"".join([piece async for piece in file])
        with pytest.raises(AttachmentGone):
            await client.open_file("/api/ej/attachments/v1/files/1", "a.txt")


async def test_marks(tape: Tape, pupil: Pupil) -> None:
    """The marks of the week, each with its weight and its time of entry."""
    with tape.playing("marks") as client:
        marks = await client.marks(pupil.student_id, MONDAY, SUNDAY)
    assert marks
    assert [mark.id for mark in marks if mark.created_at is None or mark.weight is None] == []


async def test_held_day(tape: Tape, pupil: Pupil) -> None:
    """A day with its breaks."""
    with tape.playing("held_day") as client:
        day = await client.held_day(pupil.student_id, MONDAY)
    assert {activity.type for activity in day.activities} == {"LESSON", "BREAK"}
    assert [one for one in day.activities if one.begin_time is None or one.end_time is None] == []


async def test_transpositions(tape: Tape) -> None:
    """The moved days of the current year's calendar: some rest, one works by another weekday."""
    with tape.playing("transpositions") as client:
        (year,) = [year for year in await client.academic_years() if year.current_year]
        assert year.calendar_id
        moves = await client.transpositions(year.calendar_id)
    assert {move.is_holiday for move in moves} == {False, True}
    assert [move for move in moves if not move.is_holiday and not move.schedule_for_weekday] == []


async def test_passes(tape: Tape, pupil: Pupil) -> None:
    """A week at the turnstile."""
    with tape.playing("passes") as client:
        days = await client.city.passes(pupil.person_id, MONDAY, SUNDAY)
    assert days
    assert [day for day in days if not day.visits or not MONDAY <= day.date <= SUNDAY] == []


async def test_meals(tape: Tape, pupil: Pupil) -> None:
    """The account, a week of movements, and what was eaten."""
    with tape.playing("meals") as client:
        (balance,) = await client.city.balances(pupil.person_id)
        moved = await client.city.transactions(pupil.person_id, MONDAY, SUNDAY, offset=0)
        ordered = await client.city.orders(pupil.person_id, MONDAY, SUNDAY, offset=0)
    assert balance.client.person_id == pupil.person_id
    assert {order.order_id for order in ordered.orders} == {
        movement.order_id for movement in moved.transactions if movement.order_id
    }
    assert [order for order in ordered.orders if not order.items] == []


async def test_a_mark_in_depth(tape: Tape, pupil: Pupil) -> None:
    """Its teacher, its lesson and what it was before."""
    with tape.playing("mark") as client:
        listed = await client.marks(pupil.student_id, date(2026, 9, 1), date(2026, 9, 4))
        edited = next(mark for mark in listed if mark.updated_at != mark.created_at)
        mark = await client.mark(pupil.student_id, edited.id)
    assert (mark.id, mark.value) == (edited.id, edited.value)
    assert mark.teacher is not None
    assert mark.teacher.last_name
    assert mark.activity is not None
    assert mark.activity.schedule_item_id
    assert [edit.date for edit in mark.history] == [edited.updated_at]


async def test_subject_marks(tape: Tape, pupil: Pupil) -> None:
    """Averages by term, and the next mark to reach with the average from which it is given."""
    with tape.playing("subject_marks") as client:
        subjects = await client.subject_marks(pupil.student_id)
    assert len(subjects) > 5
    periods = [period for subject in subjects for period in subject.periods]
    assert [period.title for period in periods if period.start_iso is None or period.end_iso is None] == []
    rounded = {period.target.round for period in periods if period.target and period.target.round}
    assert rounded <= {Decimal("2.51"), Decimal("3.51"), Decimal("4.51")}
    assert rounded


async def test_final_marks(tape: Tape, pupil: Pupil) -> None:
    """The results of last year, term by term, and of a year without any."""
    with tape.playing("final_marks") as client:
        last = await client.final_marks(pupil.person_id, "13")
        none = await client.final_marks(pupil.person_id, "15")
    assert len(last.subjects) > 5
    names = {tuple(period.name for period in subject.periods) for subject in last.subjects}
    assert names == {("1 триместр", "2 триместр", "3 триместр")}
    assert [subject.name for subject in last.subjects if subject.year_mark is None] == []
    assert none.subjects == ()


async def test_calendar(tape: Tape, pupil: Pupil) -> None:
    """Every day of the week is of some kind."""
    with tape.playing("calendar") as client:
        days = await client.calendar(pupil.student_id, MONDAY, SUNDAY)
    assert [day.type for day in days] == ["workday"] * 5 + ["holiday"] * 2


async def test_signed_weeks(tape: Tape, pupil: Pupil) -> None:
    """Those of the autumn, before and after one more of them is signed."""
    week = date(2026, 10, 19)
    with tape.playing("signed_weeks") as client:
        profile = (await client.family()).profile
        assert profile is not None
        before = await client.school_life.signed_weeks(pupil.student_id, AUTUMN, MONDAY)
        await client.school_life.sign_week(profile.id, pupil.student_id, week)
        after = await client.school_life.signed_weeks(pupil.student_id, AUTUMN, MONDAY)
    assert [one.week for one in (*before, *after) if one.created_at is None] == []
    assert {one.week for one in after} - {one.week for one in before} == {week}


async def test_study_plan(tape: Tape, pupil: Pupil) -> None:
    """The plan the family profile names, and the modules of the current year."""
    with tape.playing("study_plan") as client:
        child = (await client.family()).children[0]
        (plan,) = await client.school_life.study_plans(pupil.student_id, child.parallel_curriculum_id or "")
        (year,) = [year for year in await client.academic_years() if year.current_year]
        modules = await client.school_life.modules(pupil.student_id, year.id)
    lines = [line for section in plan.sections for line in section.subjects]
    assert len(lines) > 5
    assert [line for line in lines if not line.total_hours or line.passed_hours is None] == []
    assert [one.id for one in modules if not one.name or one.since > one.until] == []
    assert modules


async def test_rating(tape: Tape, pupil: Pupil) -> None:
    """The child's place in each subject, and the class in one of them, where the same place stands."""
    with tape.playing("rating") as client:
        places = await client.rating.subjects(pupil.person_id, SUNDAY)
        first = places[0]
        ranked = await client.rating.of_class(
            pupil.person_id, pupil.class_unit_id, SUNDAY, subject_id=first.subject_id
        )
    assert [one.subject_name for one in places if not one.rank or not one.rank.place] == []
    assert len(places) > 5
    assert [one.rank for one in ranked if one.person_id == pupil.person_id] == [first.rank]
    assert len(ranked) > 5


async def test_absence_reasons(tape: Tape) -> None:
    """All the journal knows, with what of it is for parents."""
    with tape.playing("absence_reasons") as client:
        reasons = await client.nonattendance_reasons()
    assert [reason.id for reason in reasons] == [str(number) for number in range(1, 13)]
    assert [reason.id for reason in reasons if reason.is_parent_available] == ["1", "2", "3", "6", "11"]


async def test_absence_notices(tape: Tape, pupil: Pupil) -> None:
    """A day and a lesson are told of, listed, and taken back; what cannot be told of is refused."""
    monday, tuesday = date(2026, 11, 30), date(2026, 12, 1)
    day = Notification(date=monday, reason_id="3", description="Поездка")
    with tape.playing("absence_notices") as client:
        (short,) = await client.timetable(pupil.student_id, [tuesday])
        second = short.lessons[1]
        lesson = Notification(date=tuesday, reason_id="1", bell_id=second.bell_id, lesson_education_type="OO")
        receipts = await client.notify_absence(pupil.student_id, [day, lesson])
        told = await client.attendance(pupil.student_id, monday, tuesday)
        with pytest.raises(AbsenceRefused):
            await client.notify_absence(pupil.student_id, [Notification(date=monday, reason_id="4")])
        await client.withdraw_absence(pupil.student_id, [Notification(date=monday), lesson])
        left = await client.attendance(pupil.student_id, monday, tuesday)
    assert len(receipts.ids) == 2
    assert [(one.date, one.reason_id) for one in told.attendance if one.notified] == [
        (tuesday, "1"),
        (monday, "3"),
    ]
    assert [one.date for one in left.attendance if one.notified] == []


async def test_school(tape: Tape, pupil: Pupil) -> None:
    """The school of the child with its teachers."""
    with tape.playing("school") as client:
        school = await client.school(pupil.school_id, pupil.class_unit_id, pupil.student_id)
    assert school.id == pupil.school_id
    assert len(school.classroom_teachers) == 1
    assert [teacher.last_name for teacher in school.teachers if not teacher.subject_names] == []


async def test_academic_years(tape: Tape) -> None:
    """Three years, one of them the current one."""
    with tape.playing("academic_years") as client:
        years = await client.academic_years()
    assert [year.name for year in years if year.current_year] == ["2026 - 2027"]


async def test_periods(tape: Tape, pupil: Pupil) -> None:
    """Trimesters and vacations of the child's school."""
    with tape.playing("periods") as client:
        (schedule,) = await client.periods(pupil.student_id)
    assert [period.name for period in schedule.periods if "триместр" in (period.name or "")] == [
        "1 триместр",
        "2 триместр",
        "3 триместр",
    ]


async def test_city_tokens(tape: Tape) -> None:
    """An app installation, a code redeemed and a refresh: the tokens themselves are not in the cassette."""
    query = {"code": "never-sent-anywhere"}
    proof = sudir.Proof("v" * 64)
    with tape.playing("city_registration"):
        client = await sudir.register(tape.channel, CALLBACK.url)
    if tape.town is not None:
        query = await tape.town.allow(client.client_id, proof)
    with tape.playing("city_tokens"):
        tokens = await sudir.redeem(
            tape.channel, client, code=query["code"], redirect_uri=CALLBACK.url, proof=proof
        )
        assert tokens.refresh_token
        renewed = await sudir.refresh(tape.channel, client, tokens.refresh_token)
        diary = await aupd.from_city(tape.channel, renewed.access_token)
    assert renewed.refresh_token
    assert diary.access_token
    assert diary.refresh_token


async def test_diary_tokens(tape: Tape) -> None:
    """Profiles wake a token, a role makes it over, a refresh rotates both, a sign-out ends them."""
    access, refresh = tape.credentials.secret("access"), tape.credentials.secret("refresh")
    with tape.playing("diary_tokens"):
        (profile,) = await aupd.profiles(tape.channel, access)
        for_role = await aupd.for_role(tape.channel, access, "2")
        tokens = await aupd.refresh(tape.channel, refresh)
        await aupd.sign_out(tape.channel, access)
    assert profile.type in ("parent", "ParentProfile")
    assert for_role
    assert tokens is not None
    assert tokens.refresh_token


async def test_a_spent_refresh_token(tape: Tape) -> None:
    """A refresh token that was used is dead, which is no error here."""
    refresh = tape.credentials.secret("refresh")
    if tape.town is not None:
        await aupd.refresh(tape.channel, refresh)
    with tape.playing("spent_refresh_token"):
        assert await aupd.refresh(tape.channel, refresh) is None


async def test_node_tokens(tape: Tape) -> None:
    """The code of a node's own page becomes tokens."""
    code, channel = "never-sent-anywhere", replace(tape.channel, instance=NODE)
    if tape.town is not None:
        _, query = await tape.town.go_through("node", "tikhomirova", "sandbox-node", slug=NODE.slug)
        code, channel = query["code"], tape.town.channel(NODE.slug)
    with tape.playing("node_tokens"):
        tokens = await aupd.from_node(channel, code, CALLBACK.state)
    assert tokens.access_token
    assert tokens.refresh_token


async def test_node_tokens_through_gosuslugi(tape: Tape) -> None:
    """The code of a node's entry through Gosuslugi becomes tokens, which wake a parent's profile."""
    code, channel = "never-sent-anywhere", replace(tape.channel, instance=NODE)
    if tape.town is not None:
        who = ("gosuslugi", "region_mother@esia.test", "sandbox-esia")
        _, query = await tape.town.go_through(*who, slug=NODE.slug)
        code, channel = query["code"], tape.town.channel(NODE.slug)
    with tape.playing("node_tokens_through_gosuslugi"):
        tokens = await aupd.from_node(channel, code, CALLBACK.state)
        (profile,) = await aupd.profiles(channel, tokens.access_token)
    assert tokens.refresh_token
    assert profile.type in ("parent", "ParentProfile")


async def test_a_nodes_spent_code(tape: Tape) -> None:
    """A code nobody gave out, or that was used, is refused with 401."""
    channel = replace(tape.channel, instance=NODE)
    if tape.town is not None:
        channel = tape.town.channel(NODE.slug)
    with tape.playing("node_code_refused"), pytest.raises(CodeExpired, match="401"):
        await aupd.from_node(channel, "never-given-out", CALLBACK.state)


async def test_legacy_sign_in_refused(tape: Tape) -> None:
    """The old door says no in red, with status 200."""
    with tape.playing("legacy_sign_in_refused", WITH_PAGES), pytest.raises(WrongCredentials):
        await legacy.sign_in(tape.channel, "9900000101", legacy.digest_of("wrong"))


async def test_legacy_week(tape: Tape) -> None:
    """A week page and a sign-out of the old door; the cookie they go with is not in the cassette."""
    cookie = "PHPSESSID=never-sent-anywhere"
    if tape.town is not None:
        cookie = await legacy.sign_in(tape.channel, "9900000101", legacy.digest_of("mrko-artem"))
    with tape.playing("legacy_week", WITH_PAGES):
        page = await legacy.week(tape.channel, cookie, MONDAY)
        await legacy.sign_out(tape.channel, cookie)
    assert [(column.day, column.month) for column in read_week(page)] == [
        (day.day, day.month) for day in dates(MONDAY, SUNDAY)[:6]
    ]


@pytest.mark.parametrize("path", sorted(CASSETTES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_cassette_holds_nothing_that_opens_or_finds_anyone(path: Path) -> None:
    """No token, cookie, password, СНИЛС or e-mail of even an invented person stands in a cassette."""
    told = path.read_text(encoding="utf-8")
    kept_away = {
        "token": r"eyJ[\w-]{8,}",
        "cookie": r"(?i)\bset-cookie|\bcookie:|PHPSESSID",
        "password": r"sandbox-mos|sandbox-node|sandbox-esia|mrko-artem",
        "snils": r"\d{3}-\d{3}-\d{3} \d{2}",
        "contact": r"[\w.]+@[\w.]+|\+?7?99\d{8}",
    }
    assert [name for name, pattern in kept_away.items() if re.search(pattern, told)] == []
