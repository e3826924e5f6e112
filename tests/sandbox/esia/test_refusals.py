"""Every documented refusal by its trigger."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from tests.more import quick_first
from tests.sandbox.esia.conftest import CALLBACK, CONTROL, ESIA, Asker, came_back, refused, sign_in

from diary_sandbox.esia.refusals import REFUSALS
from diary_sandbox.esia.signing.certificates import self_signed
from diary_sandbox.esia.signing.gost import PrivateKey
from diary_sandbox.state import SandboxState

pytestmark = pytest.mark.anyio

AUTHORIZE = f"{ESIA}/aas/oauth2/v2/ac"
TOKEN = f"{ESIA}/aas/oauth2/v3/te"
HASH = "AB" * 32
CONSENT: Mapping[str, Any] = {
    "sysname": "SANDBOX_CONSENT",
    "expire": 525_600,
    "actions": [{"sysname": "ALL_ACTIONS_TO_DATA"}],
    "purposes": [{"sysname": "SANDBOX_CONSENT"}],
    "scopes": [{"sysname": "fullname"}, {"sysname": "kid_school_data"}],
}


async def _register(browser: httpx2.AsyncClient, **system: Any) -> httpx2.Response:
    body = {"mnemonic": "SANDBOXGW", **system}
    answer = await browser.post(f"{CONTROL}/_sandbox/esia/systems", json=body)
    assert answer.status_code == 201, answer.text
    return answer


AT_AUTHORIZE: list[tuple[str, dict[str, str | None]]] = [
    ("007014", {"state": None}),
    ("007003", {"state": "not-a-uuid"}),
    ("007005", {"client_id": "NOBODY"}),
    ("007023", {"redirect_uri": "https://evil.example/callback"}),
    ("007009", {"response_type": "token"}),
    ("007013", {"scope": ""}),
    ("007006", {"scope": "openid nonsense"}),
    ("007019", {"scope": "openid kid_school_data"}),
    ("007015", {"timestamp": "2026.11.25 09:05:01 +0000"}),
    ("007002", {"client_certificate_hash": HASH}),
    ("007053", {"client_secret": "AAAA"}),
    ("007061", {"obj_type": "X"}),
    ("007060", {"roles": "X"}),
    ("007038", {"permissions": "bm90IGpzb24"}),
    ("007014", {"timestamp": ""}),
    ("007014", {"client_certificate_hash": None}),
    ("007014", {"client_secret": None}),
    ("007014", {"redirect_uri": None}),
    ("007014", {"client_id": None}),
    ("007003", {"state": "3C0F2A9E-6B1D-4F57-9A3E-1D2C4B6A8F90"}),
    ("007003", {"access_type": "sometimes"}),
    ("007003", {"timestamp": "2026-11-25 09:00:00"}),
    ("007003", {"timestamp": "2026.13.25 09:00:00 +0000"}),
    ("007003", {"code_challenge": "short"}),
    ("007003", {"code_challenge_method": "plain"}),
    ("007023", {"redirect_uri": "https://127.0.0.1@evil.example/"}),
    ("007023", {"redirect_uri": "javascript://127.0.0.1/%0aalert(1)"}),
    ("007013", {"scope": None}),
    ("007019", {"scope_org": "org_inn"}),
    ("007015", {"timestamp": "2026.11.25 08:54:59 +0000"}),
    ("007053", {"client_secret": "**"}),
]
"""Each number once, and then in the other ways it comes about."""
NUMBERS_AT_AUTHORIZE = len({code for code, _ in AT_AUTHORIZE})


@pytest.mark.parametrize(("code", "changes"), quick_first(AT_AUTHORIZE, quick=NUMBERS_AT_AUTHORIZE))
async def test_the_authorize_step_refuses(asker: Asker, code: str, changes: dict[str, str | None]) -> None:
    """With the number; a sender or an address that is not known is told on a page, never redirected to."""
    answer = await asker.authorize(**changes)
    assert refused(answer) == code
    if answer.status_code == 302:
        back = came_back(answer)
        assert back["error"] == REFUSALS[code][0]
        assert back.get("state") == httpx2.URL(answer.request.url).params.get("state")
    else:
        assert "location" not in answer.headers
        assert "SANDBOX" in answer.text


async def test_a_repeated_parameter_is_refused(asker: Asker) -> None:
    """007003."""
    query = httpx2.QueryParams(asker.request()).add("scope", "openid")
    assert refused(await asker.browser.get(AUTHORIZE, params=query)) == "007003"


async def test_one_wrong_byte_of_a_signature_is_refused(asker: Asker) -> None:
    """Wherever it is, in what is signed or in the signature: 007053 at both steps."""
    request = asker.request()
    secret = request["client_secret"]
    other = "A" if secret[40] != "A" else "B"
    wrong = [request | {"client_secret": secret[:40] + other + secret[41:]}]
    wrong += [request | {name: request[name] + more} for name, more in (("scope", " snils"),)]
    wrong += [request | {"redirect_uri": CALLBACK + "x"}]
    wrong += [request | {"state": request["state"][:-1] + "f"}]
    wrong += [request | {"client_secret": secret[:-1] + chr(ord(secret[-1]) + 1)}]
    codes = [refused_anywhere(await asker.browser.get(AUTHORIZE, params=one)) for one in wrong]
    assert codes == ["007053"] * len(wrong)
    given = asker.token_request(code=await asker.code())
    given["code"] = given["code"][:-1]
    assert refused(await asker.browser.post(TOKEN, data=given)) == "007053"


def refused_anywhere(answer: httpx2.Response) -> str:
    """Return the number of a redirect to whatever address."""
    return httpx2.URL(answer.headers["location"]).params["error_description"][5:11]


async def test_each_generation_refuses_the_format_of_the_other(asker: Asker) -> None:
    """CMS at v2 and v3, raw signatures at the legacy pair: 007053."""
    for_code, for_token = asker.request(), asker.token_request(code=await asker.code())
    old_authorize, old_token = f"{ESIA}/aas/oauth2/ac", f"{ESIA}/aas/oauth2/te"
    browser = asker.browser
    answers = [
        await browser.get(AUTHORIZE, params=for_code | {"client_secret": _cms(asker, for_code)}),
        await browser.get(old_authorize, params=for_code),
        await browser.post(TOKEN, data=for_token | {"client_secret": _cms(asker, for_token)}),
        await browser.post(old_token, data=for_token),
    ]
    assert [refused(one) for one in answers] == ["007053"] * 4


def _cms(asker: Asker, given: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(asker.cms(given)).decode()


async def test_the_old_order_of_the_signed_text_is_refused(asker: Asker) -> None:
    """A raw signature of `scope timestamp client_id state` is wrong at v2."""
    given = asker.request()
    assert asker.key is not None
    text = "".join(given[name] for name in ("scope", "timestamp", "client_id", "state"))
    given["client_secret"] = base64.urlsafe_b64encode(asker.key.sign(text.encode())).decode()
    assert refused(await asker.browser.get(AUTHORIZE, params=given)) == "007053"


async def test_a_strangers_key_is_refused(asker: Asker, state: SandboxState) -> None:
    """A self-made certificate is unknown by its hash (007002), and in CMS it does not count (007053)."""
    asker.key = PrivateKey.new()
    own = asker.certificate
    asker.certificate = self_signed(asker.key, "SANDBOXGW", state.clock.now() - timedelta(days=1))
    assert refused(await asker.authorize()) == "007002"
    asker.legacy = True
    assert refused(await asker.authorize()) == "007053"
    asker.legacy, asker.certificate = False, own
    assert refused(await asker.authorize()) == "007053"


async def test_a_registered_system_may_be_shut_in_three_ways(asker: Asker) -> None:
    """Not approved, certificates switched off, none at all."""
    await _register(asker.browser, approved=False)
    assert refused(await asker.authorize()) == "007005"
    await _register(asker.browser, approved=True, active=False)
    assert refused(await asker.authorize()) == "007053"
    await _register(asker.browser, active=True, certificates=[])
    assert refused(await asker.authorize()) == "007002"


async def test_a_test_registers_a_system_of_its_own(asker: Asker, state: SandboxState) -> None:
    """Mnemonic, certificate, address, algorithm and scopes; an expired certificate is inactive."""
    key = PrivateKey.new()
    certificate = self_signed(key, "SYS", state.clock.now() - timedelta(days=1))
    old = self_signed(key, "SYS", state.clock.now() - timedelta(days=3651))
    callback = "https://gateway.example.org/back"
    answer = await _register(
        asker.browser,
        mnemonic="SYS",
        certificates=[certificate.pem(), old.pem()],
        redirect_domains=["gateway.example.org"],
        scopes=["openid", "org_inn"],
    )
    assert answer.json()["certificate_hashes"] == [certificate.hash, old.hash]
    own = Asker(state, asker.browser, "SYS", key, certificate)
    asked = {"redirect_uri": callback, "scope": "openid"}
    started = await own.authorize(**asked)
    assert started.headers["location"].startswith("/login?")
    own.certificate = old
    inactive = await own.authorize(**asked)
    assert came_back(inactive, callback)["error_description"].startswith("ESIA-007053")
    own.certificate = certificate
    org = await sign_in(asker.browser, await own.authorize(**asked, scope_org="org_inn"), "moscow_mother")
    assert came_back(org, callback)["error_description"].startswith("ESIA-007194")


async def test_the_time_window_is_a_setting(asker: Asker) -> None:
    """None lets any time pass."""
    order = {"window_s": None}
    assert (await asker.browser.post(f"{CONTROL}/_sandbox/esia/settings", json=order)).status_code == 200
    started = await asker.authorize(timestamp="2025.11.22 08:25:40 +0300")
    assert started.headers["location"].startswith("/login?")


BAD_CONSENTS: list[tuple[str, dict[str, Any]]] = [
    ("036700", {"sysname": ""}),
    ("036701", {"sysname": "OTHER"}),
    ("036702", {"scopes": [{"sysname": "snils"}]}),
    ("036703", {"scopes": [{"sysname": "fullname"}, {"sysname": "vehicles"}]}),
    ("036704", {"scopes": [{"sysname": "fullname"}, {"sysname": "inn"}]}),
    ("036705", {"actions": []}),
    ("036706", {"actions": [{"sysname": "OTHER"}]}),
    ("036707", {"purposes": []}),
    ("036716", {"expire": 0}),
    ("036726", {"purposes": [{"sysname": "OTHER"}]}),
    ("036727", {"purposes": [{"sysname": "SANDBOX_CONSENT"}] * 2}),
]


def _permissions(**changes: Any) -> str:
    text = json.dumps([{**CONSENT, **changes}])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(("code", "changes"), BAD_CONSENTS)
async def test_faulty_consents_are_refused(asker: Asker, code: str, changes: dict[str, Any]) -> None:
    """Each fault by its number."""
    assert refused(await asker.authorize(scope="openid", permissions=_permissions(**changes))) == code


async def test_a_good_consent_grants_its_scopes(asker: Asker) -> None:
    """Beside `openid`."""
    tokens = await asker.tokens(scope="openid", permissions=_permissions())
    assert (await asker.read(tokens)).json()["firstName"] == "Ольга"
    assert (await asker.read(tokens, "/kids")).status_code == 200


AFTER_SIGN_IN: list[tuple[str, str, dict[str, str | None]]] = [
    ("007055", "dnevnik_father", {"person_filter": "Y29uZl9hY2M="}),
    ("007055", "simplified", {"person_filter": "Y29uZl9hY2M="}),
    ("007046", "moscow_mother", {"scope": "openid sandbox_second_factor"}),
    ("007062", "moscow_mother", {"obj_type": "E"}),
    ("007004", "trusted_nanny", {}),
]


@pytest.mark.parametrize(("code", "login", "changes"), AFTER_SIGN_IN)
async def test_who_signs_in_may_be_refused(
    asker: Asker, code: str, login: str, changes: dict[str, str | None]
) -> None:
    """By account level, second factor, role, or because the person declines."""
    assert refused(await asker.walk(login, **changes)) == code


async def test_those_who_fit_are_let_in(asker: Asker) -> None:
    """A confirmed person passes the filter; one with a second factor the scope that demands it."""
    assert "code" in came_back(await asker.walk(person_filter="Y29uZl9hY2M="))
    asker.browser.cookies.clear()
    assert "code" in came_back(await asker.walk("second_factor", scope="openid sandbox_second_factor"))


async def test_the_person_refuses(asker: Asker) -> None:
    """«Отказать» is 007004, and asks again the next time."""
    for _ in range(2):
        answer = await sign_in(asker.browser, await asker.authorize(), "moscow_mother", answer="refuse")
        back = came_back(answer)
        assert (back["error"], back["error_description"][:11]) == ("access_denied", "ESIA-007004")


AT_TOKEN: list[tuple[str, dict[str, str | None]]] = [
    ("007014", {"redirect_uri": None}),
    ("007014", {"client_certificate_hash": None}),
    ("007014", {"code": None}),
    ("007014", {"grant_type": "refresh_token"}),
    ("007012", {"grant_type": "password"}),
    ("007013", {"scope": None}),
    ("007011", {"code": "unknown"}),
    ("007011", {"grant_type": "refresh_token", "refresh_token": "unknown", "code": None}),
    ("008010", {"client_id": "NOBODY"}),
    ("007002", {"client_certificate_hash": HASH}),
    ("007015", {"timestamp": "2026.11.25 09:05:01 +0000"}),
    ("007003", {"state": "x"}),
]


@pytest.mark.parametrize(("code", "changes"), AT_TOKEN)
async def test_the_token_step_refuses(asker: Asker, code: str, changes: dict[str, str | None]) -> None:
    """With 400, JSON, the word, the number and the state that was sent."""
    given: dict[str, str | None] = {"code": "x"}
    answer = await asker.token(**{**given, **changes})
    assert refused(answer) == code
    body = answer.json()
    assert body["error"] == REFUSALS[code][0]
    assert body["state"]


async def test_a_body_that_is_no_form_is_refused(asker: Asker) -> None:
    """007038: JSON, letters that are none, too much of it."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    answers = [
        await asker.browser.post(TOKEN, json=asker.token_request(code="x")),
        await asker.browser.post(TOKEN, content=b"code=\xff", headers=form),
        await asker.browser.post(TOKEN, content=b"code=" + b"x" * 9000, headers=form),
    ]
    assert [refused(one) for one in answers] == ["007038"] * 3


