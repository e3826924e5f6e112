"""The ways through SUDIR's login: the page, the one-time code, the trust question, QR, headless."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from diary_sandbox.faults import Fault, FaultKind

if TYPE_CHECKING:
    import httpx2

    from .conftest import Town

SUDIR = "https://login.mos.ru"
PASSWORD = f"{SUDIR}/sps/login/methods/headless/password"
BIND = f"{SUDIR}/sps/login/methods/headless/sms/bind"
TRUST = f"{SUDIR}/sps/login/ur/askToTrust"
PROTECTED = "code@example.test"

pytestmark = pytest.mark.anyio


def code_on(page: str) -> str:
    """Return the one-time code a sandbox page shows."""
    found = re.search(r'id="sandbox-code">(\d+)<', page)
    assert found, page
    return found[1]


def config_of(page: str) -> dict[str, object]:
    """Return the page's variable with attempts and time left."""
    found = re.search(r"var vrfCodeConf = (\{.*?\});", page)
    assert found, page
    return json.loads(found[1])


async def begin(town: Town, login: str = PROTECTED) -> tuple[httpx2.AsyncClient, httpx2.Response]:
    """Return a browser after the password page, and what the server answered to the password."""
    browser = town.browser()
    client_id, _ = await town.register(browser)
    await town.authorize(browser, client_id)
    return browser, await town.post_password(browser, login)


@pytest.mark.parametrize("page", ["methods/password", "methods2/sms", "ur/askToTrust", "methods/qrCode"])
async def test_every_page_is_plain_and_says_sandbox(town: Town, page: str) -> None:
    """Pages are Russian, fit a phone and say SANDBOX, also when nothing has begun."""
    answer = await town.browser().get(f"{SUDIR}/sps/login/{page}")
    assert answer.status_code == 400
    assert "SANDBOX" in answer.text
    assert '<html lang="ru">' in answer.text
    assert "width=device-width" in answer.text


@pytest.mark.parametrize("typed", ["moscow@example.test", " moscow@example.test ", "phone", "snils"])
async def test_the_login_may_be_mail_phone_or_snils(town: Town, typed: str) -> None:
    """All three open the same account."""
    login = town.state.world.personas()[0]
    person = town.state.world.parent(login.parent_id).person
    typed = {"phone": person.phone or "", "snils": person.snils or ""}.get(typed, typed)
    _, back = await begin(town, typed)
    assert back.headers["location"].startswith("dnevnik-mes://oauth2redirect?code=")


@pytest.mark.parametrize(
    ("login", "password", "sentence"),
    [
        ("moscow@example.test", "wrong", "Неверный логин или пароль"),
        ("moscow@example.test", "", "Неверный логин или пароль"),
        ("nobody@example.test", "x", "не найден"),
        ("", "", "не найден"),
        ("locked@example.test", "sandbox-mos", "временно заблокирован"),
    ],
)
async def test_a_refused_password_shows_the_form_again_with_the_reason(
    town: Town, login: str, password: str, sentence: str
) -> None:
    """The page has a red quote, keeps the login typed, never the password."""
    browser = town.browser()
    client_id, _ = await town.register(browser)
    await town.authorize(browser, client_id)
    answer = await town.post_password(browser, login, password)
    assert answer.status_code == 200
    assert "blockquote-danger" in answer.text
    assert sentence in answer.text
    assert "sandbox-mos" not in answer.text


async def test_five_wrong_passwords_lock_the_method_for_ten_minutes(town: Town) -> None:
    """The right password does not help until the time is over."""
    browser = town.browser()
    client_id, _ = await town.register(browser)
    await town.authorize(browser, client_id)
    for _ in range(5):
        await town.post_password(browser, "moscow@example.test", "wrong")
    locked = await town.post_password(browser, "moscow@example.test")
    assert "временно заблокирован" in locked.text
    town.state.clock.advance(timedelta(minutes=9))
    assert (await town.post_password(browser, "moscow@example.test")).status_code == 200
    town.state.clock.advance(timedelta(minutes=1))
    await town.authorize(browser, client_id)
    assert (await town.post_password(browser, "moscow@example.test")).status_code == 302


