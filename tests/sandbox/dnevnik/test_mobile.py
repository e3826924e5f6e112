"""The phone applications' log-in, context and diary."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from diary_sandbox.dnevnik.applications import GATEWAY
from diary_sandbox.dnevnik.journal import journal_lessons
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.state import SandboxState
from diary_sandbox.world import Child, LessonChange, World

from .conftest import ALL_SCOPES, PASSWORD, Json, SignedIn
from .shapes import differences, shape_of, uneven

pytestmark = pytest.mark.anyio

SAMPLES = Path(__file__).parents[2] / "samples" / "dnevnik"
BASE = "/mobile/v8.5"


def _body(username: str = "obraztsova", password: str = PASSWORD, **more: object) -> Json:
    return {
        "agreeTerms": False,
        "clientId": GATEWAY.client_id,
        "clientSecret": GATEWAY.secret,
        "scope": ALL_SCOPES,
        "username": username,
        "password": password,
    } | more


async def _post(api: httpx2.AsyncClient, path: str, body: Json) -> Json:
    answer = await api.post(f"{BASE}/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _log_in(api: httpx2.AsyncClient, *args: str, **more: object) -> Json:
    return await _post(api, "authorizations/bycredentials", _body(*args, **more))


@pytest.mark.parametrize("version", ["v6.0", "v7.0", "v8.5", "v8.6"])
async def test_every_version_logs_in_and_the_token_opens_both_apis(
    version: str, api: httpx2.AsyncClient
) -> None:
    """The answer has the envelope; one token serves the phones' API and the partner one."""
    answer = await api.post(f"/mobile/{version}/authorizations/byCredentials", json=_body())
    body = answer.json()
    assert (body["type"], body["reason"], body["activationData"]) == ("Success", "Authenticate", None)
    headers = {"Access-Token": body["credentials"]["accessToken"]}
    user = body["credentials"]["userId"]
    assert (await api.get(f"/mobile/{version}/users/{user}/context", headers=headers)).status_code == 200
    assert (await api.get("/v2/users/me", headers=headers)).json()["id"] == user
    ends = datetime.fromisoformat(body["credentials"]["expiresDate"])
    assert ends.utcoffset() == timedelta()


async def test_refusals_ride_on_a_good_status(api: httpx2.AsyncClient) -> None:
    """Wrong password, wrong application, locked: told by `type`."""
    assert (await _log_in(api, password="no"))["type"] == "authorizationFailed"
    assert (await _log_in(api, clientSecret="no"))["type"] == "authorizationFailed"
    assert (await _log_in(api, scope=""))["type"] == "authorizationFailed"
    assert (await _log_in(api, "grachyova"))["type"] == "maxAttempsExceeded"


