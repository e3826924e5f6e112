"""The two ways in through Gosuslugi, against the running town: in a browser, and by its last address."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
import pytest

from diary_core.errors import (
    ActivationRequired,
    CodeExpired,
    ConsentRefused,
    InvalidInput,
    MethodUnknown,
    RegionChanged,
    SignInExpired,
    SignInRejected,
    WrongCredentials,
)
from diary_core.model import known
from diary_core.sign_in import Ask, Callback, Choose, Redirect, Reply, SignedIn, Step
from diary_sandbox.dnevnik.regions import REGIONS
from diary_sandbox.faults import Fault, FaultKind

from .at_gosuslugi import at_gosuslugi, ended_on
from .browser import CALLBACK, Browser, brought_back
from .town import PROVIDER, Town, a_channel

pytestmark = pytest.mark.anyio
NOVGOROD = PROVIDER.instance("novgorod")
STATE = Callback(url=CALLBACK, state="4b0f6f8e-5a3e-4d8f-9a51-6f0f0a5f2a11")
BY_ADDRESS = "gosuslugi_address"
ENTRY = "https://login.dnevnik.ru/login/esia/novgorod"


async def redirected(town: Town) -> Redirect:
    step = await PROVIDER.begin(town.channel, "gosuslugi", STATE)
    assert isinstance(step, Redirect)
    return step


async def came_back(town: Town, step: Redirect, back: httpx2.Response) -> SignedIn:
    reply = Reply(values=brought_back(back))
    done = await PROVIDER.answer(town.channel, "gosuslugi", step.carry, reply)
    assert isinstance(done, SignedIn)
    return done


async def brought(town: Town, address: str) -> Step:
    """Bring an address, and return the step that follows."""
    asked = await PROVIDER.begin(town.channel, BY_ADDRESS, STATE)
    assert isinstance(asked, Ask)
    return await PROVIDER.answer(town.channel, BY_ADDRESS, asked.carry, Reply(values={"address": address}))


async def answered(town: Town, step: Step, **values: str) -> Step:
    assert isinstance(step, Ask | Choose)
    return await PROVIDER.answer(town.channel, BY_ADDRESS, step.carry, Reply(values=values))


async def children(town: Town, step: Step) -> list[str]:
    """Return the first names behind a finished sign-in."""
    assert isinstance(step, SignedIn)
    diary = await town.diary(step.credentials)
    names = [known(one.child.name) for one in (await diary.enrolments()).items]
    return [name.first for name in names if name]


# In the browser


async def test_the_redirect_is_the_regions_entry_with_the_consent_page_behind_it(town: Town) -> None:
    """The entry is asked of the API; the way back is our callback, and no secret is in the address."""
    step = await redirected(town)
    entry, _, query = step.url.partition("?")
    assert entry == f"{town.sandbox.url('login.dnevnik.ru')}/login/esia/novgorod"
    consent = urlsplit(parse_qs(query)["ReturnUrl"][0])
    asked = parse_qs(consent.query)
    assert consent.path == "/oauth2"
    assert (asked["redirect_uri"], asked["state"], asked["response_type"]) == (
        [CALLBACK],
        [STATE.state],
        ["code"],
    )
    assert "client_secret" not in step.url


async def test_the_browser_ends_with_the_family(town: Town) -> None:
    """СНИЛС and name agree with the school's: the diary itself finds the account, and asks for consent."""
    step = await redirected(town)
    async with Browser() as browser:
        page = await at_gosuslugi(browser, step.url, "dnevnik_mother")
        back = await browser.submit(page, is_granted="true")
    done = await came_back(town, step, back)
    assert sorted(await children(town, done)) == ["Алёна", "Семён"]
    assert done.own_login is False


async def test_the_browser_chooses_among_profiles(town: Town) -> None:
    """One person whom two schools have written down opens the profile that was pressed."""
    step = await redirected(town)
    async with Browser() as browser:
        page = await at_gosuslugi(browser, step.url, "two_profiles")
        assert page.text.count('name="profile"') == 2
        page = await browser.submit(page, profile=page.text.split('name="profile" value="')[2].split('"')[0])
        done = await came_back(town, step, await browser.submit(page, is_granted="true"))
    assert await children(town, done) == ["Тимур", "Зарина"]


@pytest.mark.parametrize(
    ("login", "username"),
    [("simplified", "grachyov"), ("double_surname", "snegiryov"), ("no_diary", "obraztsov")],
    ids=["no СНИЛС", "another surname", "unknown to the school"],
)
async def test_the_browser_gives_login_and_password_once(town: Town, login: str, username: str) -> None:
    """Where nothing agrees the region's site asks for them, and the next time Gosuslugi is enough."""
    step = await redirected(town)
    async with Browser() as browser:
        page = await at_gosuslugi(browser, step.url, login)
        assert "Введите один раз логин и пароль дневника" in page.text
        page = await browser.submit(page, answer="link", login=username, password="sandbox-dnevnik")
        assert await children(
            town, await came_back(town, step, await browser.submit(page, is_granted="true"))
        )
        again = await redirected(town)
        assert await children(town, await came_back(town, again, await browser.open(again.url)))


