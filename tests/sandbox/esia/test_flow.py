"""From a signed request to a person's data, by both generations of endpoints."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta

import httpx2
import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from tests.sandbox.esia.conftest import (
    CALLBACK,
    CONTROL,
    ESIA,
    SCOPE,
    Asker,
    came_back,
    location,
    payload,
    refused,
    sign_in,
    unbase64,
)

from diary_sandbox.esia.signing import gost
from diary_sandbox.esia.signing.certificates import hash_of, read_certificate
from diary_sandbox.state import SandboxState

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("legacy", [False, True], ids=["current", "legacy"])
async def test_a_person_signs_in_and_is_read(asker: Asker, legacy: bool) -> None:
    """Request, pages, code, tokens, person: with the claims and fields of the samples."""
    asker.legacy = legacy
    tokens = await asker.tokens()
    assert set(tokens) == {"access_token", "id_token", "refresh_token", "state", "token_type", "expires_in"}
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    claims = payload(tokens["id_token"])
    now = asker.state.clock.timestamp()
    assert claims == {
        "aud": "SANDBOXGW",
        "sub": 1_001_000_011,
        "nbf": now,
        "iat": now,
        "exp": now + 10_800,
        "amr": "PWD",
        "urn:esia:amd": "PWD",
        "auth_time": now,
        "iss": "http://esia.gosuslugi.ru/",
        "urn:esia:sid": claims["urn:esia:sid"],
        "urn:esia:sbj": {
            "urn:esia:sbj:lvl": "PR",
            "urn:esia:sbj:typ": "P",
            "urn:esia:sbj:is_tru": True,
            "urn:esia:sbj:oid": 1_001_000_011,
            "urn:esia:sbj:nam": "OID.1001000011",
        },
    }
    person = (await asker.read(tokens)).json()
    record = asker.state.world.parent(1_000_011).person
    assert (person["lastName"], person["snils"], person["trusted"]) == ("Берёзова", record.snils, True)


async def test_the_state_of_each_step_comes_back(asker: Asker) -> None:
    """The callback echoes the authorize state, the token answer the token state."""
    started = asker.request()
    page = await asker.browser.get(f"{ESIA}/aas/oauth2/v2/ac", params=started)
    back = came_back(await sign_in(asker.browser, page, "moscow_mother"))
    assert back["state"] == started["state"]
    request = asker.token_request(code=back["code"])
    answer = await asker.browser.post(f"{ESIA}/aas/oauth2/v3/te", data=request)
    assert answer.json()["state"] == request["state"] != started["state"]


async def test_a_request_may_come_as_a_form(asker: Asker) -> None:
    """POST to the authorization address works like GET."""
    answer = await asker.browser.post(f"{ESIA}/aas/oauth2/v2/ac", data=asker.request())
    assert answer.headers["location"].startswith("/login?")


async def test_all_three_spellings_of_base64_are_read(asker: Asker) -> None:
    """Url-safe with padding and without, and the standard alphabet."""
    given = asker.request()
    secret = unbase64(given["client_secret"])
    spellings = (base64.urlsafe_b64encode(secret), base64.b64encode(secret))
    for spelling in (given["client_secret"], *(one.decode() for one in spellings)):
        answer = await asker.browser.get(
            f"{ESIA}/aas/oauth2/v2/ac", params=given | {"client_secret": spelling}
        )
        assert answer.headers["location"].startswith("/login?")


async def test_the_code_is_a_signed_token_of_its_own(asker: Asker, browser: httpx2.AsyncClient) -> None:
    """Four minutes, the hash of the published certificate in its header, well over a kilobyte."""
    code = await asker.code(scope="openid fullname snils birthdate gender birth_cert_doc kid_fullname")
    published = (await browser.get(f"{CONTROL}/_sandbox/esia")).json()["trusted_certificates"]
    by_hash = {
        hash_of(one.public_bytes(Encoding.DER)): one.public_bytes(Encoding.DER)
        for one in x509.load_pem_x509_certificates(published.encode())
    }
    header, _, signature = code.split(".")
    claims = payload(code)
    named = json.loads(unbase64(header))
    assert (named["sbt"], named["alg"]) == ("authorization_code", "GOST3410_2012_256")
    key = read_certificate(by_hash[named["x5t#St256"]]).key
    assert gost.verifies(key, code.rpartition(".")[0].encode(), unbase64(signature))
    assert claims["exp"] - claims["iat"] == 240
    assert "fullname?oid=1001000011" in claims["scope"].split()
    assert 1_000 < len(code) < 2_000


async def test_tokens_may_be_signed_with_rsa(asker: Asker, browser: httpx2.AsyncClient) -> None:
    """By a system's setting; the published RSA certificate verifies them, and a changed one is refused."""
    order = {"mnemonic": "SANDBOXGW", "algorithm": "RS256"}
    assert (await browser.post(f"{CONTROL}/_sandbox/esia/systems", json=order)).status_code == 201
    published = (await browser.get(f"{CONTROL}/_sandbox/esia")).json()["trusted_certificates"]
    rsa = x509.load_pem_x509_certificates(published.encode())[1].public_key()
    assert isinstance(rsa, RSAPublicKey)
    tokens = await asker.tokens()
    text, _, signature = tokens["id_token"].rpartition(".")
    rsa.verify(unbase64(signature), text.encode(), PKCS1v15(), SHA256())
    with pytest.raises(InvalidSignature):
        rsa.verify(unbase64(signature), b"x" + text.encode(), PKCS1v15(), SHA256())


