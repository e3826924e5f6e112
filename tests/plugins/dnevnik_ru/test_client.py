"""Each call of the client, as it went over the wire, replayed from a cassette of invented people.

Recorded from the sandbox; to record them anew:

    DIARY_RECORD=1 .venv/bin/pytest tests/plugins/dnevnik_ru/test_client.py

Only the fields named in `KEPT` stay: no token, no client id, no address of a file.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from diary_core.http import open_client
from diary_core.provider import Channel
from diary_core.testing import Allowed, cassette, fixed_clock
from diary_dnevnik_ru import authorizations, esia, parse
from diary_dnevnik_ru.client import Client
from diary_dnevnik_ru.connection import ACCESS_TOKEN
from diary_dnevnik_ru.enrolment_id import Seat

from .at_gosuslugi import ended_on, task_of
from .town import MOTHER, OPTIONS, PROVIDER, QUICK, Town, a_town

pytestmark = pytest.mark.anyio
RECORD: Final = os.environ.get("DIARY_RECORD") == "1"
CASSETTES: Final = Path(__file__).parent / "cassettes"
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)
KEPT: Final = """
    startDate endDate grant_type scope type description expiresIn
    id id_str personId personId_str userId userId_str firstName lastName middleName shortName roles
    schoolIds groupIds parentIds parentIds_str name fullName parallel status educationType markType
    timeZone uses_avg uses_weighted_avg regionId number start finish year
    directorFullName schoolPhone email website address schoolId
    date nextDate title subjectId place building hours works teachers teachers_str
    abbreviation abbr isFinal isImportant kindId kind weight
    workType markCount lesson lesson_str displayInJournal eduGroup eduGroup_str text periodNumber
    periodType targetDate sentDate createdBy files oneDriveLinks person person_str work work_str
    value textValue mood use_avg_calc comment createdDate group knowledgeArea
    typeGroup size uploadedDate storageType
    logEntries lessons holidays reportingPeriods dateStart dateFinish
    Name Start Finish Items LessonNumber FirstLessonNumber DaysOfWeek Type
    postList unreadCount eventKey createdDateTime authorName authorFirstName authorMiddleName authorLastName
    studyyear marks subjects workTypes
    municipality workHours Id IdStr Subjects NameTeacherPosition
    subject subject_str avg-mark-value reportingPeriod reportingPeriod_str group_str year
"""
"""Of invented people; what opens something is not among them, nor is the address of a file."""
ALLOWED: Final = Allowed(fields=frozenset(KEPT.split()))
OF_ESIA: Final = Allowed(
    fields=ALLOWED.fields | {"regions", "users", "RegionId", "UserId", "Scope", "school", "code"}
)
"""Its `code` is the word of an outcome; elsewhere it would be one that opens."""
NOVGOROD: Final = 153
NEVER_SENT: Final = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Tape:
    """A server that is a cassette, or the sandbox while recording."""

    channel: Channel
    token: str
    real_hosts: dict[str, str]
    town: Town | None = None

    async def task(self, login: str) -> str:
        """A return of a person from Gosuslugi; on replay any will do."""
        return task_of(await ended_on(self.town, login)) if self.town else NEVER_SENT

    @contextmanager
    def playing(self, name: str, allowed: Allowed = ALLOWED) -> Generator[Client]:
        """Record or replay the calls of one test."""
        path = CASSETTES / f"{name}.yaml"
        if RECORD:
            path.unlink(missing_ok=True)
        with cassette(path, allowed, real_hosts=self.real_hosts, record=RECORD):
            yield Client(self.channel, self.token)


@pytest.fixture
async def tape() -> AsyncGenerator[Tape]:
    """Stand before the cassettes; before the sandbox only when they are recorded."""
    if RECORD:
        async with a_town() as town:
            token = (await town.sign_in()).credentials.secret(ACCESS_TOKEN)
            hosts = town.sandbox.hosts
            real_ones = PROVIDER.instance("novgorod").hosts.values()
            moved = {hosts[real]: real for real in real_ones if real in hosts}
            yield Tape(town.channel, token, moved, town)
        return
    instance = PROVIDER.instance("novgorod")
    async with open_client(instance.hosts.values(), limits=QUICK, name="cassette") as http:
        yield Tape(Channel(instance, http, fixed_clock(), OPTIONS), "never-sent-anywhere", {})


async def seat(tape: Tape) -> Seat:
    """Return the first child of the recorded family."""
    if RECORD:
        context = await Client(tape.channel, tape.token).context()
    else:
        with tape.playing("context") as client:
            context = await client.context()
    return Seat.read(parse.enrolments(context, "Europe/Moscow")[0].id)


async def test_context(tape: Tape) -> None:
    """The parent and both children, with their classes."""
    with tape.playing("context") as client:
        context = await client.context()
    assert context.roles == ("EduParent",)
    assert [child.last_name for child in context.children] == ["Образцов", "Образцова"]
    assert [group.name for group in context.edu_groups] == ["5Б", "8А"]


async def test_schedules(tape: Tape) -> None:
    """Seven days with all their tables."""
    child = await seat(tape)
    with tape.playing("schedules") as client:
        schedule = await client.schedules(child, MONDAY, SUNDAY)
    assert [day.date for day in schedule.days] == [date(2026, 11, number) for number in range(16, 23)]
    tables = ("lessons", "marks", "works", "homeworks", "subjects", "work_types", "log_entries", "teachers")
    assert [name for name in tables if not any(getattr(day, name) for day in schedule.days)] == []


async def test_undone(tape: Tape) -> None:
    """Ids and days of what is late, of the named child only."""
    child = await seat(tape)
    with tape.playing("undone") as client:
        tasks = await client.undone(child)
    assert tasks
    assert [task.work for task in tasks if task.person != child.person or task.target_date is None] == []


async def test_file(tape: Tape) -> None:
    """A work by its id, and its file by a link; a cassette keeps neither the link's key nor the words."""
    child = await seat(tape)
    with tape.playing("file") as client:
        answer = await client.homeworks(child, date(2026, 10, 12), date(2026, 10, 18))
        links = {file.id: file.download_url for file in answer.files if file.download_url}
        assert set(links) == {file.id for file in answer.files}
        text = next(file for file in answer.files if file.type == "Txt")
        work = next(work for work in answer.works if text.id in work.files)
        assert (await client.work(work.id)).target_date is not None
        key = links[text.id].partition("?")[2] if RECORD else "key=SCRUBBED"
        async with await client.open_file(f"/files/{text.id}/get?{key}", "a.txt") as file:
            assert file.media_type == "text/plain"
            assert b"".join([piece async for piece in file])


