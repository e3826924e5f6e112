"""One node of the МЭШ family: Moscow's own, or a region's under another host name."""

from starlette.requests import Request

from diary_sandbox.mesh.aupd.tokens import DiaryTokens
from diary_sandbox.state import SandboxState
from diary_sandbox.world import MOSCOW_HOST, LoginKind

TOKEN_COOKIES = ("aupd_token", "aupdtoken", "auth_token")


class Node:
    """A node as its routes see it.

    Attributes:
        host: The emulated host name; it says which schools the node serves and who may sign in.
    """

    def __init__(self, state: SandboxState, host: str) -> None:
        self.state = state
        self.host = host
        self.tokens = DiaryTokens(state, host)

    @property
    def is_moscow(self) -> bool:
        """Say whether this is the city's node: only there are SUDIR, turnstiles and meals."""
        return self.host == MOSCOW_HOST

    @property
    def login_kind(self) -> LoginKind:
        """Return which accounts this node knows."""
        return LoginKind.MOS_RU if self.is_moscow else LoginKind.NODE

    @property
    def address(self) -> str:
        """Return where the node listens, or its real name before the sandbox has bound its ports."""
        return self.state.hosts.get(f"https://{self.host}", f"https://{self.host}")


def carriers(request: Request) -> list[str]:
    """Return every token a request carries: bearer first, then `Auth-Token`, then cookies."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    found = [bearer.strip()] if scheme.lower() == "bearer" else []
    found.append(request.headers.get("auth-token", ""))
    found.extend(request.cookies.get(name, "") for name in TOKEN_COOKIES)
    return [token for token in found if token]
