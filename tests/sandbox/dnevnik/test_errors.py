"""Refusals: the error object, its HTML twin, scopes, unknown paths and bad parameters."""

from __future__ import annotations

import re

import httpx2
import pytest

from diary_sandbox.dnevnik.api import DOCUMENTED_ERROR_NAMES
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.state import SandboxState

from .conftest import SignedIn, SignIn

pytestmark = pytest.mark.anyio

EVERY_SCOPE = {"EducationalInfo", "CommonInfo", "FriendsAndRelatives", "ContactInfo", "Files"}


async def test_no_token_and_a_wrong_token_are_told_apart(api: httpx2.AsyncClient) -> None:
    """Both are 401, with the short type names clients have seen."""
    none = await api.get("/v2/users/me")
    wrong = await api.get("/v2/users/me", headers={"Access-Token": "x" * 32})
    assert (none.status_code, none.json()["type"]) == (401, "tokenRequired")
    assert (wrong.status_code, wrong.json()) == (
        401,
        {"type": "invalidToken", "description": "Invalid token"},
    )
    bearer = await api.get("/v2/users/me", headers={"Authorization": "Bearer x"})
    assert bearer.json()["type"] == "tokenRequired"


async def test_the_documented_long_names_can_be_switched_on(
    api: httpx2.AsyncClient, state: SandboxState
) -> None:
    """Both spellings exist in the sources; a client must take either."""
    state.store.bucket("dnevnik.options", bool)[DOCUMENTED_ERROR_NAMES] = True
    assert (await api.get("/v2/users/me")).json()["type"] == "authorizationTokenRequired"
    assert (await api.get("/v2/nothing")).json()["type"] == "apiResourceUnavailable"


@pytest.mark.parametrize("accept", [None, "*/*", "text/html,application/xhtml+xml"])
async def test_whoever_does_not_ask_for_json_gets_errors_as_html(
    accept: str | None, api: httpx2.AsyncClient
) -> None:
    """The content type is exactly `text/html`, the text sits in the first paragraph of one element."""
    request = api.build_request("GET", "/v2/users/me")
    del request.headers["accept"]
    if accept:
        request.headers["accept"] = accept
    page = await api.send(request)
    assert page.status_code == 401
    assert page.headers["content-type"] == "text/html"
    found = re.search(r'<div class="error__description"><p>([^<]*)</p>', page.text)
    assert found
    assert "tokenRequired" in found[1]


async def test_answers_that_are_no_errors_are_json_whatever_is_accepted(mother: SignedIn) -> None:
    """Only errors change their form."""
    answer = await mother.client.get("/v2/users/me", headers={"accept": "text/html"})
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("users/me/context", {"CommonInfo", "FriendsAndRelatives", "EducationalInfo"}),
        ("users/me", {"CommonInfo"}),
        ("users/me/roles", {"CommonInfo"}),
        ("users/me/relatives", {"FriendsAndRelatives"}),
        ("users/me/children", {"FriendsAndRelatives", "EducationalInfo"}),
        ("users/me/feed", {"EducationalInfo"}),
        ("schools/person-schools", {"EducationalInfo"}),
        ("lesson-log-entries/statuses", {"EducationalInfo"}),
    ],
)
async def test_every_scope_a_call_needs_is_enforced(path: str, missing: set[str], sign_in: SignIn) -> None:
    """Without one of them: 403 `outOfScope`, and the description names it."""
    for scope in missing:
        parent = await sign_in("obraztsova", ",".join(EVERY_SCOPE - {scope}))
        answer = await parent.client.get(f"/v2/{path}")
        assert (answer.status_code, answer.json()["type"]) == (403, "outOfScope")
        assert scope in answer.json()["description"]
    parent = await sign_in("obraztsova", ",".join(missing))
    assert (await parent.client.get(f"/v2/{path}")).status_code in (200, 400)


async def test_contacts_are_blank_without_their_scope(sign_in: SignIn) -> None:
    """The profile is given, e-mail and phone are null."""
    without = await (await sign_in("obraztsova", "CommonInfo")).get_dict("users/me")
    with_it = await (await sign_in("obraztsova", "CommonInfo,ContactInfo")).get_dict("users/me")
    assert (without["email"], without["phone"]) == (None, None)
    assert with_it["email"].endswith("@example.test")
    assert with_it["phone"]


@pytest.mark.parametrize(
    "path",
    [
        "nothing",
        "",
        "users/me/",
        "persons/{person}/children",
        "users/{user}/children",
        "persons/{person}/schools/{school}/homeworks?startDate=2026-11-16&endDate=2026-11-22",
        "persons/{person}/groups/{group}/recentmarks",
        "persons/{person}/group/{group}/schedules?startDate=2026-11-16&endDate=2026-11-22",
        "edu-groups/{group}/reporting-periods-group",
        "person/{person}/edu-groups",
        "mark/values",
    ],
)
async def test_a_path_in_the_wrong_number_does_not_exist(path: str, mother: SignedIn) -> None:
    """Singular where it is plural, or the other way round, is 404 with the error object."""
    child = mother.children[0]
    filled = path.format(
        person=wire_id(Space.ADULT_PERSON, mother.parent.id),
        user=wire_id(Space.ADULT_USER, mother.parent.id),
        school=wire_id(Space.SCHOOL, child.school_id),
        group=wire_id(Space.CLASS, child.class_id),
    )
    assert await mother.refusal(filled) == (404, "apiResourceUnavailable")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "users/me/context"),
        ("POST", "users/me"),
        ("PATCH", "marks/values"),
        ("GET", "lessons/marks/x"),
    ],
)
async def test_a_verb_nobody_knows_is_not_supported(method: str, path: str, mother: SignedIn) -> None:
    """405 with the error object, and 404 only for paths that do not exist at all."""
    expected = (404, "apiResourceUnavailable") if path.endswith("x") else (405, "apiMethodNotSupported")
    assert await mother.refusal(path, method) == expected


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "lessons/1/log-entries"),
        ("PUT", "lessons/1/log-entries"),
        ("DELETE", "lessons/1/log-entries"),
        ("POST", "lesson-log-entries"),
        ("POST", "works"),
        ("PUT", "works/1"),
        ("DELETE", "works/1"),
        ("POST", "works/1/persons/2/status"),
        ("PUT", "marks/1"),
        ("DELETE", "marks/1"),
        ("POST", "files/async/upload"),
        ("POST", "folder/1/files/async/upload/base64"),
    ],
)
async def test_what_teachers_and_pupils_write_is_refused_to_a_parent(
    method: str, path: str, mother: SignedIn
) -> None:
    """403, not 404 or 405: the operations exist."""
    assert await mother.refusal(path, method) == (403, "systemForbidden")