async def test_a_login_is_forgotten_after_ten_minutes(town: Town) -> None:
    """The form then leads to the beginning, not to an error of the server."""
    browser = town.browser()
    client_id, _ = await town.register(browser)
    await town.authorize(browser, client_id)
    town.state.clock.advance(timedelta(minutes=10))
    assert (await town.post_password(browser, "moscow@example.test")).status_code == 400


async def test_markup_in_a_login_is_shown_as_text(town: Town) -> None:
    """What a person types never becomes markup."""
    browser = town.browser()
    client_id, _ = await town.register(browser)
    await town.authorize(browser, client_id)
    answer = await town.post_password(browser, '"><script>alert(1)</script>', "x")
    assert "<script>alert" not in answer.text


async def test_a_new_device_needs_a_code_and_a_trusted_one_does_not(town: Town) -> None:
    """Password, code, `action=trust`; the next login from this browser asks for no code."""
    browser, asked = await begin(town)
    assert asked.headers["location"].startswith("/sps/login/methods2/sms?bo=")
    page = await browser.get(f"{SUDIR}{asked.headers['location']}")
    assert config_of(page.text) == {"ttl": 300, "attemptsLeft": 5, "error": None}
    right = await browser.post(f"{SUDIR}/sps/login/methods2/sms", data={"sms-code": code_on(page.text)})
    assert right.status_code == 303
    question = await browser.get(f"{SUDIR}{right.headers['location']}")
    assert "<title>Доверять этому браузеру?</title>" in question.text
    back = await browser.post(TRUST, data={"action": "trust"})
    assert back.status_code == 302
    assert "code=" in back.headers["location"]
    client_id, _ = await town.register(browser)
    await town.authorize(browser, client_id, prompt="login")
    assert "code=" in (await town.post_password(browser, PROTECTED)).headers["location"]


async def test_a_browser_not_trusted_is_asked_again(town: Town) -> None:
    """`do_not_trust` lets in once."""
    browser, asked = await begin(town)
    page = await browser.get(f"{SUDIR}{asked.headers['location']}")
    await browser.post(f"{SUDIR}/sps/login/methods/sms", data={"sms-code": code_on(page.text)})
    back = await browser.post(TRUST, data={"action": "do_not_trust"})
    assert "code=" in back.headers["location"]
    client_id, _ = await town.register(browser)
    await town.authorize(browser, client_id, prompt="login")
    again = await town.post_password(browser, PROTECTED)
    assert "/sps/login/methods2/sms" in again.headers["location"]


async def test_the_old_trust_field_kills_the_login(town: Town) -> None:
    """`trust=true` instead of `action=trust` gives 404, and nothing can be done with the login after it."""
    browser, asked = await begin(town)
    page = await browser.get(f"{SUDIR}{asked.headers['location']}")
    await browser.post(f"{SUDIR}/sps/login/methods2/sms", data={"sms-code": code_on(page.text)})
    assert (await browser.post(TRUST, data={"trust": "true"})).status_code == 404
    assert (await browser.post(TRUST, data={"action": "trust"})).status_code == 400


async def test_wrong_codes_count_down_and_end_the_login(town: Town) -> None:
    """Attempts left are on the page; after the fifth the login is over."""
    browser, asked = await begin(town)
    page = await browser.get(f"{SUDIR}{asked.headers['location']}")
    wrong = "000000" if code_on(page.text) != "000000" else "111111"
    left: list[object] = []
    for _ in range(5):
        page = await browser.post(f"{SUDIR}/sps/login/methods2/sms", data={"sms-code": wrong})
        left.append(config_of(page.text)["attemptsLeft"])
    assert left == [4, 3, 2, 1, 0]
    assert "исчерпаны" in page.text
    over = await browser.post(f"{SUDIR}/sps/login/methods2/sms", data={"sms-code": wrong})
    assert over.status_code == 400


async def test_a_code_expires_and_another_can_be_asked_for(town: Town) -> None:
    """After 300 seconds even the right code is refused; the page sends a new one when opened again."""
    browser, asked = await begin(town)
    address = f"{SUDIR}{asked.headers['location']}"
    old = code_on((await browser.get(address)).text)
    town.state.clock.advance(timedelta(seconds=300))
    late = await browser.post(f"{SUDIR}/sps/login/methods2/sms", data={"sms-code": old})
    assert "истёк" in late.text
    assert config_of(late.text)["ttl"] == 0
    fresh = code_on((await browser.get(address)).text)
    right = await browser.post(f"{SUDIR}/sps/login/methods2/sms", data={"sms-code": fresh})
    assert right.status_code == 303


