"""A parent never reads another family's child: every endpoint against every foreign id."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from diary_sandbox.dnevnik.api import V2
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.journal import column_id_of
from diary_sandbox.dnevnik.render.people import pupil_user_id
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.state import SandboxState
from diary_sandbox.world import DNEVNIK_HOST, Child

from .conftest import SignedIn, SignIn

pytestmark = pytest.mark.anyio

_DATES = {"from": "2026-09-01", "to": "2026-11-22", "date": "2026-11-17"}
_QUERY = {
    "startDate": "2026-09-01",
    "endDate": "2026-11-22",
    "from": "2026-09-01",
    "to": "2026-11-22",
    "schoolMembershipType": "Staff",
}


def _ids_of(state: SandboxState, child: Child) -> dict[str, int]:
    """Return wire ids of one child and of what is the child's."""
    world = state.world
    school = world.school(child.school_id)
    marks = world.marks(child.id, world.year.since, world.year.until)
    task = world.homework(child.id, world.year.since, world.year.until)[0]
    result = world.results(child.id)[0]
    mark = marks[0]
    guardian = world.guardians_of(child.id)[0].parent_id if child.family_id else 0
    return {
        "person": wire_id(Space.PUPIL_PERSON, child.id),
        "user": pupil_user_id(child) or wire_id(Space.ADULT_USER, guardian),
        "school": wire_id(Space.SCHOOL, child.school_id),
        "group": wire_id(Space.CLASS, child.class_id),
        "subjectGroup": wire_id(Space.STUDY_GROUP, world.study_groups(child.id)[0].id),
        "subject": wire_id(Space.SUBJECT, mark.subject_id),
        "period": wire_id(Space.PERIOD, world.terms(child.class_id)[0].id),
        "lesson": wire_id(Space.LESSON, mark.lesson_id),
        "work": column_id_of(school, mark.lesson_id, mark.control_form_id, 0),
        "mark": wire_id(Space.MARK, mark.id * 2),
        "task": wire_id(Space.TASK, task.id * 64),
        "homework": wire_id(Space.HOMEWORK, task.id),
        "result_mark": wire_id(Space.RESULT_MARK, result.id),
    }


def _requests(ids: dict[str, int]) -> Iterator[tuple[str, str, dict[str, str | int], list[int]]]:
    """Yield method, path, query and body of every endpoint filled with some ids."""
    for endpoint in V2:
        if not isinstance(endpoint, Endpoint):
            continue
        values = {**_DATES, **ids, "type": "mark5", "folder": 1}
        query: dict[str, str | int] = {
            **_QUERY,
            "childPersonId": ids["person"],
            "eduGroups": ids["group"],
            "eduGroup": ids["group"],
            "schools": ids["school"],
            "lessons": ids["lesson"],
            "lesson": ids["lesson"],
            "persons": ids["person"],
            "homeworkId": ids["homework"],
            "subject": ids["subject"],
        }
        body = [ids["lesson"], ids["work"], ids["homework"], ids["user"], ids["group"]]
        yield endpoint.method, endpoint.path.format(**values), query, body


def _public(path: str) -> bool:
    """Say whether a path answers everybody alike: school profiles, dictionaries."""
    words = path.split("/")
    return (words[0] == "schools" and (len(words) <= 2 or words[2] == "parameters")) or path in (
        "marks/values",
        "marks/values/type/mark5",
        "lesson-log-entries/statuses",
    )


@pytest.mark.parametrize("same_school", [True, False])
async def test_no_endpoint_tells_a_parent_about_a_child_of_another_family(
    same_school: bool, state: SandboxState, sign_in: SignIn
) -> None:
    """Filled with foreign ids, every endpoint refuses, or answers without the foreign child and class."""
    mother = await sign_in("obraztsova")
    ids = _ids_of(state, _stranger(state, mother, same_school=same_school))
    secrets = [str(ids[name]) for name in ("person", "group", "mark", "homework", "result_mark")]
    leaks: list[str] = []
    for method, path, query, body in _requests(ids):
        answer = await mother.client.request(
            method, f"/v2/{path}", params=query, content=json.dumps(body) if method != "GET" else None
        )
        assert answer.status_code in (200, 400, 403, 404), (path, answer.text)
        if answer.status_code == 200 and not _public(path):
            echo = {str(ids["person"])} if path.endswith("school-memberships") else set[str]()
            leaks += [f"{method} {path}: {one}" for one in secrets if one in answer.text and one not in echo]
    assert leaks == []


