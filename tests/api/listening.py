"""A gateway on a real socket, for what speaks HTTP to it from outside."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

import httpx2
import uvicorn
from starlette.types import ASGIApp

from tests.api.running import EMAIL, PASSWORD


@contextmanager
def listening(app: ASGIApp) -> Generator[str]:
    """Serve an application on a free port of loopback; give its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def a_family(url: str) -> tuple[dict[str, str], dict[str, str]]:
    """Link a family of the tests' own diary; return ids that lead somewhere, and headers of its session."""
    with httpx2.Client(base_url=url) as client:
        return _a_family(client)


def _a_family(client: httpx2.Client) -> tuple[dict[str, str], dict[str, str]]:
    body = {"email": EMAIL, "password": PASSWORD}
    client.post("/v1/accounts", json=body)
    headers = {"Authorization": f"Bearer {client.post('/v1/sessions', json=body).json()['secret']}"}
    link = client.post("/v1/connections", json={"region": "54", "method": "password"}, headers=headers).json()
    filled = {"values": {"login": "olga", "password": "kestrel-9"}}
    client.post(f"/v1/connections/{link['id']}/steps", json=filled, headers=headers)
    child = client.get("/v1/children", headers=headers).json()["items"][0]
    token = client.post("/v1/tokens", json={"name": "x", "scopes": ["diary:read"]}, headers=headers).json()
    new = {"called": "Нина", "rights": ["lessons"], "ends_at": "2026-12-01T00:00:00Z"}
    told = {"since": "2026-09-18", "reason_code": "3"}
    notice = client.post(f"/v1/children/{child['id']}/absence-notices", json=told, headers=headers)
    grant = client.post(f"/v1/children/{child['id']}/grants", json=new, headers=headers).json()
    known = {
        "connection_id": link["id"],
        "child_id": child["id"],
        "token_id": token["id"],
        "session_id": "key_" + "a" * 26,
        "code": "54",
        "service": "gosuslugi",
        "identity_id": "idn_" + "a" * 26,
        "grant_id": grant["id"],
        "notice_id": notice.json()["items"][0]["id"] if notice.is_success else "ntc_" + "a" * 26,
        "ticket": "x" * 43,
        "thread_id": "th-1",
        "mark_id": "mk-1",
        "week": "2026-09-14",
        "homework_id": "hw-1",
        "attachment_id": "at-1",
    }
    return known, headers
