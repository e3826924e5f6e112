"""AUPD: from a city token to a diary token, renewals, activation, the web flow, the regional door."""

from __future__ import annotations

import base64
import json
import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from diary_sandbox.faults import Fault, FaultKind

if TYPE_CHECKING:
    import httpx2

    from .conftest import Town

SUDIR = "https://login.mos.ru"
SCHOOL = "https://school.mos.ru"
NODE = "https://authedu.mosreg.ru"
PROFILE_INFO = "/api/ej/acl/v1/mod-acl/users/profile_info"

pytestmark = pytest.mark.anyio


def claims_of(token: str) -> dict[str, object]:
    """Return the claims of a JWT, unverified."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def app_headers(token: str) -> dict[str, str]:
    """Return the headers of the activating call."""
    return {
        "Authorization": f"Bearer {token}",
        "X-Mes-Subsystem": "familymp",
        "Partner-Source-Id": "MOBILE",
    }


async def test_the_token_says_what_the_real_one_says(town: Town) -> None:
    """RS256 with the known claims; it lives 24 hours and names the parent, never a child."""
    access, refresh = await town.diary_tokens(town.browser(), "moscow@example.test")
    parent = town.state.world.parent(town.state.world.personas()[0].parent_id)
    claims = claims_of(access)
    assert set(claims) == {"sub", "aud", "msh", "iss", "rls", "zmk", "sso", "nbf", "iat", "exp", "jti"}
    assert claims["msh"] == parent.person.uuid
    assert claims["aud"] == "2:2"
    assert claims["iss"] == SCHOOL
    assert claims["rls"] == "{2:[20:2:[]]}"
    assert claims["exp"] == town.state.clock.timestamp() + 24 * 3600
    assert len(refresh.split(".")) == 3
    header = json.loads(base64.urlsafe_b64decode(access.split(".")[0] + "=="))
    assert header["alg"] == "RS256"


@pytest.mark.parametrize("body", [{}, {"user_authentication_for_mobile_request": None}, {"a": 1}])
async def test_a_senseless_exchange_is_refused(town: Town, body: dict[str, object]) -> None:
    """The body must hold a city token."""
    answer = await town.browser().post(f"{SCHOOL}/v3/auth/sudir/auth", json=body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"type", "description", "details"}


async def test_a_city_token_nobody_gave_is_refused(town: Town) -> None:
    """401."""
    assert (await town.sudir_auth(town.browser(), "unknown")).status_code == 401


async def test_an_account_without_a_diary_is_422(town: Town) -> None:
    """`accountDoesNotExist`, for the persona and for anybody by a fault."""
    browser = town.browser()
    answer = await town.sudir_auth(browser, await town.city_token(browser, "nodiary@example.test"))
    assert answer.status_code == 422
    assert "accountDoesNotExist" in answer.text
    town.state.faults.add(Fault(kind=FaultKind.NOT_LINKED, host="school.mos.ru", who="moscow@example.test"))
    browser = town.browser()
    answer = await town.sudir_auth(browser, await town.city_token(browser, "moscow@example.test"))
    assert answer.status_code == 422


async def test_an_account_without_snils_gets_a_null(town: Town) -> None:
    """200 whose inner object is null, for the persona and by a fault."""
    browser = town.browser()
    answer = await town.sudir_auth(browser, await town.city_token(browser, "nosnils@example.test"))
    assert (answer.status_code, answer.json()) == (200, {"user_authentication_for_mobile_response": None})
    town.state.faults.add(Fault(kind=FaultKind.NO_SNILS, host="school.mos.ru"))
    browser = town.browser()
    answer = await town.sudir_auth(browser, await town.city_token(browser, "moscow@example.test"))
    assert answer.json()["user_authentication_for_mobile_response"] is None


async def test_a_mismatch_gives_a_token_without_profiles(town: Town) -> None:
    """`profile_info` is empty and no service answers."""
    browser = town.browser()
    access, _ = await town.diary_tokens(browser, "mismatch@example.test")
    answer = await browser.get(f"{SCHOOL}{PROFILE_INFO}", headers=app_headers(access))
    assert (answer.status_code, answer.json()) == (200, [])
    headers = {**app_headers(access), "Profile-Id": "1"}
    answer = await browser.get(f"{SCHOOL}/api/family/mobile/v1/profile", headers=headers)
    assert answer.status_code == 403


async def test_a_fresh_token_works_after_the_profiles_were_asked_for(town: Town) -> None:
    """Before that 403, afterwards 200."""
    family = await town.family("moscow@example.test")
    fresh, _ = await town.diary_tokens(town.browser(), "moscow@example.test")
    profile = f"{SCHOOL}/api/family/mobile/v1/profile"
    headers = {**family.headers, "Authorization": f"Bearer {fresh}"}
    assert (await town.browser().get(profile, headers=headers)).status_code == 403
    answer = await town.browser().get(f"{SCHOOL}{PROFILE_INFO}", headers=app_headers(fresh))
    assert answer.json()[0]["type"] in ("parent", "ParentProfile")
    assert (await town.browser().get(profile, headers=headers)).status_code == 200


async def test_the_old_session_call_activates_too(town: Town) -> None:
    """`POST /api/ej/acl/v1/sessions` answers the previous generation's object and makes the token work."""
    browser = town.browser()
    token, _ = await town.diary_tokens(browser, "moscow@example.test")
    answer = await browser.post(
        f"{SCHOOL}/api/ej/acl/v1/sessions",
        headers={"X-Mes-Subsystem": "familyweb"},
        json={"auth_token": token},
    )
    profile = answer.json()["profiles"][0]
    assert profile["type"] == "parent"
    headers = {**app_headers(token), "Profile-Id": str(profile["id"])}
    answer = await browser.get(f"{SCHOOL}/api/family/mobile/v1/profile", headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, {"auth_token": "x"}, 401),
        ({"X-Mes-Subsystem": "familyweb"}, {"auth_token": "x"}, 401),
        ({"X-Mes-Subsystem": "familyweb"}, {}, 400),
    ],
)
async def test_a_bad_session_call_is_refused(
    town: Town, headers: dict[str, str], body: dict[str, str], status: int
) -> None:
    """The subsystem and a good token are needed."""
    answer = await town.browser().post(f"{SCHOOL}/api/ej/acl/v1/sessions", headers=headers, json=body)
    assert answer.status_code == status


