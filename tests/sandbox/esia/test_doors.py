"""The diaries' own ways through Gosuslugi: Дневник.ру, a regional node, the city."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from tests.sandbox.esia.conftest import ESIA, Json, field_of, sign_in

from diary_sandbox.dnevnik import build as build_dnevnik
from diary_sandbox.dnevnik.applications import GATEWAY
from diary_sandbox.esia import ESIA_HOST, build
from diary_sandbox.faults import Fault, FaultKind
from diary_sandbox.mesh import build_school, build_sudir
from diary_sandbox.state import SandboxState

pytestmark = pytest.mark.anyio

LOGIN, API = "https://login.dnevnik.ru", "https://api.dnevnik.ru"
NODE, SCHOOL, CITY = "https://authedu.mosreg.ru", "https://school.mos.ru", "https://login.mos.ru"
NOVGOROD = 153
APP = "dnevnik-mes://authRegionRedirect"
DNEVNIK_PASSWORD = "sandbox-dnevnik"


@pytest.fixture
async def browser(state: SandboxState) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser that reaches every host of the sandbox."""
    apps = {
        ESIA: build(state, ESIA_HOST),
        LOGIN: build_dnevnik(state, "login.dnevnik.ru"),
        API: build_dnevnik(state, "api.dnevnik.ru"),
        NODE: build_school(state, "authedu.mosreg.ru"),
        SCHOOL: build_school(state, "school.mos.ru"),
        CITY: build_sudir(state, "login.mos.ru"),
    }
    mounts = {host: httpx2.ASGITransport(app=app) for host, app in apps.items()}
    async with httpx2.AsyncClient(mounts=mounts) as client:
        yield client


async def through(
    browser: httpx2.AsyncClient, entry: str, login: str, answer: str = "allow", **query: str
) -> httpx2.Response:
    """Enter a door, sign in at Gosuslugi, and return what the diary answers on the way back."""
    away = await browser.get(entry, params=query or None)
    started = await browser.get(away.headers["location"])
    back = await sign_in(browser, started, login, answer)
    return await browser.get(back.headers["location"])


def landed(response: httpx2.Response) -> dict[str, str]:
    """Return path and query of a redirect."""
    target = urlsplit(response.headers["location"])
    return {key: values[0] for key, values in parse_qs(target.query).items()} | {"path": target.path}


async def linked(browser: httpx2.AsyncClient, page: httpx2.Response) -> list[Json]:
    """Return the profiles tied to whoever came back to `/esia/auth`."""
    address = landed(page)
    assert address["path"] == "/esia/auth"
    assert address["regionId"] == str(NOVGOROD)
    body = {"TaskId": address["taskId"], "RegionId": NOVGOROD}
    return (await browser.post(f"{API}/authorizations/esia/v2.0/users/linked", json=body)).json()["users"]


async def exchange(browser: httpx2.AsyncClient, page: httpx2.Response, user_id: int) -> Json:
    """Exchange a return for a token."""
    body = {
        "TaskId": landed(page)["taskId"],
        "UserId": user_id,
        "RegionId": NOVGOROD,
        "ClientId": GATEWAY.client_id,
        "ClientSecret": GATEWAY.secret,
        "Scope": "CommonInfo,EducationalInfo",
    }
    return (await browser.post(f"{API}/authorizations/esia/v2.0", json=body)).json()


ENTRY = f"{LOGIN}/login/esia/novgorod"


@pytest.mark.parametrize(
    ("login", "first_name"),
    [("dnevnik_mother", "Анна"), ("dnevnik_father", "Сергей"), ("yo_written_e", "Мария")],
)
async def test_dnevnik_finds_the_profile_by_snils_and_name(
    browser: httpx2.AsyncClient, login: str, first_name: str
) -> None:
    """«ё» does not matter; the token opens the diary."""
    page = await through(browser, ENTRY, login)
    users = await linked(browser, page)
    assert [one["firstName"] for one in users] == [first_name]
    granted = await exchange(browser, page, users[0]["userId"])
    assert granted["status"]["code"] == "Success"
    headers = {"Access-Token": granted["authorization"]["accessToken"]}
    me = await browser.get(f"{API}/v2/users/me", headers=headers)
    assert me.json()["firstName"] == first_name