async def test_a_code_works_once_and_four_minutes(asker: Asker, state: SandboxState) -> None:
    """The second use and the late use are both 007011."""
    code = await asker.code()
    assert (await asker.token(code=code)).status_code == 200
    assert refused(await asker.token(code=code)) == "007011"
    late = await asker.code()
    state.clock.advance(timedelta(seconds=240))
    assert refused(await asker.token(code=late)) == "007011"


async def test_a_code_is_bound_to_address_scope_and_system(asker: Asker) -> None:
    """Another address, another scope: refused, and the code is spent."""
    for change in ({"redirect_uri": CALLBACK + "/other"}, {"scope": "openid"}):
        code = await asker.code()
        assert refused(await asker.token(code=code, **change)) == "007011"
        assert refused(await asker.token(code=code)) == "007011"


async def test_a_refresh_token_rotates(asker: Asker) -> None:
    """Each is good once; either signed text of the two that clients use is taken."""
    first = await asker.tokens()
    request = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = (await asker.token(**request)).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert refused(await asker.token(**request)) == "007011"
    assert asker.key is not None
    given = asker.token_request(**request | {"refresh_token": second["refresh_token"]})
    names = ("client_id", "scope", "timestamp", "state", "refresh_token")
    other = asker.key.sign("".join(given[name] for name in names).encode())
    given["client_secret"] = base64.urlsafe_b64encode(other).decode()
    assert (await asker.browser.post(f"{ESIA}/aas/oauth2/v3/te", data=given)).status_code == 200


async def test_online_access_gives_no_refresh_token(asker: Asker) -> None:
    """And no id token without `openid`."""
    tokens = await asker.tokens(access_type="online", scope="fullname")
    assert set(tokens) == {"access_token", "state", "token_type", "expires_in"}


async def test_pkce(asker: Asker) -> None:
    """A challenge wants its verifier; a verifier wants a challenge."""
    verifier = "v" * 64
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    good = await asker.code(**asked)
    assert (await asker.token(code=good, code_verifier=verifier)).status_code == 200
    assert refused(await asker.token(code=await asker.code(**asked), code_verifier="w" * 64)) == "007040"
    assert refused(await asker.token(code=await asker.code(**asked))) == "007040"
    assert refused(await asker.token(code=await asker.code(), code_verifier=verifier)) == "007039"


async def test_consent_is_asked_once_for_the_same_rights(asker: Asker) -> None:
    """A browser signed in already goes straight back; more rights are asked for anew."""
    await asker.code()
    again = await asker.browser.get(location(await asker.authorize()))
    assert "code" in came_back(again)
    more = await asker.browser.get(location(await asker.authorize(scope=f"{SCOPE} mobile")))
    assert "Предоставить" in more.text
    assert "номер мобильного телефона" in more.text


async def test_log_out_ends_the_session_and_goes_back_home_only(asker: Asker) -> None:
    """To a registered address, by the parameter `redirect_url`; to no other."""
    await asker.code()
    out = f"{ESIA}/idp/ext/Logout"
    home = await asker.browser.get(out, params={"client_id": "SANDBOXGW", "redirect_url": CALLBACK})
    assert home.headers["location"] == CALLBACK
    page = await asker.browser.get(location(await asker.authorize()))
    assert 'name="password"' in page.text
    for query in (
        {"client_id": "SANDBOXGW", "redirect_url": "https://evil.example/"},
        {"client_id": "NOBODY", "redirect_url": CALLBACK},
        {"client_id": "SANDBOXGW", "redirect_uri": CALLBACK},
    ):
        stays = await asker.browser.get(out, params=query)
        assert (stays.status_code, "location" in stays.headers) == (200, False)


async def test_two_tabs_do_not_disturb_each_other(asker: Asker) -> None:
    """Each request has a sign-in of its own."""
    one, two = await asker.authorize(), await asker.authorize()
    first, second = [came_back(await sign_in(asker.browser, tab, "moscow_mother")) for tab in (one, two)]
    assert first["state"] != second["state"]
    for back in (first, second):
        assert (await asker.token(code=back["code"])).status_code == 200


async def test_a_sign_in_belongs_to_its_browser(asker: Asker, state: SandboxState) -> None:
    """Its address opens nothing elsewhere, nor after half an hour."""
    started = location(await asker.authorize())
    cookies = dict(asker.browser.cookies)
    asker.browser.cookies.clear()
    assert (await asker.browser.get(started)).status_code == 400
    asker.browser.cookies.update(cookies)
    assert (await asker.browser.get(started)).status_code == 200
    state.clock.advance(timedelta(minutes=30))
    assert (await asker.browser.get(started)).status_code == 400


async def test_a_request_may_be_reloaded_until_it_is_answered(asker: Asker) -> None:
    """After the answer its state is spent."""
    given = asker.request()
    address = f"{ESIA}/aas/oauth2/v2/ac"
    await asker.browser.get(address, params=given)
    again = await asker.browser.get(address, params=given)
    assert "code" in came_back(await sign_in(asker.browser, again, "moscow_mother"))
    assert refused(await asker.browser.get(address, params=given)) == "007003"


async def test_new_keys_sign_and_the_old_certificates_stay(asker: Asker, browser: httpx2.AsyncClient) -> None:
    """A rotation publishes four certificates; the tokens verify with the new ones only."""
    rotated = await browser.post(f"{CONTROL}/_sandbox/esia/keys")
    ders = [
        one.public_bytes(Encoding.DER)
        for one in x509.load_pem_x509_certificates(rotated.json()["trusted_certificates"].encode())
    ]
    text, _, signature = (await asker.tokens())["id_token"].rpartition(".")
    assert len(ders) == 4
    verdicts = [
        gost.verifies(read_certificate(one).key, text.encode(), unbase64(signature))
        for one in (ders[0], ders[2])
    ]
    assert verdicts == [True, False]
