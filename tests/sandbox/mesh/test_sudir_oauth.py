"""SUDIR as an OAuth server: registration, authorization requests, the token endpoint."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx2
import pytest

from diary_sandbox.mesh import build_sudir

if TYPE_CHECKING:
    from .conftest import Town

SUDIR = "https://login.mos.ru"
CALLBACK = "dnevnik-mes://oauth2redirect"

pytestmark = pytest.mark.anyio


def registration(**changes: object) -> dict[str, object]:
    """Return a registration body with something else in it."""
    statement = f"e30.{base64.urlsafe_b64encode(b'{}').decode().rstrip('=')}.c2ln"
    body: dict[str, object] = {
        "software_id": "dnevnik.mos.ru",
        "device_type": "android_phone",
        "software_statement": statement,
    }
    return {key: value for key, value in {**body, **changes}.items() if value is not None}


async def test_a_parent_signs_in_from_registration_to_a_refreshed_token(town: Town) -> None:
    """The whole code flow with PKCE works and gives what clients expect; refreshing rotates both tokens."""
    browser = town.browser()
    app = await town.register(browser)
    start = await town.authorize(browser, app[0])
    assert start.status_code == 302
    form = await browser.get(f"{SUDIR}{start.headers['location']}")
    assert form.status_code == 200
    assert "SANDBOX" in form.text
    back = await town.post_password(browser, "moscow@example.test")
    assert back.status_code == 302
    assert back.headers["location"].startswith(f"{CALLBACK}?code=")
    assert "state=st-1" in back.headers["location"]
    code = back.headers["location"].partition("code=")[2].partition("&")[0]
    tokens = (await town.exchange(browser, app, code)).json()
    assert set(tokens) == {"access_token", "refresh_token", "token_type", "expires_in", "id_token", "scope"}
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3600
    form_data = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    renewed = await browser.post(f"{SUDIR}/sps/oauth/te", data=form_data, auth=app)
    assert renewed.status_code == 200
    assert renewed.json()["refresh_token"] != tokens["refresh_token"]
    again = await browser.post(f"{SUDIR}/sps/oauth/te", data=form_data, auth=app)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("token", "changes", "status", "error"),
    [
        (None, {}, 401, "invalid_token"),
        ("Bearer ", {}, 401, "invalid_token"),
        ("Bearer no token at all", {}, 401, "invalid_token"),
        ("Basic c2FuZGJveA==", {}, 401, "invalid_token"),
        ("good", {"software_id": "other"}, 400, "invalid_client_metadata"),
        ("good", {"software_id": None}, 400, "invalid_client_metadata"),
        ("good", {"device_type": None}, 400, "invalid_client_metadata"),
        ("good", {"software_statement": "not a jwt"}, 400, "invalid_client_metadata"),
        ("good", {"software_statement": "a.%%%.c"}, 400, "invalid_client_metadata"),
        ("good", {"software_statement": 7}, 400, "invalid_client_metadata"),
    ],
)
async def test_a_bad_registration_is_refused_with_a_reason(
    town: Town, token: str | None, changes: dict[str, object], status: int, error: str
) -> None:
    """A registration needs the initial token and the app's metadata; a refusal has `error_description`."""
    value = "Bearer SANDBOX-INITIAL-TOKEN" if token == "good" else token
    headers = {"Authorization": value} if value else {}
    answer = await town.browser().post(
        f"{SUDIR}/sps/oauth/register", headers=headers, json=registration(**changes)
    )
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]


async def test_a_sandbox_may_insist_on_one_initial_token(town: Town) -> None:
    """Any well-formed token registers an app by default; a configured one is then the only one."""
    app = build_sudir(town.state, "login.mos.ru", initial_token="the-one")
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=SUDIR) as browser:
        for token, status in (("the-one", 201), ("another", 401)):
            headers = {"Authorization": f"Bearer {token}"}
            answer = await browser.post("/sps/oauth/register", headers=headers, json=registration())
            assert answer.status_code == status


async def test_a_registration_that_is_no_json_is_refused(town: Town) -> None:
    """Nonsense in the body is a refusal, never a crash."""
    headers = {"Authorization": "Bearer SANDBOX-INITIAL-TOKEN"}
    for content in (b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000):
        answer = await town.browser().post(f"{SUDIR}/sps/oauth/register", headers=headers, content=content)
        assert answer.status_code == 400


