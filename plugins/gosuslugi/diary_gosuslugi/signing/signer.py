"""Who signs our requests to ЕСИА."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Signer"]


class Signer(Protocol):
    """Holds a GOST key and its certificate; an HSM or a certified tool fits behind it too."""

    @property
    def certificate_hash(self) -> str:
        """Streebog-256 of the certificate's DER, 64 upper-case hex digits."""
        ...

    async def sign(self, message: bytes) -> bytes:
        """Return the bare signature, 64 bytes: s then r, each big-endian.

        Raises:
            Misconfigured: The signing tool or the key does not work.
        """
        ...

    async def sign_cms(self, message: bytes) -> bytes:
        """Return a detached CMS signature in DER, the certificate inside.

        Raises:
            Misconfigured: The signing tool or the key does not work.
        """
        ...
