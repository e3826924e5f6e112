"""The OpenAPI description: what a parent's developer reads first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from diary_api.problems import MEDIA_TYPE, PROBLEMS, Problem, status_of
from diary_core.bilingual import Language
from diary_core.errors import DiaryError

Responses = dict[int | str, dict[str, Any]]  # FastAPI's own type of documented responses

TITLE = "diary-gateway"
SUMMARY = "One endpoint for every school diary in Russia."
DESCRIPTION = """
A parent picks a region, signs in the way its diary demands, and reads every child of the family
through one model, whatever system the region runs.

**From nothing to a week**

1. `GET /v1/regions/77` – which diaries serve the region, how to sign in, what each can do.
2. `POST /v1/accounts`, then `POST /v1/sessions` – the gateway's own account; send the `secret` as
   `Authorization: Bearer …` from now on.
3. `POST /v1/connections` – link a diary. The answer holds a `step`: a form to fill in
   (`POST /v1/connections/{id}/steps`) or an address to open in the parent's browser.
   Go on until there is none.
4. `GET /v1/children` – everyone you may read about.
5. `GET /v1/children/{id}/week` – the week diary.

**Four kinds of nothing.** A field is a value; `null` or `[]` when the diary was asked and there is none;
`{"state": "not_loaded"}` when nobody has asked yet; `{"state": "unavailable", "reason": …}` when the diary
cannot or may not tell. Nothing else stands for nothing.

**Freshness.** Each diary answer says as of when it is true.
When the diary is down the last known answer is given, `stale` with the reason.
Answers carry a strong `ETag`: send it back as `If-None-Match` and get `304`.

**Problems** are `application/problem+json` (RFC 9457) with a stable `code`, who can mend it (`actor`),
whether to `retry`, and a `title` and a `remedy` in Russian, or in English when `Accept-Language` prefers it.
401, 403, 429 and `gateway_busy` speak of the gateway's own door; a diary's trouble is 409, 502, 503 or 504.

**Dates** are the school's own, spans are inclusive on both ends,
times are wall times in the zone that is named.
"""
PAGE: Mapping[str, Any] = {"text/html": {"schema": {"type": "string"}}}  # FastAPI's own type of content
"""A page for people, as a kind of content."""
SENT_ON: Mapping[str, Any] = {  # FastAPI's own type of a response
    "description": "Sent on",
    "headers": {"Location": {"schema": {"type": "string"}}},
}
"""A redirect, as a documented answer."""
TAGS = [
    {"name": "regions", "description": "Who serves a region, before anyone signs in."},
    {"name": "accounts", "description": "The gateway's own accounts, sessions and tokens."},
    {
        "name": "identities",
        "description": "Proving who you are through Gosuslugi: to sign in, and to have diaries checked.",
    },
    {"name": "connections", "description": "Linking diaries: a conversation of steps, and one callback."},
    {"name": "children", "description": "Every child of the family, and their diaries."},
    {"name": "homework", "description": "What is set for home, the family's own ticks, and files."},
    {
        "name": "absence notices",
        "description": "Telling the school that a child will be away, by day or by lesson.",
    },
    {"name": "changes", "description": "What appeared, changed or vanished, as a list and as a stream."},
    {
        "name": "grants",
        "description": "Trusted people: letting a grandmother or a nanny read about one child, for a time.",
    },
    {"name": "service", "description": "Whether the gateway is well, and what its problem codes mean."},
    {"name": "plugins", "description": "What installed plugins add."},
]


PLACES = {
    "child_id": "From `GET /v1/children`.",
    "connection_id": "From `POST /v1/connections`, or `GET /v1/connections` later.",
    "grant_id": "From the list of grants: a parent's own, or `GET /v1/me/grants`.",
    "notice_id": "From `GET /v1/children/{child_id}/absence-notices`.",
    "identity_id": "From `GET /v1/me`.",
    "session_id": "From `GET /v1/sessions`; `current` is the one this request uses.",
    "token_id": "From `GET /v1/tokens`.",
}
"""Where the ids in addresses come from."""


def problems(*codes: str, pages: bool = False) -> Responses:
    """Document the problems a route answers with, by code, grouped by status; any other is a problem too.

    Args:
        codes: Of the problems worth naming.
        pages: Whether a browser gets them as a page.
    """
    by_status: defaultdict[int, list[type[DiaryError]]] = defaultdict(list)
    for code in codes:
        by_status[status_of(PROBLEMS[code])].append(PROBLEMS[code])
    documented: Responses = {status: _response(by_status[status]) for status in sorted(by_status)}
    documented["default"] = _response([])
    if pages:
        for response in documented.values():
            response["content"] |= PAGE
    return documented


def describe(app: FastAPI, examples: Mapping[str, BaseModel]) -> Callable[[], dict[str, Any]]:
    """Return what gives the description, made once on first use.

    Args:
        app: What to describe.
        examples: Of good answers, by the name of the operation.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=TITLE,
                version=version("diary-api"),
                summary=SUMMARY,
                description=DESCRIPTION,
                routes=app.routes,
                tags=TAGS,
                license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            )
            schema = Problem.model_json_schema(
                mode="serialization", ref_template="#/components/schemas/{model}"
            )
            made["components"]["schemas"] |= schema.pop("$defs", {}) | {"Problem": schema}
            _tell_places(made)
            _tell_answers(made)
            _tell_streams(made)
            _add_examples(made, examples)
            app.openapi_schema = made
        return app.openapi_schema

    return openapi


