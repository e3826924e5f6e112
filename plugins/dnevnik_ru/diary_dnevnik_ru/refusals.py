"""What the error object of the API means.

`{"type": "invalidToken", "description": "..."}`, in the short spelling clients see or the long documented
one. The HTTP status that comes with it is known for few types, so the type decides before the status.
The description is never repeated: it may quote what was sent.

Source: the archived documentation of 2021-02 and public clients of 2019-2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from httpx2 import Response
from pydantic import TypeAdapter, ValidationError

from diary_core.errors import (
    CaptchaRequired,
    DiaryError,
    LoginRequired,
    Misconfigured,
    NotFound,
    NotPermitted,
    RegionBusy,
    RegionChanged,
    RegionDown,
    SignInLocked,
    WrongCredentials,
)
from diary_dnevnik_ru import wire

_REFUSAL: Final = TypeAdapter(wire.Refusal)
_LONGEST: Final = 4096
"""Bytes; an error object is far below, and no larger body is read twice."""
_LONG_NAMES: Final = {
    f"authorization{name[0].upper()}{name[1:]}": name
    for name in (
        "invalidToken",
        "tokenRequired",
        "outOfScope",
        "notOwner",
        "ownerForbidden",
        "systemForbidden",
    )
}
_READING: Final[Mapping[str, type[DiaryError]]] = {
    "invalidToken": LoginRequired,
    "tokenRequired": LoginRequired,
    "authorizationFailed": LoginRequired,
    "outOfScope": NotPermitted,
    "notOwner": NotPermitted,
    "ownerForbidden": NotPermitted,
    "systemForbidden": NotPermitted,
    "invalidRequest": RegionChanged,
    "parameterInvalid": RegionChanged,
    "apiResourceUnavailable": NotFound,
    "apiMethodNotSupported": RegionChanged,
    "apiRequestLimit": RegionBusy,
    "apiServerError": RegionDown,
    "apiUnknownError": RegionDown,
    "apiHttpsRequired": Misconfigured,
    "Error": RegionDown,
}
"""Every parameter is ours, so a refused one means that the API is no longer what we know."""
_SIGNING_IN: Final[Mapping[str, type[DiaryError]]] = {
    **_READING,
    "authorizationFailed": WrongCredentials,
    "maxAttempsExceeded": SignInLocked,
    "maxAttemptsExceeded": SignInLocked,
}
_CAPTCHA: Final = ("captcha", "капч", "с картинки")


def reading_refused(response: Response) -> DiaryError | None:
    """Return what a refused reading means; None when the answer holds no error object we know."""
    found = _refusal(response)
    return None if found is None else _meaning(_READING, found[0])


def sign_in_refused(response: Response) -> DiaryError | None:
    """Return what a refused sign-in means; None when the answer holds no error object we know."""
    found = _refusal(response)
    if found is None:
        return None
    kind, description = found
    if any(word in description.casefold() for word in _CAPTCHA):
        return CaptchaRequired(f"refused: {kind if kind in _SIGNING_IN else 'captcha'}")
    return _meaning(_SIGNING_IN, kind)


def _meaning(table: Mapping[str, type[DiaryError]], kind: str) -> DiaryError | None:
    error = table.get(kind)
    return None if error is None else error(f"refused: {kind}")


def _refusal(response: Response) -> tuple[str, str] | None:
    """Return type and description of an error object; a good status may carry one too."""
    if len(response.content) > _LONGEST:
        return None
    try:
        refusal = _REFUSAL.validate_json(response.content)
    except ValidationError:
        return None
    kind = _LONG_NAMES.get(refusal.type, refusal.type)
    return kind, refusal.description or ""
