"""Reading the query a browser comes back with."""

from __future__ import annotations

from hmac import compare_digest

from diary_core.errors import SignInMismatch, SignInRejected
from diary_core.sign_in import Reply
from diary_mrko import sudir


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
    if not code:
        raise SignInRejected("the browser came back without a code")
    return code
