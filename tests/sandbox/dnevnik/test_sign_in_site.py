"""The sign-in site: the form, consent, implicit and code answers, as a browser meets them."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from diary_sandbox.dnevnik.applications import COMPANION, GATEWAY
from diary_sandbox.dnevnik.login.form import LOCKED, WRONG
from diary_sandbox.faults import Fault, FaultKind
from diary_sandbox.state import SandboxState

from .conftest import PASSWORD, credentials

pytestmark = pytest.mark.anyio

BACK = "http://127.0.0.1:8000/v1/callback"
SCOPE = "CommonInfo,EducationalInfo,FriendsAndRelatives"


def _authorize(**changes: str) -> dict[str, str]:
    query = {
        "response_type": "token",
        "client_id": GATEWAY.client_id,
        "scope": SCOPE,
        "redirect_uri": BACK,
        "state": "s-1",
    }
    return {name: value for name, value in (query | changes).items() if value}


def _fields(page: str) -> dict[str, str]:
    """Return the hidden fields of the only form of a page."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def _message(page: str) -> str | None:
    found = re.search(r'class="message"[^>]*>([^<]*)<', page)
    return unescape(found[1]) if found else None


async def _log_in(
    site: httpx2.AsyncClient, username: str = "obraztsova", password: str = PASSWORD, return_to: str = ""
) -> httpx2.Response:
    form = {"login": username, "password": password, "ReturnUrl": return_to}
    return await site.post("/login/", data=form)


async def _allow(
    site: httpx2.AsyncClient, page: httpx2.Response, *, granted: str = "true"
) -> httpx2.Response:
    return await site.post("/oauth2", data=_fields(page.text) | {"is_granted": granted})


async def test_the_implicit_answer_is_a_token_in_the_fragment_of_the_redirect(
    site: httpx2.AsyncClient, api: httpx2.AsyncClient
) -> None:
    """Not signed in → the form → the authorize page again → consent → the application's address."""
    to_form = await site.get("/oauth2", params=_authorize())
    assert to_form.status_code == 302
    assert urlsplit(to_form.headers["location"]).path == "/login/"
    form = await site.get(to_form.headers["location"])
    logged_in = await _log_in(site, return_to=_fields(form.text)["ReturnUrl"])
    assert logged_in.status_code == 302
    consent = await site.get(logged_in.headers["location"])
    assert consent.status_code == 200
    assert {"access_token": "0", "response_type": "token", "scope": SCOPE}.items() <= _fields(
        consent.text
    ).items()
    assert "Разрешить" in consent.text
    answer = await _allow(site, consent)
    address, _, fragment = answer.headers["location"].partition("#")
    assert address == BACK
    values = parse_qs(fragment)
    assert values["state"] == ["s-1"]
    token = values["access_token"][0]
    assert (await api.get("/v2/users/me/context", headers={"Access-Token": token})).status_code == 200


async def test_without_an_address_the_result_page_carries_the_token(site: httpx2.AsyncClient) -> None:
    """The query says success, the fragment ends with an empty state: clients cut it by position."""
    await _log_in(site)
    consent = await site.get("/oauth2", params=_authorize(redirect_uri="", state=""))
    answer = await _allow(site, consent)
    parts = urlsplit(answer.headers["location"])
    assert parts.path == "/oauth2/Authorization/Result"
    query = parse_qs(parts.query)
    assert query["result"] == ["success"]
    assert query["is_granted"] == ["False"]
    assert f"scope={SCOPE}" in parts.query
    assert parts.fragment[:13] == "access_token="
    assert len(parts.fragment[13:-7]) == 32
    assert parts.fragment[-7:] == "&state="
    page = await site.get(answer.headers["location"])
    assert "Доступ разрешён" in page.text


