"""Digests and bare signatures agree with the published vectors and with OpenSSL, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plugins.gosuslugi.conftest import Openssl
from tests.plugins.gosuslugi.parties import Party

from diary_gosuslugi.signing import gost, read_certificate
from diary_gosuslugi.signing.gost import PrivateKey, PublicKey

KEY = gost.new_key()
PUBLIC = KEY.public
MESSAGE = b"DIARYGW01openid fullname"
SIGNATURE = gost.sign(KEY, MESSAGE)


def test_the_digests_of_the_vectors(vectors: dict[str, list[dict[str, str]]]) -> None:
    """Streebog-256 of each published text is the published digest."""
    made = [gost.streebog256(vector["utf8"].encode()).hex() for vector in vectors["streebog256"]]
    assert made == [vector["hex"] for vector in vectors["streebog256"]]


def test_digests_of_every_length_around_a_block(openssl: Openssl) -> None:
    """Lengths up to three blocks of 64 bytes give OpenSSL's digest: padding is where such code breaks."""
    texts = [bytes(range(length)) for length in range(193)]
    ours = {len(text): gost.streebog256(text) for text in texts}
    theirs = {
        len(text): openssl("dgst", "-md_gost12_256", "-binary", given=text).stdout
        for text in texts
        if len(text) % 64 in {0, 1, 63} or len(text) in range(30, 34)
    }
    assert {length: digest for length, digest in theirs.items() if ours[length] != digest} == {}


def test_the_signature_of_the_vectors(vectors: dict[str, dict[str, str]]) -> None:
    """The published signature verifies; another text or the reversed byte order does not."""
    vector = vectors["raw_signature"]
    key = read_certificate(vectors["relying_party"]["certificate_pem"].encode()).key
    assert isinstance(key, PublicKey)
    message, signature = vector["message_utf8"].encode(), bytes.fromhex(vector["signature_hex_s_then_r"])
    reversed_order = bytes.fromhex(vector["same_signature_as_cryptopro_csptest_would_emit_hex"])
    assert gost.verify(key, message, signature)
    assert not gost.verify(key, vector["tampered_message_must_fail_utf8"].encode(), signature)
    assert not gost.verify(key, message, reversed_order)
    assert not gost.verify(key, message, signature[32:] + signature[:32])


def test_openssl_takes_our_signature(party: Party, openssl: Openssl, tmp_path: Path) -> None:
    """`openssl dgst -verify` accepts what we sign, and refuses it over another text."""
    public, signature = tmp_path / "public.pem", tmp_path / "signature"
    public.write_bytes(openssl("x509", "-in", party.certificate_file, "-pubkey", "-noout").stdout)
    signature.write_bytes(gost.sign(party.key, MESSAGE))
    checked = ("dgst", "-md_gost12_256", "-verify", public, "-signature", signature)
    assert openssl(*checked, given=MESSAGE).stdout == b"Verified OK\n"
    assert openssl(*checked, given=MESSAGE + b"x").stdout != b"Verified OK\n"


def test_we_take_openssls_signature(party: Party, openssl: Openssl) -> None:
    """What `openssl dgst -sign` makes verifies here, and not over another text."""
    made = openssl("dgst", "-md_gost12_256", "-binary", "-sign", party.key_file, given=MESSAGE).stdout
    assert party.certificate.verifies(MESSAGE, made)
    assert not party.certificate.verifies(MESSAGE + b"x", made)


def test_signing_twice_never_repeats_the_randomness() -> None:
    """Two signatures of one text differ in r: a repeated nonce would give the key away."""
    assert len({gost.sign(KEY, MESSAGE)[32:] for _ in range(4)}) == 4


@given(position=st.integers(0, 63), flipped=st.integers(1, 255))
def test_any_changed_byte_is_refused(position: int, flipped: int) -> None:
    """No byte of a signature may change."""
    changed = bytearray(SIGNATURE)
    changed[position] ^= flipped
    assert not gost.verify(PUBLIC, MESSAGE, bytes(changed))


@given(signature=st.binary(max_size=130))
def test_a_stray_signature_is_refused_not_an_error(signature: bytes) -> None:
    """Whatever stands where a signature should, of any length, is only ever wrong."""
    assert not gost.verify(PUBLIC, MESSAGE, signature)


@pytest.mark.parametrize(
    "signature",
    [bytes(64), b"\xff" * 64, bytes(32) + SIGNATURE[32:]],
    ids=["zeros", "above the order", "half zero"],
)
def test_numbers_out_of_range_are_refused(signature: bytes) -> None:
    """Zero and numbers above the order are no signature."""
    assert not gost.verify(PUBLIC, MESSAGE, signature)


def test_a_signature_that_leads_off_the_curve_is_refused() -> None:
    """With r equal to s and the curve's own point for a key, its two points have no sum: no error, but no."""
    base = PrivateKey(1).public
    assert not gost.verify(base, MESSAGE, 2 * SIGNATURE[:32])


@pytest.mark.parametrize(
    ("x", "y"),
    [(0, 0), (1, 1), (PUBLIC.x, PUBLIC.y + 1), (2**256, PUBLIC.y), (-1, 5)],
    ids=["origin", "off", "beside", "too large", "negative"],
)
def test_a_key_off_the_curve_is_refused(x: int, y: int) -> None:
    """Only points of the curve are keys."""
    with pytest.raises(ValueError, match="public key"):
        PublicKey(x, y)


def test_a_private_key_shows_nowhere() -> None:
    """Neither repr nor an error of a key holds its number."""
    assert str(KEY.number) not in repr(KEY)
    with pytest.raises(ValueError, match="between 0 and q") as refused:
        PrivateKey(2**256 + 12345)
    assert "12345" not in str(refused.value)
