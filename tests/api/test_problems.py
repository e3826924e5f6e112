"""Every error is a problem of RFC 9457, by one table."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from dirty_equals import IsStr
from inline_snapshot import snapshot

from diary_api.problems import PROBLEMS, STATUS, MethodNotAllowed, status_of
from diary_api.settings import Settings
from diary_core import errors
from diary_core.errors import DiaryError
from tests.api.running import RunningGateway, running

pytestmark = pytest.mark.anyio

RULES_OF_PAGES = {
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "x-permitted-cross-domain-policies": "none",
}
"""What rules a document, and nothing else."""


def below(root: type[DiaryError]) -> Iterator[type[DiaryError]]:
    for error in root.__subclasses__():
        yield error
        yield from below(error)


def concrete() -> list[type[DiaryError]]:
    return [error for error in below(DiaryError) if "code" in vars(error)]


def test_every_error_has_a_status() -> None:
    """No class of the tree is left without a row of its own or of an ancestor."""
    assert [error for error in below(DiaryError) if not set(error.__mro__) & set(STATUS)] == []


def test_every_code_is_listed_once() -> None:
    """Codes are unique, and each is known by its code."""
    assert sorted(error.code for error in concrete()) == sorted(PROBLEMS)


def test_a_region_never_speaks_with_the_voice_of_our_door() -> None:
    """401, 403 and 429 are the gateway's own; a region's trouble is 409, 502, 503 or 504."""
    ours = {error for error in concrete() if status_of(error) in {401, 403, 429}}
    assert sorted(error.code for error in ours if not issubclass(error, errors.OurDoor)) == []
    regional = (errors.SignInAgain, errors.SignInFailed, errors.GiveUp, errors.TryLater)
    assert {status_of(error) for error in concrete() if issubclass(error, regional)} == {409, 502, 503, 504}


def test_only_malformed_requests_are_422() -> None:
    """422 is for what the caller wrote wrongly and nothing else."""
    assert [e.code for e in concrete() if status_of(e) == 422 and not issubclass(e, errors.BadRequest)] == []


async def test_an_unknown_address(gate: RunningGateway) -> None:
    """The framework's own 404 is a problem like any other."""
    answer = await gate.client.get("/v1/nothing-here")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json() == snapshot(
        {
            "type": "https://diary.example.org/problems/not_found",
            "title": "Не найдено",
            "status": 404,
            "detail": "there is nothing at this address; /openapi.json tells what there is",
            "instance": IsStr(regex=r"urn:diary:request:req_[a-z2-7]{26}"),
            "code": "not_found",
            "remedy": "Проверьте адрес.",
            "actor": "developer",
            "retry": "never",
        }
    )


async def test_the_instance_is_the_request_id(gate: RunningGateway) -> None:
    """What a parent quotes is what the log and the header have."""
    answer = await gate.client.get("/v1/nothing-here")
    assert answer.json()["instance"] == f"urn:diary:request:{answer.headers['x-request-id']}"


