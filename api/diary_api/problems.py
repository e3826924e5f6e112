"""Every error as `application/problem+json`, by one table from error class to HTTP status.

401, 403, 429 and `gateway_busy` speak of our own door; a region's trouble is 409, 502, 503 or 504;
422 is for a malformed request only.
Source: RFC 9457.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import ceil
from types import MappingProxyType

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from diary_api.languages import language_of
from diary_api.redaction import redacted_text
from diary_core import errors
from diary_core.bilingual import Bilingual
from diary_core.errors import Actor, DiaryError, Retry

log = structlog.stdlib.get_logger()

MEDIA_TYPE = "application/problem+json"
PARTS_IN_DETAIL = 3
"""So many malformed parts are told in the detail; the others stand in `errors`."""
PARTS_MOST = 50
"""So many malformed parts are told at all: no form has more, and a flood of them is answered shortly."""
_NAME_MOST = 80
"""Characters of a name the sender has thought up that are repeated."""
_TO_MEND = (errors.TellUs, errors.IdentityUnproven)
_PLACES = frozenset[int | str](("body", "query", "path", "header", "cookie"))


class MethodNotAllowed(errors.BadRequest):
    """The address exists, but not for this HTTP method."""

    code = "method_not_allowed"
    title = Bilingual("Этот адрес так не вызывают", "This address does not take this method")
    remedy = Bilingual("Допустимые методы: заголовок Allow.", "See the Allow header.")


class BodyTooLarge(errors.BadRequest):
    """The request's body is larger than the gateway takes."""

    code = "body_too_large"
    title = Bilingual("Слишком большой запрос", "The request is too large")
    remedy = Bilingual("Пришлите меньше данных.", "Send less.")


class AddressTooLong(errors.BadRequest):
    """The request's address is longer than any the gateway gives out or is sent back to by."""

    code = "address_too_long"
    title = Bilingual("Слишком длинный адрес", "The address is too long")
    remedy = Bilingual(
        "Начните заново с того места, откуда вы пришли: на этот адрес мы не смотрели.",
        "Start again from where you came: this address was not looked at.",
    )


STATUS: Mapping[type[DiaryError], int] = MappingProxyType(
    {
        errors.SignInAgain: 409,
        errors.SignInFailed: 409,
        errors.BadRequest: 422,
        MethodNotAllowed: 405,
        BodyTooLarge: 413,
        AddressTooLong: 414,
        errors.NotFound: 404,
        errors.GiveUp: 409,
        errors.RegionDown: 502,
        errors.RegionSlow: 504,
        errors.TryLater: 503,
        errors.RegionChanged: 502,
        errors.TellUs: 500,
        errors.NotSignedIn: 401,
        errors.WrongSignIn: 401,
        errors.ScopeMissing: 403,
        errors.RightMissing: 403,
        errors.TooManyRequests: 429,
        errors.GatewayBusy: 503,
        errors.OurDoor: 409,
    }
)
"""The status of a class is that of its nearest ancestor here."""


def _by_code(root: type[DiaryError]) -> dict[str, type[DiaryError]]:
    """Return every error class that has a code of its own, by code."""
    found = {root.code: root} if "code" in vars(root) else {}
    for below in root.__subclasses__():
        found |= _by_code(below)
    return found


PROBLEMS: Mapping[str, type[DiaryError]] = MappingProxyType(dict(sorted(_by_code(DiaryError).items())))
"""Everything the gateway may answer with, by code."""


def told_of(code: str | None) -> str | None:
    """Return what a code means and what to do about it, in Russian; None for no code, or an unknown one."""
    error = PROBLEMS.get(code or "")
    return f"{error.title.ru}. {error.remedy.ru}" if error else None


class FieldProblem(BaseModel):
    """One part of a request to correct."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    field: str
    """The parameter, header or body path, such as `since` or `scopes.0`."""
    message: str
    """What is wrong with it, in English."""


class Problem(BaseModel):
    """What went wrong, who can mend it, and when to try again."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    type: str
    """Address of a page about this code."""
    title: str
    """What happened, in the language of `Accept-Language`: Russian, or English when that is preferred."""
    reason: str | None = None
    """Why, in the same language, where the title does not say it all."""
    status: int
    """The HTTP status."""
    detail: str | None = None
    """For developers, in English; nothing personal."""
    instance: str
    """Names this very answer; quote it when you report a fault."""
    code: str
    """Stable: programs may switch on it."""
    remedy: str
    """What the one who acts can do, in the same language as the title."""
    actor: Actor
    """Who can mend it."""
    retry: Retry
    """Whether the same call may be made again, and when."""
    retry_after: int | None = None
    """Seconds to wait before trying again, when known; the `Retry-After` header says the same."""
    field: str | None = None
    """The parameter, or the path in the diary's answer, at fault."""
    errors: tuple[FieldProblem, ...] = ()
    """The malformed parts of the request, the first 50 of them."""