@pytest.mark.parametrize("missing", ["Authorization", "X-Mes-Subsystem", "Partner-Source-Id"])
async def test_the_activating_call_needs_its_headers(town: Town, missing: str) -> None:
    """401 without any of the three."""
    browser = town.browser()
    token, _ = await town.diary_tokens(browser, "moscow@example.test")
    headers = app_headers(token)
    del headers[missing]
    assert (await browser.get(f"{SCHOOL}{PROFILE_INFO}", headers=headers)).status_code == 401


async def test_a_token_dies_after_24_hours(town: Town) -> None:
    """At the last second it works, after it does not."""
    family = await town.family("moscow@example.test")
    town.state.clock.advance(timedelta(hours=24, seconds=-1))
    assert (await family.get("fm/profile")).status_code == 200
    town.state.clock.advance(timedelta(seconds=1))
    assert (await family.get("fm/profile")).status_code == 401


async def test_refreshing_rotates_both_tokens_once(town: Town) -> None:
    """The new token is activated and lives 24 hours from now; the used refresh token is dead."""
    family = await town.family("moscow@example.test")
    token, refresh = await town.diary_tokens(town.browser(), "moscow@example.test")
    await family.browser.get(f"{SCHOOL}{PROFILE_INFO}", headers=app_headers(token))
    town.state.clock.advance(timedelta(hours=30))
    answer = await family.browser.post(f"{SCHOOL}/v3/token/refresh", data={"refresh_token": refresh})
    assert answer.status_code == 201
    assert set(answer.json()) == {"access_token", "refresh_token"}
    family.token = answer.json()["access_token"]
    assert (await family.get("fm/profile")).status_code == 200
    assert claims_of(family.token)["exp"] == town.state.clock.timestamp() + 24 * 3600
    dead = await family.browser.post(f"{SCHOOL}/v3/token/refresh", data={"refresh_token": refresh})
    assert (dead.status_code, dead.json()["type"]) == (401, "RefreshTokenError")
    renewed = answer.json()["refresh_token"]
    again = await family.browser.post(f"{SCHOOL}/v3/token/refresh", data={"refresh_token": renewed})
    assert again.status_code == 201


