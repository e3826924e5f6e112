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


_OURS: Final = "it no longer takes what we send"
_CONSENT: Final = Meaning(IdentityServiceChanged, "a consent type we do not ask for is refused")
CODES: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "007002": Meaning(Misconfigured, "certificate and mnemonic do not belong together", "client_id"),
        "007003": Meaning(IdentityServiceChanged, _OURS),
        "007004": Meaning(ConsentRefused, "the person refused"),
        "007005": Meaning(Misconfigured, "the system may not sign people in: is it approved?", "client_id"),
        "007006": Meaning(Misconfigured, "a scope is unknown", "scopes"),
        "007007": Meaning(IdentityServiceDown, "internal failure"),
        "007008": Meaning(IdentityServiceDown, "overload or maintenance"),
        "007009": Meaning(IdentityServiceChanged, _OURS),
        "007011": Meaning(CodeExpired, "the code is spent, too old, or not ours"),
        "007012": Meaning(IdentityServiceChanged, _OURS),
        "007013": Meaning(Misconfigured, "no scope was asked for", "scopes"),
        "007014": Meaning(IdentityServiceChanged, _OURS),
        "007015": Meaning(Misconfigured, "the clock of the gateway is wrong", "clock"),
        "007019": Meaning(Misconfigured, "a scope is not approved for the system", "scopes"),
        "007023": Meaning(Misconfigured, "the callback address is not registered", "public_url"),
        "007038": Meaning(IdentityServiceChanged, _OURS),
        "007039": Meaning(IdentityServiceChanged, _OURS),
        "007040": Meaning(IdentityServiceChanged, _OURS),
        "007046": Meaning(SecondFactorMissing, "the person has no second factor"),
        "007053": Meaning(
            Misconfigured, "the signature does not fit the certificate, or it is inactive", "key_file"
        ),
        "007055": Meaning(IdentityTooWeak, "the account is not confirmed"),
        "007060": Meaning(IdentityServiceChanged, _OURS),
        "007061": Meaning(IdentityServiceChanged, _OURS),
        "007062": Meaning(SignInRejected, "signed in as somebody else than a person"),
        "007194": Meaning(Misconfigured, "a scope of organisations was asked of a person", "scopes"),
        "008010": Meaning(Misconfigured, "the system could not be authenticated", "client_id"),
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
        "invalid_client": Meaning(Misconfigured, "the system could not be authenticated", "client_id"),
        "invalid_grant": Meaning(CodeExpired, "the code is spent, too old, or not ours"),
        "invalid_request": Meaning(IdentityServiceChanged, _OURS),
        "invalid_scope": Meaning(Misconfigured, "a scope is refused", "scopes"),
        "server_error": Meaning(IdentityServiceDown, "internal failure"),
        "temporarily_unavailable": Meaning(IdentityServiceDown, "overload or maintenance"),
        "unauthorized_client": Meaning(Misconfigured, "the system may not sign people in", "client_id"),
        "unsupported_grant_type": Meaning(IdentityServiceChanged, _OURS),
        "unsupported_response_type": Meaning(IdentityServiceChanged, _OURS),
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
    return meaning.error(f"gosuslugi refused ({named}): {meaning.why}", field=meaning.field)