@pytest.mark.parametrize(
    ("start", "answer", "field", "length"),
    [
        ("methods2/email", "methods/email", "email-code", 6),
        ("methods2/totp", "methods2/totp", "code", 6),
        ("method/flashCall", "method/flashCall/code", "code", 4),
    ],
)
async def test_the_other_media_work_the_same(
    town: Town, start: str, answer: str, field: str, length: int
) -> None:
    """Mail and authenticator have six digits, a call four; each has its own field and path."""
    browser, _ = await begin(town)
    method = "POST" if start == "method/flashCall" else "GET"
    page = await browser.request(method, f"{SUDIR}/sps/login/{start}")
    code = code_on(page.text)
    assert len(code) == length
    right = await browser.post(f"{SUDIR}/sps/login/{answer}", data={field: code})
    assert right.headers["location"].startswith("/sps/login/ur/askToTrust")


async def test_the_code_can_be_fetched_without_a_page(town: Town) -> None:
    """There is no telephone: `/sandbox/code` tells the code this browser waits for, and only that one."""
    browser, asked = await begin(town)
    page = await browser.get(f"{SUDIR}{asked.headers['location']}")
    assert (await browser.get(f"{SUDIR}/sandbox/code")).text == code_on(page.text)
    assert (await town.browser().get(f"{SUDIR}/sandbox/code")).status_code == 404


async def test_no_step_can_be_skipped(town: Town) -> None:
    """Before the code neither the trust question nor a code of one's own leads on."""
    browser, _ = await begin(town)
    assert (await browser.post(TRUST, data={"action": "trust"})).status_code == 400
    fresh = town.browser()
    client_id, _ = await town.register(fresh)
    await town.authorize(fresh, client_id)
    assert (await fresh.get(f"{SUDIR}/sps/login/methods2/sms")).status_code == 400
    assert (await fresh.get(f"{SUDIR}/sps/login/methods2/pigeon")).status_code == 400
    assert (await fresh.post(f"{SUDIR}/sps/login/methods/qrCode/complete")).status_code == 400


async def test_a_fault_asks_anybody_for_a_code(town: Town) -> None:
    """The second factor can be switched on for an account that has none."""
    town.state.faults.add(Fault(kind=FaultKind.SECOND_FACTOR, host="login.mos.ru"))
    _, asked = await begin(town, "moscow@example.test")
    assert "/sps/login/methods2/sms" in asked.headers["location"]


async def test_a_fault_shows_a_captcha_once(town: Town) -> None:
    """The right symbols let the password through; the wrong ones ask again."""
    town.state.faults.add(Fault(kind=FaultKind.CAPTCHA, host="login.mos.ru", count=1))
    browser, asked = await begin(town, "moscow@example.test")
    symbols = re.search(r'id="sandbox-captcha">(\d+)<', asked.text)
    assert symbols
    form = {"login": "moscow@example.test", "password": "sandbox-mos"}
    address = f"{SUDIR}/sps/login/methods/password"
    assert (await browser.post(address, data={**form, "captcha": "1"})).status_code == 200
    assert (await browser.post(address, data={**form, "captcha": symbols[1]})).status_code == 302


# QR


async def test_a_phone_confirms_a_qr_code(town: Town) -> None:
    """Shown, scanned, confirmed, completed: the screen is signed in as the phone's owner."""
    screen = town.browser()
    client_id, _ = await town.register(screen)
    await town.authorize(screen, client_id)
    pull = f"{SUDIR}/sps/login/methods/headless/qrCode/pull"
    shown = (await screen.get(pull)).json()
    assert shown["command"] == "showQRCode"
    assert shown["expires"] == town.state.clock.timestamp() + 180
    phone = town.browser()
    assert (await phone.get(shown["link"])).status_code == 200
    assert (await screen.get(pull)).json() == {"command": "askForConfirm"}
    wrong = await phone.post(shown["link"], data={"login": "moscow@example.test", "password": "x"})
    assert "blockquote-danger" in wrong.text
    form = {"login": "moscow@example.test", "password": "sandbox-mos"}
    confirmed = await phone.post(shown["link"], data=form)
    assert (await phone.get(f"{SUDIR}{confirmed.headers['location']}")).status_code == 200
    assert (await screen.get(pull)).json() == {"command": "needComplete"}
    back = await screen.post(f"{SUDIR}/sps/login/methods/qrCode/complete", data={})
    assert "code=" in back.headers["location"]