async def test_dnevnik_shows_both_profiles_of_one_person(browser: httpx2.AsyncClient) -> None:
    """And each can be exchanged."""
    users = await linked(browser, await through(browser, ENTRY, "two_profiles"))
    assert len({one["userId"] for one in users}) == 2
    for user in users:
        page = await through_again(browser)
        assert (await exchange(browser, page, user["userId"]))["status"]["code"] == "Success"


async def through_again(browser: httpx2.AsyncClient) -> httpx2.Response:
    """Enter once more in a browser Gosuslugi still knows."""
    away = await browser.get(ENTRY)
    started = await browser.get(away.headers["location"])
    back = await browser.get(f"{ESIA}{started.headers['location']}")
    return await browser.get(back.headers["location"])


async def test_dnevnik_tells_of_a_first_sign_in(browser: httpx2.AsyncClient) -> None:
    """The profile is listed, the exchange says FirstSign."""
    page = await through(browser, ENTRY, "first_login")
    users = await linked(browser, page)
    assert (await exchange(browser, page, users[0]["userId"]))["status"]["code"] == "FirstSign"


@pytest.mark.parametrize(
    ("login", "username", "reason"),
    [
        ("simplified", "grachyov", "нет СНИЛС"),
        ("double_surname", "snegiryov", "не совпали"),
        ("no_diary", "obraztsov", "не совпали"),
    ],
)
async def test_dnevnik_asks_for_the_password_once_and_links(
    browser: httpx2.AsyncClient, login: str, username: str, reason: str
) -> None:
    """Where СНИЛС or name do not agree; the next time Gosuslugi is enough."""
    page = await through(browser, ENTRY, login)
    assert reason in page.text
    form = {"ticket": field_of(page, "ticket"), "answer": "link", "login": username}
    wrong = await browser.post(f"{LOGIN}/esia/link", data=form | {"password": "wrong"})
    assert "Неверный логин или пароль" in wrong.text
    done = await browser.post(f"{LOGIN}/esia/link", data=form | {"password": DNEVNIK_PASSWORD})
    first = await linked(browser, done)
    assert len(first) == 1
    assert (await exchange(browser, done, first[0]["userId"]))["status"]["code"] == "Success"
    again = await browser.post(f"{LOGIN}/esia/link", data=form | {"password": DNEVNIK_PASSWORD})
    assert again.status_code == 400
    assert await linked(browser, await through_again(browser)) == first


async def test_dnevnik_lets_go_on_without_a_link(browser: httpx2.AsyncClient) -> None:
    """Then nobody is linked, and no profile can be exchanged."""
    page = await through(browser, ENTRY, "no_diary")
    form = {"ticket": field_of(page, "ticket"), "answer": "skip"}
    done = await browser.post(f"{LOGIN}/esia/link", data=form)
    assert await linked(browser, done) == []
    assert (await exchange(browser, done, 1_000_000_000_011))["status"]["code"] == "EsiaUserNotLinked"


async def test_dnevnik_sees_no_snils_when_a_fault_hides_it(
    browser: httpx2.AsyncClient, state: SandboxState
) -> None:
    """The page asks for the password."""
    state.faults.add(Fault(FaultKind.NO_SNILS, host="login.dnevnik.ru"))
    assert "нет СНИЛС" in (await through(browser, ENTRY, "dnevnik_mother")).text


