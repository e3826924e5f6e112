"""Signatures against vectors OpenSSL accepts, and against one wrong byte anywhere."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from diary_sandbox.esia.signing import cms, der
from diary_sandbox.esia.signing.certificates import (
    BadCertificate,
    Certificate,
    private_key_pem,
    read_certificate,
    self_signed,
)
from diary_sandbox.esia.signing.gost import PrivateKey, PublicKey, streebog256, verifies

_VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "samples" / "esia" / "gost_vectors.json").read_text()
)


def _certificate(owner: str) -> Certificate:
    pem = _VECTORS[owner]["certificate_pem"].encode()
    return read_certificate(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER))


def _unbase64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_digests_are_those_of_the_vectors() -> None:
    """Streebog-256 of texts, and of a certificate in upper-case hex."""
    for vector in _VECTORS["streebog256"]:
        assert streebog256(vector["utf8"].encode()).hex() == vector["hex"]
    owner = _VECTORS["relying_party"]
    assert _certificate("relying_party").hash == owner["client_certificate_hash"]
    assert hex(_certificate("relying_party").key.x) == owner["public_x"]


def test_the_raw_signature_of_the_vectors_verifies_and_nothing_else_does() -> None:
    """Not another message, not the byte order of other tools, not one bit more or less."""
    vector, key = _VECTORS["raw_signature"], _certificate("relying_party").key
    message, signature = vector["message_utf8"].encode(), bytes.fromhex(vector["signature_hex_s_then_r"])
    assert verifies(key, message, signature)
    assert not verifies(key, vector["tampered_message_must_fail_utf8"].encode(), signature)
    flipped = bytes.fromhex(vector["same_signature_as_cryptopro_csptest_would_emit_hex"])
    others = [flipped, signature[32:] + signature[:32], signature[:-1], signature + b"\0", b"", bytes(64)]
    others += [signature[:at] + bytes((signature[at] ^ 1,)) + signature[at + 1 :] for at in range(0, 64, 9)]
    assert [verifies(key, message, one) for one in others] == [False] * len(others)


@pytest.mark.parametrize("token", ["jws_access_token", "jws_id_token", "jws_code"])
def test_tokens_of_the_vectors_verify(token: str) -> None:
    """With the certificate beside them."""
    text, _, signature = _VECTORS[token].rpartition(".")
    assert verifies(_certificate("esia_sandbox_signer").key, text.encode(), _unbase64(signature))


@pytest.mark.parametrize("kind", ["with_signed_attributes_base64url", "without_signed_attributes_base64url"])
def test_cms_of_the_vectors_verifies_and_no_byte_may_change(kind: str) -> None:
    """A changed byte gives a refusal, or another certificate, which no system has registered."""
    vector, certificate = _VECTORS["cms_detached"], _certificate("relying_party")
    message, signature = vector["message_utf8"].encode(), _unbase64(vector[kind])
    assert cms.signer_of(signature, message).der == certificate.der
    with pytest.raises(cms.BadCms):
        cms.signer_of(signature, message + b"x")
    accepted: list[int] = []
    for at in range(0, len(signature), 7):
        changed = bytearray(signature)
        changed[at] ^= 1
        try:
            if cms.signer_of(bytes(changed), message).der == certificate.der:
                accepted.append(at)
        except cms.BadCms:
            continue
    assert accepted == []


def test_a_key_made_here_signs_and_its_certificate_reads_back() -> None:
    """Two signatures of a message differ and both verify; the key is told as OpenSSL's engine writes it."""
    key = PrivateKey.new()
    certificate = self_signed(key, "SYSTEM", datetime(2026, 9, 1, tzinfo=UTC))
    assert certificate.key == key.public()
    assert certificate.valid_at(datetime(2030, 1, 1, tzinfo=UTC))
    assert not certificate.valid_at(datetime(2026, 8, 31, tzinfo=UTC))
    one, two = key.sign(b"message"), key.sign(b"message")
    assert one != two
    assert verifies(key.public(), b"message", one)
    assert verifies(key.public(), b"message", two)
    assert private_key_pem(key).startswith("-----BEGIN PRIVATE KEY-----\nME")


def test_a_point_off_the_curve_is_no_key() -> None:
    """Nor are numbers beyond the field."""
    key = PrivateKey.new().public()
    for x, y in ((key.x, key.y + 1), (key.x + 2**256, key.y), (0, 0)):
        with pytest.raises(ValueError, match="curve"):
            PublicKey(x, y)


@given(st.binary(max_size=400))
def test_rubbish_is_refused_with_the_one_error(rubbish: bytes) -> None:
    """Whatever a stranger sends as certificate or CMS."""
    with pytest.raises(BadCertificate):
        read_certificate(rubbish)
    with pytest.raises(cms.BadCms):
        cms.signer_of(rubbish, b"message")
    with pytest.raises(cms.BadCms):
        cms.signer_of(der.write(der.SEQUENCE, der.oid("1.2.840.113549.1.7.2"), rubbish), b"message")