async def test_a_registration_starts_logins_for_an_hour(town: Town) -> None:
    """After 3600 seconds a login cannot be started with it, and the person is told so on a page."""
    browser = town.browser()
    client_id, _ = await town.register(browser)
    town.state.clock.advance(timedelta(seconds=3599))
    assert (await town.authorize(browser, client_id)).status_code == 302
    town.state.clock.advance(timedelta(seconds=1))
    late = await town.authorize(browser, client_id)
    assert late.status_code == 400
    assert "устарела" in late.text


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (CALLBACK, True),
        ("http://localhost", True),
        ("http://127.0.0.1:8000/v1/callback", True),
        ("http://localhost:9/x", True),
        ("https://127.0.0.1:8000/v1/callback", False),
        ("http://127.0.0.1.evil.test/", False),
        ("http://[broken", False),
        ("https://gateway.example.test/callback", False),
        ("dnevnik-mes://oauth2redirect/more", False),
        ("", False),
    ],
)
async def test_a_code_goes_only_where_the_app_may_have_it(town: Town, asked: str, allowed: bool) -> None:
    """The app's own scheme and any loopback address are allowed, anything else is stopped on a page."""
    browser = town.browser()
    client_id, _ = await town.register(browser)
    answer = await town.authorize(browser, client_id, redirect_uri=asked)
    assert answer.status_code == (302 if allowed else 400)
    assert "location" in answer.headers or "redirect_uri" in answer.text


async def test_a_registration_may_name_its_own_addresses(town: Town) -> None:
    """`redirect_uris` of the body and of the statement are allowed from then on."""
    claims = {"redirect_uris": ["https://stated.example.test/cb", 7]}
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    body = registration(
        software_statement=f"e30.{payload}.c2ln", redirect_uris=["https://own.example.test/cb"]
    )
    browser = town.browser()
    headers = {"Authorization": "Bearer SANDBOX-INITIAL-TOKEN"}
    answer = await browser.post(f"{SUDIR}/sps/oauth/register", headers=headers, json=body)
    client_id = answer.json()["client_id"]
    for address in ("https://stated.example.test/cb", "https://own.example.test/cb"):
        assert (await town.authorize(browser, client_id, redirect_uri=address)).status_code == 302


async def test_an_unknown_client_is_told_to_the_person(town: Town) -> None:
    """Nothing is ever redirected for a client nobody registered."""
    answer = await town.authorize(town.browser(), "nobody")
    assert answer.status_code == 400
    assert "SANDBOX" in answer.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
)
async def test_a_bad_authorization_request_goes_back_as_an_error(
    town: Town, changes: dict[str, str | None], error: str
) -> None:
    """What the client did wrong is told to the client, with its own state."""
    browser = town.browser()
    client_id, _ = await town.register(browser)
    answer = await town.authorize(browser, client_id, **changes)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(f"{CALLBACK}?error={error}&")
    assert answer.headers["location"].endswith("state=st-1")


async def code_of(town: Town, app: tuple[str, str], login: str = "moscow@example.test") -> str:
    """Sign in with a browser of its own and return the authorization code."""
    browser = town.browser()
    await town.authorize(browser, app[0])
    back = await town.post_password(browser, login)
    return back.headers["location"].partition("code=")[2].partition("&")[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": "v" * 42},
        {"code_verifier": ""},
        {"code_verifier": "я" * 64},
        {"redirect_uri": "http://localhost"},
        {"redirect_uri": ""},
        {"code": "unknown"},
    ],
)
async def test_a_code_without_its_proof_opens_nothing(town: Town, changes: dict[str, str]) -> None:
    """A wrong verifier, another address or an unknown code give `invalid_grant` (RFC 7636, RFC 6749)."""
    browser = town.browser()
    app = await town.register(browser)
    code = await code_of(town, app)
    answer = await town.exchange(browser, app, **{"code": code, **changes})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_a_code_lives_two_minutes(town: Town) -> None:
    """At the last second it works, after it does not."""
    browser = town.browser()
    app = await town.register(browser)
    first, second = await code_of(town, app), await code_of(town, app)
    town.state.clock.advance(timedelta(seconds=119))
    assert (await town.exchange(browser, app, first)).status_code == 200
    town.state.clock.advance(timedelta(seconds=1))
    assert (await town.exchange(browser, app, second)).json()["error"] == "invalid_grant"


async def test_a_code_used_twice_kills_what_it_gave(town: Town) -> None:
    """The second use is refused and the tokens of the first one die (RFC 6749 §4.1.2)."""
    browser = town.browser()
    app = await town.register(browser)
    code = await code_of(town, app)
    tokens = (await town.exchange(browser, app, code)).json()
    assert (await town.exchange(browser, app, code)).json()["error"] == "invalid_grant"
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert (await browser.post(f"{SUDIR}/sps/oauth/te", data=form, auth=app)).status_code == 400
    assert (await town.sudir_auth(browser, tokens["access_token"])).status_code == 401


