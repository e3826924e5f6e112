"""Where the form may send a browser next: back into the sign-in site, nowhere else."""

from urllib.parse import quote, urlencode, urlsplit

from diary_sandbox.dnevnik.hosts import LOGIN_HOST, public_url
from diary_sandbox.state import SandboxState

HOME = "/login/done"


def safe_return(state: SandboxState, url: str) -> str:
    """Return the path and query of an address on this site; of any other address, a page of our own.

    Clients give the full address of the authorize page, under the real host name or the sandbox's.
    """
    parts = urlsplit(url.replace("\\", "/"))
    known = {LOGIN_HOST, urlsplit(public_url(state, LOGIN_HOST)).netloc}
    if (parts.netloc and parts.netloc not in known) or not parts.path.startswith("/"):
        return HOME
    path = "/" + parts.path.lstrip("/")
    return f"{path}?{parts.query}" if parts.query else path


def login_url(return_to: str) -> str:
    """Return the address of the form that comes back to a path."""
    return f"/login/?ReturnUrl={quote(return_to, safe='')}"


def with_query(url: str, values: dict[str, str]) -> str:
    """Return an address with values added to its query."""
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}{urlencode(values)}"
