"""GOST R 34.10-2012 with 256-bit keys over GOST R 34.11-2012-256 (Streebog), on `gostcrypto`.

A signature is 64 bytes: s then r, each 32 bytes big-endian, as ЕСИА and OpenSSL write it.
The arithmetic is pure Python and not constant-time: tens of milliseconds of CPU for each signature,
so callers run it off the event loop; deployments that share a machine with strangers sign with OpenSSL.

Source: RFC 7091, RFC 6986; byte orders measured against OpenSSL's gost engine and a genuine ЕСИА token.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from gostcrypto import gosthash, gostsignature
from typing_extensions import override

__all__ = ["PrivateKey", "PublicKey", "new_key", "sign", "streebog256", "verify"]

_CURVE: Final = cast(
    "dict[str, int]",  # gostcrypto is typed in part
    gostsignature.CURVES_R_1323565_1_024_2019["id-tc26-gost-3410-2012-256-paramSetB"],  # pyright: ignore[reportUnknownMemberType]  as above
)
"""CryptoPro-A under the name `gostcrypto` knows it by."""
_P: Final = _CURVE["p"]
_Q: Final = _CURVE["q"]
_HALF: Final = 32
_BOTH: Final = 2 * _HALF


@dataclass(frozen=True)
class PublicKey:
    """A point of the curve.

    Raises:
        ValueError: The two numbers are no point of it.
    """

    x: int
    y: int

    def __post_init__(self) -> None:
        if not 0 < self.x < _P or not 0 < self.y < _P:
            raise ValueError("the numbers of a public key lie between 0 and p")
        if (self.y**2 - self.x**3 - _CURVE["a"] * self.x - _CURVE["b"]) % _P:
            raise ValueError("a public key is a point of its curve")


@dataclass(frozen=True, repr=False)
class PrivateKey:
    """A secret number; shown nowhere.

    Raises:
        ValueError: It does not lie between 0 and q.
    """

    number: int

    def __post_init__(self) -> None:
        if not 0 < self.number < _Q:
            raise ValueError("a private key lies between 0 and q")

    @property
    def public(self) -> PublicKey:
        """The key to verify with; costs as much as a signature."""
        point = bytes(_engine().public_key_generate(bytearray(self.number.to_bytes(_HALF, "big"))))
        return PublicKey(int.from_bytes(point[:_HALF], "big"), int.from_bytes(point[_HALF:], "big"))


def new_key() -> PrivateKey:
    """Make a key nobody has."""
    return PrivateKey(secrets.randbelow(_Q - 1) + 1)


def streebog256(data: bytes) -> bytes:
    """Return the digest, 32 bytes."""
    digest = gosthash.new("streebog256", data=bytearray(data))  # pyright: ignore[reportUnknownMemberType]  typed in part
    return bytes(digest.digest())


def sign(key: PrivateKey, message: bytes) -> bytes:
    """Return s‖r of a message, with fresh randomness each time."""
    made = bytes(_engine().sign(bytearray(key.number.to_bytes(_HALF, "big")), _digest(message)))
    return made[_HALF:] + made[:_HALF]


def verify(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature s‖r is that of a message; False for one of another length too."""
    if len(signature) != _BOTH:
        return False
    point = key.x.to_bytes(_HALF, "big") + key.y.to_bytes(_HALF, "big")
    swapped = signature[_HALF:] + signature[:_HALF]
    return bool(_engine().verify(bytearray(point), _digest(message), bytearray(swapped)))


def _digest(message: bytes) -> bytearray:
    """Return the digest reversed: the standard reads it as little-endian, `gostcrypto` as big-endian."""
    return bytearray(streebog256(message)[::-1])


class _Engine(gostsignature.GOST34102012):
    """`gostcrypto`'s, with the inverses Python has built in: its own are two thirds of a signature's time.

    Both moduli are prime, so that 0 alone has no inverse; it gets 0, as there.
    """

    @staticmethod
    @override
    def _invert(value: int, n_mod: int) -> int:
        return pow(value, -1, n_mod) if value % n_mod else 0


@lru_cache(maxsize=1)
def _engine() -> _Engine:
    """Return the curve, checked once; it keeps nothing of a call."""
    return _Engine(gostsignature.MODE_256, _CURVE)  # pyright: ignore[reportUnknownMemberType]  typed in part