async def test_consent_is_asked_once_for_the_same_scopes(site: httpx2.AsyncClient) -> None:
    """A wider request is asked about anew."""
    await _log_in(site)
    await _allow(site, await site.get("/oauth2", params=_authorize()))
    assert (await site.get("/oauth2", params=_authorize())).status_code == 302
    wider = await site.get("/oauth2", params=_authorize(scope=f"{SCOPE},ContactInfo"))
    assert wider.status_code == 200
    assert "электронную почту" in wider.text


@pytest.mark.parametrize(
    ("response_type", "location"),
    [
        ("token", f"{BACK}#error=access_denied&state=s-1"),
        ("code", f"{BACK}?error=access_denied&state=s-1"),
    ],
)
async def test_a_refused_consent_brings_no_token(
    response_type: str, location: str, site: httpx2.AsyncClient
) -> None:
    """The application learns of the refusal and gets nothing else."""
    await _log_in(site)
    consent = await site.get("/oauth2", params=_authorize(response_type=response_type))
    assert (await _allow(site, consent, granted="false")).headers["location"] == location


async def test_a_refusal_without_an_address_is_told_on_the_result_page(site: httpx2.AsyncClient) -> None:
    """There is no `result=success` in it, which is what clients look for."""
    await _log_in(site)
    consent = await site.get("/oauth2", params=_authorize(redirect_uri=""))
    answer = await _allow(site, consent, granted="false")
    assert "result=success" not in answer.headers["location"]
    assert "access_token" not in answer.headers["location"]
    assert "не получило доступа" in (await site.get(answer.headers["location"])).text


async def test_the_code_answer_is_exchanged_for_a_refreshable_token(
    site: httpx2.AsyncClient, api: httpx2.AsyncClient
) -> None:
    """From the browser to a token with a refresh token, and the same code once only."""
    await _log_in(site)
    consent = await site.get("/oauth2", params=_authorize(response_type="code"))
    answer = await _allow(site, consent)
    parts = urlsplit(answer.headers["location"])
    assert parts.fragment == ""
    query = parse_qs(parts.query)
    assert query["state"] == ["s-1"]
    body = {
        "code": query["code"][0],
        "client_id": GATEWAY.client_id,
        "client_secret": GATEWAY.secret,
        "grant_type": "AuthorizationCode",
        "refreshToken": None,
    }
    granted = (await api.post("/v2.0/authorizations", json=body)).json()
    assert granted["scope"] == SCOPE
    assert granted["refreshToken"]
    assert (await api.post("/v2.0/authorizations", json=body)).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/steal"},
        {"redirect_uri": "http://127.0.0.1.evil.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": f"{BACK}#x"},
        {"client_id": "5a4d0b0c-0000-4000-8000-000000000000"},
        {"client_id": ""},
        {"client_id": COMPANION.client_id},
        {"response_type": "id_token"},
        {"response_type": ""},
        {"scope": "Nonsense"},
        {"scope": ""},
    ],
)
@pytest.mark.parametrize("signed_in", [True, False])
async def test_a_bad_request_is_told_to_the_parent_and_redirected_nowhere(
    changes: dict[str, str], signed_in: bool, site: httpx2.AsyncClient
) -> None:
    """Neither a strange address nor a strange application ever gets an answer."""
    if signed_in:
        await _log_in(site)
    for answer in (
        await site.get("/oauth2", params=_authorize(**changes)),
        await site.post("/oauth2", data=_authorize(**changes) | {"is_granted": "true"}),
    ):
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert _message(answer.text)