async def test_a_token_request_is_not_repeated(asker: Asker) -> None:
    """The state of a step is good once, and the authorize state is not good for the token step."""
    first = asker.token_request(code=await asker.code())
    assert (await asker.browser.post(TOKEN, data=first)).status_code == 200
    assert refused(await asker.browser.post(TOKEN, data=first)) == "007003"
    started = asker.request()
    back = came_back(
        await sign_in(asker.browser, await asker.browser.get(AUTHORIZE, params=started), "moscow_mother")
    )
    answer = await asker.token(code=back["code"], state=started["state"])
    assert refused(answer) == "007003"


@pytest.mark.parametrize("code", quick_first(sorted(REFUSALS), quick=8))
async def test_every_number_can_be_ordered(asker: Asker, code: str) -> None:
    """For the next authorize request and the next token request, once."""
    for step in ("authorize", "token"):
        order = {"code": code, "step": step}
        answer = await asker.browser.post(f"{CONTROL}/_sandbox/esia/refusals", json=order)
        assert answer.status_code == 201
    assert refused(await asker.authorize()) == code
    assert refused(await asker.token(code="x")) == code
    assert refused(await asker.token(code="x")) == "007011"


async def test_the_token_step_may_fail_with_a_page(asker: Asker) -> None:
    """By a setting."""
    await asker.browser.post(f"{CONTROL}/_sandbox/esia/settings", json={"html_errors": True})
    answer = await asker.token(code="x")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/html; charset=utf-8")


async def test_the_control_door_refuses_nonsense(asker: Asker) -> None:
    """With a sentence."""
    for path, body in (
        ("systems", {"mnemonic": "bad name"}),
        ("systems", {"mnemonic": "SYS", "certificates": ["nonsense"]}),
        ("systems", {"mnemonic": "SYS", "scopes": ["nonsense"]}),
        ("refusals", {"code": "999999"}),
        ("refusals", {"code": "007004", "step": "lunch"}),
        ("settings", {"forbidden": ["nonsense"]}),
        ("settings", {"window_s": 0}),
    ):
        answer = await asker.browser.post(f"{CONTROL}/_sandbox/esia/{path}", json=body)
        assert answer.status_code == 422, (path, body)
        assert answer.json()["error"]