async def test_a_first_sign_in_activates_on_the_diarys_own_site(town: Town) -> None:
    """The temporary password is replaced there; the browser then comes back to us."""
    step = await redirected(town)
    async with Browser() as browser:
        page = await at_gosuslugi(browser, step.url, "first_login")
        assert "Первый вход" in page.text
        page = await browser.open(
            urljoin(str(page.url), unescape(page.text.split('href="')[-1].split('"')[0]))
        )
        page = await browser.submit(page, login="snegiryova", password="sandbox-dnevnik")
        words = {"newPassword": "четыре Кота 7", "newPasswordRepeat": "четыре Кота 7"}
        page = await browser.submit(page, email="t@example.test", phone="+79990000000", **words)
        back = await browser.submit(page, is_granted="true")
    assert await children(town, await came_back(town, step, back)) == ["Пётр"]


@pytest.mark.parametrize("where", ["gosuslugi", "diary"])
async def test_a_refusal_on_the_way(town: Town, where: str) -> None:
    """Refused at Gosuslugi, the diary shows a page of its own; refused at the diary, we say so."""
    step = await redirected(town)
    async with Browser() as browser:
        answer = "refuse" if where == "gosuslugi" else "allow"
        page = await at_gosuslugi(browser, step.url, "dnevnik_mother", answer)
        if where == "gosuslugi":
            assert (page.status_code, "не предоставили доступ" in page.text) == (403, True)
            return
        back = await browser.submit(page, is_granted="false")
    with pytest.raises(ConsentRefused):
        await came_back(town, step, back)


@pytest.mark.parametrize("method", ["gosuslugi", "oauth"])
async def test_a_code_beyond_the_cap_is_sent_nowhere(town: Town, method: str) -> None:
    """One of the length of Gosuslugi's own is tried; one beyond 8192 characters is not."""
    step = await PROVIDER.begin(town.channel, method, STATE)
    assert isinstance(step, Redirect)
    town.forget_calls()
    asked = {"POST /v2.0/authorizations": 1}
    for length, error, calls in ((8193, SignInRejected, {}), (1300, CodeExpired, asked)):
        values = {"code": "x" * length, "state": STATE.state}
        with pytest.raises(error):
            await PROVIDER.answer(town.channel, method, step.carry, Reply(values=values))
        assert town.calls() == calls


# By the address the entry ends on


async def test_an_address_opens_the_one_account(town: Town) -> None:
    """Its task is exchanged at once, and works no second time."""
    address = await ended_on(town, "dnevnik_mother")
    done = await brought(town, address)
    assert sorted(await children(town, done)) == ["Алёна", "Семён"]
    assert isinstance(done, SignedIn)
    assert done.own_login is False
    with pytest.raises(SignInExpired):
        await brought(town, address)


async def test_an_address_with_several_accounts_asks_which(town: Town) -> None:
    """By name and school; only what was offered is taken."""
    choice = await brought(town, await ended_on(town, "two_profiles"))
    assert isinstance(choice, Choose)
    assert [option.title.partition(",")[0] for option in choice.options] == ["Соколова Вера Игоревна"] * 2
    assert len({option.title for option in choice.options}) == 2
    with pytest.raises(SignInExpired):
        await answered(town, choice, choice="1000000000011")
    assert await children(town, await answered(town, choice, choice=choice.options[1].id)) == [
        "Тимур",
        "Зарина",
    ]


async def test_nobody_linked_asks_for_login_and_password_once(town: Town) -> None:
    """The step says why; the account they open is the one that is linked."""
    step = await brought(town, await ended_on(town, "simplified"))
    assert isinstance(step, Ask)
    assert step.problem == "account_not_linked"
    assert [(field.name, field.secret) for field in step.fields] == [("login", False), ("password", True)]
    done = await answered(town, step, login="grachyov", password="sandbox-dnevnik")
    assert isinstance(done, SignedIn)
    assert done.own_login is True
    assert await children(town, done) == ["Полина"]


async def test_a_wrong_password_there_is_said(town: Town) -> None:
    """As at the password's own door."""
    step = await brought(town, await ended_on(town, "simplified"))
    with pytest.raises(WrongCredentials):
        await answered(town, step, login="grachyov", password="wrong")


async def test_a_tie_lost_on_the_way_is_asked_for_anew(town: Town) -> None:
    """`EsiaUserNotLinked` of the exchange, after the account was listed and chosen, asks for the login."""
    choice = await brought(town, await ended_on(town, "two_profiles"))
    assert isinstance(choice, Choose)
    town.sandbox.faults.add(Fault(FaultKind.NOT_LINKED, host="login.dnevnik.ru", count=1))
    step = await answered(town, choice, choice=choice.options[0].id)
    assert isinstance(step, Ask)
    assert step.problem == "account_not_linked"
    done = await answered(town, step, login="sokolova", password="sandbox-dnevnik")
    assert await children(town, done) == ["Пётр"]