def status_of(error: type[DiaryError]) -> int:
    """Return the HTTP status of an error class."""
    return next(STATUS[ancestor] for ancestor in error.__mro__ if ancestor in STATUS)


def problem_of(request: HTTPConnection, error: DiaryError, parts: Sequence[FieldProblem] = ()) -> Problem:
    """Describe an error to the one who asked."""
    language = language_of(request)
    hidden = isinstance(error, errors.Unexpected)
    return Problem(
        type=f"{request.app.state.settings.public_url}/problems/{error.code}",
        title=error.title.in_language(language),
        reason=error.because.in_language(language) if error.because else None,
        status=status_of(type(error)),
        detail=redacted_text(error.detail) if error.detail and not hidden else None,
        instance=f"urn:diary:request:{request.scope.get('diary.request_id', 'unknown')}",
        code=error.code,
        remedy=error.remedy.in_language(language),
        actor=error.actor,
        retry=error.retry,
        retry_after=ceil(error.retry_after.total_seconds()) if error.retry_after else None,
        field=error.field or (parts[0].field if parts else None),
        errors=tuple(parts),
    )


def note_outcome(request: HTTPConnection, error: DiaryError) -> None:
    """Have the log tell how a request ended; what only an operator or a developer can mend, in full."""
    request.scope["diary.outcome"] = error.code
    if isinstance(error, _TO_MEND) and not isinstance(error, errors.Unexpected):
        log.error("to be mended", error=error.code, detail=redacted_text(error.detail), field=error.field)


def problem_response(
    request: HTTPConnection,
    error: DiaryError,
    parts: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with a problem."""
    problem = problem_of(request, error, parts)
    note_outcome(request, error)
    extra = dict(headers or {})
    if problem.retry_after is not None:
        extra["Retry-After"] = str(problem.retry_after)
    if problem.status == 401:
        extra["WWW-Authenticate"] = "Bearer"
    body = problem.model_dump(mode="json", exclude_none=True, exclude={"errors"} if not parts else None)
    return Response(
        json.dumps(body, ensure_ascii=False),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={**extra, "Vary": "Accept-Language", "Content-Language": language_of(request)},
    )


def install(app: FastAPI) -> None:
    """Answer every expected error, the framework's own included, with a problem."""
    app.add_exception_handler(DiaryError, _diary_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _framework_error)


async def _diary_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DiaryError)  # noqa: S101  registered for this class only
    return problem_response(request, error)


async def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this class only
    announced = request.headers.get("content-type", "")
    parts = [_part(part["type"], part["loc"], part["msg"], announced) for part in error.errors()[:PARTS_MOST]]
    detail = "; ".join(f"{part.field}: {part.message}" for part in parts[:PARTS_IN_DETAIL])
    return problem_response(request, errors.InvalidInput(detail), parts)


async def _framework_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for this class only
    return problem_response(request, _translated(error.status_code), headers=error.headers)


def _translated(status: int) -> DiaryError:
    """Return our word for an error the framework has raised."""
    match status:
        case 404:
            return errors.NotFound("there is nothing at this address; /openapi.json tells what there is")
        case 405:
            return MethodNotAllowed()
        case status if status < 500:
            return errors.InvalidInput("the request cannot be read", field="body")
        case _:
            return errors.Unexpected()


def _part(kind: str, location: Sequence[int | str], message: str, announced: str) -> FieldProblem:
    """Say what is wrong with one part of a request; never what it holds."""
    if kind == "json_invalid":
        return FieldProblem(field="body", message=f"is no JSON from character {location[-1]} on")
    if tuple(location) == ("body",) and "json" not in announced.lower():
        message = "must be JSON, announced by the header `Content-Type: application/json`"
    return FieldProblem(field=_field(location), message=message.removeprefix("Value error, "))


def _field(location: Sequence[int | str]) -> str:
    """Name the part of a request the way its sender knows it: without our own first word for where it was."""
    inner = location[1:] if len(location) > 1 and location[0] in _PLACES else location
    return ".".join(str(part)[:_NAME_MOST] for part in inner)