async def test_foreign_ids_are_refused_not_just_empty(state: SandboxState, sign_in: SignIn) -> None:
    """A foreign child, class or school is 403 `systemForbidden`; what hangs on them is `notOwner`."""
    mother = await sign_in("obraztsova")
    ids = _ids_of(state, _stranger(state, mother, same_school=False))
    own = _ids_of(state, mother.children[0])
    week = "startDate=2026-11-16&endDate=2026-11-22"
    refused = {
        f"persons/{ids['person']}": "systemForbidden",
        f"persons/{ids['person']}/edu-groups": "systemForbidden",
        f"persons/{ids['person']}/groups/{own['group']}/schedules?{week}": "systemForbidden",
        f"persons/{own['person']}/groups/{ids['group']}/schedules?{week}": "systemForbidden",
        f"edu-groups/{ids['group']}/persons": "systemForbidden",
        f"edu-groups/{ids['group']}/avg-marks/2026-09-01/2026-11-22": "systemForbidden",
        f"work-types/{ids['school']}": "systemForbidden",
        f"schools/{ids['school']}/teachers": "systemForbidden",
        f"users/{ids['user']}": "systemForbidden",
        f"users/me/feed?childPersonId={ids['person']}": "systemForbidden",
        f"lessons/{ids['lesson']}": "notOwner",
        f"works/{ids['work']}": "notOwner",
        f"marks/{ids['mark']}": "notOwner",
    }
    assert {path: await mother.refusal(path) for path in refused} == {
        path: (403, name) for path, name in refused.items()
    }


async def test_every_endpoint_answers_a_parent_about_the_own_child(
    state: SandboxState, sign_in: SignIn
) -> None:
    """The same requests with own ids succeed, but for what is a teacher's."""
    mother = await sign_in("obraztsova")
    ids = _ids_of(state, mother.children[0])
    failed: list[str] = []
    for method, path, query, body in _requests(ids):
        answer = await mother.client.request(
            method, f"/v2/{path}", params=query, content=json.dumps(body) if method != "GET" else None
        )
        if answer.status_code != 200 and answer.json()["type"] != "systemForbidden":
            failed.append(f"{method} {path}: {answer.text}")
    allowed = {
        f"GET users/{ids['user']}/context: notOwner",
        f"GET lesson-log-entries/lesson/{ids['lesson']}/person/{ids['person']}: apiResourceUnavailable",
    }
    assert [one for one in failed if not any(_same(one, known) for known in allowed)] == []


async def test_a_child_in_another_system_does_not_exist_here(state: SandboxState, sign_in: SignIn) -> None:
    """The mother of children in both systems sees here only those whose schools are served here."""
    mother = await sign_in("korolyova")
    seen = {child["personId"] for child in (await mother.get_dict("users/me/context"))["children"]}
    everybody = state.world.children_of(mother.parent.id)
    here = {
        wire_id(Space.PUPIL_PERSON, one.id) for one in state.world.children_of(mother.parent.id, DNEVNIK_HOST)
    }
    assert len(everybody) > len(here)
    assert seen == here
    elsewhere = next(one for one in everybody if wire_id(Space.PUPIL_PERSON, one.id) not in here)
    number = wire_id(Space.PUPIL_PERSON, elsewhere.id)
    assert await mother.refusal(f"persons/{number}") == (404, "apiResourceUnavailable")
    assert await mother.get(f"persons/{number}/edu-groups") == []


async def test_the_other_parent_reads_the_same(sign_in: SignIn) -> None:
    """Father and mother see the same children, each in a context of their own."""
    mother, father = await sign_in("obraztsova"), await sign_in("obraztsov")
    hers, his = await mother.get_dict("users/me/context"), await father.get_dict("users/me/context")
    assert hers["children"] == his["children"]
    assert hers["personId"] != his["personId"]


async def test_a_user_id_in_place_of_a_person_id_finds_nothing(mother: SignedIn) -> None:
    """The two numbers of a human being differ, and the wrong one gives empty answers, not errors."""
    child = mother.children[0]
    user, group = pupil_user_id(child), wire_id(Space.CLASS, child.class_id)
    school = wire_id(Space.SCHOOL, child.school_id)
    assert user != wire_id(Space.PUPIL_PERSON, child.id)
    week = "startDate=2026-11-16&endDate=2026-11-22"
    assert await mother.get(f"persons/{user}/groups/{group}/schedules?{week}") == {"days": []}
    assert await mother.get(f"persons/{user}/edu-groups") == []
    assert await mother.get(f"persons/{user}/schools/{school}/marks/2026-09-01/2026-11-22") == []
    homework = await mother.get_dict(f"persons/{user}/school/{school}/homeworks?{week}")
    assert homework == {"works": [], "subjects": [], "lessons": [], "files": [], "teachers": []}
    assert (await mother.get_dict(f"persons/{user}/group/{group}/recentmarks"))["marks"] == []
    assert await mother.get(f"person/{user}/children") == []
    assert await mother.get_dict(f"users/me/feed?childPersonId={user}") == {"days": []}


def _stranger(state: SandboxState, mother: SignedIn, *, same_school: bool) -> Child:
    """Return a child of another family and class, in an own child's school or in another."""
    own = {child.school_id for child in mother.children}
    classes = {child.class_id for child in mother.children}
    for persona in state.world.personas():
        for child in state.world.children_of(persona.parent_id, DNEVNIK_HOST):
            at_own_school = child.school_id in own and child.class_id not in classes
            if (at_own_school if same_school else child.school_id not in own) and state.world.results(
                child.id
            ):
                return child
    raise LookupError("the town has no stranger")


def _same(failure: str, known: str) -> bool:
    path, _, name = known.rpartition(": ")
    return failure.startswith(path) and f'"{name}"' in failure