async def test_a_first_sign_in_leads_to_the_activation(town: Town) -> None:
    """`FirstSign` asks for the login; a temporary password must then be replaced on the diary's site."""
    step = await brought(town, await ended_on(town, "first_login"))
    assert isinstance(step, Ask)
    with pytest.raises(ActivationRequired):
        await answered(town, step, login="snegiryova", password="sandbox-dnevnik")


async def test_an_old_address_is_expired(town: Town) -> None:
    """A return waits ten minutes to be exchanged."""
    address = await ended_on(town, "dnevnik_mother")
    town.sandbox.clock.advance(timedelta(minutes=11))
    with pytest.raises(SignInExpired):
        await brought(town, address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        ENTRY,
        "https://login.dnevnik.ru/esia/auth?taskId=&regionId=153",
        "https://login.dnevnik.ru/esia/auth?taskId=5d1c2f0e-0000-4000-8000-000000000001",
        "https://login.dnevnik.ru/esia/auth?taskId=x%0d%0aHost:y&regionId=153",
        f"https://login.dnevnik.ru/esia/auth?taskId={'a' * 65}&regionId=153",
        "https://login.dnevnik.ru/esia/auth?taskId=5d1c2f0e-0000-4000-8000-000000000001&regionId=-1",
        "https://[login.dnevnik.ru",
    ],
)
async def test_another_address_is_refused_unsent(town: Town, address: str) -> None:
    """The field is named, and the diary is not asked."""
    asked = await PROVIDER.begin(town.channel, BY_ADDRESS, STATE)
    assert isinstance(asked, Ask)
    town.forget_calls()
    with pytest.raises(InvalidInput) as caught:
        await PROVIDER.answer(town.channel, BY_ADDRESS, asked.carry, Reply(values={"address": address}))
    assert caught.value.field == "values.address"
    assert town.sandbox.state.requests == {}


@pytest.mark.parametrize("code", ["UnexpectedError", "SomethingNew", None])
async def test_another_outcome_is_a_rejection(code: str | None) -> None:
    """What the exchange says that we do not know lets nobody in."""

    def says(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/linked"):
            return httpx2.Response(200, json={"users": [{"userId": 1}]})
        return httpx2.Response(200, json={"status": {"code": code}, "authorization": None})

    address = "https://login.dnevnik.ru/esia/auth?taskId=5d1c2f0e-0000-4000-8000-000000000001&regionId=153"
    async with a_channel(NOVGOROD, says) as channel:
        with pytest.raises(SignInRejected):
            await PROVIDER.answer(channel, BY_ADDRESS, {"at": "address"}, Reply(values={"address": address}))


# The regions' entries


async def test_every_region_in_use_finds_its_entry(town: Town) -> None:
    """By its name, whatever the diary's own number and spelling of it."""
    slugs = {region.code: region.slug for region in REGIONS}
    wrong: list[str] = []
    for instance in PROVIDER.instances():
        if not PROVIDER.sign_in_methods(instance):
            continue
        channel = town.channel_of(instance)
        step = await PROVIDER.begin(channel, "gosuslugi", STATE)
        assert isinstance(step, Redirect)
        if f"/login/esia/{slugs[instance.regions[0]]}?" not in step.url:
            wrong.append(instance.slug)
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "url", "error"),
    [
        ("Новгородская область", "https://evil.example/login/esia/novgorod", RegionChanged),
        ("Новгородская область", "https://evil.example/.dnevnik.ru", RegionChanged),
        ("Новгородская область", "https://login.dnevnik.ru@evil.example/", RegionChanged),
        ("Новгородская область", "https://notdnevnik.ru/", RegionChanged),
        ("Новгородская область", "http://login.dnevnik.ru/login/esia/novgorod", RegionChanged),
        ("Новгородская область", "javascript:alert(1)//.dnevnik.ru", RegionChanged),
        ("Новгородская область", "https://[login.dnevnik.ru", RegionChanged),
        ("Новгородская область", None, MethodUnknown),
        ("Псковская область", ENTRY, MethodUnknown),
    ],
)
async def test_a_browser_is_sent_to_the_diary_or_to_nobody(
    name: str, url: str | None, error: type[Exception]
) -> None:
    """An entry elsewhere, unencrypted, or of another region is not followed."""

    def listed(request: httpx2.Request) -> httpx2.Response:
        del request
        return httpx2.Response(200, json={"regions": [{"regionId": 153, "esiaUrl": url, "name": name}]})

    for method in ("gosuslugi", BY_ADDRESS):
        async with a_channel(NOVGOROD, listed) as channel:
            with pytest.raises(error):
                await PROVIDER.begin(channel, method, STATE)
