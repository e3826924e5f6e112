"""Tokens that are not ЕСИА's word for us, handed out over real HTTP: none is believed, nothing is made."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlencode, urljoin
from uuid import uuid4

import pytest
from pydantic import SecretStr
from tests.api.identities.failures import code_of, pressed
from tests.api.identities.forging import OTHER, Answer, Body, Forger
from tests.api.identities.stack import ENTER, Stack
from tests.api.identities.window import query_of

from diary_sandbox.esia.signing.certificates import hash_of
from diary_sandbox.esia.systems import TokenAlgorithm

pytestmark = pytest.mark.anyio
CANARY: Final = "http://canary.example/"
STRANGER_OID: Final = 1009999999
Attack = Callable[[Answer, str], Body]


def _hmac(answer: Answer) -> Callable[[bytes], bytes]:
    """Sign with ЕСИА's certificate, which everybody has, as if it were a secret."""
    certificate = answer.keys.certificate(answer.algorithm)
    return lambda message: hmac.digest(certificate, message, "sha256")


def _one_byte_off(answer: Answer) -> Callable[[bytes], bytes]:
    def signature(message: bytes) -> bytes:
        made = bytearray(answer.genuine(message))
        made[-1] ^= 1
        return bytes(made)

    return signature


def _subject(answer: Answer, name: str) -> Body:
    """Speak of another person, as ЕСИА's genuine word for somebody else would."""
    if name == "access_token":
        return answer.token(name, urn__esia__sbj_id=STRANGER_OID)
    subject = {"urn:esia:sbj:oid": STRANGER_OID, "urn:esia:sbj:typ": "P", "urn:esia:sbj:lvl": "PR"}
    return answer.token(name, sub=STRANGER_OID, urn__esia__sbj=subject)