async def test_a_code_belongs_to_its_client(town: Town) -> None:
    """Another registered app cannot use it."""
    browser = town.browser()
    app, other = await town.register(browser), await town.register(browser)
    code = await code_of(town, app)
    assert (await town.exchange(browser, other, code)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("secret", ["wrong", "", "секрет"])
async def test_a_client_needs_its_secret(town: Town, secret: str) -> None:
    """A wrong secret is 401 `invalid_client`, in the header and in the form."""
    browser = town.browser()
    app = await town.register(browser)
    form = {"grant_type": "authorization_code", "code": "x", "client_id": app[0], "client_secret": secret}
    in_form = await browser.post(f"{SUDIR}/sps/oauth/te", data=form)
    header = base64.b64encode(f"{app[0]}:{secret}".encode()).decode()
    in_header = await browser.post(
        f"{SUDIR}/sps/oauth/te", data=form, headers={"Authorization": f"Basic {header}"}
    )
    for answer in (in_form, in_header):
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    broken = await browser.post(f"{SUDIR}/sps/oauth/te", headers={"Authorization": "Basic %%%"})
    assert broken.status_code == 401


async def test_parameters_may_come_in_the_query(town: Town) -> None:
    """One known client sends the whole token request in the query of a POST."""
    browser = town.browser()
    app = await town.register(browser)
    query = {
        "grant_type": "authorization_code",
        "code": await code_of(town, app),
        "redirect_uri": CALLBACK,
        "code_verifier": "v" * 64,
    }
    answer = await browser.post(f"{SUDIR}/sps/oauth/te", params=query, auth=app)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "invalid_grant"),
        ({"grant_type": "client_credentials"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "everything"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "openid"}, "unauthorized_client"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange"}, "invalid_grant"),
    ],
)
async def test_a_senseless_token_request_is_refused(town: Town, form: dict[str, str], error: str) -> None:
    """Each kind of nonsense has the error RFC 6749 gives it."""
    browser = town.browser()
    app = await town.register(browser)
    answer = await browser.post(f"{SUDIR}/sps/oauth/te", data=form, auth=app)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_an_installation_renews_its_token_without_the_person(town: Town) -> None:
    """`client_credentials` gives a token for whoever signed in last; exchange gives another."""
    browser = town.browser()
    app = await town.register(browser)
    await town.exchange(browser, app, await code_of(town, app))
    form = {"grant_type": "client_credentials", "scope": "openid profile"}
    renewed = await browser.post(f"{SUDIR}/sps/oauth/te", data=form, auth=app)
    assert renewed.status_code == 200
    assert "refresh_token" not in renewed.json()
    city_token = renewed.json()["access_token"]
    assert (await town.sudir_auth(browser, city_token)).status_code == 200
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": city_token,
    }
    exchanged = await browser.post(f"{SUDIR}/sps/oauth/te", data=form, auth=app)
    assert exchanged.json()["access_token"] != city_token


async def test_a_refresh_token_is_given_only_for_offline_access(town: Town) -> None:
    """Without `access_type=offline` there is none."""
    browser = town.browser()
    app = await town.register(browser)
    await town.authorize(browser, app[0], access_type=None)
    back = await town.post_password(browser, "moscow@example.test")
    code = back.headers["location"].partition("code=")[2].partition("&")[0]
    tokens = (await town.exchange(browser, app, code)).json()
    assert "refresh_token" not in tokens


async def test_city_tokens_expire_by_the_sandbox_clock(town: Town) -> None:
    """An access token lives an hour, a refresh token fifteen days."""
    browser = town.browser()
    app = await town.register(browser)
    tokens = (await town.exchange(browser, app, await code_of(town, app))).json()
    town.state.clock.advance(timedelta(hours=1))
    assert (await town.sudir_auth(browser, tokens["access_token"])).status_code == 401
    town.state.clock.advance(timedelta(days=15))
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    late = await browser.post(f"{SUDIR}/sps/oauth/te", data=form, auth=app)
    assert late.json()["error"] == "invalid_grant"


async def test_a_city_session_gives_codes_silently(town: Town) -> None:
    """While the session cookie lives, no form is shown, unless `prompt=login` or `display=script` asks."""
    browser = town.browser()
    client_id, _ = await town.register(browser)
    await town.authorize(browser, client_id)
    await town.post_password(browser, "moscow@example.test")
    silent = await town.authorize(browser, client_id)
    assert silent.headers["location"].startswith(f"{CALLBACK}?code=")
    assert (
        (await town.authorize(browser, client_id, prompt="none"))
        .headers["location"]
        .startswith(f"{CALLBACK}?code=")
    )
    asked = await town.authorize(browser, client_id, prompt="login")
    assert "/sps/login/methods/password" in asked.headers["location"]
    assert "items" in (await town.authorize(browser, client_id, display="script")).json()
    town.state.clock.advance(timedelta(minutes=50))
    assert "code=" in (await town.authorize(browser, client_id)).headers["location"]
    await browser.get(f"{SUDIR}/sps/login/logout", params={"post_logout_redirect_uri": "https://x.test/"})
    asked = await town.authorize(browser, client_id)
    assert "/sps/login/methods/password" in asked.headers["location"]


async def test_a_city_session_dies_after_three_hours_and_fifty_minutes(town: Town) -> None:
    """Afterwards the form is shown again."""
    browser = town.browser()
    client_id, _ = await town.register(browser)
    await town.authorize(browser, client_id)
    await town.post_password(browser, "moscow@example.test")
    town.state.clock.advance(timedelta(hours=3, minutes=50))
    client_id, _ = await town.register(browser)
    asked = await town.authorize(browser, client_id)
    assert "/sps/login/methods/password" in asked.headers["location"]