async def test_dnevnik_carries_an_oauth_request_through(browser: httpx2.AsyncClient) -> None:
    """The form's link keeps the way back: the browser ends signed in on the consent page."""
    back = "/oauth2?" + "&".join(
        (
            "response_type=token",
            f"client_id={GATEWAY.client_id}",
            "scope=CommonInfo",
            "redirect_uri=http%3A%2F%2F127.0.0.1%2Fback",
            "state=x",
        )
    )
    form = await browser.get(f"{LOGIN}{back}")
    if form.status_code == 302:
        form = await browser.get(f"{LOGIN}{form.headers['location']}")
    href = form.text.split('Можно войти и <a href="')[1].split('"')[0].replace("&amp;", "&")
    regions = await browser.get(f"{LOGIN}{href}")
    region = next(line for line in regions.text.split('href="') if line.startswith("/login/esia/novgorod"))
    entry = f"{LOGIN}{region.split(chr(34))[0]}"
    page = await through(browser, entry.partition("?")[0], "dnevnik_mother", **dict(parse_one(entry)))
    assert page.headers["location"].startswith("/oauth2?")
    consent = await browser.get(f"{LOGIN}{page.headers['location']}")
    assert consent.status_code == 200
    assert 'name="password"' not in consent.text


def parse_one(url: str) -> list[tuple[str, str]]:
    """Return the query of an address with HTML escapes undone."""
    return [(key, values[0]) for key, values in parse_qs(urlsplit(url.replace("&amp;", "&")).query).items()]


async def test_dnevnik_lets_one_of_two_profiles_be_opened(browser: httpx2.AsyncClient) -> None:
    """On the site itself the person chooses, among their own only."""
    page = await through(browser, ENTRY, "two_profiles", ReturnUrl="/login/done")
    assert page.text.count('name="profile"') == 2
    form = {"ticket": field_of(page, "ticket"), "profile": "1000021"}
    assert (await browser.post(f"{LOGIN}/esia/profile", data=form)).status_code == 400
    form["profile"] = "1000112"
    opened = await browser.post(f"{LOGIN}/esia/profile", data=form)
    assert opened.headers["location"] == "/login/done"
    assert (await browser.get(f"{LOGIN}/login/done")).status_code == 200


@pytest.mark.parametrize("entry", [ENTRY, f"{NODE}/v3/auth/esia/login", f"{SCHOOL}/v3/auth/esia/login"])
async def test_a_return_is_good_once_in_its_own_browser(browser: httpx2.AsyncClient, entry: str) -> None:
    """A repeated return, a forged one and one without a state end on a page."""
    away = await browser.get(entry)
    back = await sign_in(browser, await browser.get(away.headers["location"]), "both_mother")
    target = back.headers["location"]
    cookies = dict(browser.cookies)
    browser.cookies.clear()
    assert (await browser.get(target)).status_code == 400
    browser.cookies.update(cookies)
    await browser.get(target)
    bare = target.partition("?")[0]
    for again in (target, f"{bare}?code=x&state=x", f"{bare}?code=x", bare):
        stopped = await browser.get(again)
        assert (stopped.status_code, "SANDBOX" in stopped.text) == (400, True)


@pytest.mark.parametrize("entry", [ENTRY, f"{NODE}/v3/auth/esia/login"])
async def test_a_refused_consent_ends_on_a_page(browser: httpx2.AsyncClient, entry: str) -> None:
    """Which says whose choice it was."""
    page = await through(browser, entry, "both_mother", answer="refuse")
    assert page.status_code == 403
    assert "не предоставили" in page.text


async def test_a_node_gives_its_own_code(browser: httpx2.AsyncClient) -> None:
    """To the app that asked, with its state; it becomes a token pair once."""
    back = await through(
        browser, f"{NODE}/v3/auth/esia/login", "region_mother", redirect_url=APP, state="st-1"
    )
    assert back.headers["location"].startswith(f"{APP}?")
    given = landed(back)
    asked = {"code": given["code"], "state": "st-1"}
    assert given["state"] == "st-1"
    answer = await browser.get(f"{NODE}/v3/auth/token", params=asked)
    assert set(answer.json()) == {"token", "refreshToken"}
    assert (await browser.get(f"{NODE}/v3/auth/token", params=asked)).status_code == 401