ATTACKS: Final[Mapping[str, tuple[Attack, str]]] = {
    "unsigned": (lambda a, t: a.token(t, header={"alg": "none"}, sign=lambda _: b""), ""),
    "none, yet signed": (lambda a, t: a.token(t, header={"alg": "none"}), ".alg"),
    "signed by a shared secret": (lambda a, t: a.token(t, header={"alg": "HS256"}, sign=_hmac(a)), ".alg"),
    "a shared secret under the right name": (lambda a, t: a.token(t, sign=_hmac(a)), ".signature"),
    "the other algorithm of ЕСИА": (
        lambda a, t: a.token(
            t,
            header={"alg": OTHER[a.algorithm].value},
            sign=lambda message: a.keys.signature(OTHER[a.algorithm], message),
        ),
        ".alg",
    ),
    "the other algorithm under the right name": (
        lambda a, t: a.token(t, sign=lambda message: a.keys.signature(OTHER[a.algorithm], message)),
        ".signature",
    ),
    "one wrong byte": (lambda a, t: a.token(t, sign=_one_byte_off(a)), ".signature"),
    "a stranger's key": (
        lambda a, t: a.token(t, sign=lambda message: a.stranger.signature(a.algorithm, message)),
        ".signature",
    ),
    "a stranger's key and certificate": (
        lambda a, t: a.token(
            t,
            header={"x5t#St256": hash_of(a.stranger.certificate(a.algorithm))},
            sign=lambda message: a.stranger.signature(a.algorithm, message),
        ),
        ".signature",
    ),
    "a certificate brought along": (
        lambda a, t: a.token(
            t,
            header={"jku": CANARY, "x5u": CANARY, "jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}},
            sign=lambda message: a.stranger.signature(a.algorithm, message),
        ),
        ".signature",
    ),
    "extensions nobody understands": (lambda a, t: a.token(t, header={"crit": ["b64"]}), ".header"),
    "another type": (lambda a, t: a.token(t, header={"typ": "at+jwt"}), ".header"),
    "a code": (lambda a, t: a.token(t, header={"sbt": "authorization_code"}), ".sbt"),
    "another issuer": (lambda a, t: a.token(t, iss=CANARY), ".iss"),
    "the issuer without its slash": (lambda a, t: a.token(t, iss="http://esia.gosuslugi.ru"), ".iss"),
    "expired": (lambda a, t: a.token(t, exp=a.now - 61), ".exp"),
    "not valid yet": (lambda a, t: a.token(t, nbf=a.now + 61), ".nbf"),
    "issued in the future": (lambda a, t: a.token(t, iat=a.now + 61), ".iat"),
    "without an end": (lambda a, t: a.token(t, exp=None), ".payload"),
    "without a beginning": (lambda a, t: a.token(t, nbf=None), ".payload"),
    "without a time of issue": (lambda a, t: a.token(t, iat=None), ".payload"),
    "endless": (lambda a, t: {t: f"{a.body[t]}{'A' * 9000}"}, ""),
}
"""By what is wrong with either token: how it is made, and the part that is refused."""
OF_TWO: Final[Mapping[str, tuple[Callable[[Answer], Body], str]]] = {
    "an id token for another system": (lambda a: a.token("id_token", aud="OTHERSYS01"), "id_token.aud"),
    "an access token for another system": (
        lambda a: a.token("access_token", client_id="OTHERSYS01"),
        "access_token.client_id",
    ),
    "another person's id token": (lambda a: _subject(a, "id_token"), "id_token.sub"),
    "another person's access token": (lambda a: _subject(a, "access_token"), "id_token.sub"),
    "the access token twice": (lambda a: {"id_token": a.body["access_token"]}, "id_token.sbt"),
    "the id token twice": (lambda a: {"access_token": a.body["id_token"]}, "access_token.sbt"),
    "the tokens swapped": (
        lambda a: {"id_token": a.body["access_token"], "access_token": a.body["id_token"]},
        "id_token.sbt",
    ),
    "no id token": (lambda _: {"id_token": None}, "id_token"),
    "an answer to another request": (lambda _: {"state": str(uuid4())}, "state"),
}
"""By what is wrong with a pair of tokens."""
CHANGES: Final[Mapping[str, tuple[Callable[[Answer], Body], str]]] = {
    **{
        f"{token}: {what}": (lambda answer, make=make, token=token: make(answer, token), f"{token}{part}")
        for token in ("id_token", "access_token")
        for what, (make, part) in ATTACKS.items()
    },
    **OF_TWO,
}


@pytest.mark.slow
@pytest.mark.parametrize("algorithm", [TokenAlgorithm.GOST, TokenAlgorithm.RS256])
async def test_no_forged_token_is_believed(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, algorithm: TokenAlgorithm
) -> None:
    """Each is refused for its own reason, makes neither account nor identity, and is told with a way on."""
    options = stack.gateway.settings.options["gosuslugi"]
    monkeypatch.setitem(options, "token_algorithm", SecretStr(algorithm.value))
    await stack.control("systems", mnemonic="SANDBOXGW", algorithm=algorithm.value)
    window, before = await stack.window(), await stack.kept()
    forger = Forger(stack.sandbox.state, lambda _: {"state": CANARY})
    forger.take_over(monkeypatch)
    page = await window.back(await window.go((await stack.begun(ENTER)).link, ENTER.login))
    refused: dict[str, str | None] = {}
    for what, (change, _) in CHANGES.items():
        forger.change = change
        sent = await window.http.get((await stack.begun(ENTER)).link, headers={"Accept": "application/json"})
        state = query_of(sent.headers["location"])["state"]
        page = await window.back(f"{window.callback}?{urlencode({'code': 'any', 'state': state})}")
        assert (what, code_of(page)) == (what, "identity_unproven")
        refused[what] = stack.to_mend()[-1]["field"]
    assert refused == {what: part for what, (_, part) in CHANGES.items()}
    assert await stack.kept() == before
    said = stack.log.getvalue() + "".join(answer.text for answer in stack.answers)
    assert [word for word in ("eyJ2ZXIi", CANARY, str(STRANGER_OID), "OTHERSYS01") if word in said] == []
    forger.change = lambda _: {}
    gone = await pressed(window, page)
    link = urljoin(stack.url, gone.headers["location"])
    assert (await window.back(await window.go(link, ENTER.login))).status_code == 200


async def test_rotated_certificates_need_no_restart(stack: Stack) -> None:
    """ЕСИА signs by another key, the log says where to look, and the file's new content is taken at once."""
    window = await stack.window()
    address = await window.go((await stack.begun(ENTER)).link, ENTER.login)
    published = await stack.control("keys")
    page = await window.back(address)
    assert code_of(page) == "identity_unproven"
    last = stack.to_mend()[-1]
    assert (last["error"], last["field"]) == ("identity_unproven", "id_token.signature")
    assert "has gosuslugi changed its own?" in last["detail"]
    (stack.folder / "trusted_certificates").write_text(published["trusted_certificates"])
    gone = await pressed(window, page)
    link = urljoin(stack.url, gone.headers["location"])
    assert (await window.back(await window.go(link, ENTER.login))).status_code == 200
