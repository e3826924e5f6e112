"""Detached CMS signatures, which the legacy pair of ЕСИА's endpoints takes.

Without signed attributes: ЕСИА takes both kinds, and the URL they travel in stays short.

Source: RFC 5652; GOST identifiers by RFC 4490 and R 1323565.1.025-2019.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat import asn1

from diary_gosuslugi.signing.structures import (
    DATA,
    DIGEST,
    KEY,
    SIGNED_DATA,
    Algorithm,
    Certificate,
    ContentInfo,
    IssuerAndSerial,
    NoContent,
    SignedData,
    SignerInfo,
)

__all__ = ["detached"]

_V1: Final = 1
_DIGEST: Final = Algorithm(algorithm=DIGEST, parameters=None)


def detached(certificate_der: bytes, signature: bytes) -> bytes:
    """Wrap a signature of a message and its certificate in DER.

    Args:
        certificate_der: Of the key that signed.
        signature: s‖r of the message itself.

    Raises:
        ValueError: The certificate is no GOST certificate.
    """
    tbs = asn1.decode_der(Certificate, certificate_der).tbs
    signer = SignerInfo(
        version=_V1,
        signer=IssuerAndSerial(issuer=tbs.issuer, serial=tbs.serial),
        digest=_DIGEST,
        algorithm=Algorithm(algorithm=KEY, parameters=None),
        signature=signature,
    )
    signed = SignedData(
        version=_V1,
        digests=asn1.SetOf([_DIGEST]),
        content=NoContent(kind=DATA),
        certificates=asn1.SetOf([asn1.decode_der(asn1.TLV, certificate_der)]),
        signers=asn1.SetOf([signer]),
    )
    return asn1.encode_der(ContentInfo(kind=SIGNED_DATA, content=signed))
