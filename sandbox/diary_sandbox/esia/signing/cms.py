"""Detached CMS signatures with GOST keys, with signed attributes and without.

Source: RFC 5652 §5; what OpenSSL writes, by `gost_vectors.json`.
"""

from typing import Final

from diary_sandbox.esia.signing import der
from diary_sandbox.esia.signing.certificates import (
    DIGEST,
    KEY,
    BadCertificate,
    Certificate,
    read_certificate,
)
from diary_sandbox.esia.signing.gost import streebog256, verifies

_SIGNED_DATA: Final = der.oid("1.2.840.113549.1.7.2")
_DATA: Final = der.oid("1.2.840.113549.1.7.1")
_CONTENT_TYPE: Final = der.oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST: Final = der.oid("1.2.840.113549.1.9.4")
_CONTEXT_0: Final = 0xA0
_VERSION: Final = der.whole_number(1)
_NULL: Final = der.write(der.NULL)


class BadCms(ValueError):
    """Not a detached GOST signature of this message with its certificate inside."""


def signer_of(cms: bytes, message: bytes) -> Certificate:
    """Return the certificate whose key made a detached signature of a message.

    Raises:
        BadCms: It is no such signature: another shape, another message, a wrong byte.
    """
    try:
        certificate, signed, signature = _parts(cms, message)
    except (ValueError, IndexError) as error:
        raise BadCms("not a detached CMS signature with a GOST certificate") from error
    if not verifies(certificate.key, signed, signature):
        raise BadCms("the signature is not that of the message")
    return certificate


def looks_like(secret: bytes) -> bool:
    """Tell whether bytes have at least the outer shape of CMS."""
    try:
        return der.read(secret).inside()[0].raw == _SIGNED_DATA
    except (der.BadDer, IndexError):
        return False


def _parts(cms: bytes, message: bytes) -> tuple[Certificate, bytes, bytes]:
    """Return the signer's certificate, the bytes that are signed, and the signature."""
    kind, wrapped = der.read(cms).expect(der.SEQUENCE).inside()
    _same(kind.raw, _SIGNED_DATA)
    version, digests, content, certificates, *_, signers = _only(wrapped.expect(_CONTEXT_0)).inside()
    _same(version.raw, _VERSION)
    for digest in digests.expect(der.SET).inside():
        _algorithm(digest, DIGEST)
    if [one.raw for one in content.expect(der.SEQUENCE).inside()] != [_DATA]:
        raise BadCms("the content is inside, or is no data")
    (signer,) = signers.expect(der.SET).inside()
    version, who, digest, *rest = signer.expect(der.SEQUENCE).inside()
    _same(version.raw, _VERSION)
    _algorithm(digest, DIGEST)
    signed = message
    if rest[0].tag == _CONTEXT_0:
        signed = _signed_attributes(rest[0], message)
        rest = rest[1:]
    _algorithm(rest[0], KEY)
    certificate = _certificate(certificates.expect(_CONTEXT_0), who)
    return certificate, signed, rest[1].expect(der.OCTET_STRING).content


def _signed_attributes(attributes: der.Element, message: bytes) -> bytes:
    held = {kind.raw: values.inside() for kind, values in (one.inside() for one in attributes.inside())}
    _same(held.get(_CONTENT_TYPE, ())[0].raw, _DATA)
    _same(held.get(_MESSAGE_DIGEST, ())[0].expect(der.OCTET_STRING).content, streebog256(message))
    return der.write(der.SET, attributes.content)


def _certificate(bag: der.Element, who: der.Element) -> Certificate:
    issuer, serial = (one.raw for one in who.expect(der.SEQUENCE).inside())
    for one in bag.inside():
        try:
            certificate = read_certificate(one.raw)
        except BadCertificate:
            continue  # others of the chain may have any key
        if (certificate.issuer, certificate.serial) == (issuer, serial):
            return certificate
    raise BadCms("the signer's certificate is not inside")


def _only(wrapper: der.Element) -> der.Element:
    (inner,) = wrapper.inside()
    return inner.expect(der.SEQUENCE)


def _algorithm(written: der.Element, expected: bytes) -> None:
    """Check an algorithm: its parameters are absent or NULL."""
    kind, *parameters = written.expect(der.SEQUENCE).inside()
    _same(kind.raw, expected)
    if parameters:
        _same(b"".join(one.raw for one in parameters), _NULL)


def _same(one: bytes, other: bytes) -> None:
    if one != other:
        raise BadCms("another kind of signature, or of another message")
