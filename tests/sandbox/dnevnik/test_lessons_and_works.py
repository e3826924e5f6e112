"""Lessons, works, tasks, homework and the bytes of its files."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

import httpx2
import pytest

from diary_sandbox.dnevnik.wire_ids import Space, wire_id, world_id
from diary_sandbox.state import SandboxState

from .conftest import Json, SignedIn

pytestmark = pytest.mark.anyio

SPAN = "2026-11-02/2026-11-29"
DAYS = {"startDate": "2026-11-02", "endDate": "2026-11-29"}


def _person(parent: SignedIn) -> int:
    return wire_id(Space.PUPIL_PERSON, parent.children[0].id)


def _group(parent: SignedIn) -> int:
    return wire_id(Space.CLASS, parent.children[0].class_id)


def _school(parent: SignedIn) -> int:
    return wire_id(Space.SCHOOL, parent.children[0].school_id)


async def _homeworks(parent: SignedIn) -> Json:
    return await parent.get_dict(f"persons/{_person(parent)}/school/{_school(parent)}/homeworks", **DAYS)


async def test_lessons_of_a_class_hold_every_subgroup_and_those_of_a_subgroup_its_own(
    mother: SignedIn, state: SandboxState
) -> None:
    """The class range has lessons of groups the child is not in; a subgroup's range has one group."""
    group = _group(mother)
    lessons = await mother.get_list(f"edu-groups/{group}/lessons/{SPAN}")
    groups = {one["group"] for one in lessons}
    own = {one["id"] for one in await mother.get_list(f"persons/{_person(mother)}/edu-groups")}
    assert groups - own, "only own groups are there"
    assert all("hours" not in one and "place" not in one for one in lessons)
    subgroup = max(own - {group})
    narrowed = await mother.get_list(f"edu-groups/{subgroup}/lessons/{SPAN}")
    assert narrowed == [one for one in lessons if one["group"] == subgroup]


async def test_lessons_of_one_subject(mother: SignedIn) -> None:
    """The same lessons, narrowed; an unknown subject has none."""
    group = _group(mother)
    lessons = await mother.get_list(f"edu-groups/{group}/lessons/{SPAN}")
    subject = lessons[0]["subject"]["id"]
    narrowed = await mother.get_list(f"edu-groups/{group}/subjects/{subject}/lessons/{SPAN}")
    assert narrowed == [one for one in lessons if one["subject"]["id"] == subject]
    assert await mother.get(f"edu-groups/{group}/subjects/17/lessons/{SPAN}") == []


async def test_many_lessons_and_many_works_are_asked_for_by_id(mother: SignedIn) -> None:
    """In the order asked; ids that name nothing are left out."""
    lessons = await mother.get_list(f"edu-groups/{_group(mother)}/lessons/2026-11-16/2026-11-20")
    wanted = [lessons[3], lessons[0]]
    ids = [one["id"] for one in wanted]
    answer = (await mother.client.post("/v2/lessons/many", json=[*ids, 17])).json()
    assert answer == wanted
    works = [work for lesson in wanted for work in lesson["works"]]
    many = await mother.client.post("/v2/works/many", json=[17, *(one["id"] for one in works)])
    assert many.json() == works
    assert await mother.refusal("lessons/17") == (404, "apiResourceUnavailable")


async def test_works_of_a_lesson_in_every_spelling(mother: SignedIn) -> None:
    """By path, by query, one by one, and inside the lesson: always the same."""
    lessons = await mother.get_list(f"edu-groups/{_group(mother)}/lessons/{SPAN}")
    seen: set[str] = set()
    for lesson in lessons:
        works = lesson["works"]
        if {one["type"] for one in works} <= seen:
            continue
        seen |= {one["type"] for one in works}
        assert await mother.get(f"lessons/{lesson['id']}/works") == works
        assert await mother.get(f"works?lesson={lesson['id']}") == works
        for work in works:
            assert await mother.get(f"works/{work['id']}") == work
    assert {"DefaultNewLessonWork", "Homework", "CommonWork", "LessonTestWork"} <= seen
    assert await mother.refusal("works/17") == (404, "apiResourceUnavailable")


