"""Tokens for passwords, codes and refresh tokens, and what ends them."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from diary_sandbox.dnevnik.applications import COMPANION, GATEWAY
from diary_sandbox.dnevnik.tokens import CODE_LIFE, TOKEN_LIFE, Tokens
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.faults import Fault, FaultKind
from diary_sandbox.state import SandboxState

from .conftest import Json, SignedIn, credentials

pytestmark = pytest.mark.anyio

PASSWORD_PATH = "/v2/authorizations/bycredentials"
GRANT_PATH = "/v2.0/authorizations"


def _grant(**fields: str | None) -> Json:
    return {
        "client_id": GATEWAY.client_id,
        "client_secret": GATEWAY.secret,
        "code": None,
        "refreshToken": None,
        "grant_type": "NotSet",
    } | fields


async def _refused(api: httpx2.AsyncClient, path: str, body: object) -> tuple[int, str]:
    response = await api.post(path, json=body)
    return response.status_code, response.json()["type"]


async def test_password_grant_answers_with_the_documented_fields(api: httpx2.AsyncClient) -> None:
    """The fields are those of the sample, the token has 32 letters and digits, life is in seconds."""
    answer = (await api.post(PASSWORD_PATH, json=credentials())).json()
    assert list(answer) == ["accessToken", "expiresIn", "refreshToken", "scope", "user", "user_str"]
    assert len(answer["accessToken"]) == 32
    assert answer["accessToken"].isalnum()
    assert answer["expiresIn"] == TOKEN_LIFE.total_seconds()
    assert answer["scope"] == "CommonInfo,EducationalInfo,FriendsAndRelatives,ContactInfo,Files"
    assert answer["user_str"] == str(answer["user"])


@pytest.mark.parametrize("prefix", ["/v2", "/v2.0"])
async def test_a_token_works_in_header_and_query_under_both_prefixes(
    prefix: str, api: httpx2.AsyncClient
) -> None:
    """The header's name is read without case, and the query is an equal place."""
    token = (await api.post(f"{prefix}/authorizations/bycredentials", json=credentials())).json()[
        "accessToken"
    ]
    by_header = await api.get(f"{prefix}/users/me", headers={"ACCESS-token": token})
    by_query = await api.get(f"{prefix}/users/me", params={"access_token": token})
    assert by_header.status_code == by_query.status_code == 200
    assert by_header.json() == by_query.json()


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "wrong"},
        {"username": "nobody"},
        {"client_secret": COMPANION.secret},
        {"client_id": "00000000-0000-4000-8000-000000000000"},
    ],
)
async def test_anything_wrong_is_one_and_the_same_refusal(
    fields: dict[str, str], api: httpx2.AsyncClient
) -> None:
    """A wrong password, login, secret or application cannot be told apart."""
    response = await api.post(PASSWORD_PATH, json=credentials() | fields)
    assert response.status_code == 401
    assert response.json() == {"type": "authorizationFailed", "description": "Can't authorize"}


@pytest.mark.parametrize("name", ["username", "password", "scope"])
async def test_a_missing_field_is_a_malformed_request(name: str, api: httpx2.AsyncClient) -> None:
    """It is not a wrong password: no try is counted."""
    for body in (credentials() | {name: ""}, {k: v for k, v in credentials().items() if k != name}):
        assert await _refused(api, PASSWORD_PATH, body) == (400, "invalidRequest")
    for _ in range(6):
        await api.post(PASSWORD_PATH, json=credentials() | {name: ""})
    assert (await api.post(PASSWORD_PATH, json=credentials())).status_code == 200


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"text"', b"null"])
async def test_a_body_that_is_no_object_is_a_malformed_request(
    content: bytes, api: httpx2.AsyncClient
) -> None:
    """Whatever is sent, the answer is the error object."""
    response = await api.post(PASSWORD_PATH, content=content)
    assert (response.status_code, response.json()["type"]) == (400, "invalidRequest")


async def test_five_wrong_tries_lock_the_door_for_a_quarter_of_an_hour(
    api: httpx2.AsyncClient, state: SandboxState
) -> None:
    """Then even the right password is refused; another login is not touched; time opens the door again."""
    for _ in range(5):
        assert await _refused(api, PASSWORD_PATH, credentials(password="no")) == (401, "authorizationFailed")
    assert await _refused(api, PASSWORD_PATH, credentials()) == (403, "maxAttempsExceeded")
    assert await _refused(api, PASSWORD_PATH, credentials("OBRAZTSOVA")) == (403, "maxAttempsExceeded")
    assert (await api.post(PASSWORD_PATH, json=credentials("obraztsov"))).status_code == 200
    state.clock.advance(timedelta(minutes=15))
    assert (await api.post(PASSWORD_PATH, json=credentials())).status_code == 200


