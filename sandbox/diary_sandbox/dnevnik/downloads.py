"""Links to files: whoever holds one may read the bytes, and nobody can guess one."""

from hashlib import blake2b
from hmac import compare_digest

from starlette.responses import Response

from diary_sandbox.dnevnik.call import Call
from diary_sandbox.dnevnik.endpoint import OpenEndpoint
from diary_sandbox.dnevnik.errors import html_error
from diary_sandbox.dnevnik.hosts import API_HOST, public_url
from diary_sandbox.dnevnik.wire_ids import Space, wire_id, world_id
from diary_sandbox.state import SandboxState


def file_url(state: SandboxState, attachment_id: int) -> str:
    """Return the link to a file. The real file host is not recorded; here it is the API's own."""
    base = public_url(state, API_HOST)
    return f"{base}/files/{wire_id(Space.FILE, attachment_id)}/get?key={_key(state, attachment_id)}"


def _download(call: Call) -> Response:
    attachment_id = world_id(Space.FILE, call.number("file"))
    key = call.query.get("key", "")
    if attachment_id is None or not compare_digest(key.encode(), _key(call.state, attachment_id).encode()):
        return html_error(404, "Файл не найден")
    try:
        attachment, content = call.world.attachment_bytes(attachment_id)
    except KeyError:
        return html_error(404, "Файл не найден")
    return Response(content, media_type=attachment.content_type)


def _key(state: SandboxState, attachment_id: int) -> str:
    text = f"{state.world.seed} {attachment_id}"
    return blake2b(text.encode(), digest_size=16, person=b"dnevnik file").hexdigest()


ENDPOINTS = (OpenEndpoint("GET", "files/{file}/get", _download),)
