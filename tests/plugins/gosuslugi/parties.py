"""Those who sign in these tests: our system and an invented ЕСИА, with keys made for the run."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID

from diary_gosuslugi.signing import (
    Certificate,
    PrivateKey,
    gost,
    new_key,
    private_key_pem,
    read_certificate,
    self_signed,
)

DATA = Path(__file__).parents[2] / "samples" / "esia"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CLIENT_ID = "DIARYGW01"
ISSUER = "http://esia.gosuslugi.ru/"
OID = 1000999001
VALID_FROM = datetime(2026, 1, 1, tzinfo=UTC)
VALID_FOR = timedelta(days=365 * 3)


def sample(name: str) -> dict[str, Any]:  # as the file has it
    """A sample body."""
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


@dataclass(frozen=True)
class Party:
    """One who signs with GOST: a key and its certificate, in memory and in files."""

    key: PrivateKey
    certificate: Certificate
    key_file: Path
    certificate_file: Path

    @property
    def trusted_file(self) -> Path:
        """A bundle of its certificate and that of the RSA key."""
        return self.certificate_file.with_suffix(".bundle")


def new_party(folder: Path, *, since: datetime = VALID_FROM, name: str = CLIENT_ID) -> Party:
    key = new_key()
    pem = self_signed(key, common_name=name, organization="Invented", since=since, lifetime=VALID_FOR)
    key_file, certificate_file = folder / f"{name}.key", folder / f"{name}.pem"
    key_file.write_bytes(private_key_pem(key))
    certificate_file.write_bytes(pem)
    certificate_file.with_suffix(".bundle").write_bytes(pem + rsa_certificate())
    return Party(key, read_certificate(pem), key_file, certificate_file)


@lru_cache(maxsize=1)
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def rsa_certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "INVENTED ESIA")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(7)
    built = built.public_key(rsa_key().public_key())
    built = built.not_valid_before(VALID_FROM).not_valid_after(VALID_FROM + VALID_FOR)
    return built.sign(rsa_key(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unbase64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def packed(value: object) -> str:
    return base64url(json.dumps(value, ensure_ascii=False).encode())


def gost_token(header: Mapping[str, object], payload: object, key: PrivateKey) -> str:
    """A compact token signed with GOST, whatever its header claims."""
    message = f"{packed(header)}.{packed(payload)}"
    return f"{message}.{base64url(gost.sign(key, message.encode()))}"


def rsa_token(header: Mapping[str, object], payload: object) -> str:
    """A compact token signed with RS256, whatever its header claims."""
    message = f"{packed(header)}.{packed(payload)}"
    return f"{message}.{base64url(rsa_key().sign(message.encode(), PKCS1v15(), hashes.SHA256()))}"


def header(kind: str, algorithm: str = "GOST3410_2012_256", **more: object) -> dict[str, object]:
    return {"ver": 1, "typ": "JWT", "sbt": kind, "alg": algorithm, **more}


def id_claims(now: datetime = NOW, *, level: str | None = "PR", oid: object = OID) -> dict[str, object]:
    """Claims of an id token, as `data/jwt_id_token.json` has them."""
    second = int(now.timestamp())
    subject = {"urn:esia:sbj:typ": "P", "urn:esia:sbj:oid": oid, "urn:esia:sbj:nam": f"OID.{oid}"}
    if level is not None:
        subject["urn:esia:sbj:lvl"] = level
    return {
        "aud": CLIENT_ID,
        "sub": oid,
        "nbf": second,
        "iat": second,
        "exp": second + 10800,
        "amr": "PWD",
        "iss": ISSUER,
        "urn:esia:sbj": subject,
    }


def access_claims(now: datetime = NOW, *, scope: str = "openid", oid: object = OID) -> dict[str, object]:
    """Claims of an access token, as `data/jwt_access_token.json` has them."""
    second = int(now.timestamp())
    granted = " ".join(one if one == "openid" else f"{one}?oid={oid}" for one in scope.split())
    return {
        "nbf": second,
        "iat": second,
        "exp": second + 3600,
        "scope": granted,
        "iss": ISSUER,
        "urn:esia:sbj_id": oid,
        "client_id": CLIENT_ID,
    }