async def test_homeworks(tape: Tape) -> None:
    """Homework with its subjects, lessons and files."""
    child = await seat(tape)
    with tape.playing("homeworks") as client:
        answer = await client.homeworks(child, date(2026, 10, 12), date(2026, 10, 18))
    tables = ("works", "subjects", "lessons", "files")
    assert [name for name in tables if not getattr(answer, name)] == []


async def test_marks_and_their_lessons(tape: Tape) -> None:
    """Marks bring ids; the lessons of those ids bring the rest."""
    child = await seat(tape)
    with tape.playing("marks") as client:
        marks = await client.marks(child, MONDAY, SUNDAY)
        wanted = parse.lesson_ids(marks, child)
        lessons = await client.lessons(wanted)
    assert {mark.person for mark in marks} == {child.person}
    assert sorted(lesson.id for lesson in lessons) == sorted(wanted)
    assert [lesson.id for lesson in lessons if not (lesson.subject and lesson.works)] == []


async def test_a_mark(tape: Tape) -> None:
    """One mark is what the list has of it."""
    child = await seat(tape)
    with tape.playing("mark") as client:
        listed = await client.marks(child, MONDAY, SUNDAY)
        mark = await client.mark(listed[0].id)
    assert mark == listed[0]


async def test_final_marks_of_a_former_year(tape: Tape) -> None:
    """The classes of former years are among all of a child's; the results come with their works."""
    child = await seat(tape)
    with tape.playing("final_marks") as client:
        groups = await client.all_groups(child)
        former = {group.start_year or 0: group.id for group in groups if group.type == "Group"}
        then = await client.final_marks(child._replace(group=former[2025]))
    works = {work.id: work for work in then.works}
    assert sorted(former) == [2024, 2025, 2026]
    assert then.marks
    assert [mark.id for mark in then.marks if mark.work not in works] == []
    assert {mark.person for mark in then.marks} == {child.person}
    assert {work.period_type for work in then.works} == {"Quarter", "Year"}


async def test_averages_of_a_class(tape: Tape) -> None:
    """Both kinds hold every pupil; numbers are read with a comma and without."""
    child = await seat(tape)
    with tape.playing("averages") as client:
        periods = await client.reporting_periods(child)
        plain = await client.averages(child, periods[0].id, SUNDAY)
        weighted = await client.weighted_averages(child, periods[0].start, periods[0].finish)
    own = parse.plain_averages(plain, child)
    assert len(own) > 5
    assert set(own) == set(parse.weighted_averages(weighted, child))
    assert [value for value in own.values() if value is None or not 2 <= value <= 5] == []


async def test_subjects(tape: Tape) -> None:
    """The subjects of the class, all with names."""
    child = await seat(tape)
    with tape.playing("subjects") as client:
        subjects = await client.subjects(child)
    assert len(parse.names_of(subjects)) == len(subjects) > 10


async def test_reporting_periods(tape: Tape) -> None:
    """Four quarters."""
    child = await seat(tape)
    with tape.playing("reporting_periods") as client:
        periods = await client.reporting_periods(child)
    assert [(period.type, period.number) for period in periods] == [("Quarter", n) for n in range(1, 5)]


async def test_log_entries(tape: Tape) -> None:
    """Missed and late lessons of a month, each described."""
    child = await seat(tape)
    with tape.playing("log_entries") as client:
        answer = await client.log_entries(child, date(2026, 10, 26), SUNDAY)
    assert {entry.person for entry in answer.entries} == {child.person}
    assert {entry.lesson for entry in answer.entries} == {lesson.id for lesson in answer.lessons}
    assert [lesson.id for lesson in answer.lessons if lesson.subject is None] == []