async def test_important_works_are_the_control_works_the_world_plans(
    mother: SignedIn, state: SandboxState
) -> None:
    """Those ahead included: a control work is announced before it is written."""
    child = mother.children[0]
    today = state.clock.today()
    until = today + timedelta(days=21)
    planned = {
        one.id: state.world.control_form(one.control_form_id).name
        for one in state.world.lessons(child.id, today, until)
        if one.control_form_id and state.world.control_form(one.control_form_id).important
    }
    assert planned
    days = await mother.get_dict(
        f"persons/{_person(mother)}/groups/{_group(mother)}/schedules",
        startDate=str(today),
        endDate=str(until),
    )
    works = [work for day in days["days"] for work in day["works"] if work["isImportant"]]
    shown = {world_id(Space.LESSON, work["lesson"]): work["text"] for work in works}
    assert {number: text for number, text in shown.items() if number in planned} == planned


async def test_homework_comes_with_its_lessons_subjects_teachers_and_files(mother: SignedIn) -> None:
    """Every reference is answered inside the body, and the light lesson has `teachers_str` here."""
    body = await _homeworks(mother)
    lessons = {one["id"] for one in body["lessons"]}
    subjects = {one["id"] for one in body["subjects"]}
    teachers = {one["id"] for one in body["teachers"]}
    files = {one["id"] for one in body["files"]}
    assert files
    for work in body["works"]:
        assert work["lesson"] in lessons
        assert work["subjectId"] in subjects
        assert work["createdBy"] in teachers
        assert set(work["files"]) <= files
    for lesson in body["lessons"]:
        assert lesson["teachers_str"] == [str(one) for one in lesson["teachers"]]


async def test_homework_asked_for_by_id_is_the_same(mother: SignedIn) -> None:
    """Several ids in repeated keys; unknown and foreign ones are left out."""
    body = await _homeworks(mother)
    works = [one for one in body["works"] if one["files"]][:2]
    query = "&".join(f"homeworkId={one['id']}" for one in works)
    by_id = await mother.get_dict(f"users/me/school/homeworks?{query}&homeworkId=17")
    assert by_id["works"] == works
    wanted = {number for one in works for number in one["files"]}
    assert [one for one in body["files"] if one["id"] in wanted] == by_id["files"]


async def test_a_parent_has_no_homework_of_his_own(mother: SignedIn) -> None:
    """The pupil's call answers a parent's token with nothing."""
    body = await mother.get_dict(f"users/me/school/{_school(mother)}/homeworks", **DAYS)
    assert set(map(len, body.values())) == {0}


async def test_a_file_s_link_gives_exactly_its_bytes(
    mother: SignedIn, api: httpx2.AsyncClient, state: SandboxState
) -> None:
    """No token is needed, the size is the one told, the name goes without its extension."""
    files = (await _homeworks(mother))["files"]
    for one in files[:5]:
        attachment, content = state.world.attachment_bytes(world_id(Space.FILE, one["id"]) or 0)
        url: str = one["downloadUrl"]
        parts = urlsplit(url)
        assert parts.netloc == "api.dnevnik.ru"
        answer = await api.get(f"{parts.path}?{parts.query}")
        assert answer.content == content
        assert one["size"] == len(content)
        assert answer.headers["content-type"].startswith(attachment.content_type)
        assert f"{one['name']}.{one['type'].lower()}" == attachment.name
        assert one["user"]["personId"] != one["user"]["id"]


async def test_a_link_cannot_be_guessed(mother: SignedIn, api: httpx2.AsyncClient) -> None:
    """Without its key, with a wrong key or for a file that is not there: 404 as a page."""
    url: str = (await _homeworks(mother))["files"][0]["downloadUrl"]
    parts = urlsplit(url)
    key = parts.query.removeprefix("key=")
    absent = wire_id(Space.FILE, 3)
    for path, tried in ((parts.path, ""), (parts.path, key[::-1]), (f"/files/{absent}/get", key)):
        answer = await api.get(path, params={"key": tried})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "text/html"


