"""Signing in against the running town, by every way in and with every way to fail."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from diary_core.errors import (
    ActivationRequired,
    CaptchaRequired,
    CodeExpired,
    ConsentRefused,
    InvalidInput,
    Misconfigured,
    NotPermitted,
    SignInLocked,
    SignInMismatch,
    SignInRejected,
    TokenRefused,
    WrongCredentials,
)
from diary_core.provider import Channel
from diary_core.sign_in import Ask, Callback, Redirect, Reply, SignedIn
from diary_sandbox.dnevnik.api import DOCUMENTED_ERROR_NAMES
from diary_sandbox.dnevnik.tokens import Tokens
from diary_sandbox.faults import Fault, FaultKind

from .browser import CALLBACK, Browser, brought_back
from .town import MOTHER, OPTIONS, PROVIDER, Town, a_channel

pytestmark = pytest.mark.anyio
NOVGOROD = PROVIDER.instance("novgorod")
STATE = Callback(url=CALLBACK, state="one-time-state")


async def redirected(town: Town) -> Redirect:
    step = await PROVIDER.begin(town.channel, "oauth", STATE)
    assert isinstance(step, Redirect)
    return step


async def at_consent(browser: Browser, step: Redirect) -> httpx2.Response:
    """Go through the form to the page that asks for consent."""
    return await browser.submit(await browser.open(step.url), **MOTHER)


async def answer(town: Town, method: str, step: Redirect | None = None, **values: str) -> SignedIn:
    done = await PROVIDER.answer(town.channel, method, step.carry if step else {}, Reply(values=values))
    assert isinstance(done, SignedIn)
    return done


# By the diary's own page


async def test_the_page_of_the_diary_leads_to_the_family(town: Town) -> None:
    """Log-in form, consent, a code, tokens: then both children are there."""
    step = await redirected(town)
    async with Browser() as browser:
        back = await browser.submit(await at_consent(browser, step), is_granted="true")
    done = await answer(town, "oauth", step, **brought_back(back))
    diary = await town.diary(done.credentials)
    assert len((await diary.enrolments()).items) == 2
    assert sorted(done.credentials.secrets) == ["access_token", "refresh_token"]


async def test_consent_is_asked_for_once(town: Town) -> None:
    """Who has consented before comes back at once."""
    async with Browser() as browser:
        first = await redirected(town)
        await browser.submit(await at_consent(browser, first), is_granted="true")
        again = await redirected(town)
        done = await answer(town, "oauth", again, **brought_back(await browser.open(again.url)))
    assert done.credentials.expires_at is not None


async def test_the_address_asks_for_no_more_than_it_needs(town: Town) -> None:
    """The code flow, the least scopes, our callback and its state; nothing secret in the address."""
    step = await redirected(town)
    query = parse_qs(urlsplit(step.url).query)
    assert query == {
        "response_type": ["code"],
        "client_id": [OPTIONS["client_id"].get_secret_value()],
        "scope": ["CommonInfo,EducationalInfo,FriendsAndRelatives"],
        "redirect_uri": [CALLBACK],
        "state": [STATE.state],
    }


async def test_a_refused_consent_is_said(town: Town) -> None:
    """The parent pressed «no»."""
    step = await redirected(town)
    async with Browser() as browser:
        back = await browser.submit(await at_consent(browser, step), is_granted="false")
    with pytest.raises(ConsentRefused):
        await answer(town, "oauth", step, **brought_back(back))


async def test_another_error_of_the_page_is_no_refusal() -> None:
    """Only the parent's own «no» is called one; nothing is sent for either."""
    async with a_channel(NOVGOROD) as channel:
        for values, error in (
            ({"error": "server_error"}, SignInRejected),
            ({"error": "access_denied"}, ConsentRefused),
            ({}, ConsentRefused),
        ):
            with pytest.raises(error):
                await PROVIDER.answer(
                    channel, "oauth", {"state": "s"}, Reply(values={**values, "state": "s"})
                )


async def test_a_code_is_good_once_and_not_for_long(town: Town) -> None:
    """A code spent twice, invented, or too old is refused."""
    step = await redirected(town)
    async with Browser() as browser:
        back = brought_back(await browser.submit(await at_consent(browser, step), is_granted="true"))
        await answer(town, "oauth", step, **back)
        late = await redirected(town)
        old = brought_back(await browser.open(late.url))
    town.sandbox.clock.advance(timedelta(days=1))
    for values in (back, old, {**back, "code": "invented"}):
        with pytest.raises(CodeExpired):
            await answer(town, "oauth", step, **values)


async def test_another_state_is_refused_before_anything_is_sent(town: Town) -> None:
    """A return that was started elsewhere spends no code."""
    step = await redirected(town)
    town.forget_calls()
    for values in ({"state": "another"}, {}):
        with pytest.raises(SignInMismatch):
            await answer(town, "oauth", step, code="any", **values)
    assert town.sandbox.state.requests == {}