async def test_a_success_forgets_earlier_failures(api: httpx2.AsyncClient) -> None:
    """Four wrong tries, a right one and four wrong ones lock nothing."""
    for _ in range(2):
        for _ in range(4):
            await api.post(PASSWORD_PATH, json=credentials(password="no"))
        assert (await api.post(PASSWORD_PATH, json=credentials())).status_code == 200


async def test_accounts_that_cannot_be_opened_say_so(api: httpx2.AsyncClient) -> None:
    """A locked account is locked whatever the password; a first sign-in brings a reason and no token."""
    assert await _refused(api, PASSWORD_PATH, credentials("grachyova")) == (403, "maxAttempsExceeded")
    first = (await api.post(PASSWORD_PATH, json=credentials("snegiryova"))).json()
    assert first["reason"] == "FirstLogin"
    assert {value for name, value in first.items() if name != "reason"} == {None}


async def test_a_captcha_is_named_in_the_refusal(api: httpx2.AsyncClient, state: SandboxState) -> None:
    """The fault brings it for one login; the others are let in."""
    state.faults.add(Fault(FaultKind.CAPTCHA, who="obraztsova", count=1))
    answer = await api.post(PASSWORD_PATH, json=credentials())
    assert (answer.status_code, answer.json()["type"]) == (401, "authorizationFailed")
    assert "Captcha" in answer.json()["description"]
    assert (await api.post(PASSWORD_PATH, json=credentials())).status_code == 200


@pytest.mark.parametrize(
    ("client_id", "secret"),
    [
        (GATEWAY.client_id.upper(), GATEWAY.secret.upper()),
        (GATEWAY.client_id.replace("-", ""), GATEWAY.secret.replace("-", "")),
    ],
)
async def test_an_application_is_known_with_and_without_dashes(
    client_id: str, secret: str, api: httpx2.AsyncClient
) -> None:
    """GUIDs are compared by value."""
    body = credentials() | {"client_id": client_id, "client_secret": secret}
    assert (await api.post(PASSWORD_PATH, json=body)).status_code == 200


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ("educationalinfo,COMMONINFO", "EducationalInfo,CommonInfo"),
        ("Schools,EduGroups,Lessons,marks,Relatives", "EducationalInfo,FriendsAndRelatives"),
        ("CommonInfo, EducationalInfo", "CommonInfo,EducationalInfo"),
        ("Nonsense,CommonInfo", "CommonInfo"),
    ],
)
async def test_scopes_are_read_without_case_and_old_names_still_work(
    asked: str, granted: str, api: httpx2.AsyncClient
) -> None:
    """What is granted is told in the modern names, in the order asked."""
    answer = (await api.post(PASSWORD_PATH, json=credentials(scope=asked))).json()
    assert answer["scope"] == granted


async def test_a_token_dies_after_its_life(mother: SignedIn, state: SandboxState) -> None:
    """One second before it works, then it does not."""
    state.clock.advance(TOKEN_LIFE - timedelta(seconds=1))
    await mother.get("users/me")
    state.clock.advance(timedelta(seconds=1))
    assert await mother.refusal("users/me") == (401, "invalidToken")


async def test_a_refresh_gives_a_new_pair_and_ends_the_old_one(api: httpx2.AsyncClient) -> None:
    """The old access token and the old refresh token die; the new pair works the same way."""
    old = (await api.post(PASSWORD_PATH, json=credentials())).json()
    body = _grant(grant_type="RefreshToken", refreshToken=old["refreshToken"])
    new = (await api.post(GRANT_PATH, json=body)).json()
    assert list(new)[:2] == ["accessToken", "expiresIn"]
    assert new["expiresIn_str"] == str(new["expiresIn"])
    assert new["scope"] == old["scope"]
    assert await _status(api, old["accessToken"]) == 401
    assert await _status(api, new["accessToken"]) == 200
    assert await _refused(api, GRANT_PATH, body) == (401, "authorizationFailed")
    again = _grant(grant_type="RefreshToken", refreshToken=new["refreshToken"])
    assert (await api.post(GRANT_PATH, json=again)).status_code == 200


async def test_a_refresh_works_after_the_access_token_has_expired(
    api: httpx2.AsyncClient, state: SandboxState
) -> None:
    """That is what it is for."""
    old = (await api.post(PASSWORD_PATH, json=credentials())).json()
    state.clock.advance(TOKEN_LIFE + timedelta(days=1))
    body = _grant(grant_type="RefreshToken", refreshToken=old["refreshToken"])
    assert (await api.post(GRANT_PATH, json=body)).status_code == 200