async def test_a_refresh_token_dies_after_30_days(town: Town) -> None:
    """401 by the sandbox clock."""
    browser = town.browser()
    _, refresh = await town.diary_tokens(browser, "moscow@example.test")
    town.state.clock.advance(timedelta(days=30))
    answer = await browser.post(f"{SCHOOL}/v3/token/refresh", data={"refresh_token": refresh})
    assert answer.status_code == 401


@pytest.mark.parametrize(("form", "status"), [({}, 403), ({"refresh_token": "x"}, 404)])
async def test_a_refresh_without_a_real_token_is_an_error_of_its_own(
    town: Town, form: dict[str, str], status: int
) -> None:
    """`RefreshTokenError`: 403 without a token, 404 for one nobody gave."""
    answer = await town.browser().post(f"{SCHOOL}/v3/token/refresh", data=form)
    assert (answer.status_code, answer.json()["type"]) == (status, "RefreshTokenError")


async def test_an_access_token_is_no_refresh_token(town: Town) -> None:
    """Neither does the other's work."""
    browser = town.browser()
    access, refresh = await town.diary_tokens(browser, "moscow@example.test")
    answer = await browser.post(f"{SCHOOL}/v3/token/refresh", data={"refresh_token": access})
    assert answer.status_code == 401
    answer = await browser.get(f"{SCHOOL}{PROFILE_INFO}", headers=app_headers(refresh))
    assert answer.status_code == 401


async def test_reissuing_for_a_role_keeps_the_end(town: Town) -> None:
    """`GET /v2/token/refresh` answers 201 with a JWT as text, sometimes quoted, and the same `exp`."""
    family = await town.family("moscow@example.test")
    bearer = {"Authorization": f"Bearer {family.token}"}
    address = f"{SCHOOL}/v2/token/refresh"
    town.state.clock.advance(timedelta(hours=3))
    forms: set[bool] = set()
    for _ in range(8):
        answer = await family.browser.get(address, headers=bearer, params={"roleId": 2, "subsystem": 2})
        assert answer.status_code == 201
        forms.add(answer.text.startswith('"'))
        token = answer.text.strip('"')
        assert claims_of(token)["exp"] == claims_of(family.token)["exp"]
        bearer = {"Authorization": f"Bearer {token}"}
        family.token = token
    assert forms == {True, False}
    assert (await family.get("fm/profile")).status_code == 200


async def test_reissuing_refuses_in_its_own_ways(town: Town) -> None:
    """Another role is 499 `user roles insufficient`, no parameters the gateway's text, no token 403."""
    browser = town.browser()
    token, refresh = await town.diary_tokens(browser, "moscow@example.test")
    address, bearer = f"{SCHOOL}/v2/token/refresh", {"Authorization": f"Bearer {token}"}
    student = await browser.get(address, headers=bearer, params={"roleId": 1, "subsystem": 2})
    assert (student.status_code, student.text) == (499, "user roles insufficient")
    bare = await browser.get(address, headers=bearer)
    assert (bare.status_code, bare.text) == (499, "Something went wrong")
    cookie = await browser.get(address, headers={"Cookie": f"aupd_refresh_token={refresh}"})
    assert cookie.status_code == 403
    wrong = await browser.get(address, headers={"Authorization": "Bearer x"}, params={"roleId": 2})
    assert wrong.status_code == 401


async def test_tokens_of_one_node_open_no_other(town: Town) -> None:
    """The same code under another host name has its own tokens."""
    browser = town.browser()
    moscow, _ = await town.diary_tokens(browser, "many@example.test")
    region, _ = await town.node_tokens(browser, "lesnaya")
    for host, token, status in ((NODE, moscow, 401), (SCHOOL, region, 401), (NODE, region, 200)):
        answer = await browser.get(f"{host}{PROFILE_INFO}", headers=app_headers(token))
        assert answer.status_code == status
    assert claims_of(region)["iss"] == NODE


async def test_faults_expire_and_revoke_tokens(town: Town) -> None:
    """An expired token is refused once and can be renewed; a revoked one takes its refresh token along."""
    family = await town.family("moscow@example.test")
    who = "moscow@example.test"
    town.state.faults.add(Fault(kind=FaultKind.EXPIRED_TOKEN, host="school.mos.ru", who=who, count=1))
    assert (await family.get("fm/profile")).status_code == 401
    assert (await family.get("fm/profile")).status_code == 200
    token, refresh = await town.diary_tokens(town.browser(), who)
    family.token = token
    await family.activate()
    town.state.faults.add(Fault(kind=FaultKind.REVOKED_TOKEN, host="school.mos.ru", who=who, count=1))
    assert (await family.get("fm/profile")).status_code == 401
    assert (await family.get("fm/profile")).status_code == 401
    answer = await family.browser.post(f"{SCHOOL}/v3/token/refresh", data={"refresh_token": refresh})
    assert answer.status_code == 401


