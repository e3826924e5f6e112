"""Дневник.ру of the invented town: the partner API and the sign-in site."""

from starlette.applications import Starlette

from diary_sandbox.dnevnik.api import build_api
from diary_sandbox.dnevnik.hosts import API_HOST, LOGIN_HOST
from diary_sandbox.dnevnik.login.app import build_login
from diary_sandbox.state import SandboxState

__all__ = ["API_HOST", "LOGIN_HOST", "build"]


def build(state: SandboxState, host: str) -> Starlette:
    """Return the server of one emulated host.

    Raises:
        KeyError: The host is neither of this system's two.
    """
    return {API_HOST: build_api, LOGIN_HOST: build_login}[host](state)
