"""Whether a token really comes from ЕСИА and is meant for us.

The rules are few and the same each time, so a compact JWS is taken apart here:
a JOSE library would have to be bent around ЕСИА's algorithm and headers.

Source: rules found in public clients, `docs/sources.md`, Госуслуги; a JWS is RFC 7515 §7.1.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from diary_core.errors import IdentityNotPersonal, IdentityUnproven, Misconfigured
from diary_gosuslugi.signing import Certificate, PublicKey
from diary_gosuslugi.wire import AccessClaims, CodeClaims, Header, IdClaims

__all__ = ["LONGEST", "Algorithm", "TokenRules", "Verified", "state_of", "verify_tokens"]

LONGEST: Final = 8192
"""Characters of a token or a code; genuine ones have some 1300."""
_SKEW_S: Final = 60
_CLOCK: Final = ": is the clock of this machine right?"
_COMPACT: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)", re.ASCII)
_PERSON: Final = "P"

ShapeT = TypeVar("ShapeT", bound=BaseModel)


class Algorithm(StrEnum):
    """How ЕСИА signs its tokens; chosen for each system on its technology portal."""

    RS256 = "RS256"
    GOST = "GOST3410_2012_256"


@dataclass(frozen=True)
class TokenRules:
    """What a token must be to be believed."""

    issuer: str
    """Exact, with its `http` and its last slash."""
    client_id: str
    algorithm: Algorithm
    """The only one accepted."""
    trusted: tuple[Certificate, ...]
    """Certificates of ЕСИА; several, since it changes them yearly."""


@dataclass(frozen=True)
class Verified:
    """What the two tokens of one answer say, once they are believed."""

    subject: str
    level: str | None
    """`PR`, `P`, `KD`, another, or None in old tokens."""
    scopes: frozenset[str]
    """What the person consented to."""


def verify_tokens(id_token: str, access_token: str, rules: TokenRules, now: datetime) -> Verified:
    """Check both tokens of an answer and that they speak of one person; slow, for a thread.

    Raises:
        IdentityUnproven: One is forged, stale, of another kind, for another system or of another person;
            `field` names the part that failed.
        IdentityNotPersonal: They are of an organisation.
        Misconfigured: No trusted certificate is valid now.
    """
    identity = _payload(_ID, id_token, IdClaims, rules, now)
    access = _payload(_ACCESS, access_token, AccessClaims, rules, now)
    if rules.client_id not in identity.aud:
        raise IdentityUnproven("the id token is for another system", field="id_token.aud")
    if access.client_id != rules.client_id:
        raise IdentityUnproven("the access token is for another system", field="access_token.client_id")
    if not identity.sub == identity.subject.oid == access.subject_id:
        raise IdentityUnproven("the two tokens are of different people", field="id_token.sub")
    if identity.subject.kind not in {None, _PERSON}:
        raise IdentityNotPersonal("the account is not a person's", field="id_token.urn:esia:sbj:typ")
    return Verified(
        subject=identity.sub,
        level=identity.subject.level,
        scopes=frozenset(scope.partition("?")[0] for scope in access.scope.split()),
    )


ClaimsT = TypeVar("ClaimsT", IdClaims, AccessClaims)


@dataclass(frozen=True)
class _Kind:
    """A kind of token: what we call it, and its `sbt`."""

    name: str
    sbt: str


_ID: Final = _Kind("id_token", "id")
_ACCESS: Final = _Kind("access_token", "access")


def _payload(kind: _Kind, token: str, shape: type[ClaimsT], rules: TokenRules, now: datetime) -> ClaimsT:
    name = kind.name
    parts = _COMPACT.fullmatch(token) if len(token) <= LONGEST else None
    if parts is None:
        raise IdentityUnproven("no compact token, or too long", field=name)
    header = _read(parts[1], Header, f"{name}.header")
    if header.alg != rules.algorithm:
        raise IdentityUnproven("signed by another algorithm", field=f"{name}.alg")
    if header.typ not in {None, "JWT"} or header.crit is not None:
        raise IdentityUnproven("no plain token", field=f"{name}.header")
    if header.sbt != kind.sbt:
        raise IdentityUnproven("a token of another kind", field=f"{name}.sbt")
    message = f"{parts[1]}.{parts[2]}".encode()
    signature = _decode(parts[3], f"{name}.signature")
    if not any(one.verifies(message, signature) for one in _candidates(header, rules, now)):
        raise IdentityUnproven(
            "no trusted certificate made this signature: has gosuslugi changed its own?",
            field=f"{name}.signature",
        )
    claims = _read(parts[2], shape, f"{name}.payload")
    _check_claims(name, claims, rules, now)
    return claims


def state_of(code: str) -> str | None:
    """Return the state a code says it answers; None for a code that says none.

    Its signature is not checked here: ЕСИА does so when the code is traded, so the claim cannot be changed.
    """
    parts = _COMPACT.fullmatch(code)
    try:
        return _read(parts[2], CodeClaims, "code").state if parts else None
    except IdentityUnproven:  # it need not be a token: clients take it for any text
        return None


def _candidates(header: Header, rules: TokenRules, now: datetime) -> list[Certificate]:
    """Return the certificates a token may be signed by: the one it names, else each that could be."""
    gost = rules.algorithm is Algorithm.GOST
    usable = [one for one in rules.trusted if isinstance(one.key, PublicKey) is gost and one.valid_at(now)]
    if not usable:
        raise Misconfigured(
            f"no trusted certificate for {rules.algorithm} is valid now", field="trusted_certificates"
        )
    if header.certificate_hash is None:
        return usable
    return [one for one in usable if one.hash == header.certificate_hash.upper()]


def _check_claims(name: str, claims: IdClaims | AccessClaims, rules: TokenRules, now: datetime) -> None:
    moment = now.timestamp()
    if claims.iss != rules.issuer:
        raise IdentityUnproven("issued by another", field=f"{name}.iss")
    if claims.exp <= moment - _SKEW_S:
        raise IdentityUnproven(f"expired{_CLOCK}", field=f"{name}.exp")
    if claims.nbf > moment + _SKEW_S:
        raise IdentityUnproven(f"not valid yet{_CLOCK}", field=f"{name}.nbf")
    if claims.iat > moment + _SKEW_S:
        raise IdentityUnproven(f"issued in the future{_CLOCK}", field=f"{name}.iat")


def _decode(part: str, name: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except ValueError:
        pass  # raised anew below, so that neither cause nor context holds the token
    raise IdentityUnproven("no base64url", field=name)


def _read(part: str, shape: type[ShapeT], name: str) -> ShapeT:
    raw = _decode(part, name)
    try:
        return shape.model_validate_json(raw)
    except ValidationError:
        pass  # as above
    raise IdentityUnproven("unexpected shape", field=name)