# the web diary


async def follow(browser: httpx2.AsyncClient, response: httpx2.Response) -> httpx2.Response:
    """Follow redirects through every host."""
    while response.is_redirect:
        response = await browser.get(response.url.join(response.headers["location"]))
    return response


async def test_the_web_flow_ends_with_cookies(town: Town) -> None:
    """Meta refresh to the city, password, callback: both tokens are cookies and open the web façade."""
    browser = town.browser()
    page = await browser.get(f"{SCHOOL}/v3/auth/sudir/login")
    target = re.search(r'0;url=(.*?)">', page.text)
    assert target
    address = unescape(target[1])
    assert parse_qs(urlsplit(address).query)["client_id"] == ["dnevnik.mos.ru"]
    form = await follow(browser, await browser.get(address))
    assert "SANDBOX" in form.text
    landed = await follow(browser, await town.post_password(browser, "moscow@example.test"))
    assert (landed.status_code, landed.url.path) == (200, "/diary")
    names = {"aupd_token", "aupd_refresh_token", "aupd_current_role", "Ltpatoken2", "Ltpaexpires"}
    assert names <= set(browser.cookies)
    token = browser.cookies["aupd_token"]
    await browser.post(
        f"{SCHOOL}/api/ej/acl/v1/sessions",
        headers={"X-Mes-Subsystem": "familyweb"},
        json={"auth_token": token},
    )
    profile = await browser.get(
        f"{SCHOOL}/api/family/web/v1/profile", headers={"X-Mes-Subsystem": "familyweb"}
    )
    assert profile.status_code == 200
    renewed = await browser.post(f"{SCHOOL}/v3/token/refresh", data={})
    assert renewed.status_code == 201
    assert browser.cookies["aupd_token"] == renewed.json()["access_token"] != token
    await browser.get(f"{SCHOOL}/v3/auth/logout")
    assert "aupd_token" not in browser.cookies


async def test_the_web_callback_checks_its_state_and_code(town: Town) -> None:
    """A strange state, a used code or a refusal end on a page, without cookies."""
    browser = town.browser()
    callback = f"{SCHOOL}/v3/auth/sudir/callback"
    assert (await browser.get(callback, params={"code": "x", "state": "y"})).status_code == 400
    await browser.get(f"{SCHOOL}/v3/auth/sudir/login")
    state = browser.cookies["sudir_state"]
    for query in ({"code": "x", "state": state}, {"error": "access_denied", "state": state}):
        answer = await browser.get(callback, params=query)
        assert answer.status_code == 400
        assert "SANDBOX" in answer.text
    assert "aupd_token" not in browser.cookies


@pytest.mark.parametrize("login", ["nodiary@example.test", "nosnils@example.test"])
async def test_the_web_flow_tells_a_person_without_a_diary(town: Town, login: str) -> None:
    """The sentence parents know, on a page."""
    browser = town.browser()
    page = await browser.get(f"{SCHOOL}/v3/auth/sudir/login")
    target = re.search(r'0;url=(.*?)">', page.text)
    assert target
    await follow(browser, await browser.get(unescape(target[1])))
    landed = await follow(browser, await town.post_password(browser, login))
    assert landed.status_code == 403
    assert "недостаточно данных" in landed.text or "не может быть подано" in landed.text


# the regional node


async def test_the_node_lets_in_by_its_own_page(town: Town) -> None:
    """The page posts to itself, a code comes back to the app and becomes a pair, once."""
    browser = town.browser()
    address = f"{NODE}/v3/auth/kauth/login"
    query = {"redirect_url": "dnevnik-mes://authRegionRedirect", "state": "st-2"}
    page = await browser.get(address, params=query)
    assert page.status_code == 200
    assert "SANDBOX" in page.text
    wrong = await browser.post(address, params=query, data={"login": "tikhomirova", "password": "x"})
    assert "blockquote-danger" in wrong.text
    form = {"login": "tikhomirova", "password": "sandbox-node"}
    back = await browser.post(address, params=query, data=form)
    given = parse_qs(urlsplit(back.headers["location"]).query)
    assert given["state"] == ["st-2"]
    exchange = {"code": given["code"][0], "state": "st-2"}
    answer = await browser.get(f"{NODE}/v3/auth/token", params=exchange)
    assert set(answer.json()) == {"token", "refreshToken"}
    assert (await browser.get(f"{NODE}/v3/auth/token", params=exchange)).status_code == 401


