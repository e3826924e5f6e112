"""What the error codes of ЕСИА mean to a parent and to an operator: one table.

An error names itself in the first eleven characters of `error_description`, `ESIA-NNNNNN`;
the rest is never repeated, since it may quote what was sent.

Source: the list in public clients, taken from the official document; seen live: 007004, 007005, 007014,
007019, 007053.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from diary_core.errors import (
    CodeExpired,
    ConsentRefused,
    DiaryError,
    IdentityNotPersonal,
    IdentityServiceChanged,
    IdentityServiceDown,
    IdentityTooWeak,
    Misconfigured,
    SecondFactorMissing,
    SignInRejected,
)

__all__ = ["CODES", "KEYWORDS", "Meaning", "refusal"]


class Meaning(NamedTuple):
    """What one refusal means."""

    error: type[DiaryError]
    why: str
    """For the operator; lower case."""
    field: str | None = None
    """The option at fault."""
    mend: str | None = None
    """What the operator can do; None where only the person or ЕСИА can, or nobody."""


_OURS: Final = Meaning(
    IdentityServiceChanged, "it no longer takes what we send", mend="look for a newer version of this plugin"
)
_CONSENT: Final = _OURS._replace(why="a consent type we do not ask for is refused")
_SCOPES: Final = "name in the option only scopes that are approved for the system"
_PORTAL: Final = "see on the technology portal that the system is approved, under this very mnemonic"
_PAIR: Final = (
    "`diary gosuslugi check` tells the hash of the certificate: it must be the portal's, and active"
)
CODES: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "007002": Meaning(
            Misconfigured, "certificate and mnemonic do not belong together", "client_id", _PAIR
        ),
        "007003": _OURS,
        "007004": Meaning(ConsentRefused, "the person refused"),
        "007005": Meaning(Misconfigured, "the system may not sign people in", "client_id", _PORTAL),
        "007006": Meaning(Misconfigured, "a scope is unknown", "scopes", _SCOPES),
        "007007": Meaning(IdentityServiceDown, "internal failure"),
        "007008": Meaning(IdentityServiceDown, "overload or maintenance"),
        "007009": _OURS,
        "007011": Meaning(CodeExpired, "the code is spent, too old, or not ours"),
        "007012": _OURS,
        "007013": Meaning(Misconfigured, "no scope was asked for", "scopes", _SCOPES),
        "007014": _OURS,
        "007015": Meaning(
            Misconfigured,
            "the clock of the gateway is wrong",
            "clock",
            "set the clock of this machine by NTP",
        ),
        "007019": Meaning(Misconfigured, "a scope is not approved for the system", "scopes", _SCOPES),
        "007023": Meaning(
            Misconfigured,
            "the callback address is not registered",
            "public_url",
            "register the host of DIARY_PUBLIC_URL with the system on the technology portal",
        ),
        "007038": _OURS,
        "007039": _OURS,
        "007040": _OURS,
        "007046": Meaning(SecondFactorMissing, "the person has no second factor"),
        "007053": Meaning(
            Misconfigured, "the signature does not fit the certificate, or it is inactive", "key_file", _PAIR
        ),
        "007055": Meaning(IdentityTooWeak, "the account is not confirmed"),
        "007060": _OURS,
        "007061": _OURS,
        "007062": Meaning(IdentityNotPersonal, "signed in as somebody else than a person"),
        "007194": Meaning(
            Misconfigured,
            "a scope of organisations was asked of a person",
            "scopes",
            "leave out org_… scopes",
        ),
        "008010": Meaning(Misconfigured, "the system could not be authenticated", "client_id", _PORTAL),
        **dict.fromkeys(
            (
                *("036700", "036701", "036702", "036703", "036704", "036705", "036706", "036707"),
                *("036716", "036726", "036727"),
            ),
            _CONSENT,
        ),
    }
)
KEYWORDS: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "access_denied": Meaning(SignInRejected, "access denied"),
        "invalid_client": CODES["008010"],
        "invalid_grant": CODES["007011"],
        "invalid_request": _OURS,
        "invalid_scope": Meaning(Misconfigured, "a scope is refused", "scopes", _SCOPES),
        "server_error": CODES["007007"],
        "temporarily_unavailable": CODES["007008"],
        "unauthorized_client": CODES["007005"],
        "unsupported_grant_type": _OURS,
        "unsupported_response_type": _OURS,
    }
)
"""For a refusal without a code, or with one we do not know: the words of RFC 6749."""
_UNKNOWN: Final = Meaning(SignInRejected, "refused without a reason we know")
_CODE: Final = re.compile(r"ESIA-([0-9]{6})", re.ASCII)


def refusal(error: str | None, description: str | None) -> DiaryError:
    """Return what a refusal means.

    Args:
        error: The keyword, as `access_denied`.
        description: `ESIA-NNNNNN: …`; only the number is looked at.
    """
    found = _CODE.match(description or "")
    code = found[1] if found else None
    meaning = CODES.get(code or "") or KEYWORDS.get(error or "") or _UNKNOWN
    named = f"ESIA-{code}" if code else "no code"
    advice = f"; {meaning.mend}" if meaning.mend else ""
    return meaning.error(f"gosuslugi refused ({named}): {meaning.why}{advice}", field=meaning.field)
