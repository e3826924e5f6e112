"""Faults in this system's own words: too many requests, and maintenance."""

from typing import Literal

from diary_sandbox.dnevnik.errors import html_text
from diary_sandbox.dnevnik.hosts import API_HOST
from diary_sandbox.faults import Fault, FaultKind


def request_limit(status: Literal[429, 433] = 429, *, count: int | None = 1) -> Fault:
    """Return the fault of a token that asked too often.

    Both statuses were seen, the body was not; no `Retry-After` was seen either.

    Args:
        status: 429, or the non-standard 433.
        count: How many requests it strikes; None: all.
    """
    body = '{"type":"apiRequestLimit","description":"Request limit exceeded"}'
    return Fault(
        FaultKind.STATUS,
        host=API_HOST,
        status=status,
        body=body,
        content_type="application/json",
        count=count,
    )


def maintenance(status: Literal[405, 500, 502, 503, 550] = 503, *, count: int | None = None) -> Fault:
    """Return the fault of a system under repair: a page with any of the statuses reported for it."""
    return Fault(
        FaultKind.STATUS,
        host="*.dnevnik.ru",
        status=status,
        body=html_text("Ведутся технические работы"),
        content_type="text/html",
        count=count,
    )
