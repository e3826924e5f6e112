"""Whatever is sent to a route, its answer is one the description knows."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false
# schemathesis leaves the parameters of its generic classes open

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from diary_api.app import create_app
from tests.api.running import EMAIL, PASSWORD, MovableClock, settings_for
from tests.api.tiny import TinyTown, tiny_plugins

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@dataclass(frozen=True)
class Served:
    """A gateway on a real socket, with one family in it."""

    url: str
    description: dict[str, Any]
    known: dict[str, str]
    headers: dict[str, str]

    def check(self, case: Case) -> None:
        """Send a case as it is, and once more with ids that lead somewhere."""
        for real in (False, True):
            if real:
                case.path_parameters |= {name: self.known[name] for name in case.path_parameters}
            answer = case.call(base_url=self.url, headers=self.headers, allow_redirects=False)
            case.validate_response(answer, checks=CHECKS)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    clock = MovableClock()
    settings = settings_for(tmp_path_factory.mktemp("served"), sign_in_attempts=10**6)
    app = create_app(settings, plugins=tiny_plugins(TinyTown(clock)), clock=clock)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with httpx2.Client(base_url=url) as client:
        known, headers = a_family(client)
    yield Served(url, app.openapi(), known, headers)
    server.should_exit = True
    thread.join()


def a_family(client: httpx2.Client) -> tuple[dict[str, str], dict[str, str]]:
    body = {"email": EMAIL, "password": PASSWORD}
    client.post("/v1/accounts", json=body)
    headers = {"Authorization": f"Bearer {client.post('/v1/sessions', json=body).json()['secret']}"}
    link = client.post("/v1/connections", json={"region": "54", "method": "password"}, headers=headers).json()
    filled = {"values": {"login": "olga", "password": "kestrel-9"}}
    client.post(f"/v1/connections/{link['id']}/steps", json=filled, headers=headers)
    child = client.get("/v1/children", headers=headers).json()["items"][0]
    token = client.post("/v1/tokens", json={"name": "x", "scopes": ["diary:read"]}, headers=headers).json()
    new = {"called": "Нина", "rights": ["lessons"], "ends_at": "2026-12-01T00:00:00Z"}
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
        "ticket": "x" * 43,
        "thread_id": "th-1",
    }
    return known, headers


DESTRUCTIVE = {"DELETE /v1/me", "DELETE /v1/connections/{connection_id}"}


@pytest.mark.parametrize("examples", [4, pytest.param(40, marks=pytest.mark.slow)])
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_as_described(served: Served, mode: GenerationMode, examples: int) -> None:
    """Whatever is sent, well-formed or not, the answer has a described status, type, headers and shape."""
    tried: list[str] = []
    for result in schemathesis.openapi.from_dict(served.description).get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if operation.label in DESTRUCTIVE:
            continue
        check = hypothesis_settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        )(given(case=operation.as_strategy(generation_mode=mode))(served.check))
        try:
            check()
        except Unsatisfiable:
            continue  # nothing can be malformed where nothing is sent
        tried.append(operation.label)
    assert len(tried) > 20
