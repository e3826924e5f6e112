"""The two hosts emulated here, and where each really listens."""

from diary_sandbox.state import SandboxState
from diary_sandbox.world import DNEVNIK_HOST

API_HOST = DNEVNIK_HOST
LOGIN_HOST = "login.dnevnik.ru"


def public_url(state: SandboxState, host: str) -> str:
    """Return the address of an emulated host: where it listens, or its real name before any port is bound."""
    name = f"https://{host}"
    return state.hosts.get(name, name)