async def test_a_refresh_token_is_its_application_s_own(api: httpx2.AsyncClient) -> None:
    """Another application with its own right secret gets nothing, and spoils nothing."""
    old = (await api.post(PASSWORD_PATH, json=credentials())).json()
    body = _grant(grant_type="RefreshToken", refreshToken=old["refreshToken"])
    foreign = body | {"client_id": COMPANION.client_id, "client_secret": COMPANION.secret}
    assert await _refused(api, GRANT_PATH, foreign) == (401, "authorizationFailed")
    assert (await api.post(GRANT_PATH, json=body)).status_code == 200


async def test_a_code_is_exchanged_once_in_time_by_its_application(
    api: httpx2.AsyncClient, state: SandboxState, mother: SignedIn
) -> None:
    """A used, late, foreign or invented code is refused."""
    tokens = Tokens(state)

    def body(code: str) -> Json:
        return _grant(grant_type="AuthorizationCode", code=code)

    good = tokens.issue_code(mother.parent.id, GATEWAY.client_id, ("CommonInfo",)).value
    answer = (await api.post(GRANT_PATH, json=body(good))).json()
    assert answer["user"] == wire_id(Space.ADULT_USER, mother.parent.id)
    assert answer["scope"] == "CommonInfo"
    assert await _refused(api, GRANT_PATH, body(good)) == (401, "authorizationFailed")
    foreign = tokens.issue_code(mother.parent.id, COMPANION.client_id, ("CommonInfo",)).value
    assert await _refused(api, GRANT_PATH, body(foreign)) == (401, "authorizationFailed")
    assert await _refused(api, GRANT_PATH, body("invented")) == (401, "authorizationFailed")
    late = tokens.issue_code(mother.parent.id, GATEWAY.client_id, ("CommonInfo",)).value
    state.clock.advance(CODE_LIFE)
    assert await _refused(api, GRANT_PATH, body(late)) == (401, "authorizationFailed")


@pytest.mark.parametrize("grant", ["NotSet", "", "password", "authorization_code"])
async def test_an_unknown_grant_is_a_bad_parameter(grant: str, api: httpx2.AsyncClient) -> None:
    """The description names the parameter."""
    response = await api.post(GRANT_PATH, json=_grant(grant_type=grant, code="x"))
    assert (response.status_code, response.json()["type"]) == (400, "parameterInvalid")
    assert "grant_type" in response.json()["description"]


@pytest.mark.parametrize("kind", [FaultKind.EXPIRED_TOKEN, FaultKind.REVOKED_TOKEN])
async def test_faults_end_the_token_of_one_login_or_of_all(
    kind: FaultKind, mother: SignedIn, state: SandboxState
) -> None:
    """A fault for somebody else does nothing; the right one makes the token invalid for good."""
    state.faults.add(Fault(kind, who="somebody"))
    await mother.get("users/me")
    state.faults.add(Fault(kind, who="obraztsova", count=1))
    assert await mother.refusal("users/me") == (401, "invalidToken")
    assert await mother.refusal("users/me") == (401, "invalidToken")


async def test_a_revoked_token_takes_its_refresh_token_along_and_an_expired_one_does_not(
    api: httpx2.AsyncClient, state: SandboxState
) -> None:
    """So a client can be taught both lessons."""
    outcome: dict[FaultKind, int] = {}
    for kind in (FaultKind.EXPIRED_TOKEN, FaultKind.REVOKED_TOKEN):
        pair = (await api.post(PASSWORD_PATH, json=credentials())).json()
        state.faults.add(Fault(kind, count=1))
        assert await _status(api, pair["accessToken"]) == 401
        body = _grant(grant_type="RefreshToken", refreshToken=pair["refreshToken"])
        outcome[kind] = (await api.post(GRANT_PATH, json=body)).status_code
    assert outcome == {FaultKind.EXPIRED_TOKEN: 200, FaultKind.REVOKED_TOKEN: 401}


async def test_a_parent_without_children_here_finds_an_empty_context(
    api: httpx2.AsyncClient, state: SandboxState
) -> None:
    """Nothing is wrong with the token; there is only nobody to read about."""
    elsewhere = next(one for one in state.world.personas() if one.key == "moscow_mother")
    scopes = ("CommonInfo", "EducationalInfo", "FriendsAndRelatives")
    token = Tokens(state).issue(elsewhere.parent_id, GATEWAY.client_id, scopes, refreshable=False)
    context = await api.get("/v2/users/me/context", params={"access_token": token.value})
    assert {name: context.json()[name] for name in ("children", "schools", "eduGroups")} == {
        "children": [],
        "schools": [],
        "eduGroups": [],
    }


async def _status(api: httpx2.AsyncClient, token: str) -> int:
    return (await api.get("/v2/users/me", params={"access_token": token})).status_code
