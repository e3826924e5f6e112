"""Signing in pure Python: needs nothing installed, takes some tens of milliseconds."""

from __future__ import annotations

from diary_gosuslugi.signing import cms, gost
from diary_gosuslugi.signing.certificate import Certificate
from diary_gosuslugi.signing.slow_work import SlowWork

__all__ = ["PythonSigner"]


class PythonSigner:
    """A `Signer` on `gostcrypto`.

    Args:
        key: The key.
        certificate: Its certificate.
        slow_work: Where it signs.
    """

    def __init__(self, key: gost.PrivateKey, certificate: Certificate, slow_work: SlowWork) -> None:
        self._key = key
        self._certificate = certificate
        self._slow_work = slow_work

    @property
    def certificate_hash(self) -> str:
        """Streebog-256 of the certificate's DER, 64 upper-case hex digits."""
        return self._certificate.hash

    async def sign(self, message: bytes) -> bytes:
        """Return the bare signature, 64 bytes."""
        return await self._slow_work.run(gost.sign, self._key, message)

    async def sign_cms(self, message: bytes) -> bytes:
        """Return a detached CMS signature in DER."""
        return cms.detached(self._certificate.der, await self.sign(message))
