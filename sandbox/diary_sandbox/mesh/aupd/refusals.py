"""How the diary says no. The generic body is `{type, description, details}`; some services have their own."""

from starlette.responses import JSONResponse, PlainTextResponse, Response


def refused(status: int, kind: str, description: str) -> Response:
    """Return the generic refusal of the diary's services."""
    body = {"type": kind, "description": description, "details": None}
    return JSONResponse(body, status_code=status)


def unauthorized(description: str = "Пользователь не авторизован") -> Response:
    """Refuse a call without a good token; the exact body of `family/*` is not known."""
    return refused(401, "unauthorized", description)


def forbidden(description: str) -> Response:
    """Refuse a call to somebody else's things; whether the real diary says 403 or 404 is not known."""
    return refused(403, "forbidden", description)


def bad_request(description: str) -> Response:
    """Refuse a call with missing or senseless parameters."""
    return refused(400, "bad_request", description)


def not_found(description: str) -> Response:
    """Refuse a call for a thing that is not there."""
    return refused(404, "not_found", description)


def no_such_method() -> Response:
    """Refuse a path the façade does not know."""
    return PlainTextResponse("method does not exist", status_code=404)


def gateway_failure() -> Response:
    """Return the gateway's odd failure: plain text with a status of its own."""
    return PlainTextResponse("Something went wrong", status_code=499)