def _operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for operations in made["paths"].values():
        yield from operations.values()


def _tell_places(made: dict[str, Any]) -> None:
    """Say where the ids in an address come from."""
    for operation in _operations(made):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path" and parameter["name"] in PLACES:
                parameter.setdefault("description", PLACES[parameter["name"]])


def _tell_answers(made: dict[str, Any]) -> None:
    """Describe a good answer by what comes, where the framework only says that it is good."""
    schemas = made["components"]["schemas"]
    for operation in _operations(made):
        for status, response in operation["responses"].items():
            if response["description"] != "Successful Response":
                continue
            content = response.get("content", {}).get("application/json", {})
            came = schemas.get(content.get("schema", {}).get("$ref", "").rpartition("/")[2], {})
            response["description"] = came.get("description") or ("Done" if status == "204" else "The answer")


def _tell_streams(made: dict[str, Any]) -> None:
    """Describe a stream as text: the framework's word for what it is made of came with OpenAPI 3.2."""
    for operation in _operations(made):
        for response in operation["responses"].values():
            for content in response.get("content", {}).values():
                if content.pop("itemSchema", None) is not None:
                    content["schema"] = {"type": "string"}


def _add_examples(made: dict[str, Any], examples: Mapping[str, BaseModel]) -> None:
    """Put examples in after the framework is done: it would drop every null from them."""
    for operation in _operations(made):
        example = examples.get(operation["operationId"])
        if example is not None:
            good = next(status for status in operation["responses"] if status.startswith("2"))
            content = operation["responses"][good]["content"]["application/json"]
            content["example"] = example.model_dump(mode="json")


def _response(errors: list[type[DiaryError]]) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}}
    if errors:
        content["examples"] = {error.code: _example(error) for error in errors}
    return {
        "description": " · ".join(f"`{error.code}`: {error.title.en}" for error in errors) or "A problem",
        "content": {MEDIA_TYPE: content},
    }


def _example(error: type[DiaryError], language: Language = "en") -> dict[str, Any]:
    value = Problem(
        type=f"https://diary.example.org/problems/{error.code}",
        title=error.title.in_language(language),
        status=status_of(error),
        instance="urn:diary:request:req_b4tq6m2zk7f3w5xh7e2rj4n6pa",
        code=error.code,
        remedy=error.remedy.in_language(language),
        actor=error.actor,
        retry=error.retry,
    )
    return {"summary": error.title.en, "value": value.model_dump(mode="json", exclude_none=True)}