async def test_a_qr_code_lives_three_minutes_and_is_renewed(town: Town) -> None:
    """A stale code asks for a refresh; the refreshed one is another."""
    screen = town.browser()
    client_id, _ = await town.register(screen)
    items = (await town.authorize(screen, client_id, display="script")).json()["items"]
    first = next(item for item in items if item["inquire"] == "show_qr_code")
    assert first["logo"] is None
    town.state.clock.advance(timedelta(minutes=3))
    pull = f"{SUDIR}/sps/login/methods/qrCode/pull?_=1"
    assert (await screen.get(pull)).json()["command"] == "needRefresh"
    assert (await town.browser().get(first["link"])).status_code == 404
    renewed = await screen.post(f"{SUDIR}/sps/login/methods/headless/qrCode/refresh", json={})
    assert renewed.json()["link"] != first["link"]
    assert (await screen.get(pull)).json()["command"] == "showQRCode"
    page = await screen.get(f"{SUDIR}/sps/login/methods/qrCode")
    assert renewed.json()["link"] in page.text


async def test_a_protected_account_needs_a_code_after_qr_too(town: Town) -> None:
    """Completing leads to the second factor on a new device."""
    screen = town.browser()
    client_id, _ = await town.register(screen)
    await town.authorize(screen, client_id)
    link = (await screen.get(f"{SUDIR}/sps/login/methods/qrCode/pull")).json()["link"]
    await town.browser().post(link, data={"login": PROTECTED, "password": "sandbox-mos"})
    asked = await screen.post(f"{SUDIR}/sps/login/methods/qrCode/complete", data={})
    assert "/sps/login/methods2/sms" in asked.headers["location"]


async def test_qr_calls_without_a_login_say_so(town: Town) -> None:
    """Nothing is shown or refreshed for a browser that has not begun."""
    browser = town.browser()
    assert (await browser.get(f"{SUDIR}/sps/login/methods/qrCode/pull")).json()["command"] == "needRefresh"
    answer = await browser.post(f"{SUDIR}/sps/login/methods/headless/qrCode/refresh")
    assert answer.json() == {"errors": [{"code": "expired"}]}


# headless


def pay(header: str) -> str:
    """Return a hashcash stamp: the header and a counter whose SHA-1 begins with fifteen zero bits."""
    counter = 0
    while True:
        stamp = f"{header}{counter:x}"
        if int.from_bytes(hashlib.sha1(stamp.encode()).digest()[:2], "big") < 2:
            return stamp
        counter += 1


async def headless(town: Town) -> tuple[httpx2.AsyncClient, str]:
    """Return a browser in the middle of a headless login, and its paid stamp."""
    browser = town.browser()
    client_id, _ = await town.register(browser)
    items = (await town.authorize(browser, client_id, display="script")).json()["items"]
    header = next(item["proofOfWork"] for item in items if item["inquire"] == "login_with_password")
    assert header.startswith("1:15:261111170000:")
    return browser, pay(header)


async def test_a_headless_password_gives_the_code_at_once(town: Town) -> None:
    """Without a second factor the answer is `trust_code`, and it is good at the token endpoint."""
    browser = town.browser()
    app = await town.register(browser)
    items = (await town.authorize(browser, app[0], display="script")).json()["items"]
    stamp = pay(items[0]["proofOfWork"])
    body = {"login": "moscow@example.test", "password": "sandbox-mos", "proofOfWork": stamp}
    code = (await browser.post(PASSWORD, json=body)).json()["trust_code"]
    assert (await town.exchange(browser, app, code)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "wrong"}, "invalid_credentials"),
        ({"login": "nobody@example.test"}, "no_subject_found"),
        ({"login": "locked@example.test"}, "pswd_method_temp_locked"),
        ({"proofOfWork": "1:15:0:0::0:0"}, "invalid_proof_of_work"),
        ({"proofOfWork": 7}, "invalid_request"),
        ({"login": ""}, "invalid_request"),
    ],
)
async def test_a_headless_refusal_has_a_code(town: Town, changes: dict[str, object], code: str) -> None:
    """Each reason is `{"errors":[{"code"}]}`."""
    browser, stamp = await headless(town)
    body = {"login": "moscow@example.test", "password": "sandbox-mos", "proofOfWork": stamp, **changes}
    answer = await browser.post(PASSWORD, json=body)
    assert answer.json() == {"errors": [{"code": code}]}


