"""Making a self-signed certificate for a new key, which the test stand takes and a sandbox may."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.hashes import SHA1, Hash
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID

from diary_gosuslugi.signing.gost import PrivateKey, sign
from diary_gosuslugi.signing.keys import public_key_info
from diary_gosuslugi.signing.structures import (
    CERTIFICATE_SIGNATURE,
    Algorithm,
    Certificate,
    Extension,
    TbsCertificate,
    Validity,
)

__all__ = ["self_signed"]

_V3: Final = 2
_SIGNED: Final = Algorithm(algorithm=CERTIFICATE_SIGNATURE, parameters=None)
_LAST_UTC_TIME: Final = 2049


def self_signed(
    key: PrivateKey, *, common_name: str, organization: str, since: datetime, lifetime: timedelta
) -> bytes:
    """Return a certificate in PEM, signed by its own key.

    Args:
        key: The key; takes two signatures' time.
        common_name: The mnemonic of the system.
        organization: Who runs it.
        since: First valid moment, aware; fractions of a second are dropped.
        lifetime: Until when it is valid after that.

    Raises:
        ValueError: A name is empty or too long.
    """
    name = _name(common_name, organization)
    public = public_key_info(key.public)
    tbs = TbsCertificate(
        version=_V3,
        serial=x509.random_serial_number(),
        signature=_any(_SIGNED),
        issuer=name,
        validity=Validity(since=_time(since), until=_time(since + lifetime)),
        subject=name,
        key=public,
        issuer_id=None,
        subject_id=None,
        extensions=_extensions(public.key.as_bytes()),
    )
    signature = sign(key, asn1.encode_der(tbs))
    der = asn1.encode_der(Certificate(tbs=tbs, algorithm=_SIGNED, signature=asn1.BitString(signature, 0)))
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def _name(common_name: str, organization: str) -> asn1.TLV:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "RU"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    return asn1.decode_der(asn1.TLV, name.public_bytes())


def _extensions(public_key: bytes) -> list[Extension]:
    digest = Hash(SHA1())  # noqa: S303  an identifier by RFC 5280 §4.2.1.2, no protection
    digest.update(public_key)
    key_id = digest.finalize()
    written: list[tuple[x509.ObjectIdentifier, bool, x509.ExtensionType]] = [
        (ExtensionOID.BASIC_CONSTRAINTS, True, x509.BasicConstraints(ca=True, path_length=0)),
        (ExtensionOID.SUBJECT_KEY_IDENTIFIER, False, x509.SubjectKeyIdentifier(key_id)),
    ]
    return [
        Extension(id=oid, critical=critical, value=extension.public_bytes())
        for oid, critical, extension in written
    ]


def _time(moment: datetime) -> asn1.UTCTime | asn1.GeneralizedTime:
    whole = moment.replace(microsecond=0)
    return asn1.UTCTime(whole) if whole.year <= _LAST_UTC_TIME else asn1.GeneralizedTime(whole)


def _any(value: object) -> asn1.TLV:
    return asn1.decode_der(asn1.TLV, asn1.encode_der(value))
