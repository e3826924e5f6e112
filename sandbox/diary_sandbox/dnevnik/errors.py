"""The error object of the partner API, and the HTML page that sometimes comes in its place.

Names and meanings are documented; the HTTP statuses are mostly a guess of ours,
and all of them live in `STATUS` so that a better guess is one line.
"""

from html import escape

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

STATUS = {
    "invalidToken": 401,
    "tokenRequired": 401,
    "authorizationFailed": 401,
    "maxAttempsExceeded": 403,  # spelt as in the wild, with one "t"
    "outOfScope": 403,
    "notOwner": 403,
    "ownerForbidden": 403,
    "systemForbidden": 403,
    "apiHttpsRequired": 403,
    "invalidRequest": 400,
    "parameterInvalid": 400,
    "apiResourceUnavailable": 404,
    "apiMethodNotSupported": 405,
    "apiRequestLimit": 429,
    "apiServerError": 500,
    "apiUnknownError": 500,
}

_DOCUMENTED_NAMES = {
    "invalidToken": "authorizationInvalidToken",
    "tokenRequired": "authorizationTokenRequired",
    "outOfScope": "authorizationOutOfScope",
    "notOwner": "authorizationNotOwner",
    "ownerForbidden": "authorizationOwnerForbidden",
    "systemForbidden": "authorizationSystemForbidden",
}


class WireError(Exception):
    """A refusal the API answers with its error object."""

    def __init__(self, name: str, description: str, *, status: int | None = None) -> None:
        super().__init__(f"{name}: {description}")
        self.name = name
        self.description = description
        self.status = STATUS[name] if status is None else status


def invalid_parameter(name: str, value: object) -> WireError:
    """Return the refusal of one bad parameter; the description names it, as the real one does."""
    return WireError("parameterInvalid", f"Parameter {name!r} has an invalid value: {value!s:.60}")


def unavailable(what: str) -> WireError:
    """Return the refusal for a resource that does not exist."""
    return WireError("apiResourceUnavailable", f"Resource is unavailable: {what}")


def error_response(request: Request, error: WireError, *, documented_names: bool) -> Response:
    """Answer with the error object, or with HTML when the caller did not ask for JSON.

    Clients that send no `Accept: application/json` do get HTML errors. "May" is all the
    sources say; the sandbox always does it, so that a client that forgets the header finds out here.

    Args:
        request: Whose `Accept` decides.
        error: What to say.
        documented_names: The long spellings of the 2021 documentation instead of the short ones seen live.
    """
    if "application/json" not in request.headers.get("accept", "").lower():
        return html_error(error.status, f"{error.name}: {error.description}")
    name = _DOCUMENTED_NAMES.get(error.name, error.name) if documented_names else error.name
    return JSONResponse({"type": name, "description": error.description}, status_code=error.status)


def html_error(status: int, text: str) -> Response:
    """Return the HTML failure page."""
    # Bare "text/html": one widely used client compares the whole header with that string.
    return Response(html_text(text).encode(), status_code=status, headers={"content-type": "text/html"})


def html_text(text: str) -> str:
    """Return the failure page; clients dig its text out of the first `div.error__description > p`.

    One of them cuts at the next `<p>`, so there is a second one.
    """
    return (
        '<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>SANDBOX</title></head><body>'
        '<div class="error"><p>SANDBOX</p>'
        f'<div class="error__description"><p>{escape(text, quote=False)}</p><p>Попробуйте позже.</p></div>'
        "</div></body></html>"
    )