async def test_an_unregistered_application_is_a_fault_of_ours() -> None:
    """Without the operator's registered client nothing can begin."""
    async with a_channel(NOVGOROD) as channel:
        bare = Channel(channel.instance, channel.http, channel.now)
        with pytest.raises(Misconfigured):
            await PROVIDER.begin(bare, "oauth", STATE)


# By login and password


async def test_a_password_leads_to_the_family(town: Town) -> None:
    """Tokens, their end, the parent's name, and whose diaries they open."""
    step = await PROVIDER.begin(town.channel, "password", STATE)
    assert isinstance(step, Ask)
    assert [(field.name, field.secret) for field in step.fields] == [("login", False), ("password", True)]
    done = await town.sign_in()
    assert done.person is not None
    assert done.person.name is not None
    assert done.person.name.full == "Образцова Анна Павловна"
    assert done.credentials.expires_at is not None
    assert done.credentials.expires_at > town.channel.now()
    enrolments = (await (await town.diary(done.credentials)).enrolments()).items
    assert done.credentials.facts["enrolments"].split() == [one.id for one in enrolments]


async def test_nothing_secret_is_printed(town: Town) -> None:
    """Neither a step nor its credentials show a token."""
    done = await town.sign_in()
    token = done.credentials.secret("access_token")
    assert token not in f"{done!r} {done.credentials!r} {done.model_dump_json()}"


async def test_a_wrong_password_is_said(town: Town) -> None:
    """An unknown login looks just the same."""
    for form in ({**MOTHER, "password": "wrong"}, {**MOTHER, "login": "nobody"}):
        with pytest.raises(WrongCredentials):
            await town.sign_in(**form)


async def test_too_many_tries_lock_the_door(town: Town) -> None:
    """Then the right password is refused too, with another reason."""
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await town.sign_in(**{**MOTHER, "password": "wrong"})
    with pytest.raises(SignInLocked):
        await town.sign_in()


async def test_a_locked_account_is_said(town: Town) -> None:
    """The school, or too many tries, have closed it."""
    with pytest.raises(SignInLocked):
        await town.sign_in(login="grachyova", password="sandbox-dnevnik")


async def test_an_account_never_activated_is_said(town: Town) -> None:
    """A temporary password is right, yet opens nothing before the diary's own site has replaced it."""
    with pytest.raises(ActivationRequired):
        await town.sign_in(login="snegiryova", password="sandbox-dnevnik")


async def test_a_captcha_is_said(town: Town) -> None:
    """An API cannot show one: the parent is sent to another way in."""
    town.sandbox.faults.add(Fault(FaultKind.CAPTCHA, count=1))
    with pytest.raises(CaptchaRequired):
        await town.sign_in()
    assert await town.sign_in()


@pytest.mark.parametrize("missing", ["login", "password"])
async def test_an_empty_field_is_named(missing: str) -> None:
    """Nothing is sent for a form that is not filled in."""
    async with a_channel(NOVGOROD) as channel:
        for values in ({**MOTHER, missing: "  "}, {name: MOTHER[name] for name in MOTHER if name != missing}):
            with pytest.raises(InvalidInput) as caught:
                await PROVIDER.answer(channel, "password", {}, Reply(values=values))
            assert caught.value.field == missing


# By a token brought along


async def test_a_token_of_ones_own_opens_the_diary(town: Town) -> None:
    """The bare token, and the address the browser was left on."""
    token = (await town.sign_in()).credentials.secret("access_token")
    address = (
        f"https://login.dnevnik.ru/oauth2/Authorization/Result?result=success#access_token={token}&state="
    )
    for brought in (token, f"  {token}\n", address):
        done = await answer(town, "token", token=brought)
        assert (done.credentials.secret("access_token"), done.credentials.expires_at) == (token, None)


async def test_a_strange_token_is_refused(town: Town) -> None:
    """A token nobody gave out does not open the diary."""
    with pytest.raises(TokenRefused):
        await answer(town, "token", token="Z" * 32)


@pytest.mark.parametrize("brought", ["with space", "a\r\nX-Evil: 1", "короткий", "x", "x" * 600])
async def test_what_is_no_token_is_never_sent(brought: str) -> None:
    """A token stands in a header: nothing else may."""
    async with a_channel(NOVGOROD) as channel:
        with pytest.raises(TokenRefused):
            await PROVIDER.answer(channel, "token", {}, Reply(values={"token": brought}))


async def test_a_token_that_lacks_a_scope_is_not_permitted(town: Town) -> None:
    """A token of another application may open less than a diary needs."""
    parent_id = next(one.parent_id for one in town.sandbox.world.personas() if one.key == "dnevnik_mother")
    narrow = Tokens(town.sandbox.state).issue(parent_id, "another", ("CommonInfo",), refreshable=False)
    with pytest.raises(NotPermitted):
        await answer(town, "token", token=narrow.value)


async def test_the_documented_names_of_errors_are_read_too(town: Town) -> None:
    """The long spellings of 2021 mean the same."""
    town.sandbox.state.store.bucket("dnevnik.options", bool)[DOCUMENTED_ERROR_NAMES] = True
    with pytest.raises(TokenRefused):
        await answer(town, "token", token="Z" * 32)
