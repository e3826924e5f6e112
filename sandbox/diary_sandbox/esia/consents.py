"""`permissions`: the consents of the Digital Profile.

What types exist is not public; the sandbox knows one. Source: two libraries, the list of refusals.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Final, TypeGuard

from diary_sandbox.esia.refusals import Refused

TYPE: Final = "SANDBOX_CONSENT"
PURPOSE: Final = TYPE
MANDATORY: Final = "fullname"
ALLOWED: Final = frozenset(
    [
        "fullname",
        "snils",
        "birthdate",
        "gender",
        "kid_fullname",
        "kid_birthdate",
        "kid_snils",
        "kid_school_data",
    ]
)
FORBIDDEN: Final = "inn"
"""A scope whose presence forbids the whole set; elsewhere it is a scope like others."""
ACTION: Final = "ALL_ACTIONS_TO_DATA"
_LONGEST_MINUTES: Final = 10 * 525_600


def consented_scopes(written: str) -> tuple[str, ...]:
    """Return the scopes that consents ask for.

    Args:
        written: base64url without padding of a JSON array.

    Raises:
        Refused: 0367NN by what is wrong with a consent, 007038 when it cannot be read.
    """
    scopes: list[str] = []
    for consent in _read(written):
        scopes += _checked(consent)
    return tuple(dict.fromkeys(scopes))


def _checked(consent: Mapping[str, object]) -> list[str]:
    name = consent.get("sysname")
    if not name:
        raise Refused("036700")
    if name != TYPE:
        raise Refused("036701")
    scopes = _names(consent, "scopes")
    if FORBIDDEN in scopes:
        raise Refused("036704")
    if MANDATORY not in scopes:
        raise Refused("036702")
    if not set(scopes) <= ALLOWED:
        raise Refused("036703")
    actions, purposes = _names(consent, "actions"), _names(consent, "purposes")
    if not actions:
        raise Refused("036705")
    if set(actions) != {ACTION}:
        raise Refused("036706")
    if not purposes:
        raise Refused("036707")
    if len(purposes) != 1:
        raise Refused("036727")
    if purposes != [PURPOSE]:
        raise Refused("036726")
    expire = consent.get("expire")
    if not isinstance(expire, int) or isinstance(expire, bool) or not 0 < expire <= _LONGEST_MINUTES:
        raise Refused("036716")
    return scopes


def _read(written: str) -> list[dict[str, object]]:
    try:
        value: object = json.loads(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise Refused("007038", "[permissions].") from error
    consents = [one for one in value if _is_object(one)] if _is_list(value) else []
    if not consents or not _is_list(value) or len(consents) != len(value):
        raise Refused("007038", "[permissions].")
    return consents


def _names(consent: Mapping[str, object], key: str) -> list[str]:
    listed = consent.get(key)
    if not _is_list(listed):
        return []
    return [str(one.get("sysname", "")) for one in listed if _is_object(one)]


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)
