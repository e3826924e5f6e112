"""RSA keys made at start and the JWTs signed with them."""

from dataclasses import dataclass, field
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from diary_sandbox.state import Store


def _make() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": str(uuid4()), "use": "sig", "alg": "RS256"}, private=True)


@dataclass(frozen=True)
class SigningKey:
    """One issuer's key; never leaves the process and dies with it."""

    _key: RSAKey = field(default_factory=_make, repr=False)

    def sign(self, claims: dict[str, object]) -> str:
        """Return a signed JWT (RS256)."""
        header = {"alg": "RS256", "typ": "JWT", "kid": self._key.kid}
        return jwt.encode(header, claims, self._key, algorithms=["RS256"])

    def claims_of(self, token: str) -> dict[str, object] | None:
        """Return the claims of a JWT this key signed, times unchecked; nothing for any other text."""
        try:
            return dict(jwt.decode(token, self._key, algorithms=["RS256"]).claims)
        except (JoseError, ValueError):
            return None


def signing_key(store: Store, issuer: str) -> SigningKey:
    """Return the key of an issuer, made on first use."""
    keys = store.bucket("mesh.signing_keys", SigningKey)
    if issuer not in keys:
        keys[issuer] = SigningKey()
    return keys[issuer]
