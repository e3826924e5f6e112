"""The information systems registered with ЕСИА: who may ask, with which certificates, for what."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from diary_sandbox.esia.scopes import ORG_SCOPES, WORDS
from diary_sandbox.esia.signing.certificates import Certificate, self_signed
from diary_sandbox.esia.signing.gost import PrivateKey
from diary_sandbox.state import SandboxState

GATEWAY = "SANDBOXGW"
"""Ready for a gateway on this machine; its key is published by the control door."""
DNEVNIK, NODE, CITY = "SANDBOX_DNEVNIK", "SANDBOX_NODE", "SANDBOX_CITY"
"""The diaries' own systems; their real mnemonics are not known."""
_HERE = ("127.0.0.1", "localhost", "::1")
_HOMES = {
    GATEWAY: _HERE,
    DNEVNIK: (*_HERE, "login.dnevnik.ru"),
    NODE: (*_HERE, "authedu.mosreg.ru", "school.mos.ru"),
    CITY: (*_HERE, "login.mos.ru"),
}
_ALL_SCOPES = frozenset(WORDS) - ORG_SCOPES - {"kid_school_data"}


class TokenAlgorithm(StrEnum):
    """How tokens for a system are signed, as chosen on the technology portal."""

    GOST = "GOST3410_2012_256"
    RS256 = "RS256"


@dataclass(frozen=True, slots=True)
class System:
    """One registered information system."""

    mnemonic: str
    certificates: tuple[Certificate, ...]
    redirect_domains: tuple[str, ...]
    """Hosts a person may be sent back to, any port and path; the real register holds domains too."""
    algorithm: TokenAlgorithm = TokenAlgorithm.GOST
    scopes: frozenset[str] = _ALL_SCOPES
    """Approved for it; asking for another is refusal 007019."""
    approved: bool = True
    """False: the application is not accepted yet, refusal 007005."""
    active: bool = True
    """False: its certificates are switched off, refusal 007053."""

    def allows(self, redirect_uri: str) -> bool:
        """Tell whether a person may be sent there."""
        try:
            target = urlsplit(redirect_uri)
            host = target.hostname
        except ValueError:
            return False
        plain = target.scheme in ("http", "https") and not target.username and not target.fragment
        return plain and host in self.redirect_domains

    def certificate(self, hash_of_der: str) -> Certificate | None:
        """Return the certificate of this hash, None when the system has none such."""
        return next((one for one in self.certificates if one.hash == hash_of_der), None)


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A key the sandbox made for a system, with its certificate."""

    key: PrivateKey
    certificate: Certificate


class Systems:
    """The register: those that were always there, and those a test registered."""

    def __init__(self, state: SandboxState) -> None:
        """Open the register of a sandbox."""
        self._state = state
        self._registered = state.store.bucket("esia.systems", System)
        self._keys = state.keys.bucket("esia.own_keys", OwnKey)

    def register(self, system: System) -> None:
        """Register a system, or replace what was registered under its mnemonic."""
        self._registered[system.mnemonic] = system

    def find(self, mnemonic: str) -> System | None:
        """Return a system by its mnemonic."""
        if mnemonic in self._registered:
            return self._registered[mnemonic]
        return self._built_in(mnemonic) if mnemonic in _HOMES else None

    def own_key(self, mnemonic: str) -> OwnKey:
        """Return the key of a system that was always there; made when first needed, then kept.

        Raises:
            KeyError: The sandbox has no key of it.
        """
        if mnemonic not in self._keys:
            if mnemonic not in _HOMES:
                raise KeyError(mnemonic)
            key = PrivateKey.new()
            since = self._state.clock.now() - timedelta(days=366)
            self._keys[mnemonic] = OwnKey(key, self_signed(key, mnemonic, since))
        return self._keys[mnemonic]

    def _built_in(self, mnemonic: str) -> System:
        return System(mnemonic, (self.own_key(mnemonic).certificate,), _HOMES[mnemonic])