async def test_holidays(tape: Tape) -> None:
    """The vacations between the terms."""
    child = await seat(tape)
    with tape.playing("holidays") as client:
        group = await client.holidays(child)
    names = [holiday.name for holiday in group.holidays]
    assert names[:3] == ["Осенние каникулы", "Зимние каникулы", "Весенние каникулы"]


async def test_timetables(tape: Tape) -> None:
    """The bells of the class, weekday by weekday."""
    child = await seat(tape)
    with tape.playing("timetables") as client:
        (timetable,) = await client.timetables(child)
    assert timetable.items
    assert [bell for bell in timetable.items if bell.starts is None or not bell.weekdays] == []


async def test_work_types(tape: Tape) -> None:
    """Kinds of work with their weights, a zero among them."""
    child = await seat(tape)
    with tape.playing("work_types") as client:
        kinds = await client.work_types(child)
    weights = {kind.name: kind.weight for kind in kinds}
    assert (weights["Контрольная работа"], weights["Работа над ошибками"]) == (Decimal(3), Decimal(0))


async def test_school(tape: Tape) -> None:
    """The profile, the passport, the people of the class and of the school, and the child's groups."""
    child = await seat(tape)
    with tape.playing("school") as client:
        school = await client.school(child)
        passport = await client.school_parameters(child)
        teachers = await client.teachers(child)
        leader = await client.class_teacher(child)
        staff = await client.staff(child)
        groups = await client.groups(child)
    assert {person.id for person in teachers} <= {member.id for member in staff}
    assert [member.id for member in staff if not member.position] == []
    assert {group.type for group in groups} == {"Group", "Subgroup"}
    assert (school.id, school.uses_weighted_avg) == (child.school, True)
    assert passport.director
    assert passport.address
    assert leader.id in {person.id for person in teachers}


async def test_posts(tape: Tape) -> None:
    """What the school announced: by the phones' API, with seconds and ISO moments."""
    child = await seat(tape)
    with tape.playing("posts") as client:
        posts = (await client.posts(child)).posts
    assert posts
    assert [post.id for post in posts if not (post.title and post.text and post.created)] == []
    assert {post.author_last for post in posts} != {None}


async def test_a_password_and_a_refresh_token(tape: Tape) -> None:
    """Both grants tell how long a token lives; neither token is on the cassette."""
    with tape.playing("authorizations"):
        grant = await authorizations.by_password(tape.channel, MOTHER["login"], MOTHER["password"])
        again = await authorizations.by_refresh_token(tape.channel, grant.refresh_token or "")
    month_s = 30 * 24 * 60 * 60
    assert (grant.expires_in, again.expires_in) == (month_s, month_s)
    assert (grant.reason, again.reason) == (None, None)


async def test_esia_regions(tape: Tape) -> None:
    """Every region has a name and an entry; the addresses themselves are not on the cassette."""
    with tape.playing("esia_regions", OF_ESIA):
        regions = await esia.regions(tape.channel)
    assert "Новгородская область" in {region.name for region in regions}
    assert [region.name for region in regions if not region.esia_url] == []


async def test_esia_exchange(tape: Tape) -> None:
    """A return from Gosuslugi lists one account, whose tokens come with their end."""
    task = await tape.task("dnevnik_mother")
    with tape.playing("esia_exchange", OF_ESIA):
        (user,) = await esia.linked_users(tape.channel, task, NOVGOROD)
        outcome = await esia.authorize(tape.channel, task, NOVGOROD, user.id)
    assert (user.last_name, user.first_name) == ("Образцова", "Анна")
    assert user.school is not None
    assert user.school.name
    assert outcome.status.code == "Success"
    assert outcome.authorization is not None
    assert outcome.authorization.access_token
    assert outcome.authorization.expires_in


async def test_esia_refusals(tape: Tape) -> None:
    """Somebody else's account, one never activated, a return without an account, a spent return."""
    first, nobody = await tape.task("first_login"), await tape.task("not_matched")
    with tape.playing("esia_refusals", OF_ESIA):
        (user,) = await esia.linked_users(tape.channel, first, NOVGOROD)
        codes = [
            (await esia.authorize(tape.channel, task, NOVGOROD, number)).status.code
            for task, number in ((first, user.id), (nobody, user.id), (NEVER_SENT, "1"))
        ]
    assert codes == ["FirstSign", "EsiaUserNotLinked", "UnexpectedError"]


def test_cassettes_hold_no_secret_of_the_town() -> None:
    """Neither the password, nor the application, nor an address outside the diary's own hosts."""
    secrets = [MOTHER["password"], *(option.get_secret_value() for option in OPTIONS.values()), "127.0.0.1"]
    files = sorted(CASSETTES.glob("*.yaml"))
    assert files
    assert [(file.name, secret) for file in files for secret in secrets if secret in file.read_text()] == []
