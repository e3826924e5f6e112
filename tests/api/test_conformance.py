"""Whatever is sent to a route, its answer is one the description knows."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false
# schemathesis leaves the parameters of its generic classes open

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
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
from tests.api.listening import a_family, listening
from tests.api.running import MovableClock, settings_for
from tests.api.tiny import TinyTown, tiny_plugins
from tests.more import quick_first

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


ENDLESS = {"GET /v1/changes/stream"}
"""Left after half a second, with what has come by then."""


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
            answer = case.call(
                base_url=self.url,
                headers=self.headers,
                allow_redirects=False,
                timeout=0.5 if case.operation.label in ENDLESS else 30,
            )
            case.validate_response(answer, checks=CHECKS)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    clock = MovableClock()
    settings = settings_for(
        tmp_path_factory.mktemp("served"),
        sign_in_attempts=10**6,
        sign_in_attempts_of_address=10**6,
        sign_in_attempts_of_account=10**6,
        requests_per_s_of_account=0,
        requests_per_s_of_address=0,
        accounts_per_address=10**6,
    )
    app = create_app(settings, plugins=tiny_plugins(TinyTown(clock, notices={})), clock=clock)
    with listening(app) as url:
        known, headers = a_family(url)
        yield Served(url, app.openapi(), known, headers)


DESTRUCTIVE = {"DELETE /v1/me", "DELETE /v1/connections/{connection_id}"}


# The gateway lives in a thread beside it, and draws lots while examples are thought up.
@pytest.mark.filterwarnings("ignore:Do not use the .random. module inside strategies")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("examples", quick_first([2, 10]))
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