@pytest.mark.parametrize(
    ("login", "told"), [("dnevnik_mother", "недостаточно данных"), ("simplified", "нет СНИЛС")]
)
async def test_a_node_tells_who_has_no_account(browser: httpx2.AsyncClient, login: str, told: str) -> None:
    """On a page, with 403."""
    page = await through(browser, f"{NODE}/v3/auth/esia/login", login, redirect_url=APP, state="s")
    assert (page.status_code, told in page.text) == (403, True)


async def test_moscows_direct_entry_gives_a_code(browser: httpx2.AsyncClient) -> None:
    """For the city account with the same СНИЛС; not for one the diary does not know, or a locked one."""
    entry = f"{SCHOOL}/v3/auth/esia/login"
    given = landed(await through(browser, entry, "moscow_mother", redirect_url=APP, state="s"))
    answer = await browser.get(f"{SCHOOL}/v3/auth/token", params={"code": given["code"], "state": "s"})
    assert answer.status_code == 200
    for login, told in (("no_diary", "недостаточно данных"), ("totp", "заблокирована")):
        browser.cookies.clear()
        page = await through(browser, entry, login, redirect_url=APP, state="s")
        assert (page.status_code, told in page.text) == (403, True)


async def _city_page(browser: httpx2.AsyncClient) -> httpx2.Response:
    start = await browser.get(f"{SCHOOL}/v3/auth/sudir/login")
    target = start.text.split("0;url=")[1].split('"')[0].replace("&amp;", "&")
    page = await browser.get(target)
    return await browser.get(f"{CITY}{page.headers['location']}")


def _button(page: httpx2.Response) -> str:
    assert "Войти через Госуслуги" in page.text
    href = next(
        one for one in page.text.split('href="') if one.startswith("/sps/login/externalIdps/execute?")
    )
    return CITY + href.split('"')[0].replace("&amp;", "&")


@pytest.mark.parametrize("login", ["moscow_mother", "both_mother", "second_factor"])
async def test_the_citys_button_ends_in_the_diary(browser: httpx2.AsyncClient, login: str) -> None:
    """303 to Gosuslugi, back into the city's flow, on to the diary with its cookies; no second code."""
    away = await browser.get(_button(await _city_page(browser)))
    assert away.status_code == 303
    back = await sign_in(browser, await browser.get(away.headers["location"]), login)
    city = await browser.get(back.headers["location"])
    assert city.headers["location"].startswith(f"{SCHOOL}/v3/auth/sudir/callback?")
    diary = await browser.get(city.headers["location"])
    assert diary.headers["location"] == "/diary"
    assert "aupd_token" in diary.cookies


@pytest.mark.parametrize("login", ["dnevnik_mother", "no_snils", "not_matched"])
async def test_the_city_knows_its_accounts_by_snils_only(browser: httpx2.AsyncClient, login: str) -> None:
    """Others are shown the way back to the form."""
    away = await browser.get(_button(await _city_page(browser)))
    back = await sign_in(browser, await browser.get(away.headers["location"]), login)
    page = await browser.get(back.headers["location"])
    assert (page.status_code, "не найдена" in page.text) == (403, True)
    form = page.text.split('class="button plain" href="')[1].split('"')[0]
    assert 'name="password"' in (await browser.get(f"{CITY}{form}")).text


async def test_a_return_to_the_city_needs_its_login(browser: httpx2.AsyncClient) -> None:
    """Another login in the same browser does not take it."""
    away = await browser.get(_button(await _city_page(browser)))
    back = await sign_in(browser, await browser.get(away.headers["location"]), "moscow_mother")
    await _city_page(browser)
    assert (await browser.get(back.headers["location"])).status_code == 400
    assert (
        await browser.get(f"{CITY}/sps/login/externalIdps/execute", params={"typ": "other"})
    ).status_code == 404
