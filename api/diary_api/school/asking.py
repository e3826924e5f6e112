"""What every read of a child's diary shares: whose diary, which span, and how the answer is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Query
from pydantic.json_schema import SkipJsonSchema
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from diary_api.accounts.door import DiaryReader, DiaryWriter
from diary_api.accounts.keys import Caller
from diary_api.connections.family import Asked
from diary_api.documentation import Responses, problems
from diary_api.gateway import Running
from diary_api.hot.answers import Lasting
from diary_api.hot.layer import mark_lasting
from diary_api.school.cache import Served
from diary_api.school.readings import Reading
from diary_api.school.schemas import DiaryAnswer
from diary_api.school.service import SchoolDiaries
from diary_api.school.spans import Span, asked_span
from diary_api.school.tags import is_known
from diary_core.model import Model

ItemT = TypeVar("ItemT", bound=Model)

READ_CODES = (
    "not_signed_in",
    "scope_missing",
    "child_unknown",
    "right_missing",
    "parent_must_act",
    "invalid_input",
    "span_reversed",
    "span_too_long",
    "login_required",
    "connection_revoked",
    "not_supported",
    "not_permitted",
    "disabled_by_school",
    "region_down",
    "region_slow",
    "region_busy",
    "region_maintenance",
    "region_resting",
    "region_changed",
)
"""Problems that every read may answer with."""


def answers(*codes: str) -> Responses:
    """Document what a read may answer with: what every read may, and some problems of its own."""
    tag = {"description": "Strong; send it back as `If-None-Match`.", "schema": {"type": "string"}}
    return problems(*READ_CODES, *codes) | {
        200: {"description": "What the diary said", "headers": {"ETag": tag}},
        304: {"description": "Unchanged since the answer with this `ETag`"},
    }


ANSWERS = answers()
"""What a read may answer with."""


OfEnrolment = Annotated[
    str | SkipJsonSchema[None],
    Query(description="Needed only where a child has several current enrolments.", max_length=64),
]


async def asked_of(child_id: str, caller: DiaryReader, enrolment: OfEnrolment = None) -> Asked:
    """Read whose diary is asked."""
    return Asked(caller.account_id, child_id, enrolment)


async def told_of(child_id: str, caller: DiaryWriter, enrolment: OfEnrolment = None) -> Asked:
    """Read about whom the diary is told something."""
    return Asked(caller.account_id, child_id, enrolment)


OfChild = Annotated[Asked, Depends(asked_of)]
AboutChild = Annotated[Asked, Depends(told_of)]
InSpan = Annotated[Span, Depends(asked_span)]


@dataclass(frozen=True)
class Asker:
    """A client that reads one child's diary."""

    school: SchoolDiaries
    asked: Asked
    if_none_match: str | None
    caller: Caller
    scope: Scope

    async def answer(self, reading: Reading[ItemT]) -> Response:
        """Send what the diary says."""
        return self.give(await self.school.read(self.asked, reading))

    def give(self, served: Served) -> Response:
        """Send an answer; one that is whole and fresh may be given again to the same request."""
        if served.fresh_until is not None:
            who = {self.caller.key_id, self.caller.account_id}
            until = min(served.fresh_until, self.caller.admitted_until)
            mark_lasting(self.scope, Lasting(until, served.made_of | who))
        return sent(served, self.if_none_match)

    def send(self, made: DiaryAnswer[ItemT]) -> Response:
        """Send what was made of several answers."""
        return sent(Served(made.model_dump_json().encode()), self.if_none_match)


async def asker_of(
    gateway: Running,
    asked: OfChild,
    caller: DiaryReader,
    request: Request,
    if_none_match: Annotated[
        str | SkipJsonSchema[None],
        Header(description="An `ETag` got before: unchanged answers come back as 304, empty."),
    ] = None,
) -> Asker:
    """Read who asks, and what it knows already."""
    return Asker(gateway.school, asked, if_none_match, caller, request.scope)


Asking = Annotated[Asker, Depends(asker_of)]


def sent(served: Served, if_none_match: str | None) -> Response:
    """Send an answer, or tell that it has not changed.

    Source: RFC 9110, section 13.1.2.
    """
    headers = {"ETag": served.etag, "Cache-Control": "private, no-cache"}
    if is_known(served.etag, if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(served.body, media_type="application/json", headers=headers)