async def test_consent_needs_the_session_that_was_asked(site: httpx2.AsyncClient) -> None:
    """A consent form sent without a session leads to the log-in form, not to a token."""
    answer = await site.post("/oauth2", data=_authorize() | {"is_granted": "true"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login/")


async def test_a_scripted_client_logs_in_with_one_post(site: httpx2.AsyncClient) -> None:
    """Login and password in the query, the authorize address under the real name, redirects followed."""
    authorize = (
        f"https://login.dnevnik.ru/oauth2?response_type=token&client_id={COMPANION.client_id}&scope={SCOPE}"
    )
    answer = await site.post(
        "/login/",
        params={"ReturnUrl": authorize, "login": "obraztsova", "password": PASSWORD},
        follow_redirects=True,
    )
    assert answer.status_code == 200
    assert answer.url.params["result"] == "success"
    assert len(answer.url.fragment[13:-7]) == 32


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/x", "/\\evil.example", "javascript:alert(1)", "", "evil"],
)
async def test_the_form_never_sends_a_browser_to_another_site(target: str, site: httpx2.AsyncClient) -> None:
    """Whatever the return address, the browser stays."""
    answer = await _log_in(site, return_to=target)
    assert answer.headers["location"] == "/login/done"


async def test_a_signed_in_browser_skips_the_form_until_it_signs_out(site: httpx2.AsyncClient) -> None:
    """The four cookies of the real site are set, out of reach of scripts."""
    answer = await _log_in(site)
    cookies = answer.headers.get_list("set-cookie")
    assert {one.split("=")[0] for one in cookies} == {"DnevnikAuth_a", "DnevnikAuth_l", "t0", "dnevnik_sst"}
    assert all("HttpOnly" in one for one in cookies)
    assert "Вы вошли" in (await site.get("/login/done")).text
    assert (await site.get("/login/")).status_code == 302
    await site.get("/logout")
    assert (await site.get("/login/")).status_code == 200
    assert (await site.get("/login/done")).status_code == 302


async def test_a_wrong_password_is_told_where_clients_look_for_it(site: httpx2.AsyncClient) -> None:
    """The text is in an element of class `message`; the login stays typed, the password does not."""
    page = await _log_in(site, password="wrong-one")
    assert page.status_code == 200
    assert _message(page.text) == WRONG
    assert 'value="obraztsova"' in page.text
    assert "wrong-one" not in page.text


async def test_a_captcha_appears_after_three_wrong_tries(site: httpx2.AsyncClient) -> None:
    """Without its answer the right password is not even looked at; with it the parent is in."""
    for _ in range(2):
        await _log_in(site, password="no")
    page = await _log_in(site, password="no")
    assert "Captcha.Input" in page.text
    assert (await _log_in(site)).status_code == 200
    wrong = await _answer_captcha(site, page.text, off_by=1)
    assert wrong.status_code == 200
    right = await _answer_captcha(site, wrong.text)
    assert right.status_code == 302


async def test_a_captcha_is_solved_once(site: httpx2.AsyncClient, state: SandboxState) -> None:
    """The fault brings a captcha on the first try; an answered one is worth nothing the second time."""
    state.faults.add(Fault(FaultKind.CAPTCHA, who="obraztsova"))
    page = await _log_in(site)
    assert "Captcha.Input" in page.text
    assert (await _answer_captcha(site, page.text)).status_code == 302
    await site.get("/logout")
    assert (await _answer_captcha(site, page.text)).status_code == 200


async def test_the_form_locks_like_the_api(site: httpx2.AsyncClient, api: httpx2.AsyncClient) -> None:
    """Tries on both doors count together."""
    for _ in range(5):
        await api.post("/v2/authorizations/bycredentials", json=credentials(password="no"))
    page = await _log_in(site)
    locked = await _answer_captcha(site, page.text)
    assert _message(locked.text) == LOCKED


async def test_a_locked_account_is_told_so(site: httpx2.AsyncClient) -> None:
    """Whatever the password."""
    assert _message((await _log_in(site, "grachyova")).text) == LOCKED


async def test_a_first_sign_in_is_finished_on_the_site(
    site: httpx2.AsyncClient, api: httpx2.AsyncClient
) -> None:
    """Data, e-mail and phone, a new password: then both doors know the new password and not the old."""
    page = await _log_in(site, "snegiryova", return_to="/login/done")
    assert page.status_code == 200
    assert "Снегирёва Татьяна Петровна" in page.text
    good = {
        "email": "t@example.test",
        "phone": "+7 900 000-00-00",
        "newPassword": "new-password",
        "newPasswordRepeat": "new-password",
    }
    for bad in (
        {"email": "no"},
        {"phone": "12"},
        {"newPassword": "short", "newPasswordRepeat": "short"},
        {"newPassword": PASSWORD, "newPasswordRepeat": PASSWORD},
        {"newPasswordRepeat": "other-password"},
    ):
        again = await site.post("/login/activation", data=_fields(page.text) | good | bad)
        assert again.status_code == 200
        assert _message(again.text)
    done = await site.post("/login/activation", data=_fields(page.text) | good)
    assert done.headers["location"] == "/login/done"
    assert "Вы вошли" in (await site.get("/login/done")).text
    repeated = await site.post("/login/activation", data=_fields(page.text) | good)
    assert repeated.headers["location"].startswith("/login/")
    path = "/v2/authorizations/bycredentials"
    assert (await api.post(path, json=credentials("snegiryova"))).status_code == 401
    granted = await api.post(path, json=credentials("snegiryova", "new-password"))
    assert granted.json()["accessToken"]


async def test_an_offer_to_link_gosuslugi_can_be_stepped_past(
    site: httpx2.AsyncClient, state: SandboxState
) -> None:
    """The chain stops on the offer, but the session is there: the authorize address works when repeated."""
    state.faults.add(Fault(FaultKind.NOT_LINKED, who="obraztsova", count=1))
    answer = await _log_in(site, return_to="/oauth2?x=1")
    assert answer.headers["location"] == "/esia/auth/message/OfferLinkingAccounts"
    assert "Свяжите дневник" in (await site.get(answer.headers["location"])).text
    assert (await site.get("/oauth2", params=_authorize())).status_code == 200


PAGES = (
    "/login/",
    "/login/esia",
    "/login/esia/atlantis",
    "/esia/return?code=x&state=y",
    "/esia/auth?taskId=x&regionId=153",
    "/esia/auth/message/OfferLinkingAccounts",
    "/oauth2/Authorization/Result",
    "/oauth2?client_id=x",
    "/nowhere",
)


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_plain_russian_html_that_says_sandbox(
    path: str, site: httpx2.AsyncClient
) -> None:
    """No brand, no outside address, fit for a phone."""
    page = await site.get(path)
    assert page.headers["content-type"].startswith("text/html")
    assert "SANDBOX" in page.text
    assert '<html lang="ru">' in page.text
    assert 'name="viewport" content="width=device-width' in page.text
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page.text)
    assert "невник.ру" not in page.text


