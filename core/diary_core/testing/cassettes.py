"""Cassettes that keep only what you allow.

A cassette is recorded once and replayed for ever, so nothing may enter it by accident:
of headers, query parameters, form fields and JSON fields only the named ones keep their values.
Every other value is replaced by a placeholder of its own type, so that shapes stay true.
Cassettes hold invented people only.

vcrpy hooks `httpx2.AsyncHTTPTransport`, the innermost layer of the gateway's HTTP door,
so retries, limits and error translation run on replay as they do in life.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypedDict, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import JsonValue, TypeAdapter
from vcr import VCR
from vcr.record_mode import RecordMode

PLACEHOLDER = "SCRUBBED"
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


@dataclass(frozen=True)
class Allowed:
    """What may stand in a cassette in clear."""

    fields: frozenset[str]
    """Names of JSON fields, form fields and query parameters, wherever they stand."""
    headers: frozenset[str] = frozenset({"accept", "content-type", "location", "retry-after"})
    """Lower case. A `location` keeps only its allowed query."""
    pages: bool = False
    """Whether bodies that are neither JSON nor a form stay: for HTML of invented people."""


def cassette(
    path: Path, allowed: Allowed, *, real_hosts: Mapping[str, str] | None = None, record: bool = False
) -> AbstractContextManager[object]:
    """Record or replay every call made inside the `with`.

    Args:
        path: The cassette's file, ending in `.yaml`.
        allowed: What may stay in clear.
        real_hosts: Real base address by the one recorded from, such as a sandbox's, so that
            a cassette always speaks of the real host.
        record: Record anew; the default replays only and fails on a request that is not there.
    """
    renamed = dict(real_hosts or {})

    def request_filter(request: _Request) -> _Request:
        request.uri = _clean_url(_real(request.uri, renamed), allowed)
        request.body = _clean_body(request.body, allowed)
        request.headers = {
            name: value for name, value in request.headers.items() if name.lower() in allowed.headers
        }
        return request

    def response_filter(response: _Response) -> _Response:
        response["headers"] = {
            name: [_clean_url(_real(value, renamed), allowed) for value in values]
            if name.lower() == "location"
            else values
            for name, values in response["headers"].items()
            if name.lower() in allowed.headers
        }
        response["body"]["string"] = _clean_body(response["body"]["string"], allowed) or b""
        return response

    recorder = VCR(
        record_mode=RecordMode.ALL if record else RecordMode.NONE,
        match_on=("method", "scheme", "host", "path", "query", "body"),
        before_record_request=request_filter,
        before_record_response=response_filter,
        decode_compressed_response=True,
    )
    return cast(
        "AbstractContextManager[object]",  # vcrpy has no types of its own
        recorder.use_cassette(str(path)),  # pyright: ignore[reportUnknownMemberType]  as above
    )


def _real(url: str, renamed: Mapping[str, str]) -> str:
    for recorded, real in renamed.items():
        if url == recorded or url.startswith((f"{recorded}/", f"{recorded}?")):
            return real + url[len(recorded) :]
    return url


def _clean_url(url: str, allowed: Allowed) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=_clean_pairs(parts.query, allowed), fragment=""))


def _clean_pairs(query: str, allowed: Allowed) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, value if name in allowed.fields else PLACEHOLDER) for name, value in pairs])


def _clean_body(body: bytes | str | None, allowed: Allowed) -> bytes | None:
    if not body:
        return None
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    try:
        cleaned = _clean_json(_JSON.validate_json(text), allowed, keep=False)
        return json.dumps(cleaned, ensure_ascii=False).encode()
    except ValueError:
        pass  # not JSON: a form or a page
    if "=" in text and "<" not in text and "\n" not in text:
        return _clean_pairs(text, allowed).encode()
    return text.encode() if allowed.pages else PLACEHOLDER.encode()


def _clean_json(value: JsonValue, allowed: Allowed, *, keep: bool) -> JsonValue:
    if isinstance(value, dict):
        return {name: _clean_json(part, allowed, keep=name in allowed.fields) for name, part in value.items()}
    if isinstance(value, list):
        return [_clean_json(part, allowed, keep=keep) for part in value]
    if keep or value is None or isinstance(value, bool):
        return value
    return PLACEHOLDER if isinstance(value, str) else 0


class _Request(Protocol):
    uri: str
    body: bytes | str | None
    headers: Mapping[str, str]


class _Body(TypedDict):
    string: bytes


class _Response(TypedDict):
    headers: dict[str, list[str]]
    body: _Body