async def test_tasks_in_every_spelling_are_the_own_children_s(mother: SignedIn) -> None:
    """By lesson, by lessons, by work, by person, one by one."""
    body = await _homeworks(mother)
    works = [one for one in body["works"] if one["tasks"]]
    work = works[0]
    task = work["tasks"][0]
    assert task["person"] == _person(mother)
    assert await mother.get(f"tasks/{task['id']}") == task
    assert await mother.get(f"works/{work['id']}/tasks") == [task]
    assert await mother.get(f"works/{work['id']}/tasks?persons={_person(mother)}") == [task]
    assert await mother.get(f"works/{work['id']}/tasks?persons=17") == []
    assert task in await mother.get_list(f"lessons/{work['lesson']}/tasks")
    other = works[-1]
    several = await mother.get_list(f"tasks?lessons={work['lesson']}&lessons={other['lesson']}")
    assert task in several
    assert other["tasks"][0] in several
    assert await mother.refusal("tasks/17") == (404, "apiResourceUnavailable")


async def test_tasks_of_a_person_come_in_pages_by_subject(mother: SignedIn) -> None:
    """Pages join to the whole without repeats; one subject's tasks are among all."""
    base = f"persons/{_person(mother)}/tasks"
    span = {"from": "2026-09-01", "to": "2026-11-29"}
    whole = await mother.get_list(base, **span, pageSize=1000)
    pages: list[Json] = []
    for page in range(1, 30):
        pages += await mother.get_list(base, **span, pageNumber=page, pageSize=10)
    assert pages == whole
    assert len(whole) > 30
    work = await mother.get_dict(f"works/{whole[0]['work']}")
    of_subject = await mother.get_list(base, **span, pageSize=1000, subject=work["subjectId"])
    assert 0 < len(of_subject) < len(whole)
    assert [one for one in whole if one in of_subject] == of_subject


async def test_undone_is_what_was_due_and_has_no_tick(mother: SignedIn, state: SandboxState) -> None:
    """A tick made elsewhere takes a task off the list."""
    child = mother.children[0]
    before = await mother.get_list(f"tasks/{_person(mother)}/undone")
    yesterday = state.clock.today() - timedelta(days=1)
    expected = [one for one in state.world.homework(child.id, date(2026, 9, 1), yesterday) if not one.done]
    assert [one["work"] for one in before] == [wire_id(Space.HOMEWORK, one.id) for one in expected]
    assert {one["status"] for one in before} == {"New"}
    state.world.tick_homework(child.id, expected[0].id, done=True)
    after = await mother.get_list(f"tasks/{_person(mother)}/undone")
    assert after == before[1:]
    assert (await mother.get_dict(f"tasks/{before[0]['id']}"))["status"] == "Done"


async def test_kinds_of_work_are_a_school_s_own(mother: SignedIn, state: SandboxState) -> None:
    """Name, abbreviation and weight of each; the weight of a school without weights is 1."""
    school = state.world.school(mother.children[0].school_id)
    kinds = await mother.get_list(f"work-types/{_school(mother)}")
    assert [(one["title"], one["abbr"], one["weight"]) for one in kinds] == [
        (form.name, form.abbreviation, form.weight) for form in school.control_forms
    ]
    assert {one["kind"] for one in kinds} >= {
        *("DefaultNewLessonWork", "CommonWork", "Homework", "LessonTestWork", "LaboratoryWork"),
        *("PeriodMark", "PeriodFinalMark", "Exam"),
    }


async def test_a_pupil_of_another_subgroup_has_other_homework(mother: SignedIn, state: SandboxState) -> None:
    """The class range shows the other subgroup's lessons, but only the own child's homework."""
    child = mother.children[0]
    lessons = await mother.get_list(f"edu-groups/{_group(mother)}/lessons/{SPAN}")
    given = state.world.homework(child.id, date(2026, 11, 2), date(2026, 11, 29))
    works = [work["id"] for lesson in lessons for work in lesson["works"]]
    shown = {number for number in works if world_id(Space.HOMEWORK, number) is not None}
    assert shown == {wire_id(Space.HOMEWORK, one.id) for one in given}
