"""Reading the query a browser comes back with."""

from __future__ import annotations

from hmac import compare_digest
from typing import Final

from diary_core.errors import SignInMismatch, SignInRejected
from diary_core.sign_in import Reply
from diary_mrko import sudir

_LONGEST: Final = 8192
"""Characters of a code; the longest seen have some 1300."""


def code_of(reply: Reply, *, state: str) -> str:
    """Return the authorization code.

    Args:
        reply: The query of the callback.
        state: The one we gave out.

    Raises:
        SignInMismatch: The query brings another state: it belongs to another sign-in.
        SignInFailed: The parent or the page refused, for the reason the query names.
        TryLater: The page is in trouble.
    """
    if not compare_digest(reply.values.get("state", "").encode(), state.encode()):
        raise SignInMismatch("the browser came back with another state")
    if error := reply.values.get("error"):
        raise sudir.refusal(error)
    code = reply.values.get("code")
    if not code or len(code) > _LONGEST:
        raise SignInRejected("the browser came back without a code, or with too long a one", field="code")
    return code