async def test_the_gosuslugi_entry_names_its_regions(site: httpx2.AsyncClient) -> None:
    """Every region's entry is offered and leads away from here; an unknown one does not exist."""
    assert '<a href="/login/esia/novgorod">Новгородская область</a>' in (await site.get("/login/esia")).text
    for path in ("/login/esia/novgorod", "/esia/redirect/novgorod"):
        target = (await site.get(path)).headers["location"]
        assert target.startswith("https://esia.gosuslugi.ru/aas/oauth2/v2/ac?")
    assert (await site.get("/login/esia/atlantis")).status_code == 404


async def test_scripts_may_post_the_form_to_the_entry(site: httpx2.AsyncClient) -> None:
    """As to the form itself."""
    form = {"login": "obraztsova", "password": PASSWORD}
    answer = await site.post("/login/esia/novgorod", data=form)
    assert (answer.status_code, answer.headers["location"]) == (302, "/login/done")


async def _answer_captcha(site: httpx2.AsyncClient, page: str, *, off_by: int = 0) -> httpx2.Response:
    found = re.search(r"Сколько будет (\d) \+ (\d)", page)
    assert found, "no captcha on the page"
    form = _fields(page) | {"login": "obraztsova", "password": PASSWORD}
    return await site.post(
        "/login/", data=form | {"Captcha.Input": str(int(found[1]) + int(found[2]) + off_by)}
    )