async def test_an_unpaid_stamp_is_refused(town: Town) -> None:
    """The header alone is not a stamp."""
    browser, stamp = await headless(town)
    header = stamp[: stamp.rindex(":") + 1]
    body = {"login": "moscow@example.test", "password": "sandbox-mos", "proofOfWork": f"{header}zz"}
    assert (await browser.post(PASSWORD, json=body)).json()["errors"][0]["code"] == "invalid_proof_of_work"


async def test_a_headless_login_without_a_beginning_is_expired(town: Town) -> None:
    """Password and code steps need the authorization request of the same browser."""
    for address in (PASSWORD, BIND):
        answer = await town.browser().post(address, json={})
        assert answer.json() == {"errors": [{"code": "expired"}]}


async def test_a_headless_second_factor_is_asked_sent_and_checked(town: Town) -> None:
    """`ask_to_send_sms`, then `enter_sms_code`, wrong, right: 303 to the trust question."""
    browser, stamp = await headless(town)
    body = {"login": PROTECTED, "password": "sandbox-mos", "proofOfWork": stamp}
    asked = await browser.post(PASSWORD, json=body)
    assert asked.json() == {"items": [{"inquire": "ask_to_send_sms"}]}
    early = await browser.post(BIND, data={"sms-code": "123456"})
    assert early.json() == {"errors": [{"code": "expired"}]}
    sent = (await browser.post(BIND)).json()
    phone = town.state.world.parent(town.state.world.personas()[8].parent_id).person.phone or ""
    assert sent["inquire"] == "enter_sms_code"
    assert re.fullmatch(r"\+7 \*\*\* \*\*\*-\*\*-\d\d", sent["contact"])
    assert phone not in sent["contact"]
    assert (sent["remain_attempts"], sent["ttl"]) == (5, 300)
    code = (await browser.get(f"{SUDIR}/sandbox/code")).text
    wrong = "000000" if code != "000000" else "111111"
    assert (await browser.post(BIND, data={"sms-code": wrong})).json() == {
        "errors": [{"code": "invalid_otp"}]
    }
    right = await browser.post(BIND, data={"sms-code": code})
    assert (right.status_code, right.headers["location"]) == (303, "/sps/login/ur/askToTrust")
    assert "code=" in (await browser.post(TRUST, data={"action": "trust"})).headers["location"]


async def test_headless_codes_expire_and_run_out(town: Town) -> None:
    """`expired` after 300 seconds, `no_attempts` after five wrong ones, and the login is over."""
    browser, stamp = await headless(town)
    await browser.post(PASSWORD, json={"login": PROTECTED, "password": "sandbox-mos", "proofOfWork": stamp})
    await browser.post(BIND)
    town.state.clock.advance(timedelta(seconds=300))
    late = await browser.post(BIND, data={"sms-code": "1"})
    assert late.json() == {"errors": [{"code": "expired"}]}
    await browser.post(BIND)
    codes = [(await browser.post(BIND, data={"sms-code": "1"})).json()["errors"][0]["code"] for _ in range(6)]
    assert codes == [*["invalid_otp"] * 4, "no_attempts", "expired"]


async def test_a_fault_asks_a_headless_client_for_a_captcha(town: Town) -> None:
    """A client without a page cannot solve it: it is told so."""
    town.state.faults.add(Fault(kind=FaultKind.CAPTCHA, host="login.mos.ru"))
    browser, stamp = await headless(town)
    body = {"login": "moscow@example.test", "password": "sandbox-mos", "proofOfWork": stamp}
    answer = await browser.post(PASSWORD, json=body)
    assert answer.json() == {"errors": [{"code": "captcha_required"}]}
