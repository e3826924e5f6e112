"""Keys and certificates in files: read from every tool's writing, written so that OpenSSL reads them."""

from __future__ import annotations

import base64
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from tests.plugins.gosuslugi.conftest import Openssl
from tests.plugins.gosuslugi.parties import Party

from diary_gosuslugi.signing import (
    new_key,
    private_key_pem,
    read_certificate,
    read_certificates,
    read_private_key,
    self_signed,
)
from diary_gosuslugi.signing.gost import PublicKey
from diary_gosuslugi.signing.structures import PrivateKeyInfo

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def ordinary_certificate(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "invented")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(7)
    built = builder.public_key(key.public_key()).not_valid_before(NOW).not_valid_after(NOW)
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def rewritten(pem: bytes, content: bytes) -> bytes:
    """The same key file with the secret number written another way."""
    info = asn1.decode_der(PrivateKeyInfo, base64.b64decode(b"".join(pem.splitlines()[1:-1])))
    info.key = content
    return asn1.encode_der(info)


def new_pair(openssl: Openssl, paramset: str, key: Path, certificate: Path) -> CompletedProcess[bytes]:
    curve = ("-newkey", "gost2012_256", "-pkeyopt", f"paramset:{paramset}", "-nodes")
    return openssl("req", "-x509", *curve, "-subj", "/C=RU/CN=TESTSYS01", "-keyout", key, "-out", certificate)


def test_a_written_key_reads_back() -> None:
    """PEM out, the same key in."""
    key = new_key()
    assert read_private_key(private_key_pem(key)) == key


def test_every_writing_of_the_number_is_read() -> None:
    """Bare bytes, an OCTET STRING within, and an INTEGER: tools differ, the key is one."""
    key = new_key()
    little = key.number.to_bytes(32, "little")
    writings = [little, asn1.encode_der(little), asn1.encode_der(key.number)]
    assert [read_private_key(rewritten(private_key_pem(key), one)) for one in writings] == [key] * 3


def test_openssl_makes_a_pair_we_read(openssl: Openssl, tmp_path: Path) -> None:
    """Key and certificate made by `openssl req` belong together here too."""
    key_file, certificate_file = tmp_path / "k.pem", tmp_path / "c.pem"
    made = new_pair(openssl, "A", key_file, certificate_file)
    assert made.returncode == 0, made.stderr
    certificate = read_certificate(certificate_file.read_bytes())
    assert read_private_key(key_file.read_bytes()).public == certificate.key
    assert certificate.subject == "CN=TESTSYS01,C=RU"


def test_openssl_accepts_our_certificate(party: Party, openssl: Openssl) -> None:
    """A certificate signed here verifies by itself in OpenSSL; its hash is OpenSSL's digest of its DER."""
    verified = openssl("verify", "-check_ss_sig", "-CAfile", party.certificate_file, party.certificate_file)
    assert verified.returncode == 0, verified.stderr
    digest = openssl("dgst", "-md_gost12_256", "-binary", given=party.certificate.der).stdout
    assert party.certificate.hash == digest.hex().upper()


def test_the_certificates_of_the_vectors(vectors: dict[str, dict[str, str]]) -> None:
    """Hash and public point of both published certificates are the published ones."""
    ours = read_certificate(vectors["relying_party"]["certificate_pem"].encode())
    theirs = read_certificate(vectors["esia_sandbox_signer"]["certificate_pem"].encode())
    assert ours.hash == vectors["relying_party"]["client_certificate_hash"]
    assert theirs.hash == vectors["esia_sandbox_signer"]["x5t#St256"]
    for certificate, published in ((ours, "relying_party"), (theirs, "esia_sandbox_signer")):
        assert isinstance(certificate.key, PublicKey)
        assert hex(certificate.key.x) == vectors[published]["public_x"]
        assert hex(certificate.key.y) == vectors[published]["public_y"]


def test_a_certificate_is_valid_between_its_dates() -> None:
    """Both ends belong to it."""
    pem = self_signed(new_key(), common_name="A", organization="B", since=NOW, lifetime=timedelta(days=365))
    made = read_certificate(pem)
    second = timedelta(seconds=1)
    moments = (NOW - second, NOW, NOW + timedelta(days=365), NOW + timedelta(days=365) + second)
    assert [made.valid_at(moment) for moment in moments] == [False, True, True, False]


def test_a_certificate_may_outlive_utc_time() -> None:
    """Years from 2050 on are written the other way, and read back."""
    pem = self_signed(
        new_key(), common_name="A", organization="B", since=NOW, lifetime=timedelta(days=365 * 30)
    )
    assert read_certificate(pem).until.year == 2056


def test_a_bundle_keeps_its_order(party: Party) -> None:
    """GOST and RSA certificates stand in one PEM file, text between them included; DER is read too."""
    rsa_pem = ordinary_certificate(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    bundle = b"first\n" + party.certificate_file.read_bytes() + b"second\n" + rsa_pem
    kinds = [type(certificate.key).__name__ for certificate in read_certificates(bundle)]
    assert kinds == ["PublicKey", "RSAPublicKey"]
    assert read_certificate(ssl.PEM_cert_to_DER_cert(rsa_pem.decode())) == read_certificate(rsa_pem)


def test_other_keys_are_refused(party: Party) -> None:
    """A curve of another country, a bundle where one is meant, a key in place of a certificate."""
    elliptic = ordinary_certificate(ec.generate_private_key(ec.SECP256R1()))
    pem = party.certificate_file.read_bytes()
    for refused in (elliptic, pem + pem, party.key_file.read_bytes(), b""):
        with pytest.raises(ValueError, match=r".+"):
            read_certificate(refused)


def test_another_curve_is_refused(openssl: Openssl, tmp_path: Path) -> None:
    """A GOST key on a curve ЕСИА does not use is refused both as key and in a certificate."""
    for paramset in ("B", "TCA"):
        made = new_pair(openssl, paramset, tmp_path / "k.pem", tmp_path / "c.pem")
        assert made.returncode == 0, made.stderr
        with pytest.raises(ValueError, match="256 bits"):
            read_private_key((tmp_path / "k.pem").read_bytes())
        with pytest.raises(ValueError, match="curve"):
            read_certificate((tmp_path / "c.pem").read_bytes())


@given(junk=st.binary(max_size=200))
def test_a_broken_key_says_nothing_of_itself(junk: bytes) -> None:
    """Whatever the file holds, the error is one fixed sentence without a cause."""
    with pytest.raises(ValueError, match="no unencrypted GOST") as refused:
        read_private_key(junk)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


@given(junk=st.binary(max_size=200))
def test_a_broken_certificate_is_a_value_error(junk: bytes) -> None:
    """Nothing but a certificate is read as one."""
    with pytest.raises(ValueError, match=r".+"):
        read_certificates(b"-----BEGIN CERTIFICATE-----\n" + junk + b"\n-----END CERTIFICATE-----")
