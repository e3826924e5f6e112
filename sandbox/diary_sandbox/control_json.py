"""JSON in and out of the control door."""

from __future__ import annotations

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

T = TypeVar("T")


async def read_json(request: Request, adapter: TypeAdapter[T], *, many: bool) -> T:
    """Read a JSON body; where many are taken, one alone is a list of one.

    The content type must say JSON, so that no web page can post here behind a user's back.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "send JSON, and say so: content-type: application/json")
    body = (await request.body()).strip()
    try:
        return adapter.validate_json(b"[" + body + b"]" if many and not body.startswith(b"[") else body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the body"
        raise HTTPException(422, f"{where}: {first['msg']}") from error


def json_answer(content: object, status: int = 200) -> Response:
    """Answer with anything JSON can write, dataclasses and dates included."""
    return JSONResponse(to_jsonable_python(content, fallback=str), status_code=status)