async def test_a_method_an_address_does_not_take(gate: RunningGateway) -> None:
    """The framework's own 405 is a problem and keeps its `Allow` header."""
    answer = await gate.client.put("/v1/regions")
    assert (answer.status_code, answer.json()["code"]) == (405, MethodNotAllowed.code)
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("accept", "title"),
    [
        ("en", "Not found"),
        ("en-GB,en;q=0.9,ru;q=0.5", "Not found"),
        ("ru,en;q=0.9", "Не найдено"),
        ("de", "Не найдено"),
        ("en;q=0", "Не найдено"),
        ("en;q=rubbish, *;q=1", "Не найдено"),
    ],
)
async def test_the_language_asked_for(gate: RunningGateway, accept: str, title: str) -> None:
    """Titles and remedies come in English when it is preferred, in Russian otherwise."""
    answer = await gate.client.get("/v1/nothing-here", headers={"Accept-Language": accept})
    assert answer.json()["title"] == title
    assert answer.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff", b'"text"', b"{}", b'{"email": 1}', b"[" * 20_000],
)
async def test_a_body_that_cannot_be_read(gate: RunningGateway, body: bytes) -> None:
    """Whatever is sent as a body, the answer is a 422 problem that names a place."""
    answer = await gate.client.post(
        "/v1/accounts", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert answer.json()["field"]


async def test_every_malformed_field_is_named_without_its_value(gate: RunningGateway) -> None:
    """All fields at once, by the names the sender knows; what was sent is not repeated."""
    answer = await gate.client.post(
        "/v1/accounts", json={"email": "nobody", "password": "hunter2", "role": "admin"}
    )
    assert answer.json()["errors"] == snapshot(
        [
            {"field": "email", "message": "must be an e-mail address"},
            {"field": "password", "message": "must have 10 to 256 characters"},
            {"field": "role", "message": "Extra inputs are not permitted"},
        ]
    )
    assert "hunter2" not in answer.text


async def test_a_flood_of_malformed_parts_is_answered_shortly(gate: RunningGateway) -> None:
    """A name of the largest size, or thousands of names: little is repeated, and nothing takes long."""
    for body in ({"x" * 250_000: 1}, {f"x{number}": 1 for number in range(15_000)}):
        answer = await gate.client.post("/v1/accounts", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
        assert len(answer.content) < 10_000


@pytest.mark.parametrize(
    ("body", "announced", "message"),
    [
        (b'{"email": "a@b.cc"', "application/json", "is no JSON from character 18 on"),
        (
            b'{"email": "a@b.cc"}',
            "application/x-www-form-urlencoded",
            "must be JSON, announced by the header `Content-Type: application/json`",
        ),
    ],
    ids=["cut off", "what curl -d announces"],
)
async def test_a_body_that_is_no_json_is_told_so(
    gate: RunningGateway, body: bytes, announced: str, message: str
) -> None:
    """The two slips of every first script are told in words that lead to the fix."""
    answer = await gate.client.post("/v1/accounts", content=body, headers={"Content-Type": announced})
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"field": "body", "message": message}])
    assert answer.json()["detail"] == f"body: {message}"


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_that_is_too_large(gate: RunningGateway, announced: bool) -> None:
    """A large body is refused whether or not its size is announced."""
    body = b'{"email": "' + b"x" * 300_000 + b'"}'

    async def drip() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 50_000):
            yield body[start : start + 50_000]

    answer = await gate.client.post(
        "/v1/accounts",
        content=body if announced else drip(),
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("path", ["/v1/callback", "/v1/regions", "/nowhere"])
async def test_an_address_that_is_too_long(gate: RunningGateway, path: str) -> None:
    """Eight kilobytes are read, a byte more is not; a browser on its way back is told so on a page."""
    fits = await gate.client.get(f"{path}?{'x' * (8 * 1024 - len(path))}")
    assert fits.status_code != 414
    answer = await gate.client.get(f"{path}?{'x' * (8 * 1024 - len(path) + 1)}")
    assert (answer.status_code, answer.json()["code"]) == (414, "address_too_long")
    page = await gate.client.get(f"/v1/callback?code={'x' * 9_000}", headers={"Accept": "text/html"})
    assert page.status_code == 414
    assert "<h1>Слишком длинный адрес</h1>" in page.text
    assert "x-request-id" in page.headers


async def test_a_fault_of_ours_says_nothing_but_its_id(gate: RunningGateway) -> None:
    """An unhandled error is a 500 problem without detail; the server goes on."""

    @gate.app.get("/broken")
    async def broken() -> None:  # pyright: ignore[reportUnusedFunction]  the framework calls it
        raise ZeroDivisionError("canary-in-a-message")

    answer = await gate.client.get("/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert "detail" not in answer.json()
    assert "canary" not in answer.text


async def test_waiting_is_said_twice(gate: RunningGateway) -> None:
    """`retry_after` stands in the body and in the header, in whole seconds."""
    body = {"email": "olga@example.org", "password": "a wrong guess"}
    answers = [await gate.client.post("/v1/sessions", json=body) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert answers[-1].json()["retry_after"] == int(answers[-1].headers["retry-after"]) == 900


@pytest.mark.parametrize("path", ["/", "/healthz", "/v1/me", "/nowhere", "/v1/regions"])
async def test_every_answer_is_guarded(gate: RunningGateway, path: str) -> None:
    """No answer may be sniffed, framed, read by another site, or leak its address."""
    headers = (await gate.client.get(path)).headers
    guards = ("x-content-type-options", "x-frame-options", "referrer-policy", "cross-origin-resource-policy")
    assert [headers[name] for name in guards] == ["nosniff", "DENY", "no-referrer", "same-origin"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["strict-transport-security"].startswith("max-age=31536000")


@pytest.mark.parametrize("path", ["/healthz", "/v1/me", "/nowhere"])
async def test_what_says_nothing_of_it_is_not_kept(gate: RunningGateway, path: str) -> None:
    """No cache may keep it; and being JSON, it has none of the rules of pages."""
    headers = (await gate.client.get(path)).headers
    assert headers["cache-control"] == "no-store"
    assert [name for name in RULES_OF_PAGES if name in headers] == []


async def test_a_page_is_shut_off_from_other_pages_and_from_devices(gate: RunningGateway) -> None:
    """Whatever a browser may make a document of."""
    page = (await gate.client.get("/", headers={"accept": "text/html"})).headers
    assert page["content-type"].startswith("text/html")
    assert {name: page[name] for name in RULES_OF_PAGES} == RULES_OF_PAGES


async def test_a_gateway_without_https_asks_no_browser_for_it(settings: Settings) -> None:
    """On a developer's machine it would lock the browser out of what stands there next."""
    async with running(settings.model_copy(update={"public_url": "http://127.0.0.1:8000"})) as gate:
        assert "strict-transport-security" not in (await gate.client.get("/healthz")).headers
