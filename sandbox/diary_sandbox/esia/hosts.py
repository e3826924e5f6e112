"""What this server is called, and where it really listens."""

from diary_sandbox.state import SandboxState

ESIA_HOST = "esia.gosuslugi.ru"
ISSUER = "http://esia.gosuslugi.ru/"
"""`iss` of the tokens: plain http and a last slash, wherever the server listens."""


def esia_url(state: SandboxState) -> str:
    """Return the address of the server, or its real name before any port is bound."""
    name = f"https://{ESIA_HOST}"
    return state.hosts.get(name, name)