async def test_uploads_need_their_scope_first(sign_in: SignIn) -> None:
    """The scope is looked at before the role."""
    parent = await sign_in("obraztsova", "EducationalInfo")
    assert await parent.refusal("files/async/upload", "POST") == (403, "outOfScope")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("persons/me", "person"),
        ("persons/abc/edu-groups", "person"),
        ("persons/99999999999999999999/edu-groups", "person"),
        ("persons/-1/edu-groups", "person"),
        ("edu-groups/1.5", "group"),
        ("edu-groups", "eduGroups"),
        ("edu-groups?eduGroups=x", "eduGroups"),
        ("persons/1/groups/1/schedules", "startDate"),
        ("persons/1/groups/1/schedules?startDate=2026-11-16", "endDate"),
        ("persons/1/groups/1/schedules?startDate=2026-11-31&endDate=2026-12-01", "startDate"),
        ("persons/1/groups/1/schedules?startDate=2026-11-16&endDate=2026-11-15", "endDate"),
        ("persons/1/groups/1/schedules?startDate=2020-01-01&endDate=2026-11-15", "endDate"),
        ("persons/1/groups/1/schedules?startDate=16.11.2026&endDate=2026-11-15", "startDate"),
        ("persons/1/schools/1/marks/2026-11-16/yesterday", "to"),
        ("persons/1/marks/2026-13-01", "date"),
        ("persons/1/group/1/recentmarks?limit=0", "limit"),
        ("persons/1/group/1/recentmarks?limit=101", "limit"),
        ("users/me/feed", "childPersonId"),
        ("users/me/feed?childPersonId=1&limit=0", "limit"),
        ("marks/values/type/mark100", "type"),
        ("works", "lesson"),
        ("persons", "eduGroup"),
        ("lesson-log-entries/group/1?from=2026-11-16&to=2026-11-22", "subject"),
    ],
)
async def test_a_bad_parameter_is_named(path: str, name: str, mother: SignedIn) -> None:
    """400 `parameterInvalid`, and the description says which."""
    answer = await mother.client.get(f"/v2/{path}")
    assert (answer.status_code, answer.json()["type"]) == (400, "parameterInvalid")
    assert f"'{name}'" in answer.json()["description"]


@pytest.mark.parametrize(
    "path", ["lessons/many", "works/many", "users/many", "edu-groups/students", "lessons/marks"]
)
@pytest.mark.parametrize("content", [b'{"lessons": [1]}', b"lessons=1&lessons=2", b"", b"17", b"[", b"null"])
async def test_lists_in_a_body_are_bare_arrays(path: str, content: bytes, mother: SignedIn) -> None:
    """An object around the list, a form or anything else is a malformed request."""
    answer = await mother.client.post(f"/v2/{path}", content=content)
    assert (answer.status_code, answer.json()["type"]) == (400, "invalidRequest")


async def test_ids_in_a_body_may_be_numbers_or_texts(mother: SignedIn) -> None:
    """Browsers send texts, as numbers of 19 digits do not fit them."""
    group = wire_id(Space.CLASS, mother.children[0].class_id)
    by_number = await mother.client.post("/v2/edu-groups/students", json=[group])
    by_text = await mother.client.post("/v2/edu-groups/students", json=[str(group), str(group)])
    assert by_number.json() == by_text.json()
    bad = await mother.client.post("/v2/edu-groups/students", json=[[group]])
    assert (bad.status_code, bad.json()["type"]) == (400, "parameterInvalid")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-17",
        "2026-11-17T00:00:00",
        "2026-11-17T09:05:07.123",
        "2026-11-17T09:05:07.123456",
        "2026-11-17 09:05:07.123456",
        "2026-11-17 9:5",
        "2026-11-17T00:00:00Z",
        "2026-11-17T00:00:00+03:00",
    ],
)
async def test_dates_are_taken_in_every_form_clients_send(text: str, mother: SignedIn) -> None:
    """`T` or a blank, padded or not, with or without a time: the day is what counts."""
    child = mother.children[0]
    person, group = wire_id(Space.PUPIL_PERSON, child.id), wire_id(Space.CLASS, child.class_id)
    path = f"persons/{person}/groups/{group}/schedules"
    plain = await mother.get(path, startDate="2026-11-17", endDate="2026-11-17")
    assert await mother.get(path, startDate=text, endDate=text) == plain
    in_path = f"persons/{person}/marks/{text}"
    assert (await mother.client.get(f"/v2/{in_path}")).status_code == 200
