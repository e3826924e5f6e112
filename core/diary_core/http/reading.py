"""From an answer to a typed model."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeVar

import httpx2
from pydantic import TypeAdapter, ValidationError

from diary_core.errors import RegionChanged, RegionMaintenance
from diary_core.http.statuses import is_page, refuse

ShapeT = TypeVar("ShapeT")

_BOM = b"\xef\xbb\xbf"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}", re.ASCII)


def read(response: httpx2.Response, shape: type[ShapeT] | TypeAdapter[ShapeT]) -> ShapeT:
    """Return the JSON body of a good answer as a validated model.

    Args:
        response: As the client returned it.
        shape: A type, or an adapter made once; the JSON is read in pydantic's JSON mode.

    Raises:
        RegionMaintenance: A web page came instead.
        RegionChanged: No body, no JSON, or JSON of another shape; `field` is the path that broke.
        DiaryError: Whatever `refuse` says of a status that is not 2xx.
    """
    if not response.is_success:
        refuse(response)
    body = response.content.removeprefix(_BOM)
    if not body.strip():
        raise RegionChanged("the answer is empty")
    if is_page(response):
        raise RegionMaintenance("a web page came where JSON should be")
    adapter = shape if isinstance(shape, TypeAdapter) else _adapter(shape)
    try:
        return adapter.validate_json(body if _is_utf8(response) else response.text)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        kind, path = problem["type"], _field_path(problem["loc"])
    # Raised out here, so that neither the cause nor the context of the error holds the data.
    if kind == "json_invalid":
        raise RegionChanged("the answer is no JSON")
    raise RegionChanged(f"unexpected shape: {kind}", field=path or None)


@lru_cache(maxsize=256)
def _adapter(shape: type[ShapeT]) -> TypeAdapter[ShapeT]:
    """Make an adapter once: for a list or a union it takes longer than the reading."""
    return TypeAdapter(shape)


def _field_path(location: tuple[int | str, ...]) -> str:
    """Return where in a body something is, as `payload.[].marks`: positions and odd keys are left out.

    A key that is no plain name may be data, as in an object keyed by people.
    """
    steps = ("[]" if isinstance(step, int) else step if _NAME.fullmatch(step) else "*" for step in location)
    return ".".join(steps)


def _is_utf8(response: httpx2.Response) -> bool:
    return (response.charset_encoding or "utf-8").lower().replace("-", "") in {"utf8", "usascii", "ascii"}
