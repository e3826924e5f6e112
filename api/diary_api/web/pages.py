"""Small pages for parents, in Russian: nothing from elsewhere, readable on any phone and without scripts."""

from __future__ import annotations

import secrets

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from diary_api.problems import note_outcome, status_of
from diary_core.errors import Actor, DiaryError, Retry

_WHO = {
    Actor.PARENT: "Исправить это можете вы сами.",
    Actor.SCHOOL: "Исправить это может школа.",
    Actor.DIARY: "Неполадка не у вас: нужно подождать, пока её исправят на той стороне.",
    Actor.GATEWAY: "Неполадка на нашей стороне: если она повторится, сообщите нам об этом.",
    Actor.DEVELOPER: "Исправить это может разработчик приложения.",
}
_pages = Environment(
    loader=PackageLoader("diary_api", "web/templates"), autoescape=True, undefined=StrictUndefined
)


def wants_page(request: HTTPConnection) -> bool:
    """Tell whether an answer is for a person's eyes: a browser that shows a page always names `text/html`."""
    return "text/html" in request.headers.get("accept", "").lower()


def wants_data(request: HTTPConnection) -> bool:
    """Tell whether a program asks, and says so: what fetches a page on the quiet never names JSON."""
    return "application/json" in request.headers.get("accept", "").lower() and not wants_page(request)


def page(name: str, *, status: int = 200, scripted: bool = False, **facts: object) -> HTMLResponse:
    """Return a page by the name of its template.

    Args:
        name: Of the template.
        status: The HTTP status.
        scripted: Whether the template's own script may run; no other ever does.
        facts: What the template tells.
    """
    nonce = secrets.token_urlsafe(16)
    script = f"script-src 'nonce-{nonce}'; " if scripted else ""
    return HTMLResponse(
        _pages.get_template(f"{name}.html").render(nonce=nonce, **facts),
        status_code=status,
        headers={
            "Content-Security-Policy": (
                f"default-src 'none'; {script}style-src 'nonce-{nonce}'; "
                "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
            ),
            "Content-Language": "ru",
            "Vary": "Accept",
        },
    )


def who_can_mend(actor: Actor) -> str:
    """Return the Russian sentence that says who can mend something."""
    return _WHO[actor]


def failure_page(request: HTTPConnection, error: DiaryError, again_url: str | None = None) -> HTMLResponse:
    """Return a page that says what went wrong and what to do, with a way to try again where there is one.

    Args:
        request: What failed.
        error: Why.
        again_url: Where to try again; None: nowhere, but what passes by itself is tried by a reload.
    """
    note_outcome(request, error)
    reload = "" if error.retry is Retry.LATER else None
    return page(
        "failed",
        status=status_of(type(error)),
        title=error.title.ru,
        remedy=error.remedy.ru,
        who=who_can_mend(error.actor),
        code=error.code,
        request_id=request.scope.get("diary.request_id", ""),
        again_url=reload if again_url is None else again_url,
    )
