"""Requests carry the published parameters, signed over the published text, byte for byte."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat import asn1
from tests.plugins.gosuslugi.parties import Party, sample, unbase64url
from tests.plugins.gosuslugi.settings import options

from diary_gosuslugi.setup import read_setup
from diary_gosuslugi.signed_request import Request, proof, text_to_sign, written
from diary_gosuslugi.signing import SlowWork
from diary_gosuslugi.signing.structures import ContentInfo

pytestmark = pytest.mark.anyio
MOMENT = datetime(2025, 11, 22, 8, 25, 40, tzinfo=UTC)


def published(name: str) -> tuple[dict[str, str], Request]:
    """A published request, and ours with the same values."""
    body = sample(name)
    params: dict[str, str] = body.get("params") or body["params_without_secret"]
    code = params.get("code", "")
    kind = "code" if code else "authorize"
    return params, Request(kind, params["scope"], params["state"], params["redirect_uri"], code)


def test_the_text_of_an_authorize_request(party: Party, esia: Party) -> None:
    """client_id, scope, timestamp, state, redirect_uri, with nothing between."""
    params, request = published("authorize_request_v2")
    text = text_to_sign(options(party, esia), request, params["timestamp"])
    assert text == sample("authorize_request_v2")["string_to_sign"]


def test_the_text_of_a_token_request(party: Party, esia: Party) -> None:
    """The same, with the new state and the code at its end."""
    params, request = published("token_request_v3")
    order: list[str] = sample("token_request_v3")["string_to_sign_order"]
    text = text_to_sign(options(party, esia), request, params["timestamp"])
    assert text == "".join(params[name] for name in order)


def test_the_text_of_a_legacy_request(party: Party, esia: Party) -> None:
    """Another order, and neither the address nor the code is signed."""
    params, request = published("authorize_request_v1_legacy")
    legacy = options(party, esia, endpoints="legacy")
    text = text_to_sign(legacy, request, params["timestamp"])
    assert text == sample("authorize_request_v1_legacy")["string_to_sign"]
    with_code = Request("code", request.scope, request.state, request.redirect_uri, "a code")
    assert text_to_sign(legacy, with_code, params["timestamp"]) == text


@pytest.mark.parametrize(("variant", "last"), [("redirect_uri", "https://us"), ("refresh_token", "spent")])
def test_the_text_of_a_refresh(variant: str, last: str, party: Party, esia: Party) -> None:
    """Public clients contradict each other, so the operator chooses what stands at its end."""
    request = Request("refresh", "openid", "a-state", "https://us", "spent")
    text = text_to_sign(options(party, esia, refresh_signs=variant), request, "T")
    assert text == f"DIARYGW01openidTa-state{last}"


def test_the_moment_is_written_in_utc() -> None:
    """Whatever zone the clock is in: `yyyy.MM.dd HH:mm:ss +0000`."""
    moscow = timezone(timedelta(hours=3))
    assert written(MOMENT) == "2025.11.22 08:25:40 +0000"
    assert written(MOMENT.astimezone(moscow)) == "2025.11.22 08:25:40 +0000"


async def test_a_current_request_proves_itself(party: Party, esia: Party) -> None:
    """86 characters of bare signature, the hash of the certificate, and the published names."""
    params, request = published("authorize_request_v2")
    made = await proof(read_setup(options(party, esia), SlowWork()), request, MOMENT)
    text = str(sample("authorize_request_v2")["string_to_sign"]).encode()
    assert len(made["client_secret"]) == 86
    assert party.certificate.verifies(text, unbase64url(made["client_secret"]))
    assert made["client_certificate_hash"] == party.certificate.hash
    same = made.keys() - {"client_secret", "client_certificate_hash"}
    assert {name: made[name] for name in same} == {name: params[name] for name in same}
    assert params.keys() - made.keys() == {"response_type", "access_type"}


async def test_a_legacy_request_proves_itself(party: Party, esia: Party) -> None:
    """A CMS with our certificate inside, over the legacy text; no hash beside it."""
    _, request = published("authorize_request_v1_legacy")
    made = await proof(read_setup(options(party, esia, endpoints="legacy"), SlowWork()), request, MOMENT)
    signed = asn1.decode_der(ContentInfo, unbase64url(made["client_secret"])).content
    text = str(sample("authorize_request_v1_legacy")["string_to_sign"]).encode()
    assert party.certificate.verifies(text, signed.signers.as_list()[0].signature)
    assert "client_certificate_hash" not in made


def test_a_request_shows_no_secret() -> None:
    """Its repr holds neither code nor refresh token."""
    assert "a-canary" not in repr(Request("code", "openid", "state", "https://us", "a-canary"))