async def test_a_node_code_needs_its_state_and_dies(town: Town) -> None:
    """Another state or two minutes later: 401."""
    browser = town.browser()
    address = f"{NODE}/v3/auth/kauth/login"
    form = {"login": "tikhomirova", "password": "sandbox-node"}
    for wait, state in ((0, "other"), (120, "st-2")):
        query = {"redirect_url": "http://127.0.0.1:8000/v1/callback", "state": "st-2"}
        back = await browser.post(address, params=query, data=form)
        code = parse_qs(urlsplit(back.headers["location"]).query)["code"][0]
        town.state.clock.advance(timedelta(seconds=wait))
        answer = await browser.get(f"{NODE}/v3/auth/token", params={"code": code, "state": state})
        assert answer.status_code == 401


async def test_a_node_code_goes_only_to_the_app(town: Town) -> None:
    """A strange address is refused before a password is looked at; an unknown door does not exist."""
    browser = town.browser()
    form = {"login": "tikhomirova", "password": "sandbox-node"}
    query = {"redirect_url": "https://elsewhere.example.test/"}
    for method in ("GET", "POST"):
        answer = await browser.request(method, f"{NODE}/v3/auth/kauth/login", params=query, data=form)
        assert answer.status_code == 400
    assert (await browser.get(f"{NODE}/v3/auth/window/login")).status_code == 404
    assert (await browser.get(f"{NODE}/v3/auth/sudir/login")).status_code == 404
    assert (await browser.post(f"{NODE}/v3/auth/sudir/auth", json={})).status_code == 404


async def test_moscow_has_only_the_gosuslugi_door(town: Town) -> None:
    """The direct entry leads to Госуслуги, and nowhere for a strange address; a node login does not exist."""
    browser = town.browser()
    query = {"redirect_url": "dnevnik-mes://authRegionRedirect", "state": "st-3"}
    assert (await browser.get(f"{SCHOOL}/v3/auth/kauth/login", params=query)).status_code == 404
    away = await browser.get(f"{SCHOOL}/v3/auth/esia/login", params=query)
    assert away.headers["location"].startswith("https://esia.gosuslugi.ru/aas/oauth2/v2/ac?")
    query["redirect_url"] = "https://evil.example/"
    assert (await browser.get(f"{SCHOOL}/v3/auth/esia/login", params=query)).status_code == 400


async def test_the_node_web_page_sets_cookies(town: Town) -> None:
    """Without `redirect_url` the browser is signed in to the web diary."""
    browser = town.browser()
    form = {"login": "tikhomirova", "password": "sandbox-node"}
    answer = await browser.post(f"{NODE}/v3/auth/kauth/login", data=form)
    assert answer.headers["location"] == "/diary"
    assert "aupd_token" in browser.cookies


async def test_the_legacy_node_login_still_works(town: Town) -> None:
    """`/lms/api/sessions` gives a token for the callback, which sets the cookie; Moscow has neither."""
    browser = town.browser()
    body = {"login": "tikhomirova", "password_plain": "sandbox-node"}
    session = (await browser.post(f"{NODE}/lms/api/sessions", json=body)).json()
    callback = f"{NODE}/v3/auth/kauth/callback"
    code = {"code": session["authentication_token"]}
    assert "aupd_token" in (await browser.get(callback, params=code)).cookies
    assert (await browser.get(callback, params=code)).status_code == 401
    for wrong in ({**body, "password_plain": "x"}, {**body, "login": "nobody"}):
        assert (await browser.post(f"{NODE}/lms/api/sessions", json=wrong)).status_code == 400
    assert (await browser.post(f"{NODE}/lms/api/sessions", json={})).status_code == 400
    assert (await browser.post(f"{SCHOOL}/lms/api/sessions", json=body)).status_code == 404