async def test_without_enrolled_children_there_is_a_reason_and_no_token(
    api: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password is right; nobody is left to read about."""

    def no_children(world: World, parent_id: int, host: str | None = None) -> tuple[Child, ...]:
        del world, parent_id, host
        return ()

    monkeypatch.setattr(World, "children_of", no_children)
    answer = await _log_in(api)
    assert (answer["reason"], answer["credentials"]) == ("HaveNotActiveMemberships", None)


async def test_a_first_log_in_is_finished_with_the_data_it_brought(api: httpx2.AsyncClient) -> None:
    """Data to check and a token; bad data is refused, good data logs in, and only once."""
    first = await _log_in(api, "snegiryova")
    assert (first["reason"], first["credentials"]) == ("FirstLogin", None)
    data = first["activationData"]
    assert (data["lastName"], data["firstName"], data["sex"]) == ("Снегирёва", "Татьяна", "Female")
    assert data["isPhoneRequired"] is True
    path = f"persons/{data['personId']}/activation"
    good = _body("snegiryova") | {
        "token": data["token"],
        "email": "t@example.test",
        "phone": "79000000000",
        "newPassword": "new-password",
        "newPasswordRepeat": "new-password",
    }
    assert (await _post(api, path, good | {"newPasswordRepeat": "x"}))["type"] == "parameterInvalid"
    assert (await _post(api, path, good | {"token": "x"}))["type"] == "authorizationFailed"
    assert (await _post(api, "persons/17/activation", good))["type"] == "authorizationFailed"
    done = await _post(api, path, good)
    assert done["reason"] == "Authenticate"
    assert (await _post(api, path, good))["type"] == "authorizationFailed"
    assert (await _log_in(api, "snegiryova", "new-password"))["reason"] == "Authenticate"


async def test_a_refresh_ends_the_previous_pair(api: httpx2.AsyncClient) -> None:
    """The answer has the tokens at its top level."""
    old = (await _log_in(api))["credentials"]
    body = {
        "client_id": GATEWAY.client_id,
        "client_secret": GATEWAY.secret,
        "grant_type": "RefreshToken",
        "refreshToken": old["refreshToken"],
    }
    new = await _post(api, "authorizations/byrefreshtoken", body)
    assert set(new) == {"type", "accessToken", "refreshToken", "user", "scope", "expiresDate"}
    assert (await api.get("/v2/users/me", headers={"Access-Token": old["accessToken"]})).status_code == 401
    assert (await api.get("/v2/users/me", headers={"Access-Token": new["accessToken"]})).status_code == 200
    assert (await _post(api, "authorizations/byrefreshtoken", body))["type"] == "authorizationFailed"


async def test_the_context_has_the_shape_of_its_sample(mother: SignedIn) -> None:
    """One entry a child, with periods in Unix seconds of local midnights."""
    user = wire_id(Space.ADULT_USER, mother.parent.id)
    body = (await mother.client.get(f"{BASE}/users/{user}/context")).json()
    assert list(uneven(body)) == []
    assert list(differences(shape_of(_sample("19-mobile-users-context")), shape_of(body))) == []
    periods = body["contextPersons"][0]["reportingPeriodGroup"]["periods"]
    assert [one["isCurrent"] for one in periods] == [False, True, False, False]
    assert datetime.fromtimestamp(periods[0]["dateStart"], UTC).isoformat() == "2026-08-31T21:00:00+00:00"


async def test_the_diary_has_the_shape_of_its_sample(mother: SignedIn) -> None:
    """Seven days of a week, with homework, files and marks."""
    body = await _diary(mother, id="2026-11-18")
    merged = [body, *[await _diary(mother, id=f"2026-10-{day:02}") for day in (5, 12, 19)]]
    assert list(uneven(merged)) == []
    assert list(differences(shape_of(_sample("20-mobile-diary")), shape_of(*merged))) == []


async def test_weeks_are_asked_for_by_day_and_direction(mother: SignedIn) -> None:
    """Without a day the current week; with one the week of it, or its neighbour."""
    asked: tuple[tuple[dict[str, str], str], ...] = (
        ({}, "2026-11-23"),
        ({"id": "2026-11-18"}, "2026-11-16"),
        ({"id": "2026-11-18", "loadType": "Undefined"}, "2026-11-16"),
        ({"id": "2026-11-18", "loadType": "Past"}, "2026-11-09"),
        ({"id": "2026-11-18", "loadType": "Future"}, "2026-11-23"),
    )
    for query, monday in asked:
        week = (await _diary(mother, **query))["weeks"][0]
        assert week["id"] == monday
        assert len(week["days"]) == 7
    answer = await mother.client.get(_path(mother), params={"loadType": "Sideways"})
    assert (answer.status_code, answer.json()["type"]) == (400, "parameterInvalid")


async def test_the_diary_tells_the_truth_and_says_what_is_cancelled(
    mother: SignedIn, state: SandboxState
) -> None:
    """Lessons in order; the flag is on exactly the cancelled ones, which the partner API cannot tell."""
    child = mother.children[0]
    cancelled = 0
    for week in range(8):
        monday = date(2026, 10, 5) + timedelta(weeks=week)
        body = await _diary(mother, id=str(monday))
        shown = [lesson for day in body["weeks"][0]["days"] for lesson in day["lessons"]]
        lessons = journal_lessons(state.world.lessons(child.id, monday, monday + timedelta(days=6)))
        assert [(one["id"], one["theme"], one["isCanceled"]) for one in shown] == [
            (wire_id(Space.LESSON, one.id), one.topic, one.change is LessonChange.CANCELLED)
            for one in lessons
        ]
        cancelled += sum(one["isCanceled"] for one in shown)
        marks = [value["id"] for one in shown for work in one["workMarks"] for value in work["marks"]]
        days = {"startDate": str(monday), "endDate": str(monday + timedelta(days=6))}
        person, group = wire_id(Space.PUPIL_PERSON, child.id), wire_id(Space.CLASS, child.class_id)
        v2 = await mother.get_dict(f"persons/{person}/groups/{group}/schedules", **days)
        assert sorted(marks) == sorted(mark["id"] for day in v2["days"] for mark in day["marks"])
    assert cancelled


async def test_a_foreign_child_is_refused_here_too(mother: SignedIn, state: SandboxState) -> None:
    """The same 403 as on the partner API; a foreign context as well."""
    login = next(one for one in state.world.personas() if one.key == "both_mother")
    stranger = state.world.children_of(login.parent_id)[0]
    answer = await mother.client.get(_path(mother, stranger))
    assert (answer.status_code, answer.json()["type"]) == (403, "systemForbidden")
    user = wire_id(Space.ADULT_USER, login.parent_id)
    answer = await mother.client.get(f"{BASE}/users/{user}/context")
    assert answer.status_code == 403


async def test_notices_are_what_the_school_announced(mother: SignedIn, state: SandboxState) -> None:
    """Newest first, with an author and words; an event says when and where in a line of its own."""
    child, world = mother.children[0], state.world
    answer = await mother.client.get(f"{_path(mother).partition('/groups/')[0]}/notifications")
    posts = answer.json()["postList"]
    truth = world.announcements(child.class_id, world.year.since, world.year.until)[::-1]
    assert [post["title"] for post in posts] == [one.title for one in truth]
    for post, one in zip(posts, truth, strict=True):
        assert post["text"].startswith(one.text)
        assert (one.gathering is not None) == (post["text"] != one.text)
        assert post["authorName"] == world.teacher(one.author_id).person.name.full
        assert _moment(post["createdDateTime"]) == one.published_at
    assert {type(post["createdDateTime"]) for post in posts} == {int, str}


async def test_notices_of_another_school_are_none(mother: SignedIn) -> None:
    """A child that is not at the school named has nothing to read there."""
    person = wire_id(Space.PUPIL_PERSON, mother.children[0].id)
    school = wire_id(Space.SCHOOL, 1)
    answer = await mother.client.get(f"{BASE}/persons/{person}/schools/{school}/notifications")
    assert answer.json()["postList"] == []


def _moment(written: int | str) -> datetime:
    if isinstance(written, int):
        return datetime.fromtimestamp(written, UTC)
    return datetime.fromisoformat(written)


def _path(parent: SignedIn, child: Child | None = None) -> str:
    one = child or parent.children[0]
    person, school = wire_id(Space.PUPIL_PERSON, one.id), wire_id(Space.SCHOOL, one.school_id)
    return f"{BASE}/persons/{person}/schools/{school}/groups/{wire_id(Space.CLASS, one.class_id)}/diary"


async def _diary(parent: SignedIn, **query: str) -> Json:
    answer = await parent.client.get(_path(parent), params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _sample(name: str) -> object:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
